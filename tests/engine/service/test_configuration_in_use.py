"""A configuration that is replaced while the engine works: who has begun with one goes on with it."""

from dataclasses import replace

import pytest

from engine.bootstrap import Engine
from engine.domain.catalogue import Catalogue
from engine.service import configured as module
from engine.service.configured import configured

NUMBER = "S0000000001"


def test_what_is_left_when_a_provider_is_no_longer_effective_stays_pending(
    engine, change, subscribe, platform, standing
):
    platform.before_answer = lambda message: change(effective=platform.read(message)[0] != "CREATE_ACCOUNT")
    subscribe(engine)
    assert platform.names == ["CREATE_ACCOUNT"]
    assert standing(engine).pending == 2
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


@pytest.fixture
def two_engines(tmp_path, configuration, monkeypatch):
    """Two engines on one file, which they take for a database that they share."""
    engines = [Engine(str(tmp_path / "engine.sqlite")) for _ in range(2)]
    engines[0].configure(configuration)
    for engine in engines:
        monkeypatch.setattr(engine.context.database, "shared", True)
    yield engines
    for engine in engines:
        engine.close()


def test_what_one_engine_loads_the_other_works_with(two_engines, configuration):
    one, other = two_engines
    assert [provider.code for provider in other.providers()] == ["tv"]
    one.load_configuration({"new": configuration.read_text(encoding="utf-8").replace('"News"', '"Nieuws"')})
    with other.context.database.transaction() as connection:
        assert configured(other.context, connection).catalogue.products["NEWS"].name == "Nieuws"
    one.set_provider_effective("tv", effective=False)
    assert [provider.effective for provider in other.providers()] == [False]
    assert other.context.effective_providers == []


def test_who_has_the_newest_configuration_does_not_read_it_again(two_engines, configuration, monkeypatch):
    one, other = two_engines
    other.providers()
    monkeypatch.setattr(module, "current", None)
    one.configure(configuration)
    one.set_provider_effective("tv", effective=True)
    assert [provider.code for provider in other.providers()] == ["tv"]
