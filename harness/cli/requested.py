"""Provisioning requests as they are told: one a line, with their texts, with their answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness.cli.text import columns

REQUEST_COLUMNS = ("provider", "number", "type", "parameters", "life_cycle_state", "error_code", "attempts")
USUAL: Mapping[str, Any] = {"priority": "REGULAR", "scheduled_date": None, "file": ""}
"""What most requests say, so that it has a column only where one says something else."""


def requests_table(found: Iterable[Mapping[str, Any]]) -> str:
    """Requests, one a line."""
    rows = [{**one, "parameters": parameters(one["parameters_set"])} for one in found]
    unusual = tuple(name for name, value in USUAL.items() if any(row[name] != value for row in rows))
    return columns(rows, (*REQUEST_COLUMNS, *unusual)) if rows else "No requests."


def with_texts(found: Iterable[Mapping[str, Any]]) -> str:
    """Requests with what was sent and what came back."""
    return told(found, lambda one: (one["request"], one["response"]))


def with_answers(found: Iterable[Mapping[str, Any]]) -> str:
    """Requests with what was asked for, where something was."""
    return told(found, lambda one: (answer(one["answer"]),) if one["answer"] else ())


def told(found: Iterable[Mapping[str, Any]], more: Callable[[Mapping[str, Any]], tuple[str, ...]]) -> str:
    """Requests, each with more below it."""
    return "\n\n".join("\n\n".join([requests_table([one]), *more(one)]) for one in found) or requests_table(())


def parameters(found: Mapping[str, Any]) -> str:
    """A request's parameters in few words."""
    said = {name: ", ".join(value) if isinstance(value, list) else value for name, value in found.items()}
    subscriber = said.pop("subscriber", None)
    words = [subscriber["number"]] if isinstance(subscriber, dict) else []
    return " ".join(words + [str(value) for value in said.values()])


def answer(found: Mapping[str, Mapping[str, Any]]) -> str:
    """What the platform holds of a device, kind by kind."""
    return "\n".join(
        line
        for kind, properties in found.items()
        for line in (kind, *(f"  {name:<20} {value(one)}" for name, one in properties.items()))
    )


def value(found: Any) -> str:
    """A value, or several."""
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)
