"""`headend clock`: the time of the engine and of the simulators, and how it is put forward."""

import click

from harness.cli import reach
from harness.cli.kinds import Span
from harness.clients import Json


@click.command()
@click.argument("what", type=click.Choice(["show", "advance"]), default="show")
@click.argument("span", required=False, type=Span())
@click.option("--only", type=click.Choice(["engine", "simulators"]), help="Put only this clock forward.")
@reach.as_json
@reach.engine_option
@reach.control_option
@reach.plainly
def clock(
    what: str,
    span: float | None,
    only: str | None,
    *,
    json_wanted: bool,
    engine_url: str | None,
    control_url: str | None,
) -> None:
    """Show the time, or put the clocks of the engine and of the simulators forward: both, or only one of them.

    \b
    headend clock
    headend clock advance 31d
    headend clock advance 2h --only simulators
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    engine, control = reach.engine(engine_url), reach.control(control_url)
    if what == "advance":
        if span is None:
            raise reach.CalledWronglyError("A span of time is wanted, such as headend clock advance 31d.")
        if only != "simulators":
            engine.change("/clock/advance", {"advance_s": span})
        if only != "engine":
            control.send("PUT", "/clock", {"advance_s": span})
    found = {"engine": engine.look("/clock")["now"], "simulators": control.get("/clock")["now"]}
    reach.say(found, json_wanted=json_wanted, text=times)


def times(found: Json) -> str:
    """The times, one a line."""
    return "\n".join(f"{name:<11}{now}" for name, now in found.items())
