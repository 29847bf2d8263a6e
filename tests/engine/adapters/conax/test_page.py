"""The page on Conax says what the adapter says: parameters with their ranges, and files as they are written."""

import re
from pathlib import Path

import pytest

from engine.adapters.conax import CONAX
from engine.adapters.conax.forms import FORMS
from engine.adapters.conax.operations import OPERATIONS
from engine.domain.provider import Provider

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "providers" / "conax.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"`(\w\w\d{6})\.emm`:\n\n```text\n(.*?)```", re.DOTALL)
EXAMPLES = dict(EXAMPLE.findall(PAGE))
CONNECTION = {"host_name": "h", "user_name": "u", "password": "p"}


def rows(heading):
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {line[0].strip("`"): line[1:] for line in cells[2:]}


def test_every_connection_parameter_is_in_the_page_with_what_it_is_by_default():
    site, found = CONAX.files.site(Provider("tv", "TV", "conax", connection=CONNECTION)), rows("Connection")
    assert set(found) == set(CONAX.connection_parameters)
    wanted = {name for name, parameter in CONAX.connection_parameters.items() if parameter.mandatory}
    assert {name for name, cells in found.items() if cells[0] == "wanted"} == wanted
    said = {name: found[name][0] for name in ("port", "character_encoding", "ftps", "passive")}
    assert said == {
        "port": str(site.port),
        "character_encoding": site.encoding,
        "ftps": str(site.secured).lower(),
        "passive": str(site.passive).lower(),
    }


def test_every_operation_parameter_is_in_the_page_with_its_range():
    assert set(OPERATIONS) == set(CONAX.operation_parameters)
    assert {name: tuple(map(int, cells[:3])) for name, cells in rows("Operations").items()} == OPERATIONS


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_the_file_that_was_written_by_hand(name):
    file = ROOT / "tests" / "golden" / "conax" / f"{name}.emm"
    assert EXAMPLES[name].replace("\n", "\r\n").encode() == file.read_bytes()


def test_there_is_an_example_of_each_kind_of_file():
    assert {name[:2] for name in EXAMPLES} == {form.letters for form in FORMS.values()}


def test_the_table_of_lines_is_that_of_the_files():
    section = PAGE.partition("One value a line:")[2].partition("\nRequests share")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    columns = {letters: column for column, cell in enumerate(lines[0]) for letters in re.findall(r"`(\w\w)`", cell)}
    for form in FORMS.values():
        literals = {number: one for number, one in enumerate(form.head, start=1) if "{" not in one}
        said = {number: lines[number + 1][columns[form.letters]] for number in literals}
        assert said == {number: f"`{literal}`" for number, literal in literals.items()}, form.letters
