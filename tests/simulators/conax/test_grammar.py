"""The published grammar and the program agree: what the one takes the other does, but for what no grammar can say."""

import re
from random import Random

import pytest

from simulators.conax import wire
from simulators.conax.codes import Code, Kind
from tests.simulators.conax import abnf
from tests.simulators.conax.files import NAMES, golden

RULES = {kind: re.compile(abnf.pattern(kind.value)) for kind in Kind}
BEYOND = {Code.ERR_TRANSNUM, Code.ERR_DATES, Code.ERR_NUMOFCARDS}
ODD = ["", "U", "01", "EMM", "ZZZ", "000042", "10001001", "202603151830", "00002", "01234567890", "é", "1" * 12]


def allows(name: str, body: bytes) -> bool:
    return RULES[Kind(name[:2])].fullmatch(body.decode("latin-1")) is not None


def mutated(random: Random, body: bytes) -> bytes:
    """The file with a line or a character that is another, gone, or there twice."""
    lines = body.decode().split("\r\n")[:-1]
    for _ in range(random.randint(1, 2)):
        at = random.randrange(len(lines))
        ways = (
            lambda _: [random.choice(ODD)],
            lambda _: [],
            lambda line: [line, line],
            lambda line: [line[:-1]],
            lambda line: [line + random.choice("0Uf ")],
            lambda line: [line.replace(random.choice(line or "0"), random.choice("0123456789afUZ"), 1)],
        )
        lines[at : at + 1] = random.choice(ways)(lines[at])
        lines = lines or [""]
    end = random.choice(["\r\n", "\n"])
    return (end.join(lines) + random.choice([end, ""])).encode("latin-1")


@pytest.mark.parametrize("name", NAMES)
def test_files_as_they_should_be_keep_the_grammar(name):
    assert allows(name, golden(name))
    assert re.fullmatch(abnf.pattern("name"), name)


@pytest.mark.parametrize("name", NAMES)
def test_the_program_refuses_what_breaks_the_grammar_and_takes_the_rest(name):
    random, seen = Random(name), set()  # noqa: S311 - to be repeated, not to be secret
    for _ in range(1_500):
        body = mutated(random, golden(name))
        wrong = wire.read(name, body).wrong
        if allows(name, body):
            assert wrong is None or wrong.code in BEYOND, (body, wrong)
        else:
            assert wrong, body
        seen.add((wrong is None, allows(name, body)))
    assert seen >= {(True, True), (False, False), (False, True)}


@pytest.mark.parametrize("rule", abnf.rules())
def test_every_rule_can_be_read(rule):
    assert re.compile(abnf.pattern(rule))
