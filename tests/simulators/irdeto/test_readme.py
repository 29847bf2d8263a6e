"""The README says what the program does: its words, its numbers, its example."""

import re
from pathlib import Path

import pytest
from lxml import etree

from simulators.irdeto import client, state, texts, wire
from simulators.irdeto.codes import DEFAULT_PIN, SENTENCES, Code, Kind, MessageType, Operation, TextMode
from simulators.irdeto.soap import Fault
from simulators.kit.xml import MOST_MARKS

README = (Path(wire.__file__).parent / "README.md").read_text()
EXAMPLES = re.findall(r"^```xml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def first_cells() -> set[str]:
    """What the tables speak of."""
    rows = re.findall(r"^\| ([^|]+) \|", README, re.MULTILINE)
    return {word for row in rows for word in re.split(r"[ ,`]+", row)}


@pytest.mark.parametrize("words", [Operation, Code, Kind, TextMode, Fault])
def test_every_word_of_the_platforms_is_in_a_table(words):
    assert set(words) - first_cells() == set()


@pytest.mark.parametrize("word", [*MessageType, DEFAULT_PIN, wire.NAMESPACE])
def test_every_other_word_is_told(word):
    assert word in README


@pytest.mark.parametrize("number", [texts.MOST_BYTES, client.MOST_MESSAGES, state.MOST_TRANSACTIONS, MOST_MARKS])
def test_the_limits_are_told(number):
    assert re.search(rf"\b{number:,} (bytes|youngest|tags)", README)


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)


def test_the_example_is_answered_as_it_stands_there(caller):
    asked, answered, fault = EXAMPLES
    caller.register("STB-1")
    answer = caller.post(asked)
    told = etree.fromstring(answered.replace("KMS-7", answer.reference))
    assert canonical(answer.root[0][0]) == canonical(told)
    caller.unpair("STB-1", "CARD-1")
    caller.pair("STB-1", "CARD-2")
    refused = caller.post(asked.replace(">42<", ">43<"))
    assert refused.sentence in fault
    assert refused.sentence.startswith(SENTENCES[Code.ALREADY_PAIRED])
    assert 'code="ALREADY_PAIRED" transactionId="42"' in fault
