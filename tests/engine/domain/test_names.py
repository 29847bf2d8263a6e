"""Names: of products, by code and by name; of what is unknown, in a sentence that helps."""

import pytest

from engine.domain.errors import NotAllowedError, UnknownError, known


@pytest.mark.parametrize("name", ["SPORT", "Sport", "sport", "sPORT"])
def test_a_product_is_known_by_its_code_and_by_its_name_in_any_case(name, catalogue):
    assert catalogue.product(name).code == "SPORT"


@pytest.mark.parametrize("name", ["STBX", "", "set-top-box"])
def test_an_unknown_product_is_refused(name, catalogue):
    with pytest.raises(UnknownError) as refusal:
        catalogue.product(name)
    assert (refusal.value.code, refusal.value.field) == ("UNKNOWN_PRODUCT", "product")


def test_a_device_that_can_not_be_traced_is_none(catalogue):
    assert catalogue.physical_good("Set-top Box").code == "STB"
    for name in ("CABLE", "SPORT"):
        with pytest.raises(NotAllowedError, match=f"{name} is a .*; a traceable physical good is wanted"):
            catalogue.physical_good(name)


@pytest.mark.parametrize(
    ("found", "allowed", "said"),
    [
        ("SPROT", ["NEWS", "SPORT"], ", perhaps SPORT was meant; known: NEWS, SPORT"),
        ("sprot", ["NEWS", "SPORT"], ", perhaps SPORT was meant; known: NEWS, SPORT"),
        ("X", ["NEWS", "SPORT"], "; known: NEWS, SPORT"),
        ("X", [], ""),
    ],
)
def test_the_nearest_name_comes_first(found, allowed, said):
    assert known(found, allowed) == said


def test_a_long_list_of_names_is_cut():
    said = known("X", [f"N{number:02}" for number in range(35)])
    assert said.endswith("N28, N29 and 5 more")
