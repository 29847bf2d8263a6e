"""What `headend run` has done by the engine, and how it is told."""

import sys
from dataclasses import dataclass
from time import monotonic
from typing import Any

import click

from harness.cli import archive_password, reach
from harness.cli.requested import parameters
from harness.cli.text import columns
from harness.clients import EngineClient, Json

DEFINITION_COLUMNS = ("code", "name", "kind", "schedule", "effective")
RUN_COLUMNS = (
    "id",
    "definition",
    "state",
    "start_date",
    "total",
    "examined",
    "changed",
    "requests",
    "rejected",
    "errors",
)
LOG_COLUMNS = ("at", "subscription", "message")
PREVIEW_COLUMNS = ("subscription", "moment", "action", "scheduled", "provider", "request", "parameters", "reason")
ENTRIES, SUBSCRIPTIONS = ("entry", "entries"), ("subscription", "subscriptions")
FAILED = frozenset({"FAILED", "COMPLETED_WITH_ERRORS"})


@dataclass(frozen=True)
class Asked:
    """What the command is about: a definition or a run, and which page of what is found.

    `password_stdin`: the archive password is read from standard input, if it is wanted.
    """

    definition: str | None
    run: int
    page: Json
    password_stdin: bool = False

    @property
    def identifier(self) -> Json:
        """What names the run in a call."""
        return {"run_identifier": {"id": self.run}}


def submit(client: EngineClient, asked: Asked) -> Json:
    """A run of the definition, when it is over."""
    named = {"definition_identifier": {"alternative_code": asked.definition}}
    return followed(client, with_password(client, "/definitions/submit", named, asked))


def definitions(client: EngineClient, _asked: Asked) -> Json:
    """What is set up."""
    return client.look("/definitions/list")


def preview(client: EngineClient, asked: Asked) -> Json:
    """What a run of the definition would do, of what kind it is, and how much of it is shown."""
    found = client.look("/definitions/preview", alternative_code=asked.definition, **asked.page)
    (kind,) = (one["kind"] for one in client.look("/definitions/list") if one["code"] == asked.definition)
    shown = min(asked.page["number_of_results"], found["total"] - asked.page["offset"])
    return {**found, "kind": kind, "shown": shown}


def runs(client: EngineClient, asked: Asked) -> Json:
    """The runs of the definition, or all."""
    return client.look("/runs/list", definition=asked.definition, **asked.page)


def log(client: EngineClient, asked: Asked) -> Json:
    """What the run did."""
    return client.look("/runs/log", id=asked.run, **asked.page)


def interrupt(client: EngineClient, asked: Asked) -> Json:
    """The run, ended."""
    return client.change("/runs/interrupt", asked.identifier)


def resume(client: EngineClient, asked: Asked) -> Json:
    """The run that was gone on with, when it is over."""
    return followed(client, with_password(client, "/runs/resume", asked.identifier, asked))


def with_password(client: EngineClient, path: str, said: Json, asked: Asked) -> Json:
    """What a call that changes something gives; where it wants the archive password, it says that, too."""
    return archive_password.with_it(
        lambda more: client.change(path, {**said, **more}), password_stdin=asked.password_stdin
    )


def delete(client: EngineClient, asked: Asked) -> Json:
    """What named the run that is no more."""
    return client.change("/runs/delete", asked.identifier)


def followed(client: EngineClient, submitted: Json) -> Json:
    """The run when it is over; until then, how far it is, how fast and how long yet, where somebody looks on.

    Raises RefusedError for whoever has seen enough: the run goes on.
    """
    try:
        return looked_at(client, submitted)
    except KeyboardInterrupt as enough:
        ends = f"`headend run --interrupt {submitted['id']}` ends it"
        raise reach.RefusedError(f"No longer looked at; run {submitted['id']} goes on: {ends}.") from enough


def looked_at(client: EngineClient, submitted: Json) -> Json:
    """The run when it is over, with a bar until then."""
    now, began, before = submitted, monotonic(), submitted["counts"]["examined"]
    with click.progressbar(
        length=now["total"], label=now["definition"], file=sys.stderr, show_pos=True, item_show_func=shown
    ) as bar:
        while now["state"] == "IN_PROGRESS":
            now = client.look("/runs/show", id=submitted["id"], within_s=1)
            bar.length, done = now["total"], now["counts"]["examined"]
            bar.update(done - bar.pos, pace(done - before, monotonic() - began))
    return now


def shown(said: str | None) -> str:
    """What stands behind a bar: nothing before the first look."""
    return said or ""


def pace(done: int, seconds: float) -> str:
    """How fast a run is; while nothing is done yet, how much there is to do is being counted."""
    return f"{done / seconds:.0f}/s" if done and seconds else "counting"


def set_up(found: list[Json]) -> str:
    """Definitions, one a line."""
    rows = [{**one, "effective": "yes" if one["effective"] else "no"} for one in found]
    return columns(rows, DEFINITION_COLUMNS)


def outcome(found: Json) -> str:
    """A run, for people."""
    counts = found["counts"]
    reason = [found["reason"]] if found["reason"] else []
    wrong = counts["errors"] or counts["rejected"]
    listed_by = f"`headend audit --run {found['id']}` lists what differs."
    unsent = f"{number(counts['errors'], 'entry', 'entries')} rejected without a request."
    return "\n".join(
        [
            table([found]),
            *reason,
            *([listed_by] if found["kind"] == "audit" and counts["changed"] else []),
            *([unsent] if counts["errors"] and found["kind"] == "mail" else []),
            *([f"`headend run --log {found['id']}` says what went wrong."] if wrong else []),
        ]
    )


def number(count: int, one: str, several: str) -> str:
    """So many of them, in words."""
    return f"{count} {one if count == 1 else several}"


def table(found: list[Json]) -> str:
    """Runs, one a line."""
    return columns([{**one, **one["counts"]} for one in found], RUN_COLUMNS) if found else "No runs."


def listed(found: Json) -> str:
    """A page of runs."""
    return table(found["results"])


def lines(found: Json) -> str:
    """A page of what a run did."""
    return columns(found["results"], LOG_COLUMNS)


def foreseen(found: Json) -> str:
    """What a run would do, for people."""
    if not found["results"]:
        return "Nothing is due."
    rows = [{**one, "parameters": parameters(one["parameters"])} for one in found["results"]]
    said = tuple(name for name in PREVIEW_COLUMNS if any(row[name] not in {None, ""} for row in rows))
    return f"{columns(rows, said)}\n{counted(found)}; nothing was changed."


def counted(found: Json) -> str:
    """How much a run would do, and for how many entries or subscriptions."""
    rows = found["results"]
    unsent = sum(bool(one["reason"]) for one in rows)
    actions, requests = (sum(one[name] not in {None, ""} for one in rows) for name in ("action", "request"))
    field, words = ("communication_entry", ENTRIES) if found["kind"] == "mail" else ("subscription", SUBSCRIPTIONS)
    named = {one[field] for one in rows} - {""}
    if found["kind"] == "archive":
        records = sum(one["parameters"]["records"] for one in rows)
        return f"{number(records, 'record', 'records')} in {number(len(rows), 'archive', 'archives')}{part(found)}"
    if found["kind"] == "error_handling":
        return f"{number(len(rows), 'file', 'files')}{part(found)}"
    done = [
        *([number(actions, "action", "actions")] if actions else []),
        *([number(requests - unsent, "request", "requests")] if requests else []),
        *([number(unsent, "rejection", "rejections")] if unsent else []),
    ]
    for_whom = f" for {number(len(named), *words)}" if named else ""
    return f"{', '.join(done)}{for_whom}{part(found)}"


def part(found: Json) -> str:
    """Of how much a page is a part, where it is one."""
    return "" if found["shown"] == found["total"] else f" (part of all: {found['shown']} of {found['total']})"


def deleted(_found: Json) -> str:
    """That there is a run no more."""
    return "Deleted."


def has_failed(found: Any) -> bool:
    """Whether it is a run that did not do all that it was for."""
    return isinstance(found, dict) and found.get("state") in FAILED
