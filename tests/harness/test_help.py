"""`headend` itself: its list of commands, and what asking for it costs."""

import subprocess
import sys

from click.testing import CliRunner

from harness.cli.main import COMMANDS, main

HEAVY = ("flask", "lxml", "msgspec", "requests", "sqlalchemy", "engine", "simulators")


def test_the_list_of_commands_says_what_the_commands_say():
    for name, entry in COMMANDS.items():
        command = main.get_command(None, name)
        assert command is not None
        assert command.name == name
        assert command.short_help == entry.help


def test_asking_for_help_imports_nothing_heavy():
    program = f"""
import sys
from click.testing import CliRunner
from harness.cli.main import main
assert CliRunner().invoke(main, ["--help"]).exit_code == 0
sys.exit(",".join(set({HEAVY}) & set(sys.modules)) or 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_unknown_command_is_called_wrongly():
    result = CliRunner().invoke(main, ["fly"])
    assert result.exit_code == 2
    assert "No such command 'fly'" in result.output
