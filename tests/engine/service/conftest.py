import threading
from datetime import timedelta

import pytest

from tests.engine.both import add_irdeto


@pytest.fixture
def at_irdeto(engine, platform, tmp_path):
    """The engine with a provider at Irdeto too; what Irdeto is asked."""
    return add_irdeto(engine, platform, tmp_path)


@pytest.fixture
def equip(engine, at_irdeto):
    """Subscriptions with News, and boxes and a card at Irdeto; nothing of that is to be looked at."""

    def equipped(number, *boxes, card=""):
        items = [{"product": "STB", "serial_number": box, "distributors": ["CA_MAIN"]} for box in boxes]
        items += [{"product": "CARD", "serial_number": card, "distributors": ["CA_MAIN"]}] if card else []
        ada = {"first_name": "Ada", "last_name": "Lovelace"}
        services = [{"product": "NEWS", "distributors": ["CA_MAIN"]}]
        executed = engine.act("BECOME_SUBSCRIBER", subscriber=ada, services=services, items=items, number=number)
        assert executed.in_sync
        at_irdeto.calls.clear()

    return equipped


@pytest.fixture
def resting(engine, subscribe, clock, maintain):
    """Four subscriptions whose resting has ended."""
    for number in ("T0", "T1", "T2", "T3"):
        subscribe(engine, number=number)
        engine.act("REST_SUBSCRIPTION", number, until="2030-06-20")
    clock.at += timedelta(days=30)
    return engine


@pytest.fixture
def held_up(platform):
    """The platform's next answer waits; gives when it is waited for, and what lets it come."""
    reached, go_on = threading.Event(), threading.Event()

    def wait(_message):
        reached.set()
        assert go_on.wait(10)

    platform.before_answer = wait
    yield reached, go_on
    go_on.set()
