"""`python -m engine`: serves an engine, or does what the command before the options names."""

import sys
from collections.abc import Callable, Mapping, Sequence

from engine.commands import archive_password, migrate, serve, token

COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "serve": serve.main,
    "token": token.main,
    "migrate": migrate.main,
    "archive-password": archive_password.main,
}


def main(arguments: Sequence[str]) -> int:
    """Carry out the command. Gives the exit status: 0, or 2 with one sentence if it was called wrongly."""
    name, rest = (arguments[0], arguments[1:]) if arguments and arguments[0] in COMMANDS else ("serve", arguments)
    return COMMANDS[name](rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
