"""What may be asked for a box, and what is refused before it is kept."""

import pytest

from engine.adapters.irdeto import IRDETO
from engine.adapters.irdeto.utilities import KINDS
from engine.domain.errors import InvalidError
from engine.domain.provider import Provider

PROVIDER = Provider("kms", "KMS", "irdeto", connection={"default_pin": "4711"})
MAIL = {"message_type": "MAIL", "text_mode": "UNICODE", "text": "王"}
SCREEN = {"message_type": "MESSAGE", "text": "x"}
NINE = ", ".join(KINDS)
MODES = "ANSI, UNICODE, RAW"
NO_TEXT = "found nothing; wanted: what the box is to show."
NO_HEX = "found '王' in place 1; wanted: hexadecimal digits."
# fmt: off
FINE = (
    # utility              said                                 parameters
    ("send_message",       MAIL,                                {"type": "MAIL", "text_mode": "UNICODE", "text": "王"}),
    ("send_message",       SCREEN,                              {"type": "MESSAGE", "text_mode": "ANSI", "text": "x"}),
    ("set_pin",            {"new_pin": "0815"},                 {"pin": "0815"}),
    ("reset_pin",          {},                                  {"pin": "4711"}),
    ("query",              {"kinds": ["PVR", "BASIC", "PVR"]},  {"kinds": ["PVR", "BASIC"]}),
    ("query",              {"kinds": []},                       {"kinds": list(KINDS)}),
    ("query",              {},                                  {"kinds": list(KINDS)}),
    ("reauthorise_sector", {},                                  {}),
)
BROKEN = (
    # utility        said                              field           what is said of it
    ("send_message", SCREEN | {"message_type": "x"},   "message_type", "found 'x'; wanted: one of MAIL, MESSAGE."),
    ("send_message", {"text": "x"},                    "message_type", "found None; wanted: one of MAIL, MESSAGE."),
    ("send_message", MAIL | {"text_mode": "UTF-8"},    "text_mode",    f"found 'UTF-8'; wanted: one of {MODES}."),
    ("send_message", MAIL | {"text": ""},              "text",         NO_TEXT),
    ("send_message", {"message_type": "MAIL"},         "text",         NO_TEXT),
    ("send_message", MAIL | {"text_mode": "RAW"},      "text",         NO_HEX),
    ("set_pin",      {},                               "new_pin",      "found something else; wanted: four digits."),
    ("set_pin",      {"new_pin": "99999"},             "new_pin",      "found something else; wanted: four digits."),
    ("query",        {"kinds": ["PVR", "DVR"]},        "kinds",        f"found 'DVR'; wanted: one of {NINE}."),
    ("query",        {"kinds": [["PVR"]]},             "kinds",        f"found ['PVR']; wanted: one of {NINE}."),
)
# fmt: on


@pytest.mark.parametrize(("utility", "said", "parameters"), FINE)
def test_a_utility_says_the_parameters_of_its_request(utility, said, parameters):
    assert IRDETO.utilities[utility].parameters(PROVIDER, "STB-1", said) == {"secure_client": "STB-1", **parameters}


@pytest.mark.parametrize(("utility", "said", "field", "finding"), BROKEN)
def test_what_can_not_be_meant_is_refused_by_its_field(utility, said, field, finding):
    with pytest.raises(InvalidError) as refusal:
        IRDETO.utilities[utility].parameters(PROVIDER, "STB-1", said)
    assert (refusal.value.field, refusal.value.message) == (field, f"{field}: {finding}")


@pytest.mark.parametrize(("utility", "said", "parameters"), FINE)
def test_nothing_is_said_but_by_the_names_of_the_fields(utility, said, parameters):
    fields = IRDETO.utilities[utility].fields
    assert set(said) <= set(fields)
    for name, value in said.items():
        words = [value] if isinstance(value, str) else value
        assert not fields[name] or set(words) <= set(fields[name])


def test_only_messages_go_to_all_boxes():
    assert [name for name, one in IRDETO.utilities.items() if one.to_all] == ["send_message"]
    assert IRDETO.utilities["send_message"].parameters(PROVIDER, "", MAIL)["secure_client"] == "ALL"


def test_a_box_that_is_called_all_gets_no_messages_for_it_would_be_all_of_them():
    with pytest.raises(InvalidError, match="found 'ALL'; wanted: one device"):
        IRDETO.utilities["send_message"].parameters(PROVIDER, "ALL", MAIL)
