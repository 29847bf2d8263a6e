"""`headend sim`: one simulator alone."""

import sys

import click

from simulators.__main__ import main as run_simulators


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="PLATFORM [OPTIONS]…")
def sim(arguments: tuple[str, ...]) -> None:
    """Run the simulator of PLATFORM until interrupted: `headend sim tucano --port 8442`."""
    sys.exit(run_simulators(list(arguments), prog="headend sim"))
