"""Rules of distributors in configuration files: what could not work is refused, the rest is kept and compared."""

import re

import pytest

from engine.domain.errors import InvalidError
from engine.domain.provider import Dependencies, Restriction
from engine.service.difference import Change

MAIN = '{ code = "MAIN", name = "Main" }'
TWIN = '{ code = "TWIN1", name = "Twin 1" }'
BROKEN = {
    # what is said of the twin: what is refused
    'allowed_services = ["NEW"]': (
        "allowed_services: found 'NEW', which is no service; wanted: one of CHOICE, KIDS, MATCH, NEWS, SPORT."
    ),
    'allowed_services = ["STB"]': "allowed_services: found 'STB', which is no service; wanted: one of CHOICE",
    'dependencies = { services = ["STB"] }': "dependencies.services: found 'STB', which is no service; wanted",
    'dependencies = { physical_goods = ["NEWS"] }': (
        "dependencies.physical_goods: found 'NEWS', which is no physical good; wanted: one of STB."
    ),
    'dependencies = { physical_good_types = ["STB"] }': (
        "dependencies.physical_good_types: found 'STB', which is no type of physical good; wanted: one of box."
    ),
    'restrictions = [{}, { physical_good_types = ["card"] }]': (
        "restrictions[1].physical_good_types: found 'card', which is no type of physical good; wanted: one of box."
    ),
    'restrictions = [{ physical_good_types = ["box"], service_types = ["termed"] }]': (
        "restrictions[0]: found service_types and physical_good_types; wanted: one of the two."
    ),
    "restrictions = [{ minimum = 3, maximum = 2 }]": ("restrictions[0].minimum: found 3; wanted: 0 to the maximum 2."),
    "restrictions = [{ minimum = -1 }]": "restrictions[0].minimum: found -1; wanted: 0 or more.",
    'required_distributor = "ATTIC"': (
        "required_distributor: found 'ATTIC', which is no distributor; wanted: one of MAIN, TWIN1."
    ),
    'required_distributor = "TWIN1"': ("required_distributor: found TWIN1, which requires TWIN1; wanted: no ring."),
}


@pytest.fixture
def text(configuration):
    return configuration.read_text(encoding="utf-8")


@pytest.fixture
def refused(engine, dump):
    def refusal(content):
        before = dump(engine), engine.context.configuration
        with pytest.raises(InvalidError) as error:
            engine.load_configuration({"new.toml": content})
        assert (dump(engine), engine.context.configuration) == before
        return error.value.message

    return refusal


def ruled(text, rules, entry=TWIN):
    assert entry in text
    return text.replace(entry, entry.replace(" }", f", {rules} }}"))


@pytest.mark.parametrize("rules", BROKEN)
def test_a_rule_that_could_not_work_is_refused(rules, refused, text):
    said = refused(ruled(text, rules))
    assert said.startswith(f"new.toml: providers[tv].distributors[TWIN1].{BROKEN[rules]}")


@pytest.mark.parametrize("field", ["service_types", "dependencies"])
def test_a_type_of_service_that_there_is_not_is_refused(field, refused, text):
    rules = {
        "service_types": 'restrictions = [{ service_types = ["terms"] }]',
        "dependencies": 'dependencies = { service_types = ["terms"] }',
    }
    assert re.match(
        r"new.toml: providers\[0\]\.distributors\[1\]\..*terms.*known: expense", refused(ruled(text, rules[field]))
    )


def test_a_ring_of_required_distributors_is_refused(refused, text):
    ring = ruled(ruled(text, 'required_distributor = "MAIN"'), 'required_distributor = "TWIN1"', MAIN)
    assert "found MAIN, which requires TWIN1, which requires MAIN; wanted: no ring." in refused(ring)


def test_a_distributor_that_requires_one_in_a_ring_is_not_where_the_ring_is(refused, text):
    text = text.replace(TWIN, f'{TWIN}, {{ code = "ATTIC", name = "Attic", required_distributor = "TWIN1" }}')
    ring = ruled(ruled(text, 'required_distributor = "MAIN"'), 'required_distributor = "TWIN1"', MAIN)
    assert "distributors[MAIN].required_distributor" in refused(ring)


def test_a_distributor_that_another_provider_requires_does_not_go(engine, refused, text):
    radio = text[text.index("[[providers]]") :].replace('"tv"', '"tv2"').replace(TWIN, "").replace('"MAIN"', '"M2"')
    engine.load_configuration({"radio": radio.replace('name = "Main"', 'name = "M", required_distributor = "TWIN1"')})
    said = refused(text.replace(TWIN, ""))
    assert said.startswith("the database: providers[tv2].distributors[M2].required_distributor: found 'TWIN1', which")


def test_rules_are_kept_and_compared(engine, text, restart):
    rules = (
        'allowed_services = ["NEWS", "CHOICE"], required_distributor = "MAIN", '
        'restrictions = [{ maximum = 2, mandatory = true }, { minimum = 1, physical_good_types = ["box"] }], '
        'dependencies = { services = ["NEWS"], physical_goods = ["STB"], service_types = ["termed"] }'
    )
    content = ruled(text, rules)
    shown = {one.path: one for one in engine.load_configuration({"new.toml": content}).differences}
    where = "providers[tv].distributors[TWIN1]"
    assert set(shown) == {
        f"{where}.{field}"
        for field in (
            "allowed_services",
            "required_distributor",
            "restrictions",
            "dependencies.services",
            "dependencies.physical_goods",
            "dependencies.service_types",
        )
    }
    assert all(one.change is Change.CHANGED for one in shown.values())
    for one in (engine, restart(engine)):
        twin = one.context.provider("tv").distributors[1]
        assert (twin.allowed_services, twin.required_distributor) == (("NEWS", "CHOICE"), "MAIN")
        assert twin.restrictions == (
            Restriction(maximum=2, mandatory=True),
            Restriction(minimum=1, physical_good_types=("box",)),
        )
        assert twin.dependencies == Dependencies(services=("NEWS",), physical_goods=("STB",), service_types=("termed",))
    assert engine.load_configuration({"new.toml": content}).differences == []
    engine.load_configuration({"new.toml": text})
    assert engine.context.provider("tv").distributors[1].allowed_services is None


def test_no_service_may_be_allowed_which_is_not_the_same_as_all(engine, text):
    engine.load_configuration({"new.toml": ruled(text, "allowed_services = []")})
    assert engine.context.provider("tv").distributors[1].allowed_services == ()
