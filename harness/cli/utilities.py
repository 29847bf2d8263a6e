"""`headend message`, `pin`, `query`, `reauthorise`: what an agent asks of a platform for one device."""

from collections.abc import Mapping
from typing import Any

import click

from harness.cli import reach
from harness.cli.kinds import Filled, Moment
from harness.cli.requested import answer, requests_table
from harness.clients import EngineClient

CALLS = "/irdeto/provisioning_requests"
PROCESSING = "process_provisioning_requests"
KINDS = (
    "PAIRING",
    "ENTITLEMENTS",
    "BASIC",
    "SECURITY",
    "ANCHORING",
    "TMS_ATTRIBUTE",
    "SECTOR",
    "PVR",
    "DEVICE_DOMAIN",
)
SERIAL = Filled("STB-1")
OPTIONS = (
    click.option("--provider", metavar="CODE", help="At this provider, where several could be meant."),
    click.option("--express", is_flag=True, help="Before what is regular."),
    click.option("--later", is_flag=True, help="Leave it to the next processing run."),
    click.option(
        "--at",
        type=Moment(),
        metavar="MOMENT",
        help="Leave it to the first processing run after: 2030-01-31T20:00:00Z.",
    ),
    reach.as_json,
    reach.engine_option,
    reach.plainly,
    reach.changing,
)


def utility(command: Any) -> Any:
    """A command with the options that all utilities have."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("words", nargs=-1, required=True, type=Filled('STB-1 "Your invoice is due."'), metavar="[SERIAL] TEXT")
@click.option("--all", "to_all", is_flag=True, help="To all devices of the provider; then there is no SERIAL.")
@click.option("--screen", is_flag=True, help="Onto the screen; else to the mailbox.")
@click.option(
    "--mode", type=click.Choice(("ANSI", "UNICODE", "RAW")), default="ANSI", show_default=True, help="How it is sent."
)
@utility
def message(words: tuple[str, ...], *, to_all: bool, screen: bool, mode: str, **common: Any) -> None:
    """Send the message TEXT to the device SERIAL, or to all of a provider.

    \b
    headend message STB-1 "Your invoice is due."
    headend message STB-1 "Good evening" --screen --express
    headend message --all "Maintenance tonight" --at 2030-01-31T20:00:00Z

    ANSI holds what windows-1252 does; RAW is hexadecimal digits, two for each byte.

    Exit status: 0 sent, or left for later; 1 refused (by the engine, or by the platform); 2 called wrongly; 3 in doubt.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if len(words) != (1 if to_all else 2):
        raise reach.CalledWronglyError(f"{'--all takes only a TEXT' if to_all else 'A SERIAL and a TEXT are wanted'}.")
    whom = {"to_all": True} if to_all else device(words[0])
    said = {"text": words[-1], "message_type": "MESSAGE" if screen else "MAIL", "text_mode": mode}
    ask("send_message", whom | said, **common)


@click.command()
@click.argument("what", type=click.Choice(("set", "reset")))
@click.argument("serial_number", type=SERIAL, metavar="SERIAL")
@click.argument("new_pin", type=Filled("4711"), metavar="[PIN]", required=False, envvar="HEADEND_PIN")
@utility
def pin(what: str, serial_number: str, new_pin: str | None, **common: Any) -> None:
    """Set the PIN of the device SERIAL to four digits, or reset it to the provider's default.

    \b
    headend pin set STB-1 4711
    headend pin reset STB-1

    What is said on a command line others can see, in a list of processes and in a history: without a PIN, that of
    HEADEND_PIN is set. It is not shown again; the engine's database holds it until it is sent.

    Exit status: 0 done, or left for later; 1 refused (by the engine, or by the platform); 2 called wrongly; 3 in doubt.
    """  # noqa: D301
    source = click.get_current_context().get_parameter_source("new_pin")
    new_pin = None if what == "reset" and source is click.core.ParameterSource.ENVIRONMENT else new_pin
    if (new_pin is None) is not (what == "reset"):
        raise reach.CalledWronglyError(f"{what} takes {'no PIN' if what == 'reset' else 'the new PIN'}.")
    ask(f"{what}_pin", device(serial_number) | ({"new_pin": new_pin} if new_pin else {}), **common)


@click.command()
@click.argument("serial_number", type=SERIAL, metavar="SERIAL")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS, case_sensitive=False), help="Only this; again."
)
@utility
def query(serial_number: str, *, kinds: tuple[str, ...], **common: Any) -> None:
    """Ask the platform what it holds of the device SERIAL: all that there is to ask, or only some kinds.

    \b
    headend query STB-1
    headend query STB-1 --kind PAIRING --kind ENTITLEMENTS

    Exit status: 0 answered, or left for later; 1 refused (by the engine, or by the platform); 2 called wrongly; 3 in
    doubt.
    """  # noqa: D301
    ask("query", device(serial_number) | ({"kinds": list(kinds)} if kinds else {}), **common)


@click.command()
@click.argument("serial_number", type=SERIAL, metavar="SERIAL")
@utility
def reauthorise(serial_number: str, **common: Any) -> None:
    """Refresh the sector of the device SERIAL, which has lost its signal.

    \b
    headend reauthorise STB-1

    Exit status: 0 done, or left for later; 1 refused (by the engine, or by the platform); 2 called wrongly; 3 in doubt.
    """  # noqa: D301
    ask("reauthorise_sector", device(serial_number), **common)


def device(serial_number: str) -> dict[str, Any]:
    """What names a device in a call."""
    return {"installed_item_identifier": {"serial_number": serial_number}}


def ask(
    utility: str,
    said: Mapping[str, Any],
    *,
    provider: str | None,
    express: bool,
    later: bool,
    at: str | None,
    json_wanted: bool,
    engine_url: str | None,
) -> None:
    """Make the call, print what came of it, and leave with the status that it deserves."""
    if later and at:
        raise reach.CalledWronglyError("--later and --at exclude each other.")
    more = {
        "provisioning_provider_identifier": {"alternative_code": provider} if provider else None,
        "process_immediately": False if later or at else None,
        "scheduled_date": at,
        "priority": "EXPRESS" if express else None,
    }
    body = {**said, **{name: value for name, value in more.items() if value is not None}}
    client = reach.engine(engine_url)
    made = client.change(f"{CALLS}/{utility}", body)
    reach.say(made, json_wanted=json_wanted, text=lambda one: outcome(one) + left(client, one, utility))
    if made["in_doubt"]:
        raise click.exceptions.Exit(reach.IN_DOUBT)
    if made["life_cycle_state"] == "REJECTED":
        raise click.exceptions.Exit(reach.REFUSED)


def left(client: EngineClient, made: Mapping[str, Any], utility: str) -> str:
    """Which run takes what was left for later, and where its answer is then; nothing, where none was."""
    if made["life_cycle_state"] != "PENDING":
        return ""
    runs = "; ".join(processing(client, made["provider"])) or "none is effective"
    after = f"the first processing run after {made['scheduled_date']}" if made["scheduled_date"] else ""
    asked = f"headend requests --provider {made['provider']} --type {made['type']} --answers"
    hint = f"\n`{asked}` shows the answer then." if utility == "query" else ""
    return f"\nLeft to {after or 'the next processing run'} ({runs}).{hint}"


def processing(client: EngineClient, provider: str) -> list[str]:
    """The processing runs that send to this provider, with their schedules."""
    return [
        f"{one['code']}, {one['schedule'] or 'when it is submitted'}"
        for one in client.look("/definitions/list")
        if one["kind"] == PROCESSING and one["effective"] and one["provider"] in {"", provider}
    ]


def outcome(made: Mapping[str, Any]) -> str:
    """A request and its answer, for people."""
    if made["answer"]:
        return answer(made["answer"])
    told = requests_table([made])
    return f"{told}\n{made['error_description']}" if made["error_description"] else told
