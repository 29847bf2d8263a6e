"""`python -m simulators PLATFORM`: one platform as a process, with a port of its own and a control port beside it."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec

from simulators.conax.program import PROGRAM as CONAX
from simulators.icareus.program import PROGRAM as ICAREUS
from simulators.irdeto.program import PROGRAM as IRDETO
from simulators.kit.catalogue_file import CatalogueFileError
from simulators.kit.platform import Platform
from simulators.kit.program import CallError, Program, Serving, secret
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.kit.state_file import StateFile, StateFileError
from simulators.kit.workspace import Surroundings
from simulators.tucano.program import PROGRAM as TUCANO

WRONG_CALL = 2
MOST_PORT = 65_535
PLATFORMS: dict[str, Program] = {"conax": CONAX, "icareus": ICAREUS, "irdeto": IRDETO, "tucano": TUCANO}


def _port_number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number up to {MOST_PORT}, not {number}")
    return number


# fmt: off
COMMON: tuple[tuple[str, Any, Callable[[str], Any], str | None, str], ...] = (
    # option               default      type          shown   help
    ("--host",              "127.0.0.1", str,          None,   "address of both ports (default: 127.0.0.1)"),
    ("--port",              0,           _port_number, None,   "the platform's port; 0, the default, takes a free one"),
    ("--control-port",      0,           _port_number, None,   "the control port; 0, the default, takes a free one"),
    ("--control-token-env", None,        str,          "VAR",  "environment variable with the control port's token"),
    ("--state-file",        None,        Path,         "FILE", "read at the start, written at the end, at snapshots"),
    ("--seed",              0,           int,          None,   "moves the first id, and the faults' dice (default: 0)"),
)
# fmt: on


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
    simulators[asked.platform] = simulator = Simulator(_platform(asked), around)
    if kept:
        kept.load()
    with ExitStack() as ports:
        program = PLATFORMS[asked.platform]
        platform = _port(ports, program.server(simulator, asked), asked.port)
        # only now: loading Flask takes as long as all the rest, and the platform answers already
        from simulators.kit.control.app import control  # noqa: PLC0415

        controls = _port(ports, Server(control(simulators, token), asked.host, asked.control_port), asked.control_port)
        address = f"{platform.url}{program.path}"
        ready = {"control": controls.url, "platforms": {asked.platform: address}}
        print(msgspec.json.encode(ready).decode(), flush=True)  # noqa: T201 - who started this waits for the line
        stop.wait()
    if kept:
        kept.save()


def _port(ports: ExitStack, server: Serving, number: int) -> Serving:
    try:
        return ports.enter_context(server)
    except OSError as error:
        raise CallError(f"port {number} can't be had: {error.strerror}") from error


def _platform(asked: argparse.Namespace) -> Platform[Any]:
    try:
        return PLATFORMS[asked.platform].platform(asked)
    except ValueError as error:
        raise CallError(f"{error}") from error


def _control_token(asked: argparse.Namespace) -> str | None:
    token = None if asked.control_token_env is None else secret(asked.control_token_env)
    if token is None and not _loopback(asked.host):
        raise CallError(f"{asked.host} can be reached by others: the control port needs a token (--control-token-env)")
    return token


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name, which may mean any address
        return False


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Serve one simulated platform; prints one line of JSON with its addresses when it is ready.",
        epilog=f"example: {prog} tucano --port 8081 --control-port 8091 --option OPT_SPORT",
    )
    _take_common(parser)
    platforms = parser.add_subparsers(dest="platform", required=True, metavar="PLATFORM", title="platforms")
    for name, program in sorted(PLATFORMS.items()):
        own = platforms.add_parser(name, help=program.about, description=f"Serve {name}: {program.about}.")
        program.options(own)
        _take_common(own, again=True)
    return parser


def _take_common(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """Take the options of every platform: before its name and, again, after it, where none forgets what was said."""
    for option, default, type_, metavar, said in COMMON:
        parser.add_argument(
            option, default=argparse.SUPPRESS if again else default, type=type_, metavar=metavar, help=said
        )


if __name__ == "__main__":
    sys.exit(main())
