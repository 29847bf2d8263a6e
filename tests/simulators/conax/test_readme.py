"""The README says what the program does: its words, its tables, its examples."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulators.conax import app, instruction, payload, state
from simulators.conax.codes import Code, Kind, Operation
from simulators.conax.heads import HEADS
from tests.simulators.conax.desk import Desk
from tests.simulators.conax.files import CARDS, NAMES, golden, question, subscription

README = (Path(app.__file__).parent / "README.md").read_text()
ROWS = [[cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", README, re.MULTILINE)]


def table(head: str) -> list[list[str]]:
    """The rows below a row that begins with a word."""
    at = next(at for at, row in enumerate(ROWS) if row[0] == head)
    return ROWS[at + 2 :]


@pytest.mark.parametrize("word", [*Operation, *Code, *(f"`{kind}`" for kind in Kind)])
def test_every_word_of_the_platforms_is_in_a_table(word):
    assert any(word in cell for row in ROWS for cell in row)


def test_the_tags_of_payloads_are_told():
    told = [row[0].strip("`") for row in table("tag")[: len(payload.TAGS)]]
    assert sorted(told) == [f"{tag:02x}" for tag in payload.TAGS]
    assert payload.read("010548656c6c6f0201ff04020014") == payload.Message("Hello", 255, 20)
    assert "`010548656c6c6f0201ff04020014`" in README


def test_the_limits_are_told():
    assert f"its {state.MOST_MESSAGES} youngest" in README
    assert f"Of more than {instruction.LISTED} cards" in README


@pytest.mark.parametrize("kind", Kind)
def test_every_line_of_every_kind_has_the_code_that_the_table_tells(kind):
    column = {Kind.SUBSCRIBE: 1, Kind.CANCEL: 1, Kind.STATUS: 2, Kind.PAIR: 3, Kind.MESSAGE: 4}[kind]
    for number, line in enumerate(HEADS[kind], start=1):
        row = table("line")[number - 1]
        usual, _, of_messages = row[5].partition(", in `gp` ")
        assert line.code in (of_messages if of_messages and column == 4 else usual)


def test_the_lines_of_codes_are_those_of_the_heads():
    told = {row[0]: set(map(int, re.findall(r"\d+", row[1]))) for row in table("code")}
    found: dict[str, set[int]] = {}
    for head in HEADS.values():
        for number, line in enumerate(head, start=1):
            found.setdefault(line.code.value, set()).add(number)
    assert {code: told[code] for code in found} == found


def test_the_example_of_an_answer_is_what_is_answered():
    desk = Desk(datetime(2026, 3, 15, 18, 30, tzinfo=UTC))
    desk.take("ps000001.emm", subscription("000001", CARDS[0]))
    answer = desk.take("sc000002.emm", question("000002", CARDS[0])).content.decode().replace("\r\n", "\n")
    assert f"```xml\n{answer}```" in README


@pytest.mark.parametrize("name", NAMES)
def test_what_a_card_holds_reads_as_it_is_told(name):
    desk = Desk(datetime(2026, 3, 15, 18, 30, tzinfo=UTC))
    desk.take(name, golden(name).replace(b"00000007", b"10001001"))
    assert all(f"`{line}`" in README for line in desk.held(CARDS[0]))
