"""`headend pair`, `authorisation`: what an agent has done to a card at Conax by hand."""

from typing import Any

import click

from harness.cli import reach
from harness.cli.asking import CALLS, body_of, by_hand, device, tell
from harness.cli.kinds import Filled, Moment

CARD = Filled("01234567890")


@click.command()
@click.argument("serial_number", type=CARD, metavar="CARD")
@click.option("--stb", type=Filled("09876543210"), metavar="SERIAL", help="With this STB of the same subscription.")
@by_hand()
def pair(serial_number: str, *, stb: str | None, **common: Any) -> None:
    """Pair the smartcard CARD with an STB; without one, with that which it is a pair with already, or stands beside.

    \b
    headend pair 01234567890
    headend pair 01234567890 --stb 09876543210 --express

    Exit status: 0 sent, or left for later; 1 refused; 2 called wrongly; 3 in doubt.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    named = {"stb_identifier": {"serial_number": stb}} if stb else {}
    ask("create_pairing", {**device(serial_number), **named}, **common)


@click.command()
@click.argument("what", type=click.Choice(("add", "cancel")))
@click.argument("serial_number", type=CARD, metavar="CARD")
@click.argument("products", nargs=-1, required=True, type=Filled("Sport"), metavar="PRODUCT…")
@click.option(
    "--start", type=Moment(), metavar="MOMENT", help="From this moment on: 2030-01-31T20:00:00Z; else from now."
)
@by_hand()
def authorisation(
    what: str, serial_number: str, products: tuple[str, ...], *, start: str | None, **common: Any
) -> None:
    """Have the smartcard CARD authorised for products, or have that cancelled.

    \b
    headend authorisation add 01234567890 Sport Cinema
    headend authorisation cancel 01234567890 Sport --start 2030-01-31T20:00:00Z --later

    What the subscription should have is not changed by it: the next processing run takes away what is not wanted, and
    gives what is.

    Exit status: 0 sent, or left for later; 1 refused; 2 called wrongly; 3 in doubt.
    """  # noqa: D301
    named = {"product_identifiers": [{"alternative_code": one} for one in products]}
    ask(f"{what}_subscriptions", {**device(serial_number), **named, "start_date": start}, **common)


def ask(
    name: str, said: dict[str, Any], *, later: bool, json_wanted: bool, engine_url: str | None, **common: Any
) -> None:
    """Make the call, print what came of it, and leave with the status that it deserves."""
    client = reach.engine(engine_url)
    made = client.change(f"{CALLS['conax']}/{name}", body_of(said, process_immediately=not later, **common))
    tell(client, made.get("requests") or [made], json_wanted=json_wanted)
