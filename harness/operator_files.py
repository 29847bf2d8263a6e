"""The demo operator: its catalogue, its provider at each platform, its subscribers, as files beside the code."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "operator"


class OperatorError(Exception):
    """A file of the operator's that can't be read, or lacks what is wanted of it."""


def subscribers(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The operator's subscribers, two at least. Raises OperatorError."""
    with reading(folder / "subscribers" / "people.toml", "two [[subscribers]]") as file:
        people = content(file)["subscribers"]
        return [dict(person) for person in (people[0], people[1], *people[2:])]


def content(file: Path) -> dict[str, Any]:
    """What a TOML file says."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


@contextmanager
def reading(file: Path, wanted: str) -> Iterator[Path]:
    """Name the file in whatever goes wrong, and what is wanted of it."""
    try:
        yield file
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise OperatorError(f"{file}: not a TOML file that can be read: {error}.") from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise OperatorError(f"{file}: wanted: {wanted}; not found: {error}.") from error
