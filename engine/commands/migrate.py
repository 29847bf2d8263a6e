"""`python -m engine migrate`: the form of a database's tables, by hand."""

import argparse
import os
import sys
from collections.abc import Sequence

from engine.commands.wrongly import plainly
from engine.settings import settings
from engine.store.migrate import migrate
from engine.store.migrations import HEAD, REVISIONS


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    options = argparse.ArgumentParser(
        prog="python -m engine migrate",
        description="Give a database's tables another form. An engine does it by itself on its way up, at its start.",
    )
    options.add_argument("--database", metavar="URL", help="such as sqlite:///engine.sqlite; else HEADEND_DATABASE_URL")
    options.add_argument("--to", metavar="REVISION", default=HEAD, help=f"one of {', '.join(REVISIONS)}")
    return options


def main(arguments: Sequence[str]) -> int:
    """Migrate. Gives the exit status."""
    said = parser().parse_args(arguments)
    return plainly(lambda: run(said))


def run(said: argparse.Namespace) -> None:
    """Migrate, and say from which form to which."""
    before, after = migrate(said.database or settings(os.environ).database_url, said.to)
    sys.stdout.write(f"{before} -> {after}\n")
