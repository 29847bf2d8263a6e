"""Catalogues as people write them: TOML, with tables or lists of ids, and settings of the platform beside them."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple


class CatalogueFileError(Exception):
    """A catalogue file that can't be read: what is wrong with which file."""


class CatalogueFile(NamedTuple):
    """What a catalogue file says: lists of ids, and settings, each a text; some are secrets, and not to be printed."""

    ids: dict[str, list[str]]
    settings: dict[str, str]


NO_CATALOGUE_FILE = CatalogueFile({}, {})


def catalogue_file(path: Path, known: Sequence[str], settings: Sequence[str] = ()) -> CatalogueFile:
    """The lists and settings in a file, all of them known; a table stands for its keys. Raises CatalogueFileError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueFileError(f"the catalogue {path} can't be read: {error}") from error
    for name, value in document.items():
        if name not in {*known, *settings}:
            raise CatalogueFileError(f"the catalogue {path} has {name}; it may have {', '.join((*known, *settings))}")
        if name in settings and not isinstance(value, str):
            raise CatalogueFileError(f"the catalogue {path} is wrong: {name} must be a text")
        if name in known and not _ids(value):
            raise CatalogueFileError(f"the catalogue {path} is wrong: {name} must be a table or a list of ids")
    ids = {name: list(value) for name, value in document.items() if name in known}
    return CatalogueFile(ids, {name: value for name, value in document.items() if name in settings})


def _ids(value: Any) -> bool:
    return isinstance(value, dict | list) and all(isinstance(id_, str) for id_ in value)
