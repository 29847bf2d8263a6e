"""What the docs show is what happens: the demo's excerpt, the walk of the quickstart, the examples to copy."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness import running
from harness.cli.main import main
from harness.cli.up import addresses
from harness.stack import Stack

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
FEATURES = ROOT / "features" / "README.md"
HEADEND = Path(sys.executable).parent / "headend"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
UP_BASE = 8440
# Moments, on the wire too; and the number of a run, which a run that was due may have taken before.
VARIES = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z| \d\d:\d\d)?|^2\d{11}$|^\d+(?= +[A-Z_]+ +COMPLETED)", re.MULTILINE)
PLATFORM, CONTROL = "http://127.0.0.1:8442", "http://127.0.0.1:8443"


def steady(printed):
    """What is printed, without what differs from time to time."""
    return VARIES.sub("…", printed)


def blocks(path, language):
    return [text for found, text in FENCE.findall(path.read_text(encoding="utf-8")) if found == language]


def commands_of(block):
    """Commands after `$ `, whole, each with what is printed beneath it."""
    joined = re.sub(r"\\\n\s*", "", block)
    for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed.strip()


@contextmanager
def process(*command):
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(child.stdout.readline())
    finally:
        child.terminate()
        child.communicate(timeout=15)


class Shell:
    """The walk's second shell: commands in this process, `$?` after them."""

    def __init__(self, stack):
        self.stack = stack
        self.status = 0

    def run(self, command):
        if command == "echo $?":
            return str(self.status)
        if command.startswith("."):
            return ""
        name, *arguments = shlex.split(command)
        assert name == "headend"
        if arguments[0] == "up":
            return self.ready()
        result = CliRunner().invoke(main, arguments)
        self.status = result.exit_code
        return result.output.strip()

    def ready(self):
        said = addresses(self.stack.addresses).replace(self.stack.addresses["token"], "hd_…")
        for offset, name in enumerate(("engine", "control", *self.stack.addresses["platforms"])):
            said = re.sub(rf"^({name} .*127\.0\.0\.1:)\d+", rf"\g<1>{UP_BASE + offset}", said, flags=re.MULTILINE)
        return said.replace(self.stack.addresses["engine"], f"http://127.0.0.1:{UP_BASE}")


@pytest.fixture
def shell(tmp_path, monkeypatch) -> Iterator[Shell]:
    monkeypatch.setenv("HEADEND_HOME", str(tmp_path))
    monkeypatch.delenv("HEADEND_ENGINE", raising=False)
    monkeypatch.delenv("HEADEND_CONTROL", raising=False)
    monkeypatch.delenv("HEADEND_TOKEN", raising=False)
    with Stack(timetable=False) as stack:  # whose runs would come in between
        running.note(stack.addresses)
        yield Shell(stack)


def test_the_walk_of_the_quickstart_prints_what_is_printed_there(shell):
    for block in blocks(ROOT / "docs" / "quickstart.md", "console"):
        for command, printed in commands_of(block):
            assert steady(printed) == steady(shell.run(command)), command


def test_the_commands_in_the_readme_are_carried_out_but_for_what_an_outage_keeps_from_the_platform(shell):
    failed = []
    for block in (block for block in blocks(README, "sh") if "headend act" in block):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            command = line.partition(" #")[0].strip()
            shell.run(command)
            if shell.status:
                failed.append(command)
    assert failed == [
        f"headend act ADD_SERVICE S0000000001 product={product} distributors=TUCANO_MAIN"
        for product in ("Cinema", "Religion")
    ]


def test_the_excerpt_in_the_readme_is_what_the_demo_prints():
    demo = subprocess.run([HEADEND, "demo", "bundles"], capture_output=True, text=True, check=True, timeout=60).stdout
    (excerpt,) = blocks(README, "text")
    for part in excerpt.split("…\n"):
        assert part in demo


def test_the_suites_in_both_readmes_pass(tmp_path):
    (example,) = blocks(README, "python")
    conftest, features, lab = blocks(FEATURES, "python")
    (feature,) = (block for block in blocks(FEATURES, "gherkin") if block.startswith("Feature:"))
    (tmp_path / "features").mkdir()
    files = {"test_example.py": example, "conftest.py": conftest, "test_features.py": features, "test_lab.py": lab}
    for file, text in {**files, "features/shop.feature": feature}.items():
        (tmp_path / file).write_text(text)
    options = ["-W", "error", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command = [sys.executable, "-m", "pytest", *options, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "3 passed" in done.stdout, done.stdout + done.stderr


@contextmanager
def simulator(platform="tucano"):
    """One alone; gives its real addresses for those that the docs use."""
    with process(HEADEND, "sim", platform) as found:
        yield {PLATFORM: re.match(r"\w+://[^/]+", found["platforms"][platform])[0], CONTROL: found["control"]}


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("lftp")), reason="the examples call curl and lftp")
def test_a_file_by_hand_comes_to_what_the_quickstart_says(tmp_path):
    part = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8").partition("\n## A file by hand\n")[2]
    (start, _), *walk = re.findall(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", part, re.DOTALL)
    assert start == "headend sim conax --port 2121\n"
    with simulator("conax") as urls:
        for commands, printed in walk:
            here = commands.replace("ftp://127.0.0.1:2121", urls[PLATFORM])
            done = subprocess.run(
                ["/bin/bash", "-ec", here], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
            )
            assert (done.stdout.replace("\r\n", "\n"), done.stderr) == (printed, "")
    assert len(walk) == 2


@pytest.mark.parametrize("platform", ["icareus", "irdeto"])
def test_the_program_in_the_page_on_a_platform_prints_what_is_printed_there(platform):
    page = ROOT / "docs" / "providers" / f"{platform}.md"
    (program,) = blocks(page, "python")
    with simulator(platform) as urls:
        code = [sys.executable, "-c", program.replace(PLATFORM, urls[PLATFORM])]
        done = subprocess.run(code, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout in blocks(page, "text"), done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("curl"), reason="the examples call curl")
def test_the_simulator_in_the_readme_answers_as_it_says():
    call = next(block for block in blocks(README, "sh") if block.startswith("curl"))
    (answer,) = blocks(README, "xml")
    with simulator() as urls:
        assert curl(call, urls) == answer.strip()


@pytest.mark.skipif(not shutil.which("curl"), reason="the examples call curl")
def test_every_call_in_the_page_on_the_control_port_is_answered_as_it_says():
    page = blocks(ROOT / "docs" / "control-port.md", "console")
    with simulator() as urls:
        for call, answer in (pair for block in page for pair in commands_of(block)):
            assert curl(call, urls) == answer, call


def curl(call, urls):
    for written, real in urls.items():
        call = call.replace(written, real)
    command = shlex.split(call.replace("\\\n", " "))
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
