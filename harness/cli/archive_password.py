"""How commands learn the archive password: never from an argument, which others could see."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from harness.cli import reach
from harness.clients import CallError, Json

VARIABLE = "HEADEND_ARCHIVE_PASSWORD"
UNSAID = f"The archive password is wanted: at a terminal, by --password-stdin, or in {VARIABLE}."
WANTED = 403
from_stdin = click.option("--password-stdin", is_flag=True, help="Read the archive password from standard input.")


def said(*, password_stdin: bool, new: bool = False) -> str:
    """The archive password; at a terminal it is asked for, a new one twice. Raises CalledWronglyError."""
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        raise reach.CalledWronglyError(UNSAID)
    found: str = click.prompt("Archive password", hide_input=True, confirmation_prompt=new, err=True)
    return found


def with_it(call: Callable[[dict[str, Any]], Json], *, password_stdin: bool) -> Json:
    """Make a call; where it wants the archive password, once more with it. `call` is told what to say besides."""
    try:
        return call({})
    except CallError as error:
        if error.status != WANTED:
            raise
    return call({"archive_password": said(password_stdin=password_stdin)})
