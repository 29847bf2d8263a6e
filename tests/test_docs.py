"""The docs say what the code says: generated parts, commands, settings, links, and what must not stand anywhere."""

import contextlib
import dataclasses
import io
import os
import re
import shlex
from pathlib import Path

import click
import msgspec
import pytest

from engine.adapters import ADAPTERS
from engine.adapters.irdeto.texts import MOST_BYTES
from engine.api.models import LARGEST_BODY_BYTES
from engine.commands.serve import parser as engine_parser
from engine.domain import catalogue, provider, rules, run
from engine.domain.actions import ActionState
from engine.domain.request import Meaning
from engine.domain.run import RunState
from engine.service.communication import LONGEST_TEXT
from engine.settings import Settings
from engine.transports.http import LONGEST_REPLY_BYTES
from harness.cli.main import COMMANDS
from harness.docs import histories, lifecycles
from harness.docs.__main__ import due
from harness.docs.commands import RAW, find
from harness.docs.pages import PAGES, PARTS, walked
from harness.docs.verdicts import judged
from harness.docs.vocabulary import vocables
from simulators.__main__ import PLATFORMS
from simulators.__main__ import main as simulators
from simulators.conax.codes import Code as ConaxCode
from simulators.icareus.codes import Code as IcareusCode
from simulators.icareus.state import MOST_TOKENS
from simulators.irdeto.codes import Code as IrdetoCode
from simulators.irdeto.state import MOST_TRANSACTIONS
from simulators.kit.faults import Fault
from simulators.kit.journal import DEFAULT_ENTRIES, MOST_TEXT
from simulators.kit.plan import MOST_FAULTS
from simulators.kit.platform import BODY_LIMIT
from simulators.kit.serving import MOST_CONNECTIONS
from simulators.kit.simulator import MOST_WORKSPACES
from simulators.kit.workspace import MOST_SNAPSHOTS
from simulators.tucano.codes import Code as TucanoCode
from simulators.tucano.state import MOST_REFERENCES

ROOT = Path(__file__).parent.parent
CODES = {"tucano": TucanoCode, "icareus": IcareusCode, "irdeto": IrdetoCode, "conax": ConaxCode}
OPERATING = ROOT / "docs" / "operating.md"
SETTINGS = {
    catalogue.Product: "[[products]]",
    provider.Provider: "[[providers]]",
    provider.Distributor: "[[providers.distributors]]",
    provider.Restriction: "[[providers.distributors.restrictions]]",
    provider.Dependencies: "[providers.distributors.dependencies]",
    provider.Service: "[[providers.services]]",
    provider.Hardware: "[[providers.hardware]]",
    provider.Retry: "[providers.retry]",
    provider.Breaker: "[providers.breaker]",
    provider.Timeouts: "[providers.timeouts]",
    provider.Rate: "[providers.rate]",
    run.Definition: "[[definitions]]",
}
STRUCTURED = ("dependencies", "retry", "breaker", "timeouts", "rate")
MOST_STEPS = 30
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:engine|simulators|harness|features|tests|docs|docker|benchmarks)/[\w./-]+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
VARIABLE = re.compile(r"\bHEADEND_[A-Z_]+")
# Put together here, so that this file does not hold what it forbids.
FORBIDDEN = ["".join(parts) for parts in (("/", "work/"), ("/root", "/"), ("shared", "/spec"))]
FORBIDDEN += ["".join(parts) for parts in (("pypi", ".org"), ("python", "hosted.org"), ("/", "simple/"))]


def ours():
    """Every file of the project, without what was made or installed."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [one for one in inner if one == ".ci" or not one.startswith((".", "__"))]
        yield from (Path(folder) / one for one in names)


def texts(suffix=""):
    for path in ours():
        if path.name.endswith(suffix):
            with contextlib.suppress(UnicodeDecodeError):
                yield path, path.read_text(encoding="utf-8")


def pages():
    return sorted(path for path in ours() if path.suffix == ".md")


def name(path):
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def operating():
    return OPERATING.read_text(encoding="utf-8")


def test_every_written_part_is_up_to_date():
    stale = [path for path, content in due().items() if (ROOT / path).read_text(encoding="utf-8") != content]
    assert not stale, "run `make docs`"


def test_every_page_of_tables_is_written():
    assert {name(path) for path in ROOT.glob("docs/tables/*")} == {
        path for path in PAGES if path.startswith("docs/tables")
    }
    assert all((ROOT / path).is_file() for path in PARTS)


def test_the_walk_through_the_states_takes_every_action_into_every_state_that_allows_it():
    assert set(lifecycles.SAID) == set(rules.RULES)
    found = walked().subscriptions
    for rule in rules.ROWS:
        assert {one.before for one in found if one.action is rule.action} == (rule.allowed or {None}), rule.action


@pytest.mark.parametrize(("arrows", "states"), [(histories.of_actions, ActionState), (histories.of_runs, RunState)])
def test_the_play_of_actions_and_of_runs_leads_to_every_state(arrows, states):
    assert {arrow.after for arrow in arrows()} - {None} == {state.value for state in states}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_in_the_page_on_operating(command, operating):
    section = operating.partition(f"### headend {command}\n")[2].partition("\n### ")[0]
    assert section
    if command not in RAW:
        for option in options_of(command):
            assert f"`{option}" in section or f", {option}" in section, option


def options_of(command):
    context = click.Context(find(command))
    options = (one for one in find(command).get_params(context) if isinstance(one, click.Option))
    return [spelling for option in options for spelling in option.opts if spelling not in {"-h", "--help"}]


def test_every_option_of_the_simulator_and_of_the_engine_is_in_the_page_on_operating(operating):
    for heading, options in (("headend sim: options", sim_options()), ("python -m engine", engine_options())):
        section = operating.partition(f"### {heading}\n")[2].partition("\n## ")[0]
        missing = [option for option in options if f"`{option}" not in section]
        assert not missing, heading


def sim_options():
    said = io.StringIO()
    for platform in PLATFORMS:
        with contextlib.redirect_stdout(said), pytest.raises(SystemExit):
            simulators([platform, "--help"])
    return set(re.findall(r"--[a-z-]+", said.getvalue())) - {"--help"}


def engine_options():
    return set(re.findall(r"--[a-z-]+", engine_parser().format_help())) - {"--help"}


def test_every_variable_of_the_environment_is_in_the_page_on_operating(operating):
    used = {found for path, text in texts(".py") for found in VARIABLE.findall(text) if path != Path(__file__)}
    assert {"HEADEND_HOME", "HEADEND_ENGINE", "HEADEND_CONTROL"} <= used
    assert not {variable for variable in used if f"`{variable}`" not in operating}


@pytest.mark.parametrize("kind", SETTINGS)
def test_every_setting_and_its_default_is_in_the_page_on_operating(kind, operating):
    section = operating.partition(f"`{SETTINGS[kind]}`")[2].partition("\n`[")[0].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section, re.MULTILINE))
    assert list(rows) == [field.name for field in dataclasses.fields(kind)]
    for field in dataclasses.fields(kind):
        assert rows[field.name] == default_of(field), field.name


def default_of(field):
    if field.name in STRUCTURED:
        return "see below"
    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
        return "wanted"
    value = field.default_factory() if field.default is dataclasses.MISSING else field.default
    return "none" if value is None else f"`{msgspec.json.encode(value).decode()}`"


def test_every_field_of_a_fault_is_in_the_page_on_the_control_port():
    section = (ROOT / "docs" / "control-port.md").read_text(encoding="utf-8").partition("\n## Faults\n")[2]
    assert not [field for field in Fault.__struct_fields__ if f"`{field}`" not in section]


def rows(path, *, after):
    """The rows of the first table after this line: their cells, without the head."""
    text = (ROOT / path).read_text(encoding="utf-8").partition(f"\n{after}\n")[2]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


@pytest.mark.parametrize(("column", "platform"), [*enumerate(CODES, start=1)], ids=CODES)
def test_what_a_platform_has_cost_is_about_what_is_there(column, platform):
    said = [cells[column].replace(",", "") for cells in rows("docs/adding-a-provider.md", after="## What it cost")]
    folders = (ROOT / "engine" / "adapters" / platform, ROOT / "simulators" / platform)
    lines = [sum(len(file.read_text("utf-8").splitlines()) for file in folder.glob("*.py")) for folder in folders]
    feature = (ROOT / "features" / "providers" / f"{platform}.feature").read_text(encoding="utf-8")
    counted = [*lines, len(re.findall(r"^ *Scenario", feature, re.MULTILINE))]
    assert list(map(int, said)) == pytest.approx(counted, rel=0.05)


def test_what_follows_from_every_meaning_of_an_answer_is_in_the_page_on_the_architecture():
    assert [cells[0] for cells in rows("docs/architecture.md", after="## Doubt")] == [one.value for one in Meaning]


@pytest.mark.parametrize(("platform", "codes"), CODES.items(), ids=CODES)
def test_every_verdict_on_a_platform_is_in_its_page_as_the_adapter_gives_it(platform, codes):
    described = {
        cells[0].strip("`"): cells[2]
        for cells in rows(f"docs/providers/{platform}.md", after="## Answers and verdicts")
    }
    found = {answer.strip("`"): meaning for answer, meaning in judged(platform)}
    last = list(found)[-1] if ADAPTERS[platform].takes_files else "HTTP 503"
    assert {*codes, next(iter(found)), "any other code", last} <= found.keys() & described.keys()
    for answer in found.keys() & described.keys():
        assert described[answer].startswith(found[answer].partition(": an earlier")[0]), answer


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("body of a call", f"at most {LARGEST_BODY_BYTES >> 20} MiB"),
        ("body of a call", f"at most {BODY_LIMIT >> 20} MiB"),
        ("answer of a platform", f"at most {LONGEST_REPLY_BYTES >> 20} MiB"),
        ("calls at once", f"{Settings().threads}"),
        ("connections at once", f"{MOST_CONNECTIONS}"),
        ("workspaces of a simulator", f"{MOST_WORKSPACES:,}; {MOST_FAULTS:,} and {MOST_SNAPSHOTS}"),
        ("journal of a workspace", f"{DEFAULT_ENTRIES:,} entries, {MOST_TEXT >> 20} Mi characters of bodies"),
        ("references that Tucano remembers", f"{MOST_REFERENCES:,}"),
        ("references that Tucano remembers", f"{MOST_TOKENS:,}"),
        ("references that Tucano remembers", f"{MOST_TRANSACTIONS:,}"),
        ("text for a subscriber", f"{LONGEST_TEXT:,} characters; a device takes {MOST_BYTES:,} bytes"),
    ],
)
def test_every_limit_is_in_the_page_on_operating(what, said):
    found = [
        cells[1] for cells in rows("docs/operating.md", after="## Ports, memory, limits") if cells[0].startswith(what)
    ]
    assert len(found) == 1
    assert found[0].startswith(said)


def test_the_vocabulary_is_small_and_every_step_says_what_it_means():
    known = vocables()
    assert len({(one.kind, one.text) for one in known}) == len(known) <= MOST_STEPS
    assert not [one.text for one in known if not one.meaning or "?" in one.text]


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_leads_somewhere(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_file_that_is_named_is_there(page):
    named = set(NAMED.findall(FENCE.sub("", page.read_text(encoding="utf-8"))))
    assert {one for one in named if not (ROOT / one).exists()} == set()


def anchors(page):
    """Anchors as they are made of headings: small letters, digits, dashes for blanks."""
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_command_that_is_shown_exists(page):
    for line in shown(page):
        program, *arguments = shlex.split(line, comments=True)
        if program == "make":
            assert arguments[0] in targets()
        elif program.endswith("headend"):
            command = arguments[0] if arguments else ""
            assert command in COMMANDS or command.startswith("-"), line
            known = sim_options() if command in RAW else set(options_of(command)) if command in COMMANDS else set()
            assert {word for word in arguments[1:] if word.startswith("--")} <= known | {"--help"}, line


def shown(page):
    """Command lines in blocks of shell, prompts taken off, continued lines joined."""
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        if language in {"sh", "console"}:
            for line in re.sub(r"\\\n\s*", "", block).splitlines():
                command = line.removeprefix("$ ")
                if re.match(r"(\S*/)?(headend|make) ", command) and (language == "sh" or line.startswith("$ ")):
                    yield command


def targets():
    return re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_nothing_names_a_machine_or_a_registry():
    files = dict(texts())
    assert {ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run"} <= files.keys()
    found = {(name(path), word) for path, text in files.items() for word in FORBIDDEN if word in text}
    assert not found
