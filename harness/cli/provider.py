"""`headend provider`: the providers, whether anything is sent to them, and whether their platforms can be reached."""

from collections.abc import Mapping
from typing import Any

import click

from harness.cli import reach
from harness.cli.text import columns

PROVIDERS = "/provisioning/providers"
COLUMNS = ("code", "name", "protocol", "state", "circuit", "distributors", "services")
CALLS = {"set-effective": "set_as_effective", "set-not-effective": "set_as_not_effective", "test": "test_connection"}
HOLD = {
    True: "the credentials hold",
    False: "the credentials do not hold",
    None: "and whether the credentials hold is not known",
}


@click.command()
@click.argument("what", type=click.Choice(("list", *CALLS)))
@click.argument("code", required=False)
@reach.as_json
@reach.engine_option
@reach.plainly
@reach.changing
def provider(what: str, code: str | None, *, json_wanted: bool, engine_url: str | None) -> None:
    """List the providers, set the one of this CODE as effective or as not effective, or test its connection.

    \b
    headend provider list
    headend provider set-effective tucano
    headend provider set-not-effective tucano
    headend provider test tucano

    An effective provider has at least one distributor and one service mapping. Nothing is sent to one that is not
    effective. The test asks its platform one harmless question, or looks into its folders, effective or not.

    Exit status: 0 done; 1 refused, or the platform can't be reached, or the credentials are not known to hold, or a
    folder is missing; 2 called wrongly.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if (code is None) is not (what == "list"):
        raise reach.CalledWronglyError(f"{what} takes {'no code' if what == 'list' else 'the CODE of a provider'}.")
    client = reach.engine(engine_url)
    if code is None:
        reach.say(client.get(f"{PROVIDERS}/list")["data"], json_wanted=json_wanted, text=table)
        return
    named = {"provisioning_provider_identifier": {"alternative_code": code}}
    found = client.send("POST", f"{PROVIDERS}/{CALLS[what]}", named)["data"]
    reach.say(found, json_wanted=json_wanted, text=connection if what == "test" else lambda one: table([one]))
    if what == "test" and (found["field"] or not (found["reachable"] and found["credentials_hold"])):
        raise click.exceptions.Exit(reach.REFUSED)


def table(found: list[Mapping[str, Any]]) -> str:
    """Providers, one a line."""
    rows = [{**one, "state": state(one), "services": len(one["services"])} for one in found]
    return columns(rows, COLUMNS) if rows else "No providers."


def state(one: Mapping[str, Any]) -> str:
    """Effective or not, in the words of the life cycle."""
    return "Effective" if one["effective"] else "Not Effective"


def connection(found: Mapping[str, Any]) -> str:
    """What came of a test."""
    where = "reachable" if found["reachable"] else "NOT REACHABLE"
    said = " ".join(one for one in (found["code"], found["description"].rstrip(".")) if one) or "OK"
    said += f"; see {found['field']}" if found["field"] else ""
    return f"{found['provider']}: {where}, {HOLD[found['credentials_hold']]} ({said}; {found['milliseconds']} ms)."
