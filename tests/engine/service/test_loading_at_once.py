"""Configurations that are loaded while others load, act or fail."""

import threading

import pytest

from engine.service import configure
from engine.store import configuration as store


@pytest.fixture
def text(configuration):
    return configuration.read_text(encoding="utf-8")


def test_two_who_load_at_once_come_one_after_the_other(engine, text, monkeypatch):
    inside, most, lock, save = [], [], threading.Lock(), store.save

    def slow(*arguments):
        with lock:
            inside.append(1)
            most.append(len(inside))
        threading.Event().wait(0.05)
        save(*arguments)
        with lock:
            inside.pop()

    monkeypatch.setattr(store, "save", slow)
    shown = []
    contents = {"new.toml": text.replace('"News"', '"Nieuws"')}
    loading = [threading.Thread(target=lambda: shown.append(engine.load_configuration(contents))) for _ in range(4)]
    for thread in loading:
        thread.start()
    for thread in loading:
        thread.join()
    assert max(most) == 1
    assert sorted(len(one.differences) for one in shown) == [0, 0, 0, 1]


def test_a_configuration_that_can_not_be_kept_is_not_worked_with(engine, text, monkeypatch):
    before = engine.context.configuration
    current = configure.current

    def fail(context, connection):
        context.configuration = current(context, connection)
        raise ZeroDivisionError

    monkeypatch.setattr(configure, "current", fail)
    with pytest.raises(ZeroDivisionError):
        engine.load_configuration({"new.toml": text.replace('"News"', '"Nieuws"')})
    assert engine.context.configuration is before


def test_an_action_that_waited_for_a_configuration_works_with_it(engine, subscribe, text, platform):
    """The action begins while the configuration is being changed: it must not name the distributor that goes."""
    told = []

    def act():
        try:
            subscribe(engine, products=("NEWS",), boxes=0)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is compared)
            told.append(str(error))

    waiting = threading.Thread(target=act)
    with configure.changing(engine.context) as connection:
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        store.remove_distributors(connection, ["MAIN"])
        store.advance(connection)
    waiting.join()
    assert told == ["Unknown distributor 'MAIN'; known: TWIN1."]
    assert platform.messages == []
