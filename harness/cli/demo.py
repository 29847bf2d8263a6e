"""`headend demo`: the guided story."""

import json
from pathlib import Path

import click

from harness import operator_files
from harness.cli import reach
from harness.clients import ControlClient, EngineClient
from harness.demo.play import Played, play
from harness.demo.story import story
from harness.demo.tell import tell
from harness.stack import Stack, StartError


@click.command()
@click.option(
    "--operator",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=operator_files.FOLDER,
    help="A folder with the operator's catalogue.toml, tucano.toml and subscribers.",
)
@reach.as_json
@reach.plainly
def demo(operator: Path, *, json_wanted: bool) -> None:
    """Start an engine and a Tucano simulator, play the three bundle examples and a downtime, and check every step.

    Exit status 0 if all went as the manual says; 1 if not, with the differences; 2 if it could not be played.
    """
    try:
        with Stack(operator) as stack:
            engine = EngineClient(stack.addresses["engine"], stack.addresses["token"])
            control = ControlClient(stack.addresses["control"])
            steps = story(operator_files.subscribers(operator))
            played = play(steps, engine, control)
            told = [show(one, number, json_wanted=json_wanted) for number, one in enumerate(played, 1)]
    except (StartError, operator_files.OperatorError) as error:
        raise reach.CalledWronglyError(str(error)) from error
    if json_wanted:
        click.echo(json.dumps([played.as_json() for played in told], indent=2, ensure_ascii=False))
    failed = [played for played in told if played.problems]
    if failed:
        raise reach.RefusedError(differences(failed))
    if not json_wanted:
        click.echo(f"All {len(told)} steps went as the manual says.")


def show(played: Played, number: int, *, json_wanted: bool) -> Played:
    """Tell a step as soon as it is played, unless all is to be told at once."""
    if not json_wanted:
        click.echo(tell(played, number))
    return played


def differences(failed: list[Played]) -> str:
    """The steps that went otherwise, and how."""
    steps = [f"{played.step.title}:\n  " + "\n  ".join(played.problems) for played in failed]
    return "\n".join([f"{len(failed)} steps did not go as the manual says.", *steps])
