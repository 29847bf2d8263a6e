"""`python -m engine archive-password`: the password that archive runs and deletions want."""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence

from engine.commands.wrongly import plainly
from engine.domain.errors import InvalidError
from engine.service import archive_password
from engine.settings import settings
from engine.store.database import Database

VARIABLE = "HEADEND_ARCHIVE_PASSWORD"


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    options = argparse.ArgumentParser(
        prog="python -m engine archive-password",
        description="Set the archive password, or another one. It is asked for at the terminal, or read from the first "
        f"line of standard input, or from {VARIABLE}.",
    )
    options.add_argument("--database", metavar="URL", help="such as sqlite:///engine.sqlite; else HEADEND_DATABASE_URL")
    return options


def main(arguments: Sequence[str]) -> int:
    """Set it. Gives the exit status."""
    said = parser().parse_args(arguments)
    return plainly(lambda: run(said))


def run(said: argparse.Namespace) -> None:
    """Set it, and say so."""
    password = wanted()
    database = Database(said.database or settings(os.environ).database_url)
    try:
        archive_password.put(database, password)
    finally:
        database.close()
    sys.stdout.write("The archive password is set.\n")


def wanted() -> str:
    """The password, from where it is said. At a terminal it is said twice. Raises InvalidError."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Archive password: ")
    if getpass.getpass("Again: ") != first:
        raise InvalidError("The two are not the same.", field="archive_password")
    return first
