"""`headend demo`: the guided stories."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from harness import operator_files
from harness.cli import reach
from harness.cli.text import columns
from harness.clients import ControlClient, EngineClient
from harness.demo.play import play
from harness.demo.played import Played
from harness.demo.stories import STORIES
from harness.demo.tell import LEFT_OUT, heading, tell
from harness.stack import Stack, StartError


@click.command()
@click.argument("stories", nargs=-1, type=click.Choice(list(STORIES)), metavar="[STORY]…")
@click.option("--list", "listing", is_flag=True, help="List the stories, and play none.")
@click.option(
    "--operator",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=operator_files.FOLDER,
    help="A folder with the operator's catalogue.toml, subscribers, and a file for each platform.",
)
@reach.as_json
@reach.plainly
def demo(stories: tuple[str, ...], operator: Path, *, listing: bool, json_wanted: bool) -> None:
    """Start an engine and the simulators, play STORIES (all of them, unless some are named), and check every step.

    Exit status 0 if all went as the manual says; 1 if not, with the differences; 2 if it could not be played.
    """
    if listing:
        listed = [{"story": name, "about": story.about} for name, story in STORIES.items()]
        reach.say(listed, json_wanted=json_wanted, text=lambda rows: columns(rows, ("story", "about")))
        return
    refuse_twice(stories)
    try:
        with Stack(operator, timetable=False) as stack:
            people = operator_files.subscribers(operator)
            numbered = tuple(
                (name, number, step)
                for name in stories or STORIES
                for number, step in enumerate(STORIES[name].steps(people), start=1)
            )
            steps = tuple(step for _name, _number, step in numbered)
            stack.must_have({step.platform for step in steps})
            engine = EngineClient(stack.addresses["engine"], stack.addresses["token"])
            played = play(steps, engine, ControlClient(stack.addresses["control"]))
            if not json_wanted:
                click.echo(LEFT_OUT)
            told = [
                show(one, name, number, json_wanted=json_wanted)
                for (name, number, _step), one in zip(numbered, played, strict=True)
            ]
    except (StartError, operator_files.OperatorError) as error:
        raise reach.CalledWronglyError(str(error)) from error
    if json_wanted:
        click.echo(json.dumps([played.as_json() for played in told], indent=2, ensure_ascii=False))
    failed = [played for played in told if played.problems]
    if failed:
        raise reach.RefusedError(differences(failed))
    if not json_wanted:
        click.echo(f"All {len(told)} steps went as the manual says.")


def refuse_twice(stories: Sequence[str]) -> None:
    """Refuse a story that is named twice: its subscribers would be there already."""
    twice = sorted({name for name in stories if stories.count(name) > 1})
    if twice:
        raise reach.CalledWronglyError(f"{', '.join(twice)}: found twice; wanted: each story once.")


def show(played: Played, story: str, number: int, *, json_wanted: bool) -> Played:
    """Tell a step as soon as it is played, the first of a story under its heading, unless all is to be told at once."""
    if not json_wanted:
        if number == 1:
            click.echo(heading(story, STORIES[story].about))
        click.echo(tell(played, number))
    return played


def differences(failed: list[Played]) -> str:
    """The steps that went otherwise, and how."""
    steps = [f"{played.step.title}:\n  " + "\n  ".join(played.problems) for played in failed]
    return "\n".join([f"{len(failed)} steps did not go as the manual says.", *steps])
