"""`headend snapshot`, `forget`: what a simulated platform remembers, changed behind everybody's back."""

import click

from harness.cli import reach
from harness.clients import ControlClient


@click.command()
@click.argument("platform")
@click.argument("name", required=False)
@click.option("--restore", is_flag=True, help="Go back to the memory that was kept under this name.")
@reach.as_json
@reach.control_option
@reach.plainly
def snapshot(platform: str, name: str | None, *, restore: bool, json_wanted: bool, control_url: str | None) -> None:
    """Keep the memory of PLATFORM under NAME, or go back to it; without a name: list those that are kept.

    \b
    headend snapshot tucano before
    headend snapshot tucano before --restore
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    client = reach.control(control_url)
    client.state(platform)  # a platform that isn't there is refused before anything is done
    if restore and not name:
        raise reach.CalledWronglyError("A name is wanted, such as headend snapshot tucano before --restore.")
    if name:
        client.snapshot(platform, name, "/restore" if restore else "")
    said = {True: f"{platform} is back at {name}.", False: f"{platform} has kept {name}."}[restore] if name else ""
    reach.say(client.snapshots(), json_wanted=json_wanted, text=lambda names: said or listed(names))


def listed(names: list[str]) -> str:
    """The names of memories, one a line."""
    return "\n".join(names) or "No snapshots."


@click.command()
@click.argument("platform")
@click.argument("subject")
@click.argument("things", nargs=-1, metavar="[THING]…")
@reach.as_json
@reach.control_option
@reach.plainly
def forget(platform: str, subject: str, things: tuple[str, ...], *, json_wanted: bool, control_url: str | None) -> None:
    """Have PLATFORM lose SUBJECT, an account, a device or a card, by its id there; or only some THINGs of it.

    \b
    headend forget tucano T100001
    headend forget irdeto STB-1 CARD-1 CA_SPORT
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    gone = lost(reach.control(control_url), platform, subject, things)
    reach.say(gone, json_wanted=json_wanted, text=lambda lines: f"{platform} has forgotten: {', '.join(lines)}")


def lost(client: ControlClient, platform: str, subject: str, things: tuple[str, ...]) -> list[str]:
    """What the platform holds no more, a line for each thing."""
    return [str(line) for line in client.forget(platform, subject, things)]
