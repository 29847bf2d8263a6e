"""What a request's end does to what the platform is believed to hold."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.belief import account_of, account_unknown, completed, device_unknown, doubted
from engine.domain.request import NOTHING, gives, takes
from engine.domain.rights import Held, Kind
from engine.domain.subscription import Window

AT = datetime(2030, 6, 15, 12, tzinfo=UTC)
EARLIER = datetime(2030, 1, 1, tzinfo=UTC)
ACCOUNT = Held(Kind.ACCOUNT, "T1", since=EARLIER)
NEWS = Held(Kind.SERVICE, "NEWS", since=EARLIER)
SPORT = Held(Kind.SERVICE, "SPORT", since=EARLIER)
BOX = Held(Kind.ITEM, "SPORT", since=EARLIER)
HELD = [ACCOUNT, NEWS, SPORT, BOX]
ON, OFF = gives(Kind.SERVICE, "options"), takes(Kind.SERVICE, "options")
WINDOW = Window(datetime(2030, 7, 1, 18, tzinfo=UTC), datetime(2030, 7, 1, 23, tzinfo=UTC))


def test_what_was_given_is_held_since_then():
    after = completed(HELD, ON, {"options": ["KIDS", "DRAMA"]}, at=AT)
    assert after == [*HELD, Held(Kind.SERVICE, "KIDS", since=AT), Held(Kind.SERVICE, "DRAMA", since=AT)]


def test_what_was_given_with_a_window_is_held_for_it():
    said = {"options": ["KIDS", "MATCH"], "windows": {"MATCH": ["2030-07-01T18:00:00+00:00", "2030-07-01T23:00:00Z"]}}
    after = completed([], ON, said, at=AT)
    assert after == [Held(Kind.SERVICE, "KIDS", since=AT), Held(Kind.SERVICE, "MATCH", window=WINDOW, since=AT)]


def test_what_was_given_again_is_held_once_and_without_doubt():
    doubtful = [replace(NEWS, in_doubt=True, window=WINDOW), replace(BOX, authorised=False, in_doubt=True)]
    assert completed(doubtful, ON, {"options": ["NEWS"]}, at=AT) == [
        doubtful[1],
        Held(Kind.SERVICE, "NEWS", since=AT),
    ]


def test_what_was_taken_is_held_no_more_and_nothing_else_changes():
    assert completed(HELD, OFF, {"options": ["SPORT", "NEVER"]}, at=AT) == [ACCOUNT, NEWS, BOX]
    assert completed(HELD, takes(Kind.ITEM, "material"), {"material": "SPORT"}, at=AT) == [ACCOUNT, NEWS, SPORT]


def test_a_device_is_one_id_and_not_its_letters():
    after = completed([], gives(Kind.ITEM, "material"), {"material": "AB"}, at=AT)
    assert after == [Held(Kind.ITEM, "AB", since=AT)]


def test_there_is_one_account_the_one_named_last():
    after = completed(HELD, gives(Kind.ACCOUNT), {}, account="T2", at=AT)
    assert after == [NEWS, SPORT, BOX, Held(Kind.ACCOUNT, "T2", since=AT)]
    assert account_of(after) == "T2"


def test_where_there_is_no_account_it_has_no_id():
    assert account_of([NEWS, BOX]) == ""


@pytest.mark.parametrize("effect", [ON, OFF])
def test_what_was_held_stays_held_in_doubt(effect):
    after = doubted(HELD, effect, {"options": ["SPORT"]})
    assert after == [ACCOUNT, NEWS, replace(SPORT, in_doubt=True), BOX]
    assert not after[2].certain


@pytest.mark.parametrize("effect", [ON, OFF])
def test_what_was_not_held_is_in_doubt_and_not_authorised(effect):
    after = doubted(HELD, effect, {"options": ["KIDS"]})
    assert after == [*HELD, Held(Kind.SERVICE, "KIDS", authorised=False, in_doubt=True)]


def test_an_account_that_may_exist_is_in_doubt_without_an_id():
    after = doubted([NEWS], gives(Kind.ACCOUNT), {"subscriber": {}})
    assert after == [NEWS, Held(Kind.ACCOUNT, "", authorised=False, in_doubt=True)]
    assert account_of(after) == ""
    assert doubted(after, gives(Kind.ACCOUNT), {"subscriber": {}}) == after
    assert completed(after, gives(Kind.ACCOUNT), {"subscriber": {}}, account="T1", at=EARLIER) == [NEWS, ACCOUNT]


def test_an_account_that_is_held_keeps_its_id_in_doubt():
    assert doubted(HELD, gives(Kind.ACCOUNT), {"subscriber": {}}) == [replace(ACCOUNT, in_doubt=True), NEWS, SPORT, BOX]


def test_nothing_is_certain_when_the_account_is_unknown_and_its_id_is_kept():
    after = account_unknown(HELD, OFF, {"options": ["NEWS"]})
    assert [right.ca_id for right in after] == [right.ca_id for right in HELD]
    assert not any(right.certain for right in after)
    assert all(right.authorised for right in after)


def test_what_was_in_doubt_and_is_to_be_taken_is_gone_with_the_account():
    after = account_unknown(account_unknown(HELD, OFF, {"options": ["NEWS"]}), OFF, {"options": ["NEWS"]})
    assert [right for right in HELD if right.ca_id == "NEWS" and right.kind is Kind.SERVICE]
    assert not [right for right in after if right.ca_id == "NEWS" and right.kind is Kind.SERVICE]
    assert len(after) == len(HELD) - 1


def test_beliefs_are_values_and_the_old_one_stays_as_it_was():
    before = list(HELD)
    completed(HELD, OFF, {"options": ["NEWS"]})
    doubted(HELD, OFF, {"options": ["NEWS"]})
    account_unknown(HELD, OFF, {"options": ["NEWS"]})
    assert before == HELD
    assert not any(right.in_doubt for right in HELD)


def test_what_gives_and_takes_nothing_changes_nothing_and_stands_for_no_gift():
    said = {"secure_client": "SPORT", "text": "Hello"}
    assert completed(HELD, NOTHING, said, at=AT) == doubted(HELD, NOTHING, said) == HELD
    assert device_unknown(HELD, NOTHING, said, "BOX-9") == HELD
    assert not NOTHING.changes_holdings
    assert NOTHING.kind not in set(Kind)
