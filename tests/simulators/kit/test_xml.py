"""XML from strangers, and from many of them at once."""

import threading

import pytest
from lxml import etree

from simulators.kit.xml import BreachError, printable
from simulators.tucano import wire


def test_what_xml_can_not_carry_becomes_a_question_mark():
    odd = "a\x00b\x1fc\x7f\ud800\ufffe\tÅ😀"
    carried = printable(odd)
    assert carried == "a?b?c\x7f??\tÅ😀"
    element = etree.Element("a")
    element.text = carried
    assert etree.fromstring(etree.tostring(element)).text == carried


def test_everybody_gets_the_breach_of_their_own_document():
    failures, start = [], threading.Barrier(4)

    def check(mine: int) -> None:
        options = f'<option id="A{mine}"/>' * 500 + f"<wrong{mine}/>"
        document = etree.fromstring(
            f'<command name="SUSPEND_OPTIONS" reference="1"><account id="T1"/><options>{options}</options></command>'
        )
        start.wait(10)
        for _ in range(100):
            with pytest.raises(BreachError) as breach:
                wire.schema().check(document)
            if f"wrong{mine}" not in breach.value.message:
                failures.append(breach.value.message)

    threads = [threading.Thread(target=check, args=(mine,)) for mine in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
