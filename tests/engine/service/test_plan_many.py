"""What is planned for many subscriptions at once is what would be planned for each of them alone."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.domain.actions import Action
from engine.service.plan import called_for, gap_at
from engine.service.plan_many import plan_many, steps
from engine.store import requests, schema, subscriptions
from tests.engine.service.crowds import CONFIGURATION, PROVIDER, Crowd

RUN = 7
PATIENCE_S = 10
AT_MOST_S = 0.3  # how long something is watched not to happen
TABLE = schema.requests
ABOUT = ("place", "ca_id", "distributor", "detail")


@contextmanager
def undone(database):
    """A transaction of which nothing is left."""
    with database.transaction() as connection, connection.begin_nested() as whole:
        yield connection
        whole.rollback()


@pytest.fixture
def context(engine, tmp_path):
    (tmp_path / "conax.toml").write_text(CONFIGURATION, encoding="utf-8")
    engine.configure(tmp_path / "conax.toml")
    return engine.context


@pytest.fixture
def crowd(context):
    """Make subscriptions by chance."""
    provider, now = context.provider(PROVIDER), context.clock.now()
    renewed_before = context.adapter(provider).files.renewed_before(provider, now)
    return lambda random, connection, size: Crowd(random, connection, now, renewed_before).make(size)


def one_by_one(context, connection, keys):
    """What would be planned for each subscription alone, in order: what, and what that is about."""
    provider = context.provider(PROVIDER)
    adapter = context.adapter(provider)
    for key in keys:
        number = connection.execute(select(schema.subscriptions.c.number).filter_by(id=key)).scalar_one()
        _key, one = subscriptions.load(connection, number)
        for row, said in called_for(adapter.table, Action.RESET, gap_at(context, connection, key, one, provider)):
            yield key, row.request, said, adapter.about(row.request, said)


def at_once(context, connection, together):
    """What is planned for all of them at once."""
    provider = context.provider(PROVIDER)
    counts = {}
    for step in steps(context, connection, provider, together):
        for request_type, number in plan_many(context, connection, provider, RUN, step).items():
            counts[request_type] = counts.get(request_type, 0) + number
    return counts


def planned(connection):
    """The requests that the run has made, in order."""
    rows = connection.execute(select(TABLE).where(TABLE.c.process_id == RUN).order_by(TABLE.c.number))
    return list(rows.mappings())


def as_made(row):
    about = {name: row[name] for name in ABOUT}
    return row["subscription_id"], row["type"], row["parameters_set"], about


def check(context, crowd, random, size, together=3):
    """Plan for a crowd in both ways, and compare."""
    with undone(context.database) as connection:
        keys = crowd(random, connection, size)
        alone = sorted(one_by_one(context, connection, keys), key=str)
        counts = at_once(context, connection, together)
        made = planned(connection)
        assert sorted(map(as_made, made), key=str) == alone
        assert counts == {name: [one[1] for one in alone].count(name) for name in {one[1] for one in alone}}
        assert not list(one_by_one(context, connection, keys))
        assert not at_once(context, connection, together)
        return made


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False), size=st.integers(1, 4))
def test_what_is_planned_for_many_is_what_is_planned_for_each(random, size, context, crowd):
    check(context, crowd, random, size)


def test_each_kind_of_request_is_planned_for_a_large_crowd(context, crowd):
    made = check(context, crowd, Random(20260801), 150, together=100)  # noqa: S311 (the same ones each time)
    table = context.adapter(context.provider(PROVIDER)).table
    often = {name for name, number in Counter(row["type"] for row in made).items() if number > 9}
    assert often == {row.request for row in table if row.part}


@pytest.fixture
def kept(context, crowd):
    """A crowd that is there for all to see; gives its keys."""
    with context.database.transaction() as connection:
        return list(crowd(Random(1), connection, 40))  # noqa: S311 (the same ones each time)


@pytest.mark.postgresql("a SQLite file has one writer")
def test_planning_waits_for_who_acts_on_a_subscription_and_neither_is_turned_away(context, kept):
    def plan():
        with context.database.transaction() as connection:
            return at_once(context, connection, len(kept))

    with ThreadPoolExecutor() as beside:
        with context.database.transaction() as connection:
            subscriptions.lock(connection, kept[-1])
            planning = beside.submit(plan)
            with pytest.raises(TimeoutError):
                planning.result(AT_MOST_S)
            requests.take_numbers(connection, PROVIDER, 1)
        assert sum(planning.result(PATIENCE_S).values()) > len(kept)


@pytest.mark.postgresql("a SQLite file has one writer")
def test_of_two_runs_at_once_each_request_is_planned_by_one(context, kept):
    started, provider = Barrier(2), context.provider(PROVIDER)

    def plan(to_do):
        started.wait(PATIENCE_S)
        for step in to_do:
            with context.database.transaction() as mine:
                plan_many(context, mine, provider, RUN, step)

    with context.database.reading() as connection:
        alone = sorted(one_by_one(context, connection, kept), key=str)
        with ThreadPoolExecutor() as beside:
            to_do = list(steps(context, connection, provider, together=10))
            for one in [beside.submit(plan, to_do), beside.submit(plan, to_do)]:
                one.result(PATIENCE_S)
    with context.database.reading() as connection:
        made = planned(connection)
    assert sorted(map(as_made, made), key=str) == alone
    numbers = [row["number"] for row in made]
    assert numbers == list(range(numbers[0], numbers[0] + len(alone)))
