"""`python -m simulators tucano`: one platform as a process, with a port of its own and a control port beside it."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec

from simulators.kit.catalogue_file import NO_CATALOGUE_FILE, CatalogueFileError, catalogue_file
from simulators.kit.platform import Platform
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.kit.state_file import StateFile, StateFileError
from simulators.kit.workspace import Surroundings
from simulators.tucano.app import tucano

WRONG_CALL = 2
MOST_PORT = 65_535


class CallError(Exception):
    """What is wrong with how the program was called."""


def main(arguments: Sequence[str] | None = None, prog: str = "python -m simulators") -> int:
    """Serve until SIGINT or SIGTERM. Gives 0, and 2 with a sentence when it can't begin or can't save.

    `prog` is what the caller knows this program as.
    """
    asked = _parser(prog).parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        _serve(asked, stop)
    except (CallError, CatalogueFileError, StateFileError) as error:
        print(f"{prog}: {error}", file=sys.stderr)  # noqa: T201 - a program's last word
        return WRONG_CALL
    return 0


def _serve(asked: argparse.Namespace, stop: threading.Event) -> None:
    token = _control_token(asked)
    simulators: dict[str, Simulator[Any]] = {}
    kept = StateFile(asked.state_file, simulators) if asked.state_file else None
    around = Surroundings(after_snapshot=kept.save if kept else lambda: None)
    simulators[asked.platform] = simulator = Simulator(PLATFORMS[asked.platform](asked), around)
    if kept:
        kept.load()
    with ExitStack() as ports:
        platform = _port(ports, Server(simulator.wsgi, asked.host, asked.port, simulator), asked.port)
        # only now: loading Flask takes as long as all the rest, and the platform answers already
        from simulators.kit.control.app import control  # noqa: PLC0415

        controls = _port(ports, Server(control(simulators, token), asked.host, asked.control_port), asked.control_port)
        ready = {"control": controls.url, "platforms": {asked.platform: f"{platform.url}/{asked.platform}"}}
        print(msgspec.json.encode(ready).decode(), flush=True)  # noqa: T201 - who started this waits for the line
        stop.wait()
    if kept:
        kept.save()


def _port(ports: ExitStack, server: Server, number: int) -> Server:
    try:
        return ports.enter_context(server)
    except OSError as error:
        raise CallError(f"port {number} can't be had: {error.strerror}") from error


def _tucano(asked: argparse.Namespace) -> Platform[Any]:
    file = asked.options or (None if asked.option else Path(__file__).parent / "tucano" / "options.toml")
    known, settings = ("options", "materials"), ("jwt_secret", "api_provider")
    catalogue = catalogue_file(file, known, settings) if file else NO_CATALOGUE_FILE
    jwt_secret = catalogue.settings.get("jwt_secret") if asked.jwt_secret_env is None else _secret(asked.jwt_secret_env)
    try:
        return tucano(
            options=[*catalogue.ids.get("options", ()), *asked.option],
            materials=catalogue.ids.get("materials"),
            user=asked.user,
            password="headend" if asked.password_env is None else _secret(asked.password_env),
            jwt_secret=jwt_secret,
            api_provider=asked.api_provider or catalogue.settings.get("api_provider"),
            seed=asked.seed,
        )
    except ValueError as error:
        raise CallError(f"{error}") from error


PLATFORMS: dict[str, Callable[[argparse.Namespace], Platform[Any]]] = {"tucano": _tucano}


def _control_token(asked: argparse.Namespace) -> str | None:
    token = None if asked.control_token_env is None else _secret(asked.control_token_env)
    if token is None and not _loopback(asked.host):
        raise CallError(f"{asked.host} can be reached by others: the control port needs a token (--control-token-env)")
    return token


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name, which may mean any address
        return False


def _secret(variable: str) -> str:
    secret = os.environ.get(variable)
    if not secret:
        raise CallError(f"the environment has no {variable}, which was named for a secret")
    return secret


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Serve one simulated platform; prints one line of JSON with its addresses when it is ready.",
        epilog=f"example: {prog} tucano --port 8081 --control-port 8091 --option OPT_SPORT",
    )
    add = parser.add_argument
    add("platform", choices=sorted(PLATFORMS))
    add("--host", default="127.0.0.1", help="address of both ports (default: %(default)s)")
    add("--port", type=_port_number, default=0, help="the platform's port; 0, the default, takes a free one")
    add("--control-port", type=_port_number, default=0, help="the control port; 0, the default, takes a free one")
    add("--options", type=Path, metavar="FILE", help="catalogue in TOML (default: the sample catalogue)")
    add("--option", action="append", default=[], metavar="ID", help="one more option in the catalogue; repeatable")
    add("--user", default="headend", help="user name the platform takes (default: %(default)s)")
    add("--password-env", metavar="VAR", help="environment variable with the password (default password: headend)")
    add("--jwt-secret-env", metavar="VAR", help="environment variable with the secret of subscribers' tokens")
    add("--api-provider", metavar="NAME", help="who makes subscribers' tokens; without it and a secret: no orders")
    add("--control-token-env", metavar="VAR", help="environment variable with the control port's token")
    add("--state-file", type=Path, metavar="FILE", help="read at the start, written at the end and at snapshots")
    add("--seed", type=int, default=0, help="moves the first account id, and the faults' dice (default: %(default)s)")
    return parser


def _port_number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number up to {MOST_PORT}, not {number}")
    return number


if __name__ == "__main__":
    sys.exit(main())
