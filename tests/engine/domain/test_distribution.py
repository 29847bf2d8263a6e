"""Every rule of a distributor, kept and broken: rule, what it says, what is there, what is found and wanted."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import distribution
from engine.domain.catalogue import Catalogue, Classification, Composition, Product, ServiceType
from engine.domain.distribution import RuleViolatedError, check, violations
from engine.domain.provider import Dependencies, Distributor, Hardware, Provider, Restriction
from engine.domain.provider import Service as Mapped
from engine.domain.states import ON, ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscriber, Subscription, Window

# ruff: noqa: E501  (a table: one row, one line)
NOW = datetime(2030, 6, 15, 12, tzinfo=UTC)
USAGE, TERMED, EXPENSE = ServiceType.USAGE, ServiceType.TERMED, ServiceType.EXPENSE
CATALOGUE = Catalogue(
    {
        product.code: product
        for product in (
            *(Product(code, code.title()) for code in ("NEWS", "SPORT", "KIDS", "UNMAPPED")),
            Product("MATCH", "Match", service_type=USAGE),
            Product("PACK", "Pack", composition=Composition.FIXED_BUNDLE, components=("NEWS", "KIDS")),
            *(Product(code, code.title(), Classification.PHYSICAL_GOOD) for code in ("STB", "CARD", "MODEM")),
        )
    }
)
MAPPED = tuple(Mapped(code, f"O_{code}") for code in ("KIDS", "MATCH", "NEWS", "SPORT"))
ALL = "one of KIDS, MATCH, NEWS, SPORT"
IS_OFF = sorted(set(State) - ON)


def provider(**rules):
    """A provider whose TWIN has these rules."""
    return Provider(
        "tv",
        "TV",
        "tucano",
        distributors=(Distributor("MAIN", "Main"), Distributor("TWIN", "Twin", **rules)),
        services=MAPPED,
        hardware=(Hardware("STB", "box"), Hardware("CARD", "card")),
    )


def subscription(twin="", main=""):
    """What is on each distributor, as words: products, and `PACK>NEWS` for what came with a bundle."""
    made = Subscription("S1", Subscriber("Ada", "Lovelace"), State.EFFECTIVE)
    for place, words in (("TWIN", twin), ("MAIN", main)):
        bundles = {}
        for word in words.split():
            bundle, _, product = word.rpartition(">")
            if bundle and bundle not in bundles:
                bundles[bundle] = made.add(Service(0, bundle, State.EFFECTIVE, {place})).number
            if CATALOGUE.products[product].is_service:
                made.add(Service(0, product, State.EFFECTIVE, {place}, bundle=bundles.get(bundle)))
            else:
                number = len(made.items) + 1
                made.items.append(InstalledItem(f"{product}-{number}", product, ItemState.EFFECTIVE, {place}))
    return made


def found_at(one, at, now=NOW):
    return list(violations(one, at, CATALOGUE, now))


def broken(rule, found, wanted):
    return [f"TWIN, {rule}: found {found}; wanted: {wanted}."]


def most(maximum, **more):
    return {"restrictions": (Restriction(maximum=maximum, **more),)}


def least(minimum, **more):
    return {"restrictions": (Restriction(minimum=minimum, **more),)}


def needs(**more):
    return {"dependencies": Dependencies(**more)}


KEPT = None
ALLOWED, REQUIRED, RESTRICTION, DEPENDENCY = distribution.RULES
MUST = {"mandatory": True}
BOXES, USAGES = {"physical_good_types": ("box",)}, {"service_types": (USAGE,)}
ONLY_NEWS = {"allowed_services": ("NEWS",)}
BEHIND_MAIN = {"required_distributor": "MAIN"}
# fmt: off
CASES = (
    # rule         what it says                              on TWIN                on MAIN    found, wanted
    (ALLOWED,      {},                                       "NEWS SPORT MATCH",    "",        KEPT),
    (ALLOWED,      {},                                       "PACK>NEWS PACK>KIDS", "",        KEPT),
    (ALLOWED,      {},                                       "UNMAPPED NEWS",       "",        ("UNMAPPED", ALL)),
    (ALLOWED,      ONLY_NEWS,                                "NEWS STB",            "SPORT",   KEPT),
    (ALLOWED,      ONLY_NEWS,                                "NEWS SPORT",          "",        ("SPORT", "one of NEWS")),
    (ALLOWED,      ONLY_NEWS,                                "PACK>NEWS",           "",        KEPT),
    (ALLOWED,      ONLY_NEWS,                                "PACK>NEWS PACK>KIDS", "",        ("KIDS", "one of NEWS")),
    (ALLOWED,      {"allowed_services": ("PACK",)},          "PACK>NEWS PACK>KIDS", "",        KEPT),
    (ALLOWED,      {"allowed_services": ("PACK",)},          "PACK>NEWS KIDS",      "",        ("KIDS", "one of PACK")),
    (ALLOWED,      {"allowed_services": ("SPORT", "KIDS")},  "NEWS",                "",        ("NEWS", "one of KIDS, SPORT")),
    (ALLOWED,      {"allowed_services": ()},                 "NEWS",                "",        ("NEWS", "one of none")),
    (ALLOWED,      {"allowed_services": ()},                 "STB",                 "",        KEPT),
    (REQUIRED,     BEHIND_MAIN,                              "NEWS",                "SPORT",   KEPT),
    (REQUIRED,     BEHIND_MAIN,                              "NEWS",                "STB",     KEPT),
    (REQUIRED,     BEHIND_MAIN,                              "",                    "",        KEPT),
    (REQUIRED,     BEHIND_MAIN,                              "NEWS",                "",        ("nothing on MAIN", "MAIN in use")),
    (REQUIRED,     BEHIND_MAIN,                              "STB",                 "",        ("nothing on MAIN", "MAIN in use")),
    (RESTRICTION,  most(2),                                  "NEWS SPORT",          "KIDS",    KEPT),
    (RESTRICTION,  most(2),                                  "PACK>NEWS PACK>KIDS", "",        KEPT),
    (RESTRICTION,  most(2),                                  "NEWS SPORT KIDS",     "",        ("3 services (KIDS, NEWS, SPORT)", "at most 2 services")),
    (RESTRICTION,  most(1),                                  "NEWS NEWS",           "",        ("2 services (NEWS, NEWS)", "at most 1 service")),
    (RESTRICTION,  most(0),                                  "STB",                 "",        KEPT),
    (RESTRICTION,  most(0),                                  "NEWS",                "",        ("1 service (NEWS)", "at most 0 services")),
    (RESTRICTION,  least(2),                                 "NEWS SPORT",          "",        KEPT),
    (RESTRICTION,  least(2),                                 "NEWS",                "SPORT",   ("1 service (NEWS)", "at least 2 services")),
    (RESTRICTION,  least(1),                                 "STB",                 "",        KEPT),
    (RESTRICTION,  least(1, **MUST),                         "STB",                 "",        ("0 services", "at least 1 service")),
    (RESTRICTION,  least(1, **MUST),                         "",                    "NEWS",    KEPT),
    (RESTRICTION,  least(1, maximum=2),                      "NEWS SPORT",          "",        KEPT),
    (RESTRICTION,  least(2, maximum=3),                      "NEWS",                "",        ("1 service (NEWS)", "2 to 3 services")),
    (RESTRICTION,  most(1, **USAGES),                        "NEWS SPORT MATCH",    "",        KEPT),
    (RESTRICTION,  most(1, **USAGES),                        "MATCH MATCH NEWS",    "",        ("2 usage services (MATCH, MATCH)", "at most 1 usage service")),
    (RESTRICTION,  least(2, service_types=(USAGE, TERMED)),  "MATCH NEWS",          "",        KEPT),
    (RESTRICTION,  least(2, service_types=(USAGE, TERMED)),  "MATCH",               "",        ("1 usage or termed service (MATCH)", "at least 2 usage or termed services")),
    (RESTRICTION,  least(1, service_types=(USAGE,), **MUST), "NEWS",                "",        ("0 usage services", "at least 1 usage service")),
    (RESTRICTION,  most(1, **BOXES),                         "STB CARD NEWS SPORT", "STB",     KEPT),
    (RESTRICTION,  most(1, **BOXES),                         "STB STB",             "",        ("2 physical goods of type box (STB-1, STB-2)", "at most 1 physical good of type box")),
    (RESTRICTION,  most(1, physical_good_types=("box", "card")), "STB CARD",        "",        ("2 physical goods of type box or card (CARD-2, STB-1)", "at most 1 physical good of type box or card")),
    (RESTRICTION,  least(1, **BOXES),                        "NEWS",                "STB",     KEPT),
    (RESTRICTION,  least(1, **BOXES, **MUST),                "NEWS CARD",           "STB",     ("0 physical goods of type box", "at least 1 physical good of type box")),
    (RESTRICTION,  most(0, physical_good_types=("MODEM",)),  "MODEM",               "",        ("1 physical good of type MODEM (MODEM-1)", "at most 0 physical goods of type MODEM")),
    (DEPENDENCY,   needs(services=("NEWS",)),                "NEWS SPORT",          "",        KEPT),
    (DEPENDENCY,   needs(services=("NEWS",)),                "PACK>NEWS",           "",        KEPT),
    (DEPENDENCY,   needs(services=("PACK",)),                "PACK>NEWS",           "",        KEPT),
    (DEPENDENCY,   needs(services=("PACK",)),                "NEWS",                "",        ("no service PACK", "service PACK")),
    (DEPENDENCY,   needs(services=("NEWS",)),                "SPORT",               "NEWS",    ("no service NEWS", "service NEWS")),
    (DEPENDENCY,   needs(services=("NEWS",)),                "STB",                 "",        ("no service NEWS", "service NEWS")),
    (DEPENDENCY,   needs(services=("NEWS",)),                "",                    "SPORT",   KEPT),
    (DEPENDENCY,   needs(services=("NEWS",), enabled=False), "SPORT",               "",        KEPT),
    (DEPENDENCY,   needs(service_types=(USAGE,)),            "NEWS MATCH",          "",        KEPT),
    (DEPENDENCY,   needs(service_types=(USAGE,)),            "NEWS",                "MATCH",   ("no service of type usage", "service of type usage")),
    (DEPENDENCY,   needs(physical_goods=("STB",)),           "NEWS STB",            "",        KEPT),
    (DEPENDENCY,   needs(physical_goods=("STB",)),           "NEWS CARD",           "STB",     ("no physical good STB", "physical good STB")),
    (DEPENDENCY,   needs(physical_good_types=("box",)),      "NEWS STB",            "",        KEPT),
    (DEPENDENCY,   needs(physical_good_types=("box",)),      "NEWS CARD",           "STB",     ("no physical good of type box", "physical good of type box")),
)
# fmt: on


@pytest.mark.parametrize(("rule", "says", "twin", "main", "finding"), CASES)
def test_a_rule_that_is_broken_names_distributor_rule_found_and_wanted(rule, says, twin, main, finding):
    found = found_at(subscription(twin, main), provider(**says))
    assert found == (broken(rule, *finding) if finding else [])


def test_the_table_holds_every_rule_kept_and_broken():
    assert {(case[0], case[4] is KEPT) for case in CASES} == {
        (rule, kept) for rule in distribution.RULES for kept in (True, False)
    }


@pytest.mark.parametrize(
    ("twin", "main", "found"),
    [
        ("", "NEWS STB", KEPT),
        ("", "NEWS MODEM", ("MAIN", "MODEM")),
        ("NEWS", "STB", KEPT),
        ("NEWS CARD MODEM", "SPORT", ("MAIN, TWIN", "CARD, MODEM")),
        ("NEWS", "", ("TWIN", "no physical good")),
        ("CARD", "", KEPT),
        ("", "", KEPT),
    ],
)
def test_mandatory_hardware_is_wanted_once_wherever_anything_is_watched(twin, main, found):
    at = provider()
    at = replace(at, hardware=(Hardware("STB", "box", mandatory=True), Hardware("CARD", "card")))
    expected = [f"{found[0]}, mandatory hardware: found {found[1]}; wanted: STB."] if found else []
    assert found_at(subscription(twin, main), at) == expected


def test_each_mandatory_physical_good_is_wanted():
    at = replace(
        provider(), hardware=(Hardware("STB", "box", mandatory=True), Hardware("CARD", "card", mandatory=True))
    )
    found = [sentence.rpartition("wanted: ")[2] for sentence in found_at(subscription("NEWS"), at)]
    assert found == ["STB.", "CARD."]


@pytest.mark.parametrize("state", IS_OFF)
@pytest.mark.parametrize("says", [ONLY_NEWS, BEHIND_MAIN, most(0), least(1, **MUST), needs(services=("NEWS",))])
def test_a_service_that_is_off_is_on_no_distributor(state, says):
    one = subscription("SPORT")
    one.services[0].state = state
    assert found_at(one, provider(**says)) == []


@pytest.mark.parametrize("state", IS_OFF)
def test_a_distributor_with_nothing_but_what_is_off_is_not_in_use(state):
    one = subscription("NEWS", "SPORT")
    one.services[1].state = state
    assert found_at(one, provider(**BEHIND_MAIN)) == broken(REQUIRED, "nothing on MAIN", "MAIN in use")


def test_what_is_on_for_a_short_term_counts():
    one = subscription("SPORT")
    one.services[0].state = State.SHORT_TERM_EFFECTIVE
    assert found_at(one, provider(**ONLY_NEWS)) == broken(ALLOWED, "SPORT", "one of NEWS")


def test_a_usage_service_counts_until_its_window_is_over():
    one = subscription("MATCH")
    one.services[0].window = Window(datetime(2030, 6, 1, tzinfo=UTC), NOW)
    at = provider(**most(0))
    assert found_at(one, at, datetime(2030, 6, 15, 11, 59, 59, tzinfo=UTC))
    assert found_at(one, at, NOW) == []


def test_each_distributor_has_rules_of_its_own_and_all_that_are_broken_are_named():
    at = provider(allowed_services=("NEWS",), restrictions=(Restriction(maximum=1), Restriction(2)), **BEHIND_MAIN)
    one = subscription("NEWS SPORT KIDS")
    assert [sentence.partition(":")[0] for sentence in found_at(one, at)] == [
        "TWIN, allowed services",
        "TWIN, allowed services",
        "TWIN, required distributor",
        "TWIN, restriction",
    ]


def test_a_refusal_tells_of_every_provider():
    one = subscription("SPORT")
    first = provider(**ONLY_NEWS)
    second = Provider("radio", "Radio", "tucano", distributors=(Distributor("ATTIC", "Attic", ("NEWS",)),))
    one.services[0].distributors.add("ATTIC")
    with pytest.raises(RuleViolatedError) as refusal:
        check(one, (first, second), CATALOGUE, NOW)
    assert refusal.value.message == (
        "TWIN, allowed services: found SPORT; wanted: one of NEWS. "
        "ATTIC, allowed services: found SPORT; wanted: one of NEWS."
    )
    assert (refusal.value.code, refusal.value.field) == ("RULE_VIOLATED", "distributors")


def test_where_no_rule_is_broken_nothing_is_refused():
    check(subscription("NEWS", "SPORT"), (provider(**BEHIND_MAIN, **ONLY_NEWS),), CATALOGUE, NOW)


PLACES = st.lists(st.sampled_from(["NEWS", "SPORT", "KIDS", "MATCH", "PACK>NEWS", "STB", "CARD"]), max_size=6)
BOUNDS = st.integers(0, 5)


@given(PLACES, BOUNDS, st.none() | BOUNDS, st.booleans())
def test_a_restriction_is_broken_just_outside_its_bounds(there, minimum, maximum, mandatory):
    counted = sum(CATALOGUE.products[word.rpartition(">")[2]].is_service for word in there)
    inside = minimum <= counted <= (99 if maximum is None else maximum)
    looked_at = counted or (mandatory and there)
    rule = Restriction(minimum, maximum, mandatory=mandatory)
    found = found_at(subscription(" ".join(there)), provider(restrictions=(rule,)))
    assert bool(found) == bool(looked_at and not inside)


@given(PLACES, PLACES, st.randoms())
def test_the_order_of_services_and_items_does_not_matter(twin, main, chance: random.Random):
    rules = {**ONLY_NEWS, **BEHIND_MAIN, **most(2), **needs(services=("SPORT",), physical_goods=("STB",))}
    one = subscription(" ".join(twin), " ".join(main))
    before = sorted(found_at(one, provider(**rules)))
    chance.shuffle(one.services)
    one.items.reverse()
    assert sorted(found_at(one, provider(**rules))) == before


@given(PLACES, PLACES)
def test_without_rules_whatever_the_platform_knows_may_be_anywhere(twin, main):
    assert found_at(subscription(" ".join(twin), " ".join(main)), provider()) == []
