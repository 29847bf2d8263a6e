"""Catalogues as people write them: TOML, with tables or lists of ids."""

import tomllib
from collections.abc import Sequence
from pathlib import Path


class CatalogueFileError(Exception):
    """A catalogue file that can't be read: what is wrong with which file."""


def catalogue_file(path: Path, known: Sequence[str]) -> dict[str, list[str]]:
    """The lists of ids in a file, all of them known; a table stands for its keys. Raises CatalogueFileError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueFileError(f"the catalogue {path} can't be read: {error}") from error
    for name, value in document.items():
        if name not in known:
            raise CatalogueFileError(f"the catalogue {path} has {name}; it may have {', '.join(known)}")
        if not isinstance(value, dict | list) or not all(isinstance(id_, str) for id_ in value):
            raise CatalogueFileError(f"the catalogue {path} is wrong: {name} must be a table or a list of ids")
    return {name: list(value) for name, value in document.items()}
