"""`python -m engine`: one engine as a process."""

import argparse
import ipaddress
import json
import logging
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import DBAPIError

from engine.api.app import api
from engine.api.serving import bound, serve
from engine.bootstrap import Engine
from engine.domain.errors import DomainError, InvalidError

CALLED_WRONGLY = 2


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    options = argparse.ArgumentParser(prog="python -m engine", description="A provisioning engine as a process.")
    options.add_argument("--database", default="sqlite://", metavar="URL", help="such as sqlite:///engine.sqlite")
    options.add_argument(
        "--configuration", type=Path, nargs="*", default=[], metavar="PATH", help="TOML files, folders"
    )
    options.add_argument("--end-point", nargs="*", default=[], metavar="PROVIDER=URL", help="another end point for now")
    options.add_argument("--host", default="127.0.0.1", help="a loopback address")
    options.add_argument("--port", type=int, default=0, help="0: any that is free")
    options.add_argument("--leashed", action="store_true", help="end when standard input does")
    return options


def run(arguments: argparse.Namespace, stop: threading.Event) -> None:
    """Serve an engine until told to stop. One JSON line on standard output says when it is ready, and where.

    What an earlier engine left PENDING is sent as soon as the port is had, and not before: whoever was called wrongly
    sends nothing.
    """
    check_loopback(arguments.host)
    end_points = [end_point(pair) for pair in arguments.end_point]
    engine = Engine(arguments.database)
    try:
        engine.configure(*arguments.configuration)
        for provider, url in end_points:
            engine.point(provider, end_point=url)
        with bound(api(engine), arguments.host, arguments.port) as server, recovering(engine, stop):
            serve(server, ready=say, stop=stop)
    finally:
        engine.close()


@contextmanager
def recovering(engine: Engine, stop: threading.Event) -> Iterator[None]:
    """Send what is PENDING, beside whatever else is done, and no longer than that."""
    recovery = threading.Thread(target=engine.recover, args=(stop.is_set,), name="recovery")
    recovery.start()
    try:
        yield
    finally:
        stop.set()
        recovery.join()


def check_loopback(host: str) -> None:
    """Refuse addresses that others can reach: calls carry no token yet."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise InvalidError(f"host is {host}; a loopback address is wanted: the Web API has no tokens.", field="host")


def end_point(pair: str) -> tuple[str, str]:
    """A provider's code and the URL at which it is to be reached."""
    provider, _, url = pair.partition("=")
    try:
        parts = urlsplit(url)
        can_be_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that can't be
        can_be_one = False
    if not (provider and can_be_one):
        wanted = "PROVIDER=URL, such as tucano=http://127.0.0.1:8442/tucano"
        raise InvalidError(f"--end-point is {pair!r}; wanted is {wanted}.", field="end_point")
    return provider, url


def heel(stop: threading.Event) -> None:
    """Stop when whoever holds the other end of standard input is gone, however it went."""
    while sys.stdin.read(1):
        pass
    stop.set()


def say(url: str) -> None:
    """Tell whoever started this process that it can be called."""
    sys.stdout.write(json.dumps({"engine": url}) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run until SIGINT or SIGTERM. Exit status 0, or 2 with one sentence if it was called wrongly."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    arguments = parser().parse_args()
    if arguments.leashed:
        threading.Thread(target=heel, args=(stop,), name="leash", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        run(arguments, stop)
    except (DomainError, OSError, ValueError) as error:
        return called_wrongly(str(error))
    except DBAPIError as error:
        return called_wrongly(f"The database can't be used: {error.orig}.")
    except sqlite3.Error as error:  # from transactions, which begin beside SQLAlchemy
        return called_wrongly(f"The database can't be used: {error}.")
    return 0


def called_wrongly(why: str) -> int:
    """Say what must be put right; gives the exit status."""
    sys.stderr.write(f"engine: {why}\n")
    return CALLED_WRONGLY


if __name__ == "__main__":
    sys.exit(main())
