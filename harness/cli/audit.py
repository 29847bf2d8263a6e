"""`headend audit`: what platforms really hold, beside what is believed."""

import csv
import sys
from collections.abc import Iterator
from typing import Any

import click

from engine.domain.audit import Difference
from harness.cli import reach
from harness.cli.text import columns
from harness.clients import EngineClient, Json

PAGE = 1_000
SHOWN = ("subscription", "provider", "difference", "thing", "believed", "found")
KEPT = ("id", "found_date", *SHOWN, "process_name", "process_id")
LIST = "/provisioning/audit/differences/list"


@click.command()
@click.argument("subscription", required=False)
@click.option("--provider", metavar="CODE", help="At this provider only.")
@click.option("--of", "about", metavar="NUMBER", help="List what was found of one subscription.")
@click.option("--run", type=click.IntRange(1), metavar="RUN", help="List what a run has found.")
@click.option(
    "--number", "audit_", type=click.IntRange(1), metavar="AUDIT", help="List what an audit of one has found."
)
@click.option("--difference", type=click.Choice(list(Difference)), metavar="KIND", help="List one kind only.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print all of them as CSV.")
@reach.as_json
@reach.engine_option
@reach.plainly
def audit(
    subscription: str | None,
    *,
    about: str | None,
    audit_: int | None,
    limit: int,
    offset: int,
    csv_wanted: bool,
    json_wanted: bool,
    engine_url: str | None,
    **filters: Any,
) -> None:
    """Ask the platforms what they hold for SUBSCRIPTION, and believe that: the next reset puts it right.

    Without a number: list what audits have found. All subscriptions are audited by `headend run AUDIT`.

    \b
    headend audit S0000000001
    headend audit --run 7 --csv

    Exit status: 0 done and nothing differs, 1 something differs or was not answered, 2 called wrongly.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if json_wanted and csv_wanted:
        raise reach.CalledWronglyError("--json and --csv exclude each other.")
    client = reach.engine(engine_url)
    if subscription is None:
        known = {"subscription": about, "audit": audit_, **filters}
        page = {"number_of_results": limit, "offset": offset}
        listed(client, known, page, csv_wanted=csv_wanted, json_wanted=json_wanted)
        return
    if about or audit_ or filters["run"] or filters["difference"]:
        raise reach.CalledWronglyError("--of, --run, --number and --difference list what was found: no SUBSCRIPTION.")
    found = client.audit(subscription, filters["provider"])
    if csv_wanted:
        write(found["differences"])
    else:
        reach.say(found, json_wanted=json_wanted, text=outcome)
    if any(one["differences"] or one["error"] for one in found["providers"]):
        raise click.exceptions.Exit(reach.REFUSED)


def listed(client: EngineClient, known: Json, page: Json, *, csv_wanted: bool, json_wanted: bool) -> None:
    """Print what audits have found: a page, with how much there is in all; or all of it as CSV."""
    if csv_wanted:
        write(every(client, known))
        return
    counts = client.look("/provisioning/audit/differences/count", **known)
    found = {**client.look(LIST, **known, **page), "counts": counts["differences"]}
    reach.say(found, json_wanted=json_wanted, text=table)


def every(client: EngineClient, known: Json) -> Iterator[Json]:
    """All differences, page by page."""
    after = None
    while found := client.look(LIST, **known, number_of_results=PAGE, after=after)["results"]:
        yield from found
        after = found[-1]["id"]


def write(found: Any) -> None:
    """Print differences as CSV: a header, then one a row."""
    rows = csv.DictWriter(sys.stdout, KEPT, lineterminator="\n")
    rows.writeheader()
    rows.writerows(found)


def table(found: Json) -> str:
    """A page of differences, and how many there are of each kind."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in found["counts"].items())
    if not found["results"]:
        return f"None here, of {found['total']}: {kinds}." if found["total"] else "No differences."
    return f"{columns(found['results'], SHOWN)}\n{found['total']} in all: {kinds}."


def outcome(found: Json) -> str:
    """What the audit of one subscription has come to, for people."""
    differences = [columns(found["differences"], SHOWN)] if found["differences"] else []
    return "\n".join([*differences, *(at(one, found["audit"]) for one in found["providers"])])


def at(one: Json, audit_: int) -> str:
    """The same at one provider."""
    if one["error"]:
        return f"{one['provider']}: {one['error']}"
    if one["waits"]:
        later = f"when the error-handling run has the answer, `headend audit --number {audit_}` lists what differs"
        return f"{one['provider']}: asked in a file about {devices(one['waits'])}; {later}."
    if not one["asked"]:
        return f"{one['provider']}: nothing to ask about."
    settled = f"; doubts settled: {one['settled']}" if one["settled"] else ""
    return f"{one['provider']}: differences: {one['differences']}{settled}."


def devices(count: int) -> str:
    """So many devices, in words."""
    return f"{count} {'device' if count == 1 else 'devices'}"
