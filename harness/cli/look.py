"""`headend show`, `headend requests`: what the engine knows."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from harness.cli import reach
from harness.cli.text import columns

REQUEST_COLUMNS = ("number", "provider", "type", "parameters", "life_cycle_state", "error_code", "attempts")


@click.command()
@click.argument("subscription", required=False)
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@reach.as_json
@reach.engine_option
@reach.plainly
def show(subscription: str | None, limit: int, offset: int, *, json_wanted: bool, engine_url: str | None) -> None:
    """Show SUBSCRIPTION: services, items, what each platform should hold and is believed to hold.

    Without a number: all subscriptions, one a line.
    """
    client = reach.engine(engine_url)
    if subscription:
        reach.say(client.show(subscription), json_wanted=json_wanted, text=one_subscription)
    else:
        reach.say(client.subscriptions(limit, offset), json_wanted=json_wanted, text=many_subscriptions)


@click.command()
@click.option("--subscription", metavar="NUMBER", help="Those of one subscription.")
@click.option("--provider", metavar="CODE", help="Those to one provider.")
@click.option("--type", "request_type", metavar="TYPE", help="Those of one type, such as ACTIVATE_OPTIONS.")
@click.option("--state", "life_cycle_state", metavar="STATE", help="PENDING, COMPLETED or REJECTED.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@click.option("--texts", is_flag=True, help="With the actual texts, as they crossed the wire.")
@reach.as_json
@reach.engine_option
@reach.plainly
def requests(
    *,
    limit: int,
    offset: int,
    request_type: str | None,
    texts: bool,
    json_wanted: bool,
    engine_url: str | None,
    **filters: str,
) -> None:
    """List provisioning requests, in the order of their making."""
    found = reach.engine(engine_url).requests(limit, offset, type=request_type, **filters)
    reach.say(found, json_wanted=json_wanted, text=with_texts if texts else requests_table)


def requests_table(found: Iterable[Mapping[str, Any]]) -> str:
    """Requests, one a line."""
    rows = [{**one, "parameters": parameters(one["parameters_set"])} for one in found]
    return columns(rows, REQUEST_COLUMNS) if rows else "No requests."


def with_texts(found: Iterable[Mapping[str, Any]]) -> str:
    """Requests with what was sent and what came back."""
    return "\n\n".join(f"{requests_table([one])}\n\n{one['request']}\n\n{one['response']}" for one in found)


def parameters(found: Mapping[str, Any]) -> str:
    """A request's parameters in few words."""
    said = {name: ", ".join(value) if isinstance(value, list) else value for name, value in found.items()}
    subscriber = said.pop("subscriber", None)
    words = [subscriber["number"]] if isinstance(subscriber, dict) else []
    return " ".join(words + [str(value) for value in said.values()])


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


def is_concerned(found: Mapping[str, Any]) -> bool:
    """Whether the provider has, or should have, anything to do with the subscription."""
    should, believed = found["should_hold"], found["believed_held"]
    known = (*should.values(), *believed.values(), found["account"], found["pending"], not found["in_sync"])
    return any(known)


def standing(code: str, found: Mapping[str, Any]) -> str:
    """How a subscription stands at a provider."""
    should, held = found["should_hold"], found["believed_held"]
    account = f", account {found['account'] or 'none'}" if found["account"] or should["account"] else ""
    lines = [f"{code}: {'in sync' if found['in_sync'] else 'OUT OF SYNC'}{account}"]
    for title, ids in (
        ("should hold", should["services"] + should["items"]),
        ("believed held", held["services"] + held["items"]),
        ("in doubt", held["in_doubt"]),
        ("differences", found["differences"]),
    ):
        lines.append(f"  {title:<14} {', '.join(ids) or '-'}")
    return "\n".join(lines)


def is_on(service: Mapping[str, Any]) -> bool:
    """Whether the service has a signal."""
    return service["state"] in {"EFFECTIVE", "SHORT_TERM_EFFECTIVE"}


def sync(one: Mapping[str, Any]) -> str:
    """In sync, or with whom not."""
    out = [code for code, found in one["providers"].items() if not found["in_sync"]]
    return f"out of sync: {', '.join(out)}" if out else "in sync"
