"""The one place that knows everybody: an engine put together from its parts."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from engine.adapters import ADAPTERS
from engine.clock import MovableClock, SystemClock
from engine.domain.actions import Action
from engine.domain.communication import Entry
from engine.domain.errors import InvalidError, NotAllowedError
from engine.domain.request import ProvisioningRequest
from engine.domain.run import Definition, LogLine, Run
from engine.ports import Clock, FolderTransport
from engine.service import (
    access,
    act,
    archive_password,
    authenticate,
    carry,
    communication,
    configure,
    connection,
    reading,
    requested,
    reset,
    runs,
    schedule,
    show,
    timetable,
    utilities,
)
from engine.service.access import AccessToken
from engine.service.act import Executed
from engine.service.archives import Archives
from engine.service.asked import Asked
from engine.service.auditing import one
from engine.service.auditing.one import Audited
from engine.service.authenticate import Authenticated, Who
from engine.service.configure import Loaded
from engine.service.configured import refresh
from engine.service.connection import Connection
from engine.service.context import Context
from engine.service.files import filed, resend
from engine.service.jobs import Foreseen
from engine.service.schedule import Recorded
from engine.service.views import FileView, Page, ProviderView, SubscriptionView
from engine.store.database import Database
from engine.transports.ftp import FtpTransport
from engine.transports.http import HttpTransport


class Engine:
    """A provisioning engine on one database.

    `database` may be a URL. `session` is the `requests` session by which it calls platforms, `folders` how it reaches
    those that take files, `clock` its time: all may be replaced, so that it runs against platforms in the same process
    and in virtual time. Archives are in `archive_folder`, without one beside a database that is a file.
    """

    def __init__(
        self,
        database: Database | str = "sqlite://",
        session: requests.Session | None = None,
        clock: Clock | None = None,
        folders: FolderTransport | None = None,
        archive_folder: Path | None = None,
    ) -> None:
        database = Database(database) if isinstance(database, str) else database
        clock, calls, folders = clock or SystemClock(), HttpTransport(session), folders or FtpTransport()
        self.context = Context(database, clock, calls, folders, ADAPTERS, archive_folder or database.archive_folder)
        configure.load(self.context)
        self.context.inherited = reset.newest_request(self.context)

    def configure(self, *paths: Path) -> Loaded:
        """Load configuration files, or folders of them; gives what has changed. Raises DomainError: then nothing."""
        return configure.configure(self.context, paths)

    def configuration_difference(self, files: Mapping[str, str]) -> Loaded:
        """What loading these files (contents by name) would change. Raises DomainError where it would be refused."""
        return configure.preview_texts(self.context, files)

    def load_configuration(self, files: Mapping[str, str]) -> Loaded:
        """Load files (contents by name), as `configure` does."""
        return configure.load_texts(self.context, files)

    def set_provider_effective(self, code: str, *, effective: bool) -> ProviderView:
        """Let a provider be sent to, or not. Gives the provider. Raises DomainError with what it lacks."""
        configure.set_effective(self.context, code, effective=effective)
        return next(one for one in self.providers() if one.code == code)

    def test_connection(self, code: str) -> Connection:
        """Whether a provider's platform can be reached and the credentials hold, effective or not."""
        return connection.try_connection(self.context, code)

    def point(self, provider: str, **connection: str) -> None:
        """Use other connection parameters for a provider until the engine ends; the configuration stays."""
        known = self.context.provider(provider)
        self.context.pointed = {**self.context.pointed, known.code: connection}
        configure.load(self.context)

    def point_at(self, provider: str, url: str) -> None:
        """Reach a provider's platform at another address until the engine ends. Raises DomainError."""
        known = self.context.provider(provider)
        adapter = self.context.adapter(known)
        if url.startswith("ftp:") is not adapter.takes_files:
            wanted = "an ftp" if adapter.takes_files else "an http"
            raise InvalidError(f"{known.code} can't be reached at {url!r}; {wanted} URL is wanted.", field="end_point")
        self.point(known.code, **adapter.reached_at(url))

    def act(self, action: str, subscription: str = "", /, **details: Any) -> Executed:
        """Carry an action out, and send what it calls for. Raises DomainError; then nothing has changed."""
        known = reading.read_action(action)
        with self.context.tally.acting(known):
            said = reading.read_details(known, details)
            if known is Action.BECOME_SUBSCRIBER:
                return act.become_subscriber(self.context, said)
            return act.act(self.context, known, subscription, said)

    def schedule(self, action: str, subscription: str, scheduled_date: datetime, /, **details: Any) -> Recorded:
        """Keep an action until its moment, a time with an offset. Raises DomainError; then nothing is kept."""
        known = reading.read_action(action)
        said = reading.read_details(known, details)
        return schedule.schedule(self.context, known, subscription, said, scheduled_date)

    def cancel_action(self, action_id: int) -> Recorded:
        """Cancel a scheduled action. Raises DomainError where there is none."""
        return schedule.cancel(self.context, action_id)

    def actions(self, limit: int = 100, offset: int = 0, /, **filters: Any) -> Page[Recorded]:
        """A page of what was done to subscriptions and is to be done. Raises DomainError."""
        return schedule.find_actions(self.context, filters, limit, offset)

    def definitions(self) -> list[Definition]:
        """What is set up to be run."""
        return list(self._still().configuration.definitions.values())

    def submit(self, definition: str, password: str = "") -> Run:
        """Begin a run of a definition, beside whatever else is done; archiving wants a password. Raises DomainError."""
        archive_password.admit(self.context, runs.definition_of(self.context, definition).kind, password)
        return carry.start(self.context, runs.create(self.context, definition).id)

    def run(self, definition: str, password: str = "") -> Run:
        """Carry out a run of a definition, and give it when it is over. Raises DomainError, as `submit`."""
        archive_password.admit(self.context, runs.definition_of(self.context, definition).kind, password)
        return carry.finish(self.context, runs.create(self.context, definition).id)

    def preview(self, definition: str, limit: int = 100, offset: int = 0) -> Page[Foreseen]:
        """What a run would do to a page of its units; the total counts these. Changes nothing."""
        return carry.preview(self.context, definition, limit, offset)

    def runs(self, definition: str | None = None, limit: int = 100, offset: int = 0) -> Page[Run]:
        """A page of runs, the newest first. Raises UnknownError."""
        return runs.find(self.context, definition, limit, offset)

    def wait_for(self, run: int, within_s: float = 0.0) -> Run:
        """A run when it is over, or as it is after that many seconds. Raises UnknownError."""
        return runs.wait(self.context, run, within_s)

    def run_log(self, run: int, limit: int = 100, offset: int = 0) -> Page[LogLine]:
        """A page of what a run did, in its order. Raises UnknownError."""
        return runs.read_log(self.context, run, limit, offset)

    def interrupt(self, run: int) -> Run:
        """End a run after the unit that it is at; it can be resumed. Raises DomainError."""
        return runs.interrupt(self.context, run)

    def resume(self, run: int, password: str = "") -> Run:
        """Go on with a run that was interrupted, or left by an engine that was killed. Raises DomainError."""
        archive_password.admit(self.context, runs.show(self.context, run).kind, password)
        return carry.start(self.context, run)

    def remove_run(self, run: int) -> None:
        """Delete a run that was never begun. Raises DomainError."""
        runs.remove(self.context, run)

    @property
    def archives(self) -> Archives:
        """What was moved out of the database."""
        return Archives(self.context)

    def free_runs(self) -> None:
        """Give up the runs that an engine that was stopped has left behind on a file; they can be resumed at once."""
        runs.free(self.context)

    def keep_time(self, stop: threading.Event, *, submits: bool = True) -> None:
        """Submit definitions when they are due (or not), until told to stop; then interrupt what goes on."""
        if submits:
            timetable.keep(self.context, stop)
        stop.wait()
        runs.stop_all(self.context)

    def time(self) -> tuple[datetime, bool]:
        """The engine's present moment, and whether its clock can be put forward."""
        return self.context.clock.now(), isinstance(self.context.clock, MovableClock)

    def advance(self, seconds: float) -> None:
        """Put the engine's clock forward. Raises NotAllowedError where it goes by the clock of the wall."""
        if not isinstance(self.context.clock, MovableClock):
            raise NotAllowedError("The engine goes by the clock of the wall; one with --movable-clock is wanted.")
        self.context.clock.advance(seconds)

    def grant_access(self, subscription: str, token: AccessToken) -> None:
        """Let an access token open a subscription. Raises DomainError."""
        access.grant(self.context, subscription, token)

    def authenticate(self, who: Who, provider: str | None = None) -> Authenticated:
        """Authenticate a subscriber before he orders, here and at the platform. Raises DomainError."""
        return authenticate.authenticate(self.context, who, provider)

    def reset(self, subscription: str, provider: str | None = None) -> Executed:
        """Make platforms follow the engine, for one subscription. Raises DomainError."""
        with self.context.tally.acting(Action.RESET):
            return reset.reset(self.context, subscription, provider)

    def audit(self, subscription: str, provider: str | None = None) -> Audited:
        """Ask platforms what they hold for one subscription, and believe that. Raises DomainError."""
        return one.audit(self.context, subscription, provider)

    def ask(self, asked: Asked) -> ProvisioningRequest:
        """Ask for what a utility does; gives the request as it is then. Raises DomainError, and then none was made."""
        return utilities.ask(self.context, asked)[0]

    def ask_several(self, asked: Asked) -> list[ProvisioningRequest]:
        """Likewise for several products at once: a request for each of them, or none at all."""
        return utilities.ask(self.context, asked)

    def queue_text(self, subscription: str, text: str, external_system: str) -> Entry:
        """Queue a text for a subscription, to be sent by the mail run of the external system. Raises DomainError."""
        return communication.add(self.context, subscription, text, external_system)

    def remove_entry(self, entry: int) -> Entry:
        """Take an entry out of the communication queue. Raises DomainError where it is in hand or was rejected."""
        return communication.remove(self.context, entry)

    def entry(self, entry: int) -> Entry:
        """An entry of the communication queue. Raises UnknownError."""
        return communication.show(self.context, entry)

    def entries(self, limit: int = 100, offset: int = 0, /, **filters: Any) -> Page[Entry]:
        """A page of the communication queue. Raises DomainError."""
        return communication.list_entries(self.context, filters, limit, offset)

    def files(self, limit: int = 100, offset: int = 0, /, **filters: Any) -> Page[FileView]:
        """A page of the files of requests. Raises DomainError."""
        return filed.list_files(self._still(), filters, limit, offset)

    def file(self, which: int | str, provider: str | None = None, *, text: bool = False) -> FileView:
        """A file of requests, by its id or its name, perhaps with its text. Raises DomainError."""
        return filed.show_file(self._still(), which, provider, text=text)

    def resend_file(self, which: int | str, provider: str | None = None) -> FileView:
        """Let a file that the platform has lost be sent again by the next processing run. Raises DomainError."""
        return resend.resend(self.context, which, provider)

    def recover(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Send what an engine that was stopped left PENDING. Returns for how many subscriptions and providers."""
        return reset.recover(self.context, stop)

    def show(self, subscription: str) -> SubscriptionView:
        """One subscription, with what should be and what is believed to be held. Raises UnknownError."""
        return show.show_subscription(self._still(), subscription)

    def subscriptions(self, limit: int = 100, offset: int = 0, /, **filters: str) -> list[SubscriptionView]:
        """A page of subscriptions. Raises DomainError for a filter that isn't known."""
        return show.list_subscriptions(self._still(), filters, limit, offset).results

    def requests(self, limit: int = 100, offset: int = 0, /, **filters: Any) -> list[ProvisioningRequest]:
        """A page of provisioning requests. Raises DomainError for a filter that isn't known."""
        return requested.list_requests(self._still(), filters, limit, offset).results

    def providers(self) -> list[ProviderView]:
        """Providers and the state of their circuits; never their credentials."""
        return show.show_providers(self._still())

    def _still(self) -> Context:
        """The engine's parts with one configuration, the newest there is, to look at things with."""
        refresh(self.context)
        return self.context.still()

    def close(self) -> None:
        """Let go of connections. What is PENDING stays so."""
        self.context.transport.close()
        self.context.database.close()
