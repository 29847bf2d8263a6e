"""`headend` itself: its list of commands, and what asking for it costs."""

import re
import subprocess
import sys

from click.testing import CliRunner

from harness.cli.main import COMMANDS, main

HEAVY = ("flask", "lxml", "msgspec", "requests", "sqlalchemy", "engine", "simulators")


def test_every_command_of_the_list_is_there_under_its_name_and_says_what_it_does():
    listed = CliRunner().invoke(main, ["--help"]).output
    for name, entry in COMMANDS.items():
        command = main.get_command(None, name)
        assert command is not None
        assert command.name == name
        assert command.help
        assert re.search(rf"^  {name} +{re.escape(entry.help[:40])}", listed, re.MULTILINE)


def test_the_simulator_calls_itself_what_its_caller_calls_it():
    result = CliRunner().invoke(main, ["sim", "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("usage: headend sim ")
    assert "example: headend sim tucano" in result.output
    wrong = CliRunner().invoke(main, ["sim", "tucano", "--host", "192.0.2.1"])
    assert wrong.exit_code == 2
    assert wrong.stderr.startswith("headend sim: 192.0.2.1 can be reached by others")


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
