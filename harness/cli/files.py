"""`headend files`: what goes to platforms in files, and what has become of it."""

from collections.abc import Mapping
from typing import Any

import click

from harness.cli import reach
from harness.cli.text import columns, minute
from harness.clients import EngineClient, Json

FILES = "/conax_sms_sas/files"
COLUMNS = ("provider", "name", "type", "ca_id", "records", "state", "sent", "answered", "why")


@click.command()
@click.argument("what", type=click.Choice(("list", "show", "resend")), default="list")
@click.argument("name", required=False)
@click.option("--provider", metavar="CODE", help="Those of one provider.")
@click.option("--type", "request_type", metavar="TYPE", help="List those of one type, such as ADD_SUBSCRIPTIONS.")
@click.option("--state", metavar="STATE", help="List those MADE, SENT, ACCEPTED or REFUSED.")
@click.option("--overdue", is_flag=True, help="List those that were sent longer ago than an answer may take.")
@click.option("--text", is_flag=True, help="Show what is in the file, made again.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@reach.as_json
@reach.engine_option
@reach.plainly
def files(
    what: str,
    name: str | None,
    *,
    provider: str | None,
    request_type: str | None,
    state: str | None,
    overdue: bool,
    text: bool,
    limit: int,
    offset: int,
    json_wanted: bool,
    engine_url: str | None,
) -> None:
    """List files of requests, show one of them, or let one be sent again that the platform has lost.

    \b
    headend files --overdue
    headend files show ps000012 --text
    headend files resend ps000012

    The error-handling run takes down what has become of files that were sent. A file is sent again by the next
    processing run, under its number, and only where it is nowhere at the platform.

    Exit status: 0 done, 1 refused, 2 called wrongly.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    client = reach.engine(engine_url)
    if what == "list":
        if name or text:
            raise reach.CalledWronglyError("list takes no NAME, and no --text.")
        filters = {"provider": provider, "type": request_type, "state": state, "overdue": "true" if overdue else None}
        found = client.look(f"{FILES}/list", number_of_results=limit, offset=offset, **filters)
        reach.say(found, json_wanted=json_wanted, text=listed)
        return
    if not name or request_type or state or overdue or (text and what == "resend"):
        raise reach.CalledWronglyError(f"{what} takes a NAME, and nothing by which files are listed.")
    found = show(client, name, provider, text=text) if what == "show" else resend(client, name, provider)
    reach.say(found, json_wanted=json_wanted, text=shown)


def show(client: EngineClient, name: str, provider: str | None, *, text: bool) -> Json:
    """The newest file of this name."""
    return client.look(f"{FILES}/show", name=name, provider=provider, text="true" if text else None)


def resend(client: EngineClient, name: str, provider: str | None) -> Json:
    """The file, as one that is still to be sent."""
    at = {"provisioning_provider_identifier": {"alternative_code": provider}} if provider else {}
    return client.change(f"{FILES}/resend", {"file_identifier": {"name": name}, **at})


def listed(found: Any) -> str:
    """Files, one a line."""
    return columns(map(row, found["results"]), COLUMNS) if found["results"] else "No files."


def shown(found: Any) -> str:
    """A file, and what is in it where that was asked for."""
    text = [found["text"].rstrip("\r\n").replace("\r\n", "\n")] if found["text"] else []
    period = [f"from {minute(found['start'])} until {minute(found['end'])}"] if found["start"] else []
    return "\n".join([columns([row(found)], COLUMNS), *period, *text])


def row(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """A file in the words of the columns."""
    state = f"{one['state']}, overdue" if one["overdue"] else one["state"]
    why = f"{one['code']} line {one['line']}" if one["code"] else None
    moments = {"sent": minute(one["sent_date"]), "answered": minute(one["answered_date"])}
    return {**one, **moments, "ca_id": one["ca_id"] or None, "state": state, "why": why}
