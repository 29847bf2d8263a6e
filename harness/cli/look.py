"""`headend show`, `headend requests`: what the engine knows."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from harness.cli import out_of_sync, reach
from harness.cli.requested import requests_table, with_answers, with_texts
from harness.cli.standing import is_concerned, standing
from harness.cli.text import columns


@click.command()
@click.argument("subscription", required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@click.option(
    "--out-of-sync", "differing", is_flag=True, help="Those at which an effective provider's platform differs."
)
@click.option("--count", is_flag=True, help="Only how many these are, by provider.")
@click.option("--after", type=click.IntRange(0), default=0, metavar="ID", help="Those after this one, of these.")
@click.option("--provider", metavar="CODE", help="Those that differ at one provider.")
@click.option("--created-from", metavar="DAY", help="Of these, those made from this day (or moment) on.")
@click.option("--created-to", metavar="DAY", help="Of these, those made until the end of this day, or before a moment.")
@click.option("--type", "subscription_types", metavar="TYPES", help="Of these, those of these types; commas between.")
@reach.as_json
@reach.engine_option
@reach.plainly
def show(
    subscription: str | None,
    limit: int,
    offset: int,
    *,
    differing: bool,
    count: bool,
    after: int,
    json_wanted: bool,
    engine_url: str | None,
    **chosen: str | None,
) -> None:
    """Show SUBSCRIPTION: services, items, what each platform should hold and is believed to hold.

    Without a number: all subscriptions, one a line; or those that are out of sync, since when, and what differs.

    \b
    headend show --out-of-sync --provider tucano
    headend show --out-of-sync --count --created-from 2030-01-01 --type HOME,BUSINESS
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    check(subscription, offset, differing=differing, others=(count, after, *chosen.values()))
    client, these = reach.engine(engine_url), out_of_sync.Chosen(**chosen)
    if subscription:
        reach.say(client.show(subscription), json_wanted=json_wanted, text=one_subscription)
    elif not differing:
        reach.say(client.subscriptions(limit, offset), json_wanted=json_wanted, text=many_subscriptions)
    elif count:
        reach.say(out_of_sync.counted(client, these), json_wanted=json_wanted, text=out_of_sync.count_text)
    else:
        found = out_of_sync.listed(client, these, limit, after)
        reach.say(found, json_wanted=json_wanted, text=out_of_sync.list_text)


def check(subscription: str | None, offset: int, *, differing: bool, others: Iterable[Any]) -> None:
    """Refuse what can't be said together."""
    if differing and (subscription or offset):
        raise reach.CalledWronglyError("--out-of-sync takes no SUBSCRIPTION, and goes on with --after, not --offset.")
    if not differing and any(others):
        raise reach.CalledWronglyError(
            "--count, --after, --provider, --created-from, --created-to and --type go with --out-of-sync."
        )


@click.command()
@click.option("--subscription", metavar="NUMBER", help="Those of one subscription.")
@click.option("--provider", metavar="CODE", help="Those to one provider.")
@click.option("--type", "request_type", metavar="TYPE", help="Those of one type, such as ACTIVATE_OPTIONS.")
@click.option("--state", "life_cycle_state", metavar="STATE", help="PENDING, COMPLETED or REJECTED.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@click.option("--texts", is_flag=True, help="With the actual texts, as they crossed the wire.")
@click.option("--answers", is_flag=True, help="With the answers to queries, as `headend query` shows them.")
@reach.as_json
@reach.engine_option
@reach.plainly
def requests(
    *,
    limit: int,
    offset: int,
    request_type: str | None,
    texts: bool,
    answers: bool,
    json_wanted: bool,
    engine_url: str | None,
    **filters: str,
) -> None:
    """List provisioning requests, in the order of their making. Each provider has numbers of its own.

    \b
    headend requests --provider irdeto --state PENDING
    headend requests --type QUERY_SECURE_CLIENT --answers
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if texts and answers:
        raise reach.CalledWronglyError("--texts and --answers exclude each other.")
    found = reach.engine(engine_url).requests(limit, offset, type=request_type, **filters)
    reach.say(found, json_wanted=json_wanted, text=with_texts if texts else with_answers if answers else requests_table)


def many_subscriptions(found: list[Mapping[str, Any]]) -> str:
    """Subscriptions, one a line."""
    rows = [
        {
            "number": one["number"],
            "state": one["state"],
            "subscriber": f"{one['subscriber']['first_name']} {one['subscriber']['last_name']}",
            "watches": ", ".join(service["name"] for service in one["services"] if is_on(service)),
            "sync": sync(one),
        }
        for one in found
    ]
    return columns(rows, ("number", "state", "subscriber", "watches", "sync")) if rows else "No subscriptions."


def one_subscription(one: Mapping[str, Any]) -> str:
    """A subscription, whole."""
    person = one["subscriber"]
    head = f"{one['number']}  {one['state']}  {person['first_name']} {person['last_name']}"
    until = f"  until {one['until']}" if one["until"] else ""
    known = [{**service, "authorised": places(service["authorised"])} for service in one["services"]]
    services = columns(known, ("number", "name", "state", "bundle", "distributors", "authorised"))
    used = [{**item, "initialised": places(item["initialised"])} for item in one["installed_items"]]
    items = columns(used, ("serial_number", "name", "state", "distributors", "initialised"))
    standings = [standing(code, found) for code, found in one["providers"].items() if is_concerned(found)]
    return "\n\n".join([head + until, services, items, *standings])


def places(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """The distributors on which a platform holds something."""
    return [one["distributor"] for one in found]


def is_on(service: Mapping[str, Any]) -> bool:
    """Whether the service has a signal."""
    return service["state"] in {"EFFECTIVE", "SHORT_TERM_EFFECTIVE"}


def sync(one: Mapping[str, Any]) -> str:
    """In sync, or with whom not; what waits for the processing run or an answer is none of both."""
    standings = [(code, found) for code, found in one["providers"].items() if not found["in_sync"]]
    waiting = [code for code, found in standings if not found["differences"]]
    out = [code for code, found in standings if found["differences"]]
    said = {"out of sync": out, "waiting": waiting}
    return "; ".join(f"{how}: {', '.join(codes)}" for how, codes in said.items() if codes) or "in sync"
