"""`headend configure`: configuration files, shown as differences and loaded into the engine that runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from engine.domain.errors import DomainError
from engine.service import configuration_files
from harness.cli import reach
from harness.cli.text import columns

LOAD, PREVIEW = "/provisioning/configuration/load", "/provisioning/configuration/preview"
COLUMNS = ("change", "path", "found", "wanted")
SIGNS = {"added": "+", "changed": "~", "removed": "-"}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--preview", is_flag=True, help="Only show what would change.")
@reach.as_json
@reach.engine_option
@reach.plainly
@reach.changing
def configure(paths: tuple[Path, ...], *, preview: bool, json_wanted: bool, engine_url: str | None) -> None:
    """Load configuration files into the engine that runs, and show what changes by it.

    A PATH is a TOML file, or a folder of them. A second time nothing changes.

    \b
    headend configure catalogue.toml tucano.toml --preview
    headend configure operator/

    Exit status: 0 loaded, or shown; 1 refused for the state of things; 2 called wrongly, or a file is wrong; then
    nothing has changed.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    client = reach.engine(engine_url)
    contents = texts(paths)
    found = client.send("POST", PREVIEW if preview else LOAD, {"files": contents})["data"]
    reach.say(found, json_wanted=json_wanted, text=lambda shown: told(shown, loaded=not preview))


def texts(paths: tuple[Path, ...]) -> dict[str, str]:
    """The files' contents by name. Raises CalledWronglyError."""
    try:
        return configuration_files.texts(paths)
    except DomainError as error:
        raise reach.CalledWronglyError(error.message) from error
    except OSError as error:
        raise reach.CalledWronglyError(f"{error.filename}: {error.strerror}.") from error


def told(found: Mapping[str, list[Any]], *, loaded: bool) -> str:
    """The differences, one a line, and warnings."""
    return "\n".join([said_of(found["differences"], loaded=loaded), *map("Warning: {}".format, found["warnings"])])


def said_of(differences: list[Mapping[str, Any]], *, loaded: bool) -> str:
    """The differences, one a line."""
    if not differences:
        return "No difference."
    rows = [
        {
            "change": SIGNS[one["change"]],
            "path": one["path"],
            "found": words(one["found"]),
            "wanted": words(one["wanted"]),
        }
        for one in differences
    ]
    count = f"{len(rows)} difference{'s'[: len(rows) > 1]}"
    return f"{columns(rows, COLUMNS)}\n{count}, {'loaded' if loaded else 'not loaded'}."


def words(value: Any) -> str | None:
    """A value in few words: of a thing, what it says of itself in single values."""
    if isinstance(value, Mapping):
        single = {name: part for name, part in value.items() if not isinstance(part, Mapping | list)}
        return ", ".join(f"{name}={words(part)}" for name, part in single.items() if part not in {None, ""}) or None
    if isinstance(value, list):
        return ", ".join(str(words(part)) for part in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
