"""Who is out of sync, found for many subscriptions at once, is who is out of sync where each is looked at alone."""

from datetime import timedelta
from random import Random

import pytest

from engine.service.question import question
from engine.service.standing import standing
from engine.store import beliefs, out_of_sync, requests
from engine.store.gaps.question import Span
from engine.store.selection import ALL, Selection
from tests.engine.service.test_plan_many import undone
from tests.engine.service.throng import CONFIGURATION, CONNECTIONS, IT, Throng

SIZE, SEEDS = 120, 3


@pytest.fixture(params=list(CONNECTIONS))
def context(request, engine, tmp_path):
    said = {"PROTOCOL": request.param, "CONNECTION": CONNECTIONS[request.param], "PARAMETERS": "{}"}
    text = CONFIGURATION
    for name, value in said.items():
        text = text.replace(name, value)
    (tmp_path / "it.toml").write_text(text, encoding="utf-8")
    engine.configure(tmp_path / "it.toml")
    return engine.context


def one_by_one(context, connection, made):
    """Those who are out of sync, by key, as each is shown."""
    provider, keys = context.provider(IT), list(made)
    held, pending = beliefs.load_many(connection, keys), requests.pending_of_many(connection, keys)
    for key, one in made.items():
        known, under_way = held.get((key, IT), []), pending.get((key, IT), {})
        shown = standing(context, one, provider, known, pending=under_way, in_files=())
        if not shown.in_sync:
            yield key, one, shown


@pytest.mark.parametrize("seed", range(SEEDS))
def test_who_is_out_of_sync_is_found_for_many_as_for_each(seed, context):
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
