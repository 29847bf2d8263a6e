"""Who is out of sync, found for many subscriptions at once, is who is out of sync where each is looked at alone."""

from datetime import timedelta
from random import Random

import pytest

from engine.domain.rights import Held, Kind
from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Subscription
from engine.service.question import question
from engine.service.standing import standing
from engine.store import beliefs, out_of_sync, requests, subscriptions
from engine.store.gaps.question import Span
from engine.store.selection import ALL, Selection
from tests.engine.service.test_plan_many import undone
from tests.engine.service.throng import ADA, CONFIGURATION, CONNECTIONS, IT, Throng

SIZE, SEEDS = 120, 3


@pytest.fixture
def at(engine, tmp_path):
    """The engine's parts, with a provider at a platform."""

    def configured(protocol):
        said = {"PROTOCOL": protocol, "CONNECTION": CONNECTIONS[protocol], "PARAMETERS": "{}"}
        text = CONFIGURATION
        for name, value in said.items():
            text = text.replace(name, value)
        (tmp_path / "it.toml").write_text(text, encoding="utf-8")
        engine.configure(tmp_path / "it.toml")
        return engine.context

    return configured


def one_by_one(context, connection, made):
    """Those who are out of sync, by key, as each is shown."""
    provider, keys = context.provider(IT), list(made)
    held, pending = beliefs.load_many(connection, keys), requests.pending_of_many(connection, keys)
    for key, one in made.items():
        known, under_way = held.get((key, IT), []), pending.get((key, IT), {})
        shown = standing(context, one, provider, known, pending=under_way, in_files=())
        if not shown.in_sync:
            yield key, one, shown


@pytest.mark.parametrize("protocol", list(CONNECTIONS))
@pytest.mark.parametrize("seed", range(SEEDS))
def test_who_is_out_of_sync_is_found_for_many_as_for_each(seed, protocol, at):
    context = at(protocol)
    provider, now = context.provider(IT), context.clock.now()
    asked = question(context.adapter(provider), provider)
    with undone(context.database) as connection:
        made = Throng(Random(seed), connection, context).make(SIZE)  # noqa: S311 (the same ones each time)
        first, last = min(made), max(made)
        alone = {key: (one, shown.differences) for key, one, shown in one_by_one(context, connection, made)}
        found = out_of_sync.keys(connection, asked, Span(range(first, last + 1), now))
        assert {key: made[key] for key in found if key not in alone} == {}
        assert {key: why for key, why in alone.items() if key not in found} == {}
        assert found == sorted(alone)
        assert SIZE / 5 < len(found) < SIZE * 4 / 5
        assert out_of_sync.count(connection, asked, now, ALL) == len(found)
        of_one_type = [key for key in found if made[key].type == "A"]
        assert (
            out_of_sync.page(connection, asked, now, Selection(types=("A",)), after=first, limit=7)
            == [key for key in of_one_type if key > first][:7]
        )
        older = Selection(created_from=now - timedelta(days=2), created_to=now)
        assert 0 < out_of_sync.count(connection, asked, now, older) < len(found)


@pytest.mark.parametrize(
    ("devices", "pairs", "registered"),
    [
        ({"C": "CARD"}, {}, "C"),
        ({"B1": "STB", "B2": "STB", "C": "CARD"}, {"B1": "C", "B2": "C"}, ""),
        ({"B": "STB", "C1": "CARD", "C2": "CARD"}, {"B": "C1", "B ": "C2"}, ""),
        ({"B": "STB", "C elsewhere": "CARD"}, {"B": "C elsewhere"}, ""),
    ],
    ids=["a card that is registered", "a card in two pairs", "a box in two pairs", "a pair on two distributors"],
)
def test_only_a_device_that_is_mixed_up_is_out_of_sync_too(devices, pairs, registered, at):
    context = at("irdeto")
    provider, now = context.provider(IT), context.clock.now()
    places = {serial: "IT_TWIN1" if "elsewhere" in serial else "IT_MAIN" for serial in devices}
    items = [
        InstalledItem(serial, product, ItemState.EFFECTIVE, {places[serial]}, {}) for serial, product in devices.items()
    ]
    held = [Held(Kind.ITEM, one, place=places[one]) for one in devices if devices[one] == "STB" or one == registered]
    held += [Held(Kind.PAIR, other, place=seat.strip()) for seat, other in pairs.items()]
    with undone(context.database) as connection:
        key = subscriptions.create(connection, Subscription("", ADA, State.EFFECTIVE, items=items), now)
        beliefs.replace(connection, key, IT, (), held)
        asked = question(context.adapter(provider), provider)
        assert out_of_sync.keys(connection, asked, Span(range(key, key + 1), now)) == [key]
