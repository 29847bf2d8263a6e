"""XML from strangers, from many of them at once, and where in it the breach is."""

import threading

import pytest
from lxml import etree

from simulators.kit.xml import BreachError, Schema, printable
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


PUBLISHED = """<description><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"
elementFormDefault="qualified"><xs:element name="list"><xs:complexType><xs:sequence>
<xs:element name="one" type="xs:int" maxOccurs="3"/></xs:sequence></xs:complexType></xs:element></xs:schema>
</description>"""


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ('<list xmlns="urn:a"><one>1</one><one>x</one></list>', "/list/one[2]"),
        ('<a:list xmlns:a="urn:a"><a:one>x</a:one></a:list>', "/list/one"),
        ('<list xmlns="urn:a"><a:one xmlns:a="urn:a">1</a:one><two/></list>', "/list/two"),
        ('<list xmlns="urn:b"/>', "/list"),
        ("<list/>", "/list"),
        # a prefix that means two things can't be looked up again: what libxml2 says must do
        ('<a:list xmlns:a="urn:a"><a:one xmlns:a="urn:c"/></a:list>', "/a:list/a:one"),
    ],
)
def test_a_breach_is_where_it_is_whatever_the_prefixes(tmp_path, document, path):
    file = tmp_path / "contract.wsdl"
    file.write_text(PUBLISHED)
    schema = Schema(file, "{*}schema")
    envelope = etree.fromstring(f"<envelope><list/>{document}</envelope>")
    with pytest.raises(BreachError) as breach:
        schema.check(envelope[1])
    assert breach.value.path == path
    schema.check(etree.fromstring('<list xmlns="urn:a"><one>1</one></list>'))
