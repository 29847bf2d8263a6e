"""The calls about runs: what is set up, what goes on, what was done."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from engine.api.archived import Password
from engine.api.envelope import Later
from engine.api.models import Identifier, Key, Paged, Said, Text
from engine.api.site import Site
from engine.domain.run import Definition, LogLine, Run
from engine.service.jobs import Foreseen
from engine.service.views import Page

LONGEST_WAIT_S = 60


class DefinitionIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A definition, by its alternative code."""

    alternative_code: Text


class RunIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run, by its id."""

    id: Key


class Submission(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The definition that is to be run; with the archive password, if its runs archive."""

    definition_identifier: DefinitionIdentifier
    archive_password: Password = UNSET


class OneRun(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run."""

    run_identifier: RunIdentifier


class Resumption(OneRun, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run; with the archive password, if it archives."""

    archive_password: Password = UNSET


class PreviewQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A definition, by its alternative code. A page counts what the run takes in hand one by one, its units."""

    alternative_code: Text


class RunsQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which runs: all, or those of one definition, by its alternative code."""

    definition: Text | UnsetType = UNSET


class RunQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run, by its id. With `within_s` the answer waits until the run is over, so many seconds at most."""

    id: Key
    within_s: Annotated[int, Meta(ge=0, le=LONGEST_WAIT_S)] = 0


class LogQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A run, by its id."""

    id: Key


def definitions(site: Site) -> list[Definition]:
    """List what is set up to be run."""
    return site.engine.definitions()


def preview(site: Site, said: PreviewQuery) -> Page[Foreseen]:
    """Show what a run of a definition would do now. Changes nothing. `total` counts its units."""
    return site.engine.preview(said.alternative_code, said.number_of_results, said.offset)


def submit(site: Site, said: Submission) -> Later:
    """Begin a run of a definition. It goes on when this is answered."""
    return Later(site.engine.submit(said.definition_identifier.alternative_code, said.archive_password or ""))


def several(site: Site, said: RunsQuery) -> Page[Run]:
    """List runs, the newest first."""
    definition = None if said.definition is UNSET else said.definition
    return site.engine.runs(definition, said.number_of_results, said.offset)


def one(site: Site, said: RunQuery) -> Run:
    """Show a run: its state, and how far it has come."""
    return site.engine.wait_for(said.id, said.within_s)


def log(site: Site, said: LogQuery) -> Page[LogLine]:
    """List what a run did, unit by unit."""
    return site.engine.run_log(said.id, said.number_of_results, said.offset)


def interrupt(site: Site, said: OneRun) -> Run:
    """End a run after the unit that it is at. It can be resumed."""
    return site.engine.interrupt(said.run_identifier.id)


def resume(site: Site, said: Resumption) -> Later:
    """Go on with a run that was interrupted, or left by an engine that was stopped."""
    return Later(site.engine.resume(said.run_identifier.id, said.archive_password or ""))


def remove(site: Site, said: OneRun) -> OneRun:
    """Delete a run that was never begun."""
    site.engine.remove_run(said.run_identifier.id)
    return said
