"""`python -m engine token`: who may call the Web API."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from engine.clock import SystemClock
from engine.commands.wrongly import plainly
from engine.service import tokens
from engine.settings import settings
from engine.store.database import Database


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    options = argparse.ArgumentParser(prog="python -m engine token", description="Tokens of the Web API's callers.")
    options.add_argument("what", choices=("create", "list", "revoke"))
    options.add_argument("name", nargs="?", help="whose token it is; not for list")
    options.add_argument("--database", metavar="URL", help="such as sqlite:///engine.sqlite; else HEADEND_DATABASE_URL")
    options.add_argument("--json", action="store_true", help="print JSON")
    return options


def main(arguments: Sequence[str]) -> int:
    """Make, list or revoke. Gives the exit status."""
    options = parser()
    said = options.parse_args(arguments)
    if (said.name is None) is not (said.what == "list"):
        options.error(f"{said.what} takes {'no name' if said.what == 'list' else 'a name'}")
    return plainly(lambda: run(said))


def run(said: argparse.Namespace) -> None:
    """Do it, and print what there is to be printed. A token is printed once, and kept nowhere."""
    database, clock = Database(said.database or settings(os.environ).database_url), SystemClock()
    try:
        if said.what == "create":
            token = tokens.create(database, clock, said.name)
            say({"name": said.name, "token": token}, token, as_json=said.json)
        elif said.what == "revoke":
            tokens.revoke(database, clock, said.name)
            say({"name": said.name, "revoked": True}, f"{said.name} is revoked.", as_json=said.json)
        else:
            found = tokens.everyone(database)
            say(found, "\n".join(line(one) for one in found) or "No tokens.", as_json=said.json)
    finally:
        database.close()


def line(one: tokens.Token) -> str:
    """A token in one line: whose it is, and since when, until when."""
    used = f"last used {one.last_used_date:%Y-%m-%d %H:%M}" if one.last_used_date else "never used"
    revoked = f", revoked {one.revoked_date:%Y-%m-%d %H:%M}" if one.revoked_date else ""
    return f"{one.name}  created {one.created_date:%Y-%m-%d %H:%M}, {used}{revoked}"


def say(value: Any, text: str, *, as_json: bool) -> None:
    """Print a value, as JSON or as text for people."""
    sys.stdout.write(f"{json.dumps(msgspec.to_builtins(value)) if as_json else text}\n")
