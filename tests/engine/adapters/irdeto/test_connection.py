"""What a provider at Irdeto is configured with."""

import pytest

from engine.adapters.irdeto import IRDETO
from engine.adapters.irdeto.connection import CONNECTION_PARAMETERS, default_pin


def test_two_parameters_are_secret_and_three_are_wanted():
    assert [name for name, one in CONNECTION_PARAMETERS.items() if one.secret] == ["password", "default_pin"]
    assert [name for name, one in CONNECTION_PARAMETERS.items() if one.mandatory] == [
        "end_point",
        "user_name",
        "password",
    ]
    assert not IRDETO.only_one_provider


@pytest.mark.parametrize("charset", ["UTF-8", "utf8", "latin-1", "UTF-16"])
def test_a_character_set_is_one_of_pythons(charset):
    assert CONNECTION_PARAMETERS["character_set_encoding"].wanted(charset) == ""


@pytest.mark.parametrize("charset", ["", "klingon", "hex", "UTF 8 please"])
def test_nothing_else_is_one(charset):
    assert CONNECTION_PARAMETERS["character_set_encoding"].wanted(charset) == "a character set such as UTF-8"


@pytest.mark.parametrize("pin", ["0000", "0001", "9999"])
def test_a_pin_has_four_digits(pin):
    assert CONNECTION_PARAMETERS["default_pin"].wanted(pin) == ""


@pytest.mark.parametrize("pin", ["", "1", "123", "12345", "12a4", " 123", "-123", "١٢٣٤", "12.4"])
def test_what_has_not_is_none(pin):
    assert CONNECTION_PARAMETERS["default_pin"].wanted(pin) == "four digits"


def test_boxes_go_back_to_the_providers_pin_or_to_that_of_the_factory():
    assert default_pin({"default_pin": "4711"}) == "4711"
    assert default_pin({}) == default_pin({"default_pin": ""}) == "0001"
