"""`headend archive`: what was moved out of the engine's database, fetched or deleted for good."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import click
from urllib3.exceptions import HTTPError

from engine.domain.errors import DomainError
from engine.service import archive_password as kept
from engine.store.database import Database
from harness.cli import archive_password, reach
from harness.cli.text import columns, minute
from harness.clients import CallError, EngineClient, Json

COLUMNS = ("name", "contents", "records", "first", "last", "size", "run")
BLOCK_BYTES = 1 << 16


@click.command()
@click.argument("what", type=click.Choice(("list", "show", "download", "delete", "password")), default="list")
@click.argument("name", required=False)
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Download to FILE, not to NAME.")
@archive_password.from_stdin
@click.option("--database", metavar="URL", envvar="HEADEND_DATABASE_URL", help="Set the password in this database.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@reach.as_json
@reach.engine_option
@reach.plainly
def archive(
    what: str,
    name: str | None,
    *,
    output: Path | None,
    password_stdin: bool,
    database: str | None,
    limit: int,
    offset: int,
    json_wanted: bool,
    engine_url: str | None,
) -> None:
    """List archives, show one of them, download its file, or delete it for good; set the archive password.

    \b
    headend archive password
    headend run ARCHIVE --preview
    headend run ARCHIVE
    headend archive download requests-2030-06-15-1a2b3c4d.jsonl.gz -o old.jsonl.gz

    Archive runs, and whoever deletes, want the archive password: it is asked for at the terminal, or read from standard
    input, or from HEADEND_ARCHIVE_PASSWORD. No file that is there is overwritten.

    Exit status: 0 done, 1 refused, 2 called wrongly.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if (name is None) is not (what in {"list", "password"}):
        raise reach.CalledWronglyError(f"{what} takes {'a NAME' if name is None else 'no NAME'}.")
    if what == "password":
        put(database or reach.address("database"), archive_password.said(password_stdin=password_stdin, new=True))
        reach.say({"set": True}, json_wanted=json_wanted, text=lambda _set: "The archive password is set.")
        return
    client = reach.engine(engine_url)
    if what == "list":
        found = client.look("/archives/list", number_of_results=limit, offset=offset)
    elif what == "delete":
        found = deleted(client, name, archive_password.said(password_stdin=password_stdin))
    else:
        found = client.look("/archives/show", name=name)
    if what == "download":
        download(client, found, output or Path(str(name)))
    reach.say(found, json_wanted=json_wanted, text=TEXTS[what])


def deleted(client: EngineClient, name: str | None, password: str) -> Json:
    """The archive that is no more."""
    return client.change("/archives/delete", {"archive_identifier": {"name": name}, "archive_password": password})


def put(url: str, password: str) -> None:
    """Set the archive password. Raises CalledWronglyError."""
    try:
        with closing(Database(url)) as database:
            kept.put(database, password)
    except DomainError as error:
        raise reach.CalledWronglyError(error.message) from error


def download(client: EngineClient, found: Json, path: Path) -> None:
    """Write an archive's file, if it came whole, to a path where there is nothing. Raises RefusedError, CallError."""
    if path.exists():
        raise reach.RefusedError(f"{path} is there already; it is not overwritten.")
    try:
        with beside(path) as file:
            if fetched(client, found, file) != found["sha256"]:
                raise reach.RefusedError(f"{found['name']} did not come as it was written; nothing was kept.")
    except FileExistsError as error:
        raise reach.RefusedError(f"{path} is there by now; it is not overwritten.") from error
    except OSError as error:
        raise reach.RefusedError(f"{path} can't be written: {error.strerror or error}.") from error


@contextmanager
def beside(path: Path) -> Iterator[IO[bytes]]:
    """A file that comes to its path when it is whole. Raises FileExistsError, where something came there before."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
        os.link(name, path)
    finally:
        Path(name).unlink()


def fetched(client: EngineClient, found: Json, file: IO[bytes]) -> str:
    """The SHA-256 of what came, which is in the file then; where somebody looks on, how far it is. Raises CallError."""
    total = hashlib.sha256()
    with (
        client.exchange("GET", "/archives/download", params={"name": found["name"]}, stream=True) as response,
        click.progressbar(length=found["size"], label=found["name"], file=sys.stderr) as bar,
    ):
        if not response.ok:
            raise CallError(client.reason(response.json()), response.status_code)
        try:
            for block in response.raw.stream(BLOCK_BYTES, decode_content=False):
                file.write(block)
                total.update(block)
                bar.update(len(block))
        except HTTPError as error:
            raise CallError(f"{found['name']} broke off ({type(error).__name__}); nothing was kept.") from error
    return total.hexdigest()


def listed(found: Any) -> str:
    """Archives, one a line."""
    return columns(map(row, found["results"]), COLUMNS) if found["results"] else "No archives."


def shown(found: Any) -> str:
    """An archive, and the sum of its file."""
    return f"{columns([row(found)], COLUMNS)}\nSHA-256 {found['sha256']}"


def row(one: Json) -> Json:
    """An archive in the words of the columns."""
    return {**one, "first": minute(one["first_date"]), "last": minute(one["last_date"])}


TEXTS = {
    "list": listed,
    "show": shown,
    "download": shown,
    "delete": lambda found: f"{found['name']} is deleted for good.",
}
