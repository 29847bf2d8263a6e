"""`headend actions`: what was done to subscriptions, and what is to be done."""

import click

from harness.cli import reach
from harness.cli.text import columns

ACTION_COLUMNS = ("id", "subscription", "action", "state", "scheduled_date", "executed_date", "swap_class", "reason")


@click.command()
@click.option("--subscription", metavar="NUMBER", help="Those of one subscription.")
@click.option("--code", metavar="ACTION", help="Those of one kind, such as SWAP_SERVICE.")
@click.option("--state", metavar="STATE", help="SCHEDULED, EXECUTED, CANCELLED or REJECTED.")
@click.option("--cancel", "cancelled", type=click.IntRange(1), metavar="ID", help="Cancel a scheduled action.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@reach.as_json
@reach.engine_option
@reach.plainly
def actions(
    *, cancelled: int | None, limit: int, offset: int, json_wanted: bool, engine_url: str | None, **filters: str | None
) -> None:
    """List actions in the order of their making, or cancel a scheduled one."""
    client = reach.engine(engine_url)
    if cancelled:
        found = client.change("/subscriptions/actions/cancel", {"action_identifier": {"id": cancelled}})
        reach.say(found, json_wanted=json_wanted, text=lambda one: columns([one], ACTION_COLUMNS))
        return
    found = client.look("/subscriptions/actions/list", number_of_results=limit, offset=offset, **filters)
    reach.say(found, json_wanted=json_wanted, text=lambda one: columns(one["results"], ACTION_COLUMNS))
