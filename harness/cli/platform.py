"""`headend journal`, `state`, `outage`, `fault`: a simulated platform from outside."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import click
from click.core import ParameterSource

from harness.cli import reach
from harness.cli.kinds import Moment, Span
from harness.cli.text import columns
from harness.cli.told import holdings, journal_table
from harness.clients import CallError, ControlClient
from simulators.kit.faults import KINDS

OF_ONE_PLATFORM = frozenset({"operation", "code"})  # what a fault says that only one platform knows
WORDS = frozenset({"platform", "operation", "subject", "code", "detail"})  # fields of a fault, be they of digits too
FAULT_COLUMNS = ("name", "kind", "state", "seen", "fired", "details")


@click.command()
@click.argument("platform", default="tucano")
@click.option("--since", "since_seq", type=click.IntRange(0), default=0, help="From this sequence number on.")
@click.option("--operation", help="Only this operation, such as ACTIVATE_OPTIONS, or PAIR at Irdeto.")
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl", "har", "mermaid"]), default="text", show_default=True
)
@click.option("--follow", is_flag=True, help="Stay, and print what comes.")
@reach.as_json
@reach.control_option
@reach.plainly
def journal(
    platform: str,
    since_seq: int,
    operation: str | None,
    form: str,
    *,
    follow: bool,
    json_wanted: bool,
    control_url: str | None,
) -> None:
    """Show the journal of PLATFORM: each request, what became of it, and what it changed."""
    client = reach.control(control_url)
    query = {"platform": platform, "since_seq": since_seq, "operation": operation}
    if form != "text":
        click.echo(client.text("/requests", format=form, **query), nl=False)
        return
    coming = client.events(platform) if follow else iter(())  # asked for first, so that nothing comes in between
    entries = client.journal(**query)
    reach.say(entries, json_wanted=json_wanted, text=journal_table)
    for entry in news(coming, entries):
        if entry["seq"] >= since_seq and operation in {None, entry["operation"]}:
            reach.say(entry, json_wanted=json_wanted, text=lambda one: journal_table([one]).split("\n")[1])


def news(coming: Iterable[dict[str, Any]], printed: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What comes and has not been printed; a journal that was reset counts from one again."""
    known = {(entry["seq"], entry["at"]) for entry in printed}
    return (entry for entry in coming if (entry["seq"], entry["at"]) not in known)


@click.command()
@click.argument("platform", default="tucano")
@reach.as_json
@reach.control_option
@reach.plainly
def state(platform: str, *, json_wanted: bool, control_url: str | None) -> None:
    """Show what PLATFORM holds, by account, or by device where it keeps services on devices; and the files it has.

    Of very many the first are shown; --json has all.
    """
    reach.say(reach.control(control_url).state(platform), json_wanted=json_wanted, text=holdings)


@click.command()
@click.argument("platform", default="tucano")
@click.option("--from", "start", type=Moment(), help="From this moment of its clock on; without: now.")
@click.option("--for", "duration_s", type=Span(), help="For how long, such as 10m; without: until it is over.")
@click.option("--every", "repeat_s", type=Span(), help="How often it comes again, such as 24h; without: never.")
@click.option("--over", is_flag=True, help="End the outage, and its schedule.")
@reach.control_option
@reach.plainly
def outage(
    platform: str,
    start: str | None,
    duration_s: float | None,
    repeat_s: float | None,
    *,
    over: bool,
    control_url: str | None,
) -> None:
    """Let PLATFORM refuse connections: for a while, by a schedule, or until `headend outage PLATFORM --over`.

    \b
    headend outage tucano --for 10m
    headend outage tucano --from 2030-01-31T22:00:00Z --for 4h --every 24h
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    client = reach.control(control_url)
    client.state(platform)  # a platform that isn't there is refused before a fault is put
    if over:
        end_outage(client, platform)
        return
    if repeat_s and not (duration_s and duration_s < repeat_s):
        raise reach.CalledWronglyError("--every wants a shorter --for, such as --for 4h --every 24h.")
    window = {"start": start, "duration_s": duration_s, "repeat_s": repeat_s}
    said = {name: value for name, value in window.items() if value}
    client.put_fault(f"outage-{platform}", {"kind": "outage", "platform": platform, **said})
    begins, again = f" from {start}" if start else "", f", every {repeat_s:g} s" if repeat_s else ""
    until = f"for {duration_s:g} s" if duration_s else f"until `headend outage {platform} --over`"
    click.echo(f"{platform} refuses connections{begins} {until}{again}.")


def end_outage(client: ControlClient, platform: str) -> None:
    """Bring the platform back; where it isn't down, say so."""
    try:
        client.remove_fault(f"outage-{platform}")
    except CallError as error:
        raise reach.RefusedError(f"{platform} is not down.") from error
    click.echo(f"{platform} takes connections again.")


@click.command()
@click.argument("kind", required=False, type=click.Choice(list(KINDS)), metavar="[KIND]")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]…")
@click.option("--platform", default="tucano", show_default=True)
@click.option("--name", help="The fault's name; without: its kind.")
@click.option("--remove", metavar="NAME", help="Remove a fault.")
@click.option("--clear", is_flag=True, help="Remove all faults.")
@reach.as_json
@reach.control_option
@reach.plainly
def fault(
    kind: str | None,
    values: tuple[str, ...],
    platform: str,
    name: str | None,
    remove: str | None,
    *,
    clear: bool,
    json_wanted: bool,
    control_url: str | None,
) -> None:
    """Put a fault of KIND before a platform; without a kind: list the faults.

    \b
    headend fault lost_reply times=2 operation=ACTIVATE_OPTIONS
    headend fault latency delay_s=0.5 jitter_s=0.2
    headend fault refuse code=UNKNOWN_OPTION times=1
    headend fault hang --platform irdeto subject=STB-1
    headend fault refuse --platform conax code=ERR_CARDNUM detail=01234567890
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    client = reach.control(control_url)
    if clear:
        client.send("DELETE", "/faults")
    elif remove:
        client.remove_fault(remove)
    elif kind:
        put(client, name or kind, {"kind": kind, "platform": platform, **dict(pair(value) for value in values)})
    reach.say(client.faults(), json_wanted=json_wanted, text=fault_table)


def put(client: ControlClient, name: str, wanted: dict[str, Any]) -> None:
    """Put a fault; where it names what the platform has not got, and nobody has named the platform, say so."""
    guessed = click.get_current_context().get_parameter_source("platform") is ParameterSource.DEFAULT
    try:
        client.put_fault(name, wanted)
    except CallError as error:
        if guessed and wanted.keys() & OF_ONE_PLATFORM:
            raise CallError(f"{error}. Another platform is named with --platform.", error.status) from error
        raise


def pair(text: str) -> tuple[str, Any]:
    """A field of a fault and its value: a word, or else JSON."""
    name, equals, value = text.partition("=")
    if not equals:
        raise reach.CalledWronglyError(f"Found {text!r}; wanted is name=value, such as times=2.")
    try:
        return name, value if name in WORDS else json.loads(value)
    except ValueError:
        return name, value


def fault_table(found: list[dict[str, Any]]) -> str:
    """Faults, one a line."""
    rows = [{**one, **one["fault"], "details": details(one["fault"])} for one in found]
    return columns(rows, FAULT_COLUMNS) if rows else "No faults."


def details(one: dict[str, Any]) -> str:
    """What a fault says besides its name and kind."""
    return " ".join(f"{name}={value}" for name, value in one.items() if name not in {"name", "kind"})
