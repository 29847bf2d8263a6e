"""`headend message`, `pin`, `query`, `reauthorise`: what an agent asks of a platform for one device."""

from collections.abc import Mapping
from typing import Any

import click

from harness.cli import reach
from harness.cli.asking import CALLS, USUAL, body_of, by_hand, device, protocol_of, tell
from harness.cli.kinds import Filled, Moment

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
utility = by_hand(
    click.option(
        "--at",
        type=Moment(),
        metavar="MOMENT",
        help="Leave it to the first processing run after: 2030-01-31T20:00:00Z.",
    )
)


@click.command()
@click.argument("words", nargs=-1, required=True, type=Filled('STB-1 "Your invoice is due."'), metavar="[SERIAL] TEXT")
@click.option("--all", "to_all", is_flag=True, help="Irdeto: to all devices of the provider; then there is no SERIAL.")
@click.option("--screen", is_flag=True, help="Onto the screen; else to the mailbox.")
@click.option("--mode", type=click.Choice(("ANSI", "UNICODE", "RAW")), help="Irdeto: how it is sent; ANSI otherwise.")
@click.option("--sequence", type=click.IntRange(1, 255), help="Conax: the message's number on the card; 255 otherwise.")
@click.option(
    "--duration", type=click.IntRange(1, 65535), help="Conax: for how many seconds on the screen; 20 otherwise."
)
@utility
def message(
    words: tuple[str, ...],
    *,
    to_all: bool,
    screen: bool,
    mode: str | None,
    sequence: int | None,
    duration: int | None,
    **common: Any,
) -> None:
    """Send the message TEXT to the device SERIAL, or to all of a provider.

    \b
    headend message STB-1 "Your invoice is due."
    headend message STB-1 "Good evening" --screen --express
    headend message --all "Maintenance tonight" --at 2030-01-31T20:00:00Z
    headend message 01234567890 "Good evening" --screen --duration 60

    What goes to a platform that takes files is answered later: see `headend requests`. At Irdeto, ANSI holds what
    windows-1252 does; RAW is hexadecimal digits, two for each byte. At Conax a text has at most 141 characters, on the
    screen 129.

    Exit status: 0 sent, or left for later; 1 refused (by the engine, or by the platform); 2 called wrongly; 3 in doubt.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if len(words) != (1 if to_all else 2):
        raise reach.CalledWronglyError(f"{'--all takes only a TEXT' if to_all else 'A SERIAL and a TEXT are wanted'}.")
    serial_number = "" if to_all else words[0]
    protocol = protocol_of(reach.engine(common["engine_url"]), common["provider"], serial_number)
    of_conax: dict[str, Any] = {"sequence": sequence, "duration": duration}
    of_irdeto: dict[str, Any] = {"to_all": to_all or None, "text_mode": mode}
    if protocol == "conax":
        refuse_others(protocol, of_irdeto)
        name, said = f"send_{'bark' if screen else 'mail'}_message", of_conax
    else:
        refuse_others(protocol, of_conax)
        name, said = "send_message", {**of_irdeto, "message_type": "MESSAGE" if screen else "MAIL"}
    ask(name, {"text": words[-1], **said}, serial_number=serial_number, protocol=protocol, **common)


def refuse_others(protocol: str, said: Mapping[str, Any]) -> None:
    """Refuse what only another platform can be told."""
    for name, value in said.items():
        if value is not None:
            option = {"to_all": "--all", "text_mode": "--mode"}.get(name, f"--{name}")
            raise reach.CalledWronglyError(f"{option} is nothing for {protocol}.")


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
    ask(f"{what}_pin", {"new_pin": new_pin}, serial_number=serial_number, **common)


@click.command()
@click.argument("serial_number", type=SERIAL, metavar="SERIAL")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS, case_sensitive=False), help="Irdeto: only this; again."
)
@utility
def query(serial_number: str, *, kinds: tuple[str, ...], **common: Any) -> None:
    """Ask the platform what it holds of the device SERIAL: all that there is to ask, or only some kinds.

    \b
    headend query STB-1
    headend query STB-1 --kind PAIRING --kind ENTITLEMENTS

    A platform that takes files answers later: then `headend requests --answers` shows it.

    Exit status: 0 answered, or left for later; 1 refused (by the engine, or by the platform); 2 called wrongly; 3 in
    doubt.
    """  # noqa: D301
    protocol = protocol_of(reach.engine(common["engine_url"]), common["provider"], serial_number)
    if protocol == "conax":
        refuse_others(protocol, {"kind": kinds or None})
        ask("query_status", {}, serial_number=serial_number, protocol=protocol, hint="--answers", **common)
    else:
        ask("query", {"kinds": list(kinds) or None}, serial_number=serial_number, hint="--answers", **common)


@click.command()
@click.argument("serial_number", type=SERIAL, metavar="SERIAL")
@utility
def reauthorise(serial_number: str, **common: Any) -> None:
    """Refresh the sector of the device SERIAL, which has lost its signal.

    \b
    headend reauthorise STB-1

    Exit status: 0 done, or left for later; 1 refused (by the engine, or by the platform); 2 called wrongly; 3 in doubt.
    """  # noqa: D301
    ask("reauthorise_sector", {}, serial_number=serial_number, **common)


def ask(
    name: str,
    said: Mapping[str, Any],
    *,
    serial_number: str,
    engine_url: str | None,
    protocol: str = "",
    hint: str = "",
    json_wanted: bool,
    later: bool,
    at: str | None,
    **common: Any,
) -> None:
    """Make the call, print what came of it, and leave with the status that it deserves."""
    if later and at:
        raise reach.CalledWronglyError("--later and --at exclude each other.")
    whom = device(serial_number) if serial_number else {}
    body = body_of({**whom, **said}, process_immediately=False if later or at else None, scheduled_date=at, **common)
    client = reach.engine(engine_url)
    made = client.change(f"{CALLS[protocol or USUAL]}/{name}", body)
    tell(client, [made], json_wanted=json_wanted, hint=hint)
