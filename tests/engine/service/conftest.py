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
