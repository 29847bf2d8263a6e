"""Platforms whose accounts end with their subscriptions, and that know no windows."""

from datetime import UTC, datetime

import pytest

from engine.domain.belief import completed, doubted
from engine.domain.gap import Gap, gap
from engine.domain.keeping import Keeping
from engine.domain.request import gives, takes
from engine.domain.rights import Held, Kind, wanted
from engine.domain.states import FINAL, State
from engine.domain.subscription import Service

NOW = datetime(2030, 6, 15, 12, tzinfo=UTC)
ENDING = Keeping(account_ends=True)
ACCOUNT, NEWS = Held(Kind.ACCOUNT, "7"), Held(Kind.SERVICE, "O_NEWS")


@pytest.mark.parametrize("state", State)
def test_an_account_goes_when_its_subscription_has_ended(state, subscription, provider):
    subscription.state, subscription.services, subscription.items = state, [], []
    found = gap(subscription, wanted(subscription, provider, NOW, ENDING), [ACCOUNT])
    assert found == Gap(subscription, account_gone=state in FINAL)


def test_an_account_in_doubt_goes_too(subscription, provider):
    subscription.state, subscription.services, subscription.items = State.CANCELLED, [], []
    held = doubted([ACCOUNT], takes(Kind.ACCOUNT), {"account": "7"})
    assert gap(subscription, wanted(subscription, provider, NOW, ENDING), held).account_gone


def test_an_account_that_may_have_been_made_is_asked_for_so_that_it_can_go(subscription, provider):
    subscription.state, subscription.services, subscription.items = State.CANCELLED, [], []
    held = doubted([], gives(Kind.ACCOUNT), {"subscriber": {}})
    found = gap(subscription, wanted(subscription, provider, NOW, ENDING), held)
    assert found == Gap(subscription, account_missing=True, account_gone=True)
    assert gap(subscription, wanted(subscription, provider, NOW), held).is_empty


def test_an_account_that_has_gone_is_not_asked_for_again(subscription, provider):
    subscription.state = State.CANCELLED
    subscription.services, subscription.items = [], []
    assert gap(subscription, wanted(subscription, provider, NOW, ENDING), []).is_empty


def test_elsewhere_an_account_stays_for_ever(subscription, provider):
    subscription.state, subscription.services, subscription.items = State.CANCELLED, [], []
    assert gap(subscription, wanted(subscription, provider, NOW), [ACCOUNT]).is_empty


def test_with_an_account_goes_all_that_hung_on_it():
    assert completed([ACCOUNT, NEWS], takes(Kind.ACCOUNT), {"account": "7"}) == []


def test_a_doubt_about_an_account_that_was_to_go_is_a_doubt_about_all_of_it():
    assert [right.in_doubt for right in doubted([ACCOUNT, NEWS], takes(Kind.ACCOUNT), {"account": "7"})] == [True, True]


def test_a_platform_that_knows_no_windows_holds_a_usage_service_until_it_is_over(subscription, provider, window):
    subscription.services = [Service(1, "MATCH", State.EFFECTIVE, {"MAIN"}, window=window)]
    keeping = Keeping(windows=False)
    assert wanted(subscription, provider, NOW, keeping).services == {"O_MATCH": None}
    assert wanted(subscription, provider, window.end, keeping).services == {}
