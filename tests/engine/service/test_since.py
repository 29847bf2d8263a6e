"""Since when something is out of sync: from the change that could not be made on, until the request that makes it."""

from datetime import timedelta

import pytest

from tests.engine.at_conax import accept_all, add_conax, card, subscribe_at_conax
from tests.engine.fakes import NOON, rejected


@pytest.fixture
def since(engine, clock, standing):
    """Since when the subscription is out of sync, which is known if it is; and a minute passes."""

    def told(provider="tv"):
        found = engine.show("S0000000001").providers[provider]
        clock.at += timedelta(minutes=1)
        assert found.in_sync is (found.since is None)
        return found.since

    return told


def test_what_was_refused_is_out_of_sync_since_then_until_a_reset_has_made_it(engine, subscribe, platform, since):
    subscribe(engine)
    assert since() is None
    platform.answer_with(rejected("UNKNOWN_OPTION"))
    engine.act("ADD_SERVICE", "S0000000001", product="KIDS", distributors=["MAIN"])
    first = since()
    assert first == NOON + timedelta(minutes=1)
    engine.act("REMOVE_SERVICE", "S0000000001", service="NEWS")
    assert since() == first
    platform.answer_with(rejected("UNKNOWN_OPTION"))
    engine.reset("S0000000001")
    assert since() == first
    engine.reset("S0000000001")
    assert since() is None
    engine.act("REMOVE_SERVICE", "S0000000001", service="KIDS")
    assert since() is None


def test_what_is_not_wanted_any_more_is_out_of_sync_no_more(engine, subscribe, platform, since):
    subscribe(engine)
    platform.answer_with(rejected("UNKNOWN_OPTION"))
    engine.act("ADD_SERVICE", "S0000000001", product="KIDS", distributors=["MAIN"])
    assert since() == NOON
    engine.act("REMOVE_SERVICE", "S0000000001", service="KIDS")
    assert since() is None
    platform.answer_with(rejected("UNKNOWN_OPTION"))
    engine.act("ADD_SERVICE", "S0000000001", product="KIDS", distributors=["MAIN"])
    assert since() == NOON + timedelta(minutes=2)


def test_nobody_knows_since_when_a_configuration_has_made_something_differ(engine, subscribe, change, standing):
    subscribe(engine)
    change(services=())
    assert not standing(engine).in_sync
    assert standing(engine).since is None


def test_in_files_it_lasts_until_the_last_of_them_is_accepted(engine, tmp_path, since):
    site = add_conax(engine, tmp_path)
    subscribe_at_conax(engine, "S0000000001", card("01234567890"), card("987654321098", "STB"))
    engine.run("SEND")
    pairs, services = sorted(site.waiting)
    assert since("conax") == NOON
    site.accept(pairs)
    engine.run("ANSWERS")
    assert since("conax") == NOON
    site.refuse(services, "ERR_PRODUCT", 3)
    engine.run("ANSWERS")
    assert since("conax") == NOON
    engine.run("SEND")
    accept_all(engine, site)
    assert since("conax") is None


def test_what_was_refused_when_it_was_not_wanted_any_more_is_not_what_differs_later(engine, tmp_path, since):
    site = add_conax(engine, tmp_path)
    subscribe_at_conax(engine, "S0000000001", card("01234567890"))
    engine.run("SEND")
    (services,) = site.waiting
    engine.act("DEACTIVATE_SUBSCRIPTION", "S0000000001")
    assert since("conax") == NOON
    site.refuse(services, "ERR_PRODUCT", 3)
    engine.run("ANSWERS")
    assert since("conax") is None
    engine.act("ACTIVATE_SUBSCRIPTION", "S0000000001")
    assert since("conax") == NOON + timedelta(minutes=2)
