"""Plain tables: aligned columns, nothing else, so that they can be piped."""

from collections.abc import Iterable, Mapping
from typing import Any

MINUTE = len("2030-06-15T12:00")


def columns(rows: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> str:
    """The rows under their names."""
    table = [
        tuple(name.replace("_", " ") for name in names),
        *(tuple(cell(row[name]) for name in names) for row in rows),
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(names))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in table
    )


def cell(value: Any) -> str:
    """A value in a table."""
    if value is None:
        return "-"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def minute(moment: str | None) -> str | None:
    """A moment as JSON has it, to its minute, for people."""
    return moment[:MINUTE].replace("T", " ") if moment else None
