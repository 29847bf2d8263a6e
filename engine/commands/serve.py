"""`python -m engine`: an engine as a process, until it is told to stop."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.api.app import api
from engine.api.serving import bound, serve
from engine.api.site import site_of
from engine.bootstrap import Engine
from engine.clock import MovableClock, SystemClock
from engine.commands.wrongly import plainly
from engine.domain.errors import InvalidError
from engine.ports import Clock
from engine.settings import Settings, settings

OUT_OF_TIME = 3
SWITCH_S = 0.0005
"""After how long one thread gives way to another: those who only pass an answer on wait for those who reckon."""
log = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    """The command's options; what is not said is a setting's."""
    options = argparse.ArgumentParser(
        prog="python -m engine",
        description="A provisioning engine as a process.",
        epilog="Other commands, each with --help: python -m engine token, migrate, archive-password.",
        argument_default=argparse.SUPPRESS,
    )
    options.add_argument("--database", dest="database_url", metavar="URL", help="such as sqlite:///engine.sqlite")
    options.add_argument("--configuration", type=Path, nargs="*", metavar="PATH", help="TOML files, folders")
    options.add_argument(
        "--end-point",
        nargs="*",
        action="extend",
        metavar="PROVIDER=URL",
        default=[],
        help="another end point for now; may be said again",
    )
    options.add_argument("--host", help="an address to listen on; others than loopback belong behind a proxy with TLS")
    options.add_argument("--port", type=int, help="0: any that is free")
    options.add_argument("--threads", type=int, help="calls at once")
    options.add_argument("--stop-within-s", type=int, metavar="SECONDS", help="how long calls in hand are waited for")
    options.add_argument("--movable-clock", action="store_true", default=False, help="time that can be put forward")
    options.add_argument("--no-timetable", action="store_true", default=False, help="runs begin when asked for alone")
    options.add_argument("--leashed", action="store_true", default=False, help="end when standard input does")
    return options


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGINT or SIGTERM; the second of them ends at once. Gives the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sys.setswitchinterval(SWITCH_S)
    said = vars(parser().parse_args(arguments))
    end_points, stop = said.pop("end_point"), threading.Event()
    clock = MovableClock() if said.pop("movable_clock") else SystemClock()
    by_timetable = not said.pop("no_timetable")
    if said.pop("leashed"):
        threading.Thread(target=heel, args=(stop,), name="leash", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told(stop))
    return plainly(lambda: run(chosen(said), end_points, clock, stop, by_timetable=by_timetable))


def chosen(said: dict[str, Any]) -> Settings:
    """The settings of the environment; options come first. Raises InvalidError."""
    found = replace(settings(os.environ), **said)
    return replace(found, configuration=tuple(found.configuration))


def run(
    found: Settings, end_points: Sequence[str], clock: Clock, stop: threading.Event, *, by_timetable: bool = True
) -> None:
    """Serve an engine until told to stop. One JSON line on standard output says when it is ready, and where.

    What an earlier engine left PENDING is sent as soon as the port is had, and not before: whoever was called wrongly
    sends nothing.
    """
    pairs = [end_point(pair) for pair in end_points]
    engine = Engine(found.database_url, clock=clock, archive_folder=found.archive_folder)
    try:
        warnings = engine.configure(*found.configuration).warnings
        for sentence in warnings:
            log.warning("%s", sentence)
        for provider, url in pairs:
            engine.point_at(provider, url)
        site = site_of(engine, found.token)
        with (
            bound(api(site), found.host, found.port, found.threads) as server,
            beside(engine, stop, by_timetable=by_timetable),
        ):
            serve(server, site.gate, ready=partial(say, warnings), stop=stop, within_s=found.stop_within_s, late=leave)
    finally:
        engine.close()


@contextmanager
def beside(engine: Engine, stop: threading.Event, *, by_timetable: bool) -> Iterator[None]:
    """Send what is PENDING, and submit what is due, beside whatever else is done, and no longer than that."""
    engine.free_runs()
    threads = (
        threading.Thread(target=engine.recover, args=(stop.is_set,), name="recovery"),
        threading.Thread(target=engine.keep_time, args=(stop,), kwargs={"submits": by_timetable}, name="timetable"),
    )
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def end_point(pair: str) -> tuple[str, str]:
    """A provider's code and the URL at which it is to be reached."""
    provider, _, url = pair.partition("=")
    try:
        parts = urlsplit(url)
        can_be_one = parts.scheme in {"http", "https", "ftp"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that can't be
        can_be_one = False
    if not (provider and can_be_one):
        wanted = "PROVIDER=URL, such as tucano=http://127.0.0.1:8442/tucano"
        raise InvalidError(f"--end-point is {pair!r}; wanted is {wanted}.", field="end_point")
    return provider, url


def told(stop: threading.Event) -> None:
    """Stop as soon as the calls in hand have ended; when told again, be gone, as if killed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    stop.set()


def leave() -> None:
    """End without the calls in hand, which do not end in time: what they have not sent stays PENDING."""
    log.warning("Calls in hand have not ended in time; what they have not sent stays PENDING.")
    logging.shutdown()
    os._exit(OUT_OF_TIME)


def heel(stop: threading.Event) -> None:
    """Stop when whoever holds the other end of standard input is gone, however it went."""
    while sys.stdin.read(1):
        pass
    stop.set()


def say(warnings: Sequence[str], url: str) -> None:
    """Tell whoever started this process that it can be called, and what its configuration hardly means."""
    sys.stdout.write(json.dumps({"engine": url, "warnings": warnings}) + "\n")
    sys.stdout.flush()
