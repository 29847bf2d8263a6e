"""`headend act`, `headend reset`: what changes a subscription."""

import json
from typing import Any

import click

from engine.domain.actions import Action
from engine.domain.errors import DomainError
from engine.domain.rules import RULES
from engine.service.reading import read_action
from harness.cli import reach
from harness.cli.details import nest
from harness.cli.kinds import Moment
from harness.cli.requested import parameters, requests_table
from harness.cli.table import actions_table
from harness.cli.text import columns


@click.command()
@click.argument("action", required=False)
@click.argument("subscription", required=False, default="")
@click.argument("details", nargs=-1, metavar="[NAME=VALUE]…")
@click.option("--details", "document", metavar="JSON", help="The details as one JSON object.")
@click.option(
    "--at", type=Moment(), metavar="MOMENT", help="Schedule it: a time with an offset, such as 2030-01-31T20:00:00Z."
)
@click.option("--list", "list_wanted", is_flag=True, help="List the actions, where they are allowed, their details.")
@reach.as_json
@reach.engine_option
@reach.plainly
@reach.changing
def act(
    action: str | None,
    subscription: str,
    details: tuple[str, ...],
    document: str | None,
    *,
    at: str | None,
    list_wanted: bool,
    json_wanted: bool,
    engine_url: str | None,
) -> None:
    """Carry out an ACTION on a SUBSCRIPTION, and send what it calls for.

    \b
    headend act BECOME_SUBSCRIBER subscriber.first_name=Ada subscriber.last_name=Lovelace \\
        services.0.product="Flexible Bundle A" services.0.components=GEOLOGICAL,ENTERTAIN \\
        services.0.distributors=TUCANO_MAIN \\
        items.0.product=STB items.0.serial_number=STB-77 items.0.distributors=TUCANO_MAIN
    headend act SWAP_SERVICE S0000000001 service="Flexible Bundle A" product=AGRICULTURE
    headend act REST_SUBSCRIPTION S0000000001 until=2027-01-31
    headend act STOP_SERVICE S0000000001 service=Sport --at 2027-01-31T20:00:00Z

    Exit status: 0 done and in sync, 1 refused (by the engine, or a request by the platform) or out of sync, 2 called
    wrongly, 3 in doubt.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if list_wanted or action is None:
        click.echo(actions_table())
        return
    if "=" in subscription:
        subscription, details = "", (subscription, *details)
    if not subscription and read_name(action) is not Action.BECOME_SUBSCRIBER:
        raise reach.CalledWronglyError(f"{action} needs a subscription: headend act {action} NUMBER [NAME=VALUE]…")
    asked = said(action, details, document)
    if at:
        scheduled = reach.engine(engine_url).act(action, subscription, **asked, scheduled_date=at)
        reach.say(scheduled, json_wanted=json_wanted, text=planned)
        return
    report(reach.engine(engine_url).act(action, subscription, **asked), json_wanted=json_wanted)


def planned(scheduled: dict[str, Any]) -> str:
    """A scheduled action, for people."""
    head = f"{scheduled['action']} {scheduled['subscription']}: scheduled for {scheduled['scheduled_date']}"
    return f"{head}.\n`headend actions --cancel {scheduled['id']}` takes it back."


def said(action: str, pairs: tuple[str, ...], document: str | None) -> dict[str, Any]:
    """The details, from pairs and from a JSON object."""
    order = RULES[read_name(action)].details
    try:
        found = json.loads(document) if document else {}
    except (ValueError, RecursionError) as error:
        raise reach.CalledWronglyError(f"--details is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise reach.CalledWronglyError("--details is no JSON object.")
    return {**found, **nest(order, pairs)}


def read_name(action: str) -> Action:
    """The action of this name."""
    try:
        return read_action(action)
    except DomainError as error:
        raise reach.CalledWronglyError(error.message) from error


@click.command()
@click.argument("subscription")
@click.option("--provider", metavar="CODE", help="At this provider only.")
@click.option("--preview", is_flag=True, help="Show what would be sent, and change nothing.")
@reach.as_json
@reach.engine_option
@reach.plainly
@reach.changing
def reset(subscription: str, provider: str | None, *, preview: bool, json_wanted: bool, engine_url: str | None) -> None:
    """Send what makes the platforms hold for SUBSCRIPTION just what they should."""
    if preview:
        reach.say(
            reach.engine(engine_url).preview_reset(subscription, provider), json_wanted=json_wanted, text=foreseen
        )
        return
    report(reach.engine(engine_url).reset(subscription, provider), json_wanted=json_wanted)


def foreseen(found: list[dict[str, Any]]) -> str:
    """What a reset would send, for people."""
    if not found:
        return "Nothing would be sent."
    rows = [{**one, "parameters": parameters(one["parameters"])} for one in found]
    return f"{columns(rows, ('provider', 'request', 'parameters'))}\nNothing was changed."


def report(executed: dict[str, Any], *, json_wanted: bool) -> None:
    """Print what became of an action, and leave with the status that it deserves."""
    reach.say(executed, json_wanted=json_wanted, text=outcome)
    if any(one["in_doubt"] for one in executed["requests"]):
        raise click.exceptions.Exit(reach.IN_DOUBT)
    if is_out_of_sync(executed):
        raise click.exceptions.Exit(reach.REFUSED)


def is_out_of_sync(executed: dict[str, Any]) -> bool:
    """Whether a platform does not hold what it should, by this action or from before."""
    return any(one["life_cycle_state"] == "REJECTED" for one in executed["requests"]) or not executed["in_sync"]


def outcome(executed: dict[str, Any]) -> str:
    """An action and its requests, for people."""
    head = f"{executed['action']} {executed['subscription']}: executed"
    told = f"{head}.\n{requests_table(executed['requests'])}" if executed["requests"] else f"{head}, nothing to send."
    hint = f"\nOut of sync; `headend reset {executed['subscription']}` repairs it."
    return "".join([told, hint if is_out_of_sync(executed) else "", *map(waiting, executed["waits"].items())])


def waiting(found: tuple[str, int]) -> str:
    """How many changes wait at a provider that takes files."""
    code, changes = found
    return f"\n{code}: {changes} {'change waits' if changes == 1 else 'changes wait'} for the processing run."
