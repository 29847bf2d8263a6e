"""The settings of the process, from its environment: typed, checked, with their units in their names."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.domain.errors import InvalidError

HIGHEST_PORT = 65535
MOST_THREADS = 256
LONGEST_STOP_S = 3600


@dataclass(frozen=True)
class Settings:
    """How one engine is run. `token` is one that calls may bear besides those in the database.

    Without an `archive_folder` archives are beside a database that is a file, else in the folder `archives`.
    """

    database_url: str = "sqlite://"
    configuration: tuple[Path, ...] = ()
    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default="", repr=False)
    threads: int = 16
    stop_within_s: int = 10
    archive_folder: Path | None = None


def paths(text: str) -> tuple[Path, ...]:
    """Paths, with the system's own separator between them."""
    return tuple(Path(one) for one in text.split(os.pathsep) if one)


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return read


def folder(text: str) -> Path:
    """The path of a folder."""
    return Path(said(text))


def said(text: str) -> str:
    """A text that is not empty."""
    if not text.strip():
        raise ValueError("a text that is not empty")
    return text


# fmt: off
VARIABLES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    # variable               the setting      how it is read
    "HEADEND_DATABASE_URL":  ("database_url",  said),
    "HEADEND_CONFIGURATION": ("configuration", paths),
    "HEADEND_ARCHIVE_FOLDER": ("archive_folder", folder),
    "HEADEND_HOST":          ("host",          said),
    "HEADEND_PORT":          ("port",          whole(0, HIGHEST_PORT)),
    "HEADEND_TOKEN":         ("token",         said),
    "HEADEND_THREADS":       ("threads",       whole(1, MOST_THREADS)),
    "HEADEND_STOP_WITHIN_S": ("stop_within_s", whole(0, LONGEST_STOP_S)),
}
# fmt: on
SECRET = frozenset({"HEADEND_TOKEN", "HEADEND_DATABASE_URL"})


def settings(environment: Mapping[str, str]) -> Settings:
    """The settings that the environment gives. Raises InvalidError: the variable, what was found, what is wanted."""
    found = {}
    for variable, (name, read) in VARIABLES.items():
        if variable in environment:
            try:
                found[name] = read(environment[variable])
            except ValueError as wanted:
                shown = "wrong" if variable in SECRET else repr(environment[variable])
                raise InvalidError(f"{variable} is {shown}; {wanted} is wanted.", field=variable) from wanted
    return Settings(**found)
