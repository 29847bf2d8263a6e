"""What a provider at Icareus is configured with."""

import time

import pytest

from engine.adapters.icareus import ICAREUS
from engine.adapters.icareus.connection import CONNECTION_PARAMETERS, forms, place_id

NUMBERS = "organization_id", "default_country_id", "default_region_id"


def test_the_key_is_secret_and_three_parameters_are_wanted():
    assert [name for name, one in CONNECTION_PARAMETERS.items() if one.secret] == ["key"]
    assert [name for name, one in CONNECTION_PARAMETERS.items() if one.mandatory] == ["url", "organization_id", "key"]
    assert [name for name, one in CONNECTION_PARAMETERS.items() if one.whole_number] == [*NUMBERS]


def test_the_platform_takes_one_provider_and_keeps_no_windows():
    assert ICAREUS.only_one_provider
    keeping = ICAREUS.keeping
    assert (keeping.account_ends, keeping.account_first, keeping.windows, keeping.roles) == (True, True, False, {})


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_numbers(name):
    wanted = CONNECTION_PARAMETERS[name].wanted
    assert [wanted(value) for value in ("0", "14806", "9" * 18)] == ["", "", ""]
    for value in ("-1", "1.5", "1e2", " 1", "abc", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 19):
        assert wanted(value) == "a whole number of at most 18 digits"


@pytest.mark.parametrize(
    "text", ["GB=826", "GB=826 FI=246", "GB=826, FI = 246;\n", "Greater London=1 Area 51=2", "Åland=0", " GB=1 "]
)
@pytest.mark.parametrize("name", ["country_ids", "region_ids"])
def test_names_have_the_platforms_numbers(name, text):
    assert CONNECTION_PARAMETERS[name].wanted(text) == ""


@pytest.mark.parametrize("text", ["GB", "GB=", "=5", "GB 826", "GB=826FI=246", "GB=x", "GB=1 gb=2", "GB=1 FI", " =1"])
def test_nothing_else_says_them(text):
    wanted = "names with the platform's numbers, such as GB=826 FI=246, each once"
    assert CONNECTION_PARAMETERS["country_ids"].wanted(text) == wanted


@pytest.mark.parametrize(
    ("name", "number"), [("GB", "826"), (" gb", "826"), ("Greater London", "7"), ("SE", "246"), ("", "246")]
)
def test_a_place_is_its_number_or_the_default(name, number):
    connection = {"country_ids": "GB=826 Greater London=7", "default_country_id": "246"}
    assert place_id(connection, "country", name) == number


def test_a_place_without_a_number_is_nowhere():
    assert place_id({"country_ids": "GB=826"}, "country", "SE") == "0"
    assert place_id({"country_ids": "GB=826"}, "region", "GB") == "0"


@pytest.mark.parametrize("text", ["A" + " " * 200_000, "=" * 200_000, "A=1 " * 50_000, "A" * 200_000 + "=x"])
def test_a_long_text_is_looked_at_once(text):
    begin = time.process_time()
    assert CONNECTION_PARAMETERS["region_ids"].wanted(text)
    assert time.process_time() - begin < 2


def test_a_secret_is_known_in_each_form_that_the_wire_has():
    assert set(forms('k"ä y')) == {'k"ä y', 'k\\"ä y', 'k\\"\\u00e4 y', "k%22%C3%A4+y"}
    assert forms("key") == ("key",)
