"""How commands reach what runs, how they print, and with which exit status they fail."""

import json
import os
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

from harness import running
from harness.clients import CallError, ControlClient, EngineClient

P = ParamSpec("P")
R = TypeVar("R")

REFUSED, CALLED_WRONGLY, IN_DOUBT = 1, 2, 3
REFUSALS = frozenset({403, 409, 429, 502})  # what the state of things, or a platform, does not allow

as_json = click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
engine_option = click.option(
    "--engine", "engine_url", envvar="HEADEND_ENGINE", metavar="URL", help="The engine's address."
)
control_option = click.option(
    "--control", "control_url", envvar="HEADEND_CONTROL", metavar="URL", help="The simulators' control address."
)


class CalledWronglyError(click.ClickException):
    """Something that the caller must put right."""

    exit_code = CALLED_WRONGLY


class RefusedError(click.ClickException):
    """Something that the state of things does not allow."""

    exit_code = REFUSED


class InDoubtError(click.ClickException):
    """Something that may have been done."""

    exit_code = IN_DOUBT


def changing(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command that changes a subscription leave in doubt where its call may have come through."""

    @wraps(command)
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return command(*arguments, **options)
        except CallError as error:
            if error.in_doubt:
                raise InDoubtError(str(error)) from error
            raise

    return call


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command fail in one sentence and with the right exit status."""

    @wraps(command)
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return command(*arguments, **options)
        except CallError as error:
            kind = RefusedError if error.status in REFUSALS else CalledWronglyError
            raise kind(str(error)) from error
        except UnicodeEncodeError as error:
            raise CalledWronglyError(f"An argument is not UTF-8: {error.object!r}.") from error

    return call


def engine(url: str | None) -> EngineClient:
    """The engine at this address, or the one that `headend up` started from here, with the token for it."""
    return EngineClient(url or address("engine"), token(url))


def token(url: str | None) -> str:
    """The token of HEADEND_TOKEN, else the one that `headend up` wrote down for this address. Nobody else gets that."""
    found = running.find()
    noted = found.get("token", "") if url in {None, found.get("engine")} else ""
    return os.environ.get("HEADEND_TOKEN") or str(noted)


def control(url: str | None) -> ControlClient:
    """The control port at this address, or the one that `headend up` started from here."""
    return ControlClient(url or address("control"))


def address(of: str) -> str:
    """The address that `headend up` wrote down."""
    found = running.find().get(of)
    if not isinstance(found, str):
        raise CalledWronglyError(f"Nothing runs here: start `headend up`, or say where with --{of} URL.")
    return found


def say(value: Any, *, json_wanted: bool, text: Callable[[Any], str]) -> None:
    """Print a value, as JSON or as text for people."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False) if json_wanted else text(value))
