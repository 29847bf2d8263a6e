"""A configuration that is replaced while the engine works: who has begun with one goes on with it."""

from dataclasses import replace

import pytest

from engine.domain.catalogue import Catalogue

NUMBER = "S0000000001"


def test_what_is_left_when_a_provider_is_no_longer_effective_stays_pending(
    engine, change, subscribe, platform, standing
):
    platform.before_answer = lambda message: change(effective=platform.read(message)[0] != "CREATE_ACCOUNT")
    subscribe(engine)
    assert platform.names == ["CREATE_ACCOUNT"]
    assert standing(engine)["pending"] == 2
    change(effective=True)
    engine.recover()
    assert platform.names == ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS"]


def test_other_connection_parameters_outlive_a_configuration_that_is_loaded(engine, configuration, platform, subscribe):
    engine.point("tv", end_point="http://elsewhere.test/tucano")
    engine.configure(configuration)
    subscribe(engine)
    assert {message.url for message in platform.messages} == {"http://elsewhere.test/tucano"}
    assert {message.credentials[0] for message in platform.messages} == {"headend"}


def test_whoever_looks_sees_one_configuration_to_the_end(engine):
    looking = engine.context.still()
    engine.context.configuration = replace(engine.context.configuration, catalogue=Catalogue(), providers={})
    assert "tv" in looking.providers
    assert "NEWS" in looking.catalogue.products
    with pytest.raises(KeyError):
        engine.context.providers["tv"]
