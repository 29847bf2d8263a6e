"""`headend communication`: what is to be told to subscribers by the mail run."""

from typing import Any

import click

from harness.cli import reach
from harness.cli.text import columns
from harness.clients import EngineClient, Json

ENTRIES = "/communication_queue/entries"
COLUMNS = ("id", "subscription", "external_system", "state", "text", "reason")


@click.command()
@click.argument("what", type=click.Choice(("add", "list", "remove")))
@click.argument("words", nargs=-1, metavar="[SUBSCRIPTION TEXT | ENTRY]")
@click.option("--system", metavar="CODE", help="The external system that tells it; with `list`, that of the entries.")
@click.option("--subscription", metavar="NUMBER", help="List those of one subscription.")
@click.option("--state", metavar="STATE", help="List those PENDING, COMPLETED, REJECTED or COMPLETED_AND_REMOVED.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@reach.as_json
@reach.engine_option
@reach.plainly
@reach.changing
def communication(
    what: str,
    words: tuple[str, ...],
    *,
    limit: int,
    offset: int,
    json_wanted: bool,
    engine_url: str | None,
    **filters: str | None,
) -> None:
    """Queue a text for a subscription, list what is queued, or take an entry out of the queue.

    \b
    headend communication add S0000000001 "Your invoice is due." --system CRM
    headend communication list --system CRM --state REJECTED
    headend communication remove 1

    The mail run of the external system sends what is queued. An entry that is COMPLETED stays as removed, one that is
    PENDING is deleted.

    Exit status: 0 done, 1 refused, 2 called wrongly, 3 in doubt.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    client = reach.engine(engine_url)
    if what == "list":
        refuse(words, wanted=0, what="list takes no words; what is listed is said by options")
        found = listed(client, {"number_of_results": limit, "offset": offset}, **filters)
        reach.say(found, json_wanted=json_wanted, text=table)
    else:
        changed = add(client, words, filters["system"]) if what == "add" else remove(client, words)
        reach.say(changed, json_wanted=json_wanted, text=added if what == "add" else removed)


def add(client: EngineClient, words: tuple[str, ...], system: str | None) -> Json:
    """A new entry."""
    refuse(words, wanted=2, what="add takes a SUBSCRIPTION and a TEXT")
    if not system:
        raise reach.CalledWronglyError("add takes --system CODE: whose mail run sends it.")
    if not words[1].strip():
        raise reach.CalledWronglyError('The TEXT is empty; wanted is one such as "Your invoice is due."')
    said = {"subscription_identifier": {"number": words[0]}, "text": words[1], "external_system": system}
    return client.change(f"{ENTRIES}/add", said)


def remove(client: EngineClient, words: tuple[str, ...]) -> Json:
    """The entry that is taken out."""
    refuse(words, wanted=1, what="remove takes the id of an ENTRY")
    if not (words[0].isascii() and words[0].isdecimal()):
        raise reach.CalledWronglyError(f"remove takes the id of an ENTRY, a number; found {words[0]!r}.")
    return client.change(f"{ENTRIES}/remove", {"entry_identifier": {"id": int(words[0])}})


def added(entry: Json) -> str:
    """What there is now."""
    return columns([entry], COLUMNS)


def removed(entry: Json) -> str:
    """What there is no more, or only as removed."""
    return f"Entry {entry['id']} is deleted." if entry["state"] == "PENDING" else added(entry)


def listed(client: EngineClient, page: Json, *, system: str | None, **filters: str | None) -> Json:
    """A page of entries."""
    return client.look(f"{ENTRIES}/list", external_system=system, **page, **filters)


def refuse(words: tuple[str, ...], *, wanted: int, what: str) -> None:
    """Refuse too few words, or too many."""
    if len(words) != wanted:
        raise reach.CalledWronglyError(f"{what}.")


def table(found: Any) -> str:
    """Entries, one a line."""
    return columns(found["results"], COLUMNS) if found["results"] else "No entries."
