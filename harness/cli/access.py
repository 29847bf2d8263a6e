"""`headend access`, `headend authenticate`: by what subscribers show who they are, before they order."""

from typing import Any

import click

from harness.cli import reach
from harness.clients import Json

token_options = (
    click.option("--code", "authentication_code", envvar="HEADEND_AUTHENTICATION_CODE", help="An authentication code."),
    click.option("--identifier", help="An identifier, with its pass code."),
    click.option("--pass-code", envvar="HEADEND_PASS_CODE", help="The pass code of the identifier."),
)


def with_token(command: Any) -> Any:
    """A command that takes an access token."""
    for option in reversed(token_options):
        command = option(command)
    return command


def access_token(authentication_code: str | None, identifier: str | None, pass_code: str | None) -> Json:
    """What names an access token, as far as it is said."""
    said = {"authentication_code": authentication_code, "identifier": identifier, "pass_code": pass_code}
    return {name: value for name, value in said.items() if value is not None}


@click.command()
@click.argument("subscription")
@with_token
@reach.as_json
@reach.engine_option
@reach.plainly
def access(
    subscription: str,
    *,
    authentication_code: str | None,
    identifier: str | None,
    pass_code: str | None,
    json_wanted: bool,
    engine_url: str | None,
) -> None:
    """Let an access token open SUBSCRIPTION: a code, or an identifier with its pass code.

    \b
    headend access S0000000001 --identifier ada --pass-code 4711
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    said = {
        "subscription_identifier": {"number": subscription},
        "access_token_identifier": access_token(authentication_code, identifier, pass_code),
    }
    granted = reach.engine(engine_url).change("/tucano/subscriber/access_tokens", said)
    reach.say(granted, json_wanted=json_wanted, text=lambda one: f"The access token opens {one['number']}.")


@click.command()
@with_token
@click.option("--item", metavar="SERIAL", help="An installed item, by its serial number.")
@click.option("--subscription", metavar="NUMBER", help="A subscription.")
@click.option("--customer", metavar="NUMBER", help="A customer who has one subscription that is on.")
@click.option("--type", "subscription_type", metavar="TYPE", help="Of several subscriptions, that of this type.")
@reach.as_json
@reach.engine_option
@reach.plainly
def authenticate(
    *,
    authentication_code: str | None,
    identifier: str | None,
    pass_code: str | None,
    item: str | None,
    subscription: str | None,
    customer: str | None,
    subscription_type: str | None,
    json_wanted: bool,
    engine_url: str | None,
) -> None:
    """Authenticate a subscriber before he orders at Tucano. Prints the token with which he may.

    \b
    headend authenticate --identifier ada --pass-code 4711
    """  # noqa: D301 (as above)
    said = {
        "access_token_identifier": access_token(authentication_code, identifier, pass_code),
        "installed_item_identifier": {"serial_number": item} if item else None,
        "subscription_identifier": {"number": subscription} if subscription else None,
        "customer_identification_claim_identifier": {"number": customer} if customer else None,
        "subscription_type_identifier": {"alternative_code": subscription_type} if subscription_type else None,
    }
    known = {name: value for name, value in said.items() if value}
    found = reach.engine(engine_url).change("/tucano/subscriber/authenticate", known)
    reach.say(found, json_wanted=json_wanted, text=lambda one: str(one["jwt"]))
