"""The demo operator: its catalogue, its provider at each platform, its subscribers, as files beside the code."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "operator"


class OperatorError(Exception):
    """A file of the operator's that can't be read, or lacks what is wanted of it."""


def option_ids(folder: Path = FOLDER) -> list[str]:
    """The CA IDs under which the operator's services are known at Tucano. Raises OperatorError."""
    with reading(folder / "tucano.toml", "[[providers]] with [[providers.services]], each with a ca_id") as file:
        return [str(service["ca_id"]) for service in content(file)["providers"][0]["services"]]


def connection(folder: Path = FOLDER) -> dict[str, str]:
    """The user name and password of the operator's provider at Tucano. Raises OperatorError."""
    with reading(folder / "tucano.toml", "[[providers]] with a connection: user_name, password") as file:
        known = content(file)["providers"][0]["connection"]
        return {"user_name": str(known["user_name"]), "password": str(known["password"])}


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
