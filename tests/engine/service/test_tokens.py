"""Tokens: shown once, kept as a hash, each of a caller of its own, recognised at little cost."""

from datetime import timedelta

import pytest

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.service import tokens
from engine.service.tokens import Doorkeeper


@pytest.fixture
def database(engine):
    return engine.context.database


@pytest.fixture
def doorkeeper(database, clock):
    return Doorkeeper(database, clock, "of the process")


def test_a_token_is_long_and_never_the_same_and_known_for_one(database, clock):
    made = {tokens.create(database, clock, f"caller-{number}") for number in range(5)}
    assert len(made) == 5
    assert all(token.startswith("hd_") and len(token) > 40 for token in made)


def test_a_name_stands_for_one_caller_for_ever(database, clock):
    tokens.create(database, clock, "crm")
    with pytest.raises(NotAllowedError, match="There is a token crm, in use"):
        tokens.create(database, clock, "crm")
    tokens.revoke(database, clock, "crm")
    with pytest.raises(NotAllowedError, match="There is a token crm, revoked already; choose another name") as refusal:
        tokens.create(database, clock, "crm")
    assert refusal.value.field == "name"


@pytest.mark.parametrize("name", ["", " ", "-crm", "a b", "crm\n", "x" * 65, "é", "a/b"])
def test_a_name_is_short_and_plain(name, database, clock):
    with pytest.raises(InvalidError, match="letters, digits") as refusal:
        tokens.create(database, clock, name)
    assert refusal.value.field == "name"


def test_what_is_known_of_a_token_is_when_it_was_made_used_and_revoked(database, clock, doorkeeper):
    token, at = tokens.create(database, clock, "crm"), clock.now()
    assert tokens.everyone(database) == [tokens.Token("crm", at, None, None)]
    clock.sleep(5)
    assert doorkeeper.knows(token)
    clock.sleep(5)
    tokens.revoke(database, clock, "crm")
    tokens.revoke(database, clock, "crm")
    used, revoked = at + timedelta(seconds=5), at + timedelta(seconds=10)
    assert tokens.everyone(database) == [tokens.Token("crm", at, used, revoked)]


def test_a_caller_that_there_is_not_can_not_be_revoked(database, clock):
    tokens.create(database, clock, "crm")
    with pytest.raises(UnknownError, match="Unknown token 'cmr', perhaps crm was meant"):
        tokens.revoke(database, clock, "cmr")


def test_the_token_of_the_process_is_known_and_costs_the_database_nothing(doorkeeper, database, monkeypatch):
    monkeypatch.setattr(database, "reading", lambda: 1 / 0)
    assert doorkeeper.knows("of the process")


def test_the_database_is_asked_once_a_second_of_a_token_and_written_once_a_minute(
    doorkeeper, database, clock, statements
):
    token = tokens.create(database, clock, "crm")
    with statements(database) as said:
        assert all(doorkeeper.knows(token) for _ in range(100))
    assert [one.split()[0] for one in said] == ["SELECT", "UPDATE"]
    for _ in range(59):
        clock.sleep(1)
        assert doorkeeper.knows(token)
    with statements(database) as said:
        assert doorkeeper.knows(token)
        clock.sleep(1)
        assert doorkeeper.knows(token)
    assert [one.split()[0] for one in said] == ["SELECT", "UPDATE"]


def test_a_token_that_is_not_known_is_asked_for_each_time_and_remembered_by_nobody(doorkeeper, database, statements):
    with statements(database) as said:
        assert not any(doorkeeper.knows(f"hd_{number}") for number in range(3))
    assert len(said) == 3
    assert doorkeeper._seen == {}
