"""The tables that run, as rows to be read: for the command line and for the docs."""

import dataclasses
import typing
from typing import Any

from engine.adapters import table
from engine.domain.actions import GROUPS, Action
from engine.domain.provider import Provider
from engine.domain.request import Effect
from engine.domain.rules import ROWS
from engine.ports import Files, Row

ACTION_COLUMNS = ("action", "allowed_in", "schedulable", "keeps_rules", "details")
REQUEST_COLUMNS = ("request", "when", "triggered_by", "on_completed", "repeatable", "mark")
FILE_COLUMNS = ("file", "most_in_a_file")


def actions() -> list[dict[str, Any]]:
    """Actions, the subscription states that allow each, and the details that each takes.

    `schedulable`: whether it may be scheduled. `keeps_rules`: whether it keeps those of the distributors.
    """
    return [
        {
            "action": rule.action.value,
            "allowed_in": sorted(state.value for state in rule.allowed) or ["new"],
            "schedulable": yes(truth=rule.schedulable),
            "keeps_rules": yes(truth=rule.checked),
            "details": [
                detail(one, typing.get_type_hints(rule.details)[one.name]) for one in dataclasses.fields(rule.details)
            ],
        }
        for rule in ROWS
    ]


def yes(*, truth: bool) -> str:
    """Yes, or no."""
    return "yes" if truth else "no"


def detail(one: "dataclasses.Field[Any]", kind: Any = None) -> str:
    """A detail's name, in brackets if it can be left out; of one whose kind has parts, those that must be there."""
    parts = next((part for part in (kind, *typing.get_args(kind)) if dataclasses.is_dataclass(part)), None)
    inside = [part.name for part in dataclasses.fields(parts) if is_mandatory(part)] if parts else []
    name = f"{one.name} ({', '.join(inside)})" if inside else one.name
    return name if is_mandatory(one) else f"[{name}]"


def is_mandatory(one: "dataclasses.Field[Any]") -> bool:
    """Whether it can't be left out."""
    return one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING


def requests(platform: str) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """A platform's requests in the order of sending; with their files, where it takes files. Raises UnknownError."""
    adapter = table(platform)
    if not adapter.takes_files:
        return REQUEST_COLUMNS, [request(row) for row in adapter.table]
    by_default = Provider(platform, platform, platform)
    return REQUEST_COLUMNS + FILE_COLUMNS, [
        request(row) | file(adapter.files, by_default, row) for row in adapter.table
    ]


def file(files: Files, provider: Provider, row: Row) -> dict[str, Any]:
    """How the files of a request are named, and how many of them one takes."""
    return {"file": f"{files.letters[row.request]}…", "most_in_a_file": str(files.most(provider, row.request))}


def request(row: Row) -> dict[str, Any]:
    """One row of a request table: the trigger logic's docstring is the manual's sentence."""
    return {
        "request": row.request,
        "when": (row.trigger_logic.__doc__ or "").strip(),
        "triggered_by": [*groups(row.triggered_by), *row.asked_by],
        "on_completed": effect(row.on_completed),
        "repeatable": yes(truth=row.repeatable),
        "mark": row.mark,
    }


def groups(triggers: frozenset[Action]) -> list[str]:
    """The groups that make up these triggers, and what is left of them by name."""
    whole = {name: members for name, members in GROUPS.items() if members <= triggers}
    rest = triggers - frozenset().union(*whole.values())
    return [*whole, *sorted(rest)]


def effect(found: Effect) -> str:
    """What the platform holds more or less, when it has said yes; nothing, where that is the same."""
    return f"{'+' if found.gives else '-'}{found.kind.value}" if found.kind else ""
