"""The morning after a busy night at Conax: fifty files have been answered, and the error-handling run takes that down.

An engine and a simulator that are processes of their own, as in `conax_files.py`. Once the platform has taken all
files; once it knows 99 cards of 100, so that it refuses each file for the first card in it that it does not know: that
request is rejected, the others stay PENDING for another file. Seconds of the run, the engine's peak memory, and how
often as long the run takes as a bare loop in which the same answers are listed, the list of errors is read and the
answers are removed with ftplib. Run again with `.venv/bin/python benchmarks/conax_answers.py`, or with another number
of cards behind it.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from ftplib import FTP
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from conax_files import CA_ID, FIRST_CARD, SIZE, STRIDE, populate
from processes import TOKEN, engine, memory_mb, running

from harness import operator_files, platforms
from harness.clients import EngineClient
from harness.postgresql import PostgreSQL

FILES, OF_A_HUNDRED = 50, 99
RECORDS = "maximum_records = 20000"


@contextmanager
def simulator(folder: Path, known_of_100: int) -> Iterator[tuple[str, int]]:
    """A platform that takes files at once, and knows so many cards of a hundred; gives its host and port."""
    known, cards = platforms.settings("conax"), folder / "cards"
    numbers = (key for key in range(1, SIZE + 1) if key % 100 < known_of_100)
    cards.write_text("\n".join(str(FIRST_CARD + key * STRIDE % 99_999_989) for key in numbers), encoding="ascii")
    os.environ["PASSWORD"] = known["password"]
    who = ("--user", known["user"], "--password-env", "PASSWORD", "--home", known["home"])
    with running("simulators", "conax", *who, "--cards", str(cards), "--port", "0", "--product", CA_ID) as (_, line):
        host, port = json.loads(line)["platforms"]["conax"].removeprefix("ftp://").split(":")
        yield host, int(port)


def operator(folder: Path) -> Path:
    """The demo operator's files, with as many records in a file as makes fifty files."""
    shutil.copytree(operator_files.FOLDER, folder)
    file = folder / "conax.toml"
    said = file.read_text(encoding="utf-8")
    assert RECORDS in said
    file.write_text(said.replace(RECORDS, f"maximum_records = {SIZE // FILES}"), encoding="utf-8")
    return folder


def run(client: EngineClient, definition: str) -> tuple[float, dict[str, Any]]:
    """Seconds of a run, and its counts."""
    start = perf_counter()
    now = client.change("/definitions/submit", {"definition_identifier": {"alternative_code": definition}})
    while now["state"] == "IN_PROGRESS":
        now = client.look("/runs/show", id=now["id"], within_s=60)
    return perf_counter() - start, now["counts"]


def bare(site: tuple[str, int], files: int) -> float:
    """Seconds of a bare loop over so many answers: they are put there before it."""
    known = platforms.settings("conax")
    answers = f"{known['home']}/autreq/ok"
    with FTP() as line:  # noqa: S321 (that is what the platform speaks)
        line.connect(*site)
        line.login(known["user"], known["password"])
        for number in range(files):
            line.storbinary(f"STOR {answers}/ps{900_001 + number}.emm", BytesIO(b"U\r\n"))
        start = perf_counter()
        refused, accepted = line.nlst(f"{known['home']}/autreq/err"), line.nlst(answers)
        if any(name.endswith("errors.txt") for name in refused):
            line.retrbinary(f"RETR {known['home']}/autreq/err/errors.txt", lambda _block: None)
        for name in accepted:
            line.delete(f"{answers}/{name.rpartition('/')[2]}")
    return perf_counter() - start


def measure(name: str, database: str, known_of_100: int) -> None:
    """One kind of database, and how many cards the platform knows, printed."""
    with TemporaryDirectory() as there, simulator(Path(there), known_of_100) as site:
        end_point, files = "ftp://{}:{}".format(*site), operator(Path(there) / "operator")
        with engine(database, "conax", end_point, files):
            pass
        populate(database)
        with engine(database, "conax", end_point, files) as (process, url):
            client = EngineClient(url, TOKEN)
            run(client, "PROCESS_REQUESTS")
            took, counts = run(client, "ERROR_HANDLING")
            loop, peak = bare(site, counts["changed"]), memory_mb(process, "VmHWM")
    which = "all known" if known_of_100 > OF_A_HUNDRED else f"{known_of_100} of 100 known"
    ended = f"{counts['changed']:7}{counts['requests'] - counts['rejected']:11}{counts['rejected']:10}"
    print(f"{name:12}{which:18}{ended}{took:8.2f}{loop:8.3f}{took / loop:8.1f}{peak:9}")


def main() -> None:
    """Measure, and print."""
    print(f"{'':30}{'files':>7}{'completed':>11}{'rejected':>10}{'run s':>8}{'bare s':>8}{'/ bare':>8}{'peak MB':>9}")
    for known_of_100 in (100, OF_A_HUNDRED):
        with TemporaryDirectory() as folder:
            measure("SQLite", f"sqlite:///{folder}/engine.sqlite", known_of_100)
        server = PostgreSQL()
        try:
            measure("PostgreSQL", server.url, known_of_100)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
