"""`headend up`: everything, until interrupted."""

import json
import signal
from pathlib import Path
from typing import Any, NoReturn

import click

from harness import operator_files, running
from harness.cli.reach import CalledWronglyError
from harness.stack import Stack, StartError

HIGHEST_BASE = 65530


@click.command()
@click.option(
    "--port-base",
    type=click.IntRange(1024, HIGHEST_BASE),
    help="Engine at N, control at N+1, Tucano at N+2, Icareus at N+3, Irdeto at N+4, Conax at N+5.",
)
@click.option("--database", type=click.Path(dir_okay=False, path_type=Path), help="A SQLite file that is kept.")
@click.option(
    "--operator",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=operator_files.FOLDER,
    help="A folder with the operator's catalogue.toml, and a file for each platform, such as tucano.toml.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object when ready.")
def up(port_base: int | None, database: Path | None, operator: Path, *, json_wanted: bool) -> None:
    """Start an engine and the simulators on loopback, print their addresses, and stay until interrupted.

    Without --database the engine forgets all when it ends, as the simulators do. Its calls want the token that is
    printed, which is another one each time; other commands from here know it.
    """
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # a shell that starts this in the background lets SIGINT be ignored
        signal.signal(number, interrupt)
    try:
        with Stack(operator, port_base or 0, database, running.home()) as stack:
            running.note(stack.addresses)
            for warning in stack.warnings:
                click.echo(f"Warning: {warning}", err=True)
            click.echo(json.dumps(stack.addresses) if json_wanted else addresses(stack.addresses))
            status = stack.wait()
            raise CalledWronglyError(f"The engine has ended with exit status {status}; its log is {stack.log}.")
    except (StartError, operator_files.OperatorError, OSError) as error:
        raise CalledWronglyError(str(error)) from error
    except KeyboardInterrupt:
        pass
    finally:
        running.forget()


def interrupt(*_signal: Any) -> NoReturn:
    """Treat being told to end as being interrupted."""
    raise KeyboardInterrupt


def addresses(found: Any) -> str:
    """Where everything is, for people."""
    platforms = [f"{name:<8} {url}" for name, url in found["platforms"].items()]
    lines = [f"engine   {found['engine']}", f"token    {found['token']}", f"control  {found['control']}", *platforms]
    call = f"curl --oauth2-bearer {found['token']} {found['engine']}/subscriptions/list"
    return "\n".join(
        [*lines, "", call, "Ready. From another shell: headend show · act --list · outage tucano --for 10m"]
    )
