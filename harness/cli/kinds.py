"""Kinds of words on the command line: spans of time, moments, and what may not be empty."""

import re
from datetime import datetime
from typing import Any

import click

SPAN = re.compile(r"(?P<count>\d+(\.\d+)?)(?P<unit>s|m|h|d|)")
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Span(click.ParamType[float]):
    """A span of time such as 90, 90s, 10m, 2h or 31d; in seconds."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        found = SPAN.fullmatch(str(value))
        if not found or float(found["count"]) == 0:
            self.fail(f"{value!r} is no span of time; wanted is one such as 90s, 10m, 2h or 1d.", param, ctx)
        return float(found["count"]) * SECONDS[found["unit"]]


class Moment(click.ParamType[str]):
    """A moment with its offset, such as 2030-01-31T20:00:00Z."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The moment as the engine reads it."""
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment; wanted is one such as 2030-01-31T20:00:00Z.", param, ctx)
        if found.tzinfo is None:
            self.fail(f"{value!r} has no time with an offset; wanted is one such as 2030-01-31T20:00:00Z.", param, ctx)
        return found.isoformat()


class Filled(click.ParamType[str]):
    """A text that is not empty; `example` is one."""

    name = "text"

    def __init__(self, example: str) -> None:
        self._example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is."""
        if not str(value).strip():
            self.fail(f"It is empty; wanted is one such as {self._example}.", param, ctx)
        return str(value)
