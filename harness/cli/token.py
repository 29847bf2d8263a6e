"""`headend token`: who may call the engine's Web API."""

from contextlib import closing
from typing import Any

import click
import msgspec

from engine.clock import SystemClock
from engine.domain.errors import DomainError, NotAllowedError
from engine.service import tokens
from engine.store.database import Database
from harness.cli import reach
from harness.cli.text import columns

COLUMNS = ("name", "created_date", "last_used_date", "revoked_date")


@click.command()
@click.argument("what", type=click.Choice(("create", "list", "revoke")))
@click.argument("name", required=False)
@click.option("--database", metavar="URL", envvar="HEADEND_DATABASE_URL", help="The engine's database.")
@reach.as_json
@reach.plainly
def token(what: str, name: str | None, database: str | None, *, json_wanted: bool) -> None:
    """Make a token for the caller NAME, revoke it, or list all; a token is printed once, and kept by nobody.

    \b
    headend token create crm
    headend token list
    headend token revoke crm

    By default in the database of what `headend up` has started from here. A call bears its token as `Authorization:
    Bearer`; one that is revoked is of no use after a second.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if (name is None) is not (what == "list"):
        raise reach.CalledWronglyError(f"{what} takes {'no name' if what == 'list' else 'a NAME'}.")
    try:
        with closing(Database(database or reach.address("database"))) as opened:
            answer = DEEDS[what](opened, name)
    except DomainError as error:
        kind = reach.RefusedError if isinstance(error, NotAllowedError) else reach.CalledWronglyError
        raise kind(error.message) from error
    reach.say(answer, json_wanted=json_wanted, text=TEXTS[what])


def create(database: Database, name: str) -> dict[str, Any]:
    """A new token."""
    return {"name": name, "token": tokens.create(database, SystemClock(), name)}


def revoke(database: Database, name: str) -> dict[str, Any]:
    """A token that was of use."""
    tokens.revoke(database, SystemClock(), name)
    return {"name": name, "revoked": True}


def everyone(database: Database, _name: None) -> list[dict[str, Any]]:
    """All tokens."""
    return [msgspec.to_builtins(one) for one in tokens.everyone(database)]


def listed(found: list[dict[str, Any]]) -> str:
    """Tokens, one a line."""
    return columns(found, COLUMNS) if found else "No tokens."


DEEDS: dict[str, Any] = {"create": create, "list": everyone, "revoke": revoke}
TEXTS: dict[str, Any] = {
    "create": lambda found: found["token"],
    "list": listed,
    "revoke": lambda found: f"{found['name']} is revoked.",
}
