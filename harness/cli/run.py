"""`headend run`: what is set up, what goes on, what was done."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple

import click

from harness.cli import archive_password, reach
from harness.cli.run_deeds import (
    Asked,
    definitions,
    delete,
    deleted,
    foreseen,
    has_failed,
    interrupt,
    lines,
    listed,
    log,
    outcome,
    preview,
    resume,
    runs,
    set_up,
    submit,
)
from harness.clients import EngineClient, Json


class About(Enum):
    """What is named beside an option: a definition, perhaps one, or, in the option itself, a run."""

    DEFINITION = auto()
    PERHAPS = auto()
    RUN = auto()


class Deed(NamedTuple):
    """One thing that is done with runs: `do` has it done by the engine, `tell` says to people what came of it.

    `help` is that of its option. What has none is chosen by naming a definition, or nothing.
    """

    do: Callable[[EngineClient, Asked], Json]
    tell: Callable[[Any], str]
    about: About
    help: str = ""

    @property
    def kind(self) -> dict[str, Any]:
        """What click is told of its option."""
        return {"type": click.IntRange(1), "metavar": "RUN"} if self.about is About.RUN else {"is_flag": True}


# fmt: off
DEEDS = {
    # option            done         told      named             help of the option
    "submit":      Deed(submit,      outcome,  About.DEFINITION),
    "definitions": Deed(definitions, set_up,   About.PERHAPS),
    "preview":     Deed(preview,     foreseen, About.DEFINITION, "Show what the run would do, and change nothing."),
    "runs":        Deed(runs,        listed,   About.PERHAPS,    "List runs: those of DEFINITION, or all."),
    "log":         Deed(log,         lines,    About.RUN,        "Show what a run did."),
    "interrupt":   Deed(interrupt,   outcome,  About.RUN,        "End a run that goes on."),
    "resume":      Deed(resume,      outcome,  About.RUN,        "Go on with a run that was ended."),
    "delete":      Deed(delete,      deleted,  About.RUN,        "Delete a run that was never begun."),
}
# fmt: on


def deed_options(command: Any) -> Any:
    """A command with an option for each deed that has one."""
    for name, deed in reversed(DEEDS.items()):
        command = click.option(f"--{name}", help=deed.help, **deed.kind)(command) if deed.help else command
    return command


@click.command()
@click.argument("definition", required=False)
@deed_options
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, at most.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@archive_password.from_stdin
@reach.as_json
@reach.engine_option
@reach.plainly
def run(
    definition: str | None,
    *,
    limit: int,
    offset: int,
    password_stdin: bool,
    json_wanted: bool,
    engine_url: str | None,
    **options: int | None,
) -> None:
    """Run DEFINITION now, and stay until it is over. Without one: list what is set up.

    Ctrl-C ends the looking on, not the run: --interrupt does that.

    \b
    headend run MAINTENANCE --preview
    headend run MAINTENANCE
    headend run MAIL --preview
    headend run --log 1

    A run that archives wants the archive password: it is asked for at the terminal, or read from standard input, or
    from HEADEND_ARCHIVE_PASSWORD.

    Exit status: 0 done, 1 refused, failed or with errors, 2 called wrongly.
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    name = chosen(definition, [name for name, said in options.items() if said])
    page = {"number_of_results": limit, "offset": offset}
    asked = Asked(definition, options.get(name) or 0, page, password_stdin=password_stdin)
    found = DEEDS[name].do(reach.engine(engine_url), asked)
    reach.say(found, json_wanted=json_wanted, text=DEEDS[name].tell)
    if has_failed(found):
        raise click.exceptions.Exit(reach.REFUSED)


def chosen(definition: str | None, names: list[str]) -> str:
    """The deed that is meant by these options, of which there may be one. Raises CalledWronglyError."""
    if len(names) > 1:
        raise reach.CalledWronglyError(f"--{' and --'.join(names)} exclude each other.")
    if not names:
        return "definitions" if definition is None else "submit"
    about = DEEDS[names[0]].about
    if about is About.DEFINITION and definition is None:
        raise reach.CalledWronglyError(f"--{names[0]} needs a DEFINITION.")
    if about is About.RUN and definition is not None:
        raise reach.CalledWronglyError(f"--{names[0]} takes a RUN, and no DEFINITION.")
    return names[0]
