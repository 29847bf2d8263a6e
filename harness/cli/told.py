"""How a simulated platform's journal and memory are told: in few words, however much there is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from harness.cli.text import columns, minute

JOURNAL_COLUMNS = ("seq", "operation", "subject", "parameters", "outcome", "effect", "fault", "difference")
MOST_OF_WORDS = 72  # characters of what is asked for, and of a line of what changed; a window fits
MOST_CARDS = 3  # that are named; of more it is said how many they are
MOST_CHANGES = 8  # of one entry, each on a line of its own elsewhere
MOST_HOLDERS = 100
MORE = re.compile(r"… and ([\d,]+) more")


def listed(value: Any) -> str:
    """A value, or several, as they are."""
    return ", ".join(value) if isinstance(value, list) else str(value)


def until(moment: str) -> str:
    """When it ends."""
    return f"until {minute(moment)}"


def cards(found: Sequence[str]) -> str:
    """Cards by their numbers, or else how many they are; nothing for one, which is the subject."""
    *others, last = found
    if not others:
        return ""
    more = MORE.fullmatch(last)
    count = len(found) - 1 + int(more[1].replace(",", "")) if more else len(found)
    return ", ".join(found) if count <= MOST_CARDS else f"{count:,} cards"


# fmt: off
TOLD: Mapping[str, Callable[[Any], str]] = {
    # the parameters that tell what is asked for, in this order
    **dict.fromkeys(("material", "type", "options"), listed),                              # Tucano
    **dict.fromkeys(("deviceId", "productIds"), listed),                                   # Icareus
    **dict.fromkeys(("sector", "smartcard", "caIds", "textMode", "text", "kinds"), listed),  # Irdeto
    "stb": listed, "product": listed, "end": until, "cards": cards,                        # Conax
}
# fmt: on


def journal_table(entries: Sequence[Mapping[str, Any]]) -> str:
    """Entries, one a line."""
    rows = [{"fault": None, **entry, **shortened(entry)} for entry in entries]
    return columns(rows, JOURNAL_COLUMNS) if rows else "Nothing yet."


def shortened(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, in which file if it was one, and what changed by it."""
    said = {name: value for name, value in entry["parameters"].items() if value != entry["subject"]}
    asked = " ".join(filter(None, (file_of(entry), words(said))))
    changed = bounded(list(map(short, entry.get("difference", []))), MOST_CHANGES)
    return {"parameters": short(asked), "difference": changed}


def file_of(entry: Mapping[str, Any]) -> str:
    """The name of the file that a platform took; nothing, where it was called."""
    return PurePosixPath(entry["path"]).stem if entry.get("channel") == "ftp" else ""


def short(text: str) -> str:
    """A text on one line, cut where it would push all other columns away."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_OF_WORDS else f"{line[: MOST_OF_WORDS - 1]}…"


def words(parameters: Mapping[str, Any]) -> str:
    """Parameters in few words: those that tell what is asked for, not for whom."""
    return " ".join(filter(None, (tell(parameters[name]) for name, tell in TOLD.items() if name in parameters)))


def bounded(lines: list[str], most: int) -> list[str]:
    """The first lines, and how many more there are."""
    if len(lines) <= most:
        return lines
    more = MORE.fullmatch(lines[-1])
    left = len(lines) - most + (int(more[1].replace(",", "")) - 1 if more else 0)
    return [*lines[:most], f"… and {left:,} more"]


def holdings(found: Mapping[str, Any]) -> str:
    """What is held, by account or device; then the files that stand in its folders, where it takes files."""
    held = [f"{subject}: {', '.join(lines)}" for subject, lines in found["holdings"].items()]
    return "\n".join([*(bounded(held, MOST_HOLDERS) or ["Nothing is held."]), *standing(found)])


def standing(found: Mapping[str, Any]) -> Iterator[str]:
    """Folders with their files."""
    by_folder: dict[str, list[str]] = {}
    for path in map(PurePosixPath, found.get("tree", {}).get("files", ())):
        by_folder.setdefault(str(path.parent), []).append(path.name)
    for folder, names in by_folder.items():
        yield f"{folder}: {', '.join(bounded(names, MOST_CHANGES))}"
