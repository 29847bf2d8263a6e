"""A provider at Conax, as it is configured: its parameters, warnings about them, and devices that could not be told."""

import pytest

from engine.domain.errors import InvalidError
from tests.engine.at_conax import ADA, CONFIGURATION, card

CARD, OTHER, STB = "012345678905", "012345678913", "90000000001"
OPERATIONS = """operations = { maximum_records = 500, add_end_period_months = 3, renewal_frequency_months = "2",\
 renew_end_period_months = 3 }
"""
WITH_OPERATIONS = CONFIGURATION.replace("distributors = [", f"{OPERATIONS}distributors = [")
CONNECTION = 'home_directory = "/op"'
NAME = "at_conax.toml"
WHERE = "providers[conax]"
FREQUENCY = f"{WHERE}.operations: renewal_frequency_months"


@pytest.fixture
def at_conax(engine):
    engine.load_configuration({NAME: WITH_OPERATIONS})
    return engine


def test_operations_are_kept_compared_and_there_again_after_a_restart(engine, restart):
    shown = engine.configuration_difference({NAME: WITH_OPERATIONS})
    assert engine.load_configuration({NAME: WITH_OPERATIONS}) == shown
    assert engine.load_configuration({NAME: WITH_OPERATIONS}).differences == []
    wanted = {
        "maximum_records": "500",
        "add_end_period_months": "3",
        "renewal_frequency_months": "2",
        "renew_end_period_months": "3",
    }
    assert engine.context.provider("conax").operations == wanted
    assert restart(engine).context.provider("conax").operations == wanted
    (changed,) = engine.load_configuration({NAME: WITH_OPERATIONS.replace("= 500", "= 20000")}).differences
    path = f"{WHERE}.operations.maximum_records"
    assert (changed.path, changed.found, changed.wanted) == (path, "500", "20000")
    gone = engine.load_configuration({NAME: CONFIGURATION}).differences
    assert {one.path: one.change for one in gone} == {f"{WHERE}.operations.{name}": "removed" for name in wanted}


def test_whole_numbers_and_true_and_false_may_be_said_as_such(engine):
    said = f"{CONNECTION}, port = 2121, passive = false, ftps = true"
    engine.load_configuration({NAME: CONFIGURATION.replace(CONNECTION, said)})
    provider = engine.context.provider("conax")
    site = engine.context.adapter(provider).files.site(provider)
    assert (site.port, site.passive, site.secured) == (2121, False, True)


@pytest.mark.parametrize(
    ("found", "instead", "sentence"),
    [
        ("= 500", "= 0", ".operations.maximum_records: found '0'; wanted: a whole number from 1 to 20000."),
        ("= 500", "= 20001", ".operations.maximum_records: found '20001'; wanted: a whole number from 1 to 20000."),
        ("= 500", '= "many"', ".operations.maximum_records: found 'many'; wanted: a whole number from 1 to 20000."),
        (
            "add_end_period_months = 3",
            "add_end_period_months = 37",
            ".operations.add_end_period_months: found '37'; wanted: a whole number from 1 to 36.",
        ),
        ('= "2"', "= 36", ".operations.renewal_frequency_months: found '36'; wanted: a whole number from 1 to 35."),
        ("= 500", '= ""', ".operations.maximum_records is empty; a value is wanted, or no such line."),
        ("maximum_records", "most", ".operations: 'most' is unknown; known: maximum_records, add_end_period_months, "),
        (CONNECTION, "port = 65536", ".connection.port: found '65536'; wanted: a whole number from 1 to 65535."),
        (CONNECTION, "ftps = 1", ".connection.ftps: found '1'; wanted: true or false."),
        (CONNECTION, 'ftps = "on"', ".connection.ftps: found 'on'; wanted: true or false."),
        ('"/op"', '"op"', ".connection.home_directory: found 'op'; wanted: folders, each as /name."),
        ('"/op"', '"/op/"', ".connection.home_directory: found '/op/'; wanted: folders, each as /name."),
        ('"/op"', '"/op/../x"', ".connection.home_directory: found '/op/../x'; wanted: folders, each as /name."),
        (
            CONNECTION,
            'character_encoding = "UTF-9"',
            ".connection.character_encoding: found 'UTF-9'; wanted: a character set such as UTF-8.",
        ),
        (
            CONNECTION,
            'character_encoding = "UTF-16"',
            ".connection.character_encoding: found 'UTF-16'; wanted: a character set that holds ASCII, such as UTF-8.",
        ),
        ('host_name = "sas.test", ', "", ".connection: host_name is wanted."),
        ('password = "hush"', 'secret = "hush"', ".connection: 'secret' is unknown; known: host_name, port, "),
        (
            'ca_id = "10001001"',
            'ca_id = "123456789"',
            ".services[NEWS].ca_id: found '123456789'; wanted: a product id of 1 to 8 digits.",
        ),
        (
            'ca_id = "10001001" }, { product = "SPORT", ca_id = "10001002"',
            'ca_id = "1" }, { product = "SPORT", ca_id = "01"',
            ".services[SPORT].ca_id: found '01' beside '1', which is the same there; wanted: one spelling.",
        ),
        ('ca_id = "10001001"', 'ca_id = "O_1"', ".services[NEWS].ca_id: found 'O_1'; wanted: a product id of 1 to 8"),
    ],
)
def test_a_parameter_that_can_not_be_used_is_refused_with_where_and_why(engine, dump, found, instead, sentence):
    assert found in WITH_OPERATIONS
    before = dump(engine)
    with pytest.raises(InvalidError) as error:
        engine.load_configuration({NAME: WITH_OPERATIONS.replace(found, instead, 1)})
    assert sentence in error.value.message
    assert "hush" not in error.value.message
    assert dump(engine) == before


def test_a_protocol_without_operations_takes_none(engine, configuration):
    text = configuration.read_text(encoding="utf-8")
    with pytest.raises(InvalidError, match=r"operations: 'pace' is unknown; known: none\."):
        engine.load_configuration({"x": text.replace("protocol =", "operations = { pace = 1 }\nprotocol =", 1)})


@pytest.mark.parametrize(
    ("frequency", "add", "renew", "warnings"),
    [
        (1, 2, 2, []),
        (
            2,
            2,
            3,
            [f"{FREQUENCY} 2 is not below add_end_period_months 2: rights end on the day they are renewed."],
        ),
        (3, 4, 2, [f"{FREQUENCY} 3 is not below renew_end_period_months 2: rights end before they are renewed."]),
    ],
)
def test_rights_that_end_before_they_are_renewed_are_warned_of(engine, frequency, add, renew, warnings):
    said = f"renewal_frequency_months = {frequency}, add_end_period_months = {add}, renew_end_period_months = {renew}"
    text = CONFIGURATION.replace("distributors = [", f"operations = {{ {said} }}\ndistributors = [")
    assert engine.configuration_difference({NAME: text}).warnings == warnings
    assert engine.load_configuration({NAME: text}).warnings == warnings
    assert engine.load_configuration({NAME: text}).warnings == warnings


def test_by_default_rights_end_on_the_day_they_are_renewed(engine):
    assert len(engine.load_configuration({NAME: CONFIGURATION}).warnings) == 2


def become(engine, *items):
    return engine.act("BECOME_SUBSCRIBER", subscriber=ADA, number="S1", services=[], items=list(items))


BAD = "CARD-1: its CA ID at conax: found 'CARD-1'; wanted: 11 or 12 digits."


def has_a_card(engine):
    become(engine, card(CARD), card("CARD-1") | {"distributors": []})
    return engine


def test_a_new_subscription_with_a_card_that_can_not_be_told_is_refused(at_conax, dump):
    before = dump(at_conax)
    with pytest.raises(InvalidError) as error:
        become(at_conax, card(CARD), card("CARD-1"))
    assert (error.value.message, error.value.field) == (BAD, "serial_number")
    assert dump(at_conax) == before


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("ADD_INSTALLED_ITEM", card("CARD-2")),
        ("ADD_INSTALLED_ITEM", card("0123456789", product="STB")),
        ("ADD_INSTALLED_ITEM", card(OTHER) | {"ca_ids": {"conax": "1"}}),
        ("SWAP_INSTALLED_ITEM", {"item": CARD, "serial_number": "0123456789012"}),
        ("CHANGE_DISTRIBUTION", {"items": ["CARD-1"], "put_on": ["CONAX_MAIN"]}),
    ],
)
def test_an_action_that_brings_a_device_that_can_not_be_told_is_refused(at_conax, dump, action, details):
    has_a_card(at_conax)
    before = dump(at_conax)
    with pytest.raises(InvalidError, match=r"its CA ID at conax: found .*; wanted: 11 or 12 digits") as error:
        at_conax.act(action, "S1", **details)
    assert error.value.field == ("ca_ids.conax" if "ca_ids" in details else "serial_number")
    assert dump(at_conax) == before


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("ADD_INSTALLED_ITEM", card("CARD-2") | {"ca_ids": {"conax": OTHER}}),
        ("ADD_INSTALLED_ITEM", card("CARD-2") | {"distributors": ["MAIN"]}),
        ("ADD_INSTALLED_ITEM", card(STB, product="STB")),
        ("SWAP_INSTALLED_ITEM", {"item": "CARD-1", "serial_number": "CARD-9"}),
    ],
)
def test_a_device_that_can_be_told_or_need_not_be_is_taken(at_conax, action, details):
    assert has_a_card(at_conax).act(action, "S1", **details)


def test_who_has_had_a_card_that_can_not_be_told_may_still_do_all_else(engine):
    wider = WITH_OPERATIONS.replace('{ product = "SMARTCARD", type = "SMARTCARD" }', "")
    engine.load_configuration({NAME: wider})
    become(engine, card("CARD-1"))
    engine.load_configuration({NAME: WITH_OPERATIONS})
    assert engine.act("TERMINATE_SUBSCRIPTION", "S1")
