"""The command line, described from the commands themselves."""

import importlib
import inspect

import click

from harness.cli.main import COMMANDS
from harness.docs.markdown import code, fenced, table

AS_IT_STANDS = "\b\n"
RAW = ("sim",)
"""Commands whose options click does not know: they are passed on, and described by hand."""


def commands() -> str:
    """Every command: what it does, examples, options; `--help`, which all of them have, is left out."""
    return "\n\n".join(section(name) for name in COMMANDS)


def section(name: str) -> str:
    """One command."""
    command = find(name)
    context = click.Context(command, info_name=f"headend {name}")
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"### headend {name}", fenced("text", usage), *paragraphs(command.help or "")]
    if name not in RAW:
        parts.append(options(command, context))
    return "\n\n".join(parts)


def find(name: str) -> click.Command:
    """The command of this name."""
    module, _, attribute = COMMANDS[name].where.partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    return command


def paragraphs(text: str) -> list[str]:
    """The help, its examples as blocks of code."""
    found = inspect.cleandoc(text).split("\n\n")
    return [
        fenced("sh", part.removeprefix(AS_IT_STANDS)) if part.startswith(AS_IT_STANDS) else " ".join(part.split())
        for part in found
        if part
    ]


def options(command: click.Command, context: click.Context) -> str:
    """The options, each with the variable of the environment that stands for it."""
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if not isinstance(parameter, click.Option) or record is None or "--help" in parameter.opts:
            continue
        variable = parameter.envvar if isinstance(parameter.envvar, str) else ""
        rows.append(
            (code(record[0]), " ".join([*record[1].split(), f"Else {code(variable)}." if variable else ""]).strip())
        )
    return table(("option", ""), rows)
