"""`headend table`: the manual's tables, printed from the rows that run."""

import json
from typing import Any

import click

from engine.domain.errors import DomainError
from harness import tables
from harness.cli import reach
from harness.cli.text import columns


@click.command()
@click.argument("name", metavar="PLATFORM|actions")
@reach.as_json
def table(name: str, *, json_wanted: bool) -> None:
    """Print the request table of a PLATFORM (tucano), or the table of actions."""
    try:
        names, rows = (tables.ACTION_COLUMNS, tables.actions()) if name == "actions" else tables.requests(name)
    except DomainError as error:
        raise reach.CalledWronglyError(error.message) from error
    click.echo(json.dumps(rows, indent=2) if json_wanted else columns(rows, names))


def actions_table() -> str:
    """The table of actions, with the details that each takes."""
    rows: list[dict[str, Any]] = tables.actions()
    return columns(rows, tables.ACTION_COLUMNS)
