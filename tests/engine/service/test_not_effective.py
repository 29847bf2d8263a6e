"""A provider that is Not Effective: nothing is sent to it, nothing is planned for it, nothing is lost."""

import pytest

from engine.domain.errors import NotAllowedError, UnknownError

NUMBER = "S0000000001"


@pytest.fixture
def dormant(engine, change):
    change(effective=False)
    return engine


def test_nothing_is_sent_and_a_later_reset_finds_it_all(dormant, change, subscribe, platform, standing, ends):
    assert subscribe(dormant).requests == ()
    assert platform.messages == []
    assert (standing(dormant)["effective"], standing(dormant)["in_sync"]) == (False, False)
    assert standing(dormant)["differences"] == ["+account", "+material B-1-1", "+option O_NEWS", "+option O_SPORT"]
    assert dormant.reset(NUMBER).requests == ()
    change(effective=True)
    assert ends(dormant.reset(NUMBER)) == [
        ("CREATE_ACCOUNT", "COMPLETED", ""),
        ("ADD_MATERIAL", "COMPLETED", ""),
        ("ACTIVATE_OPTIONS", "COMPLETED", ""),
    ]
    assert standing(dormant)["in_sync"]


def test_what_was_taken_away_meanwhile_is_taken_by_the_reset(engine, change, subscribe, standing, ends):
    subscribe(engine)
    change(effective=False)
    engine.act("TERMINATE_SUBSCRIPTION", NUMBER)
    change(effective=True)
    assert ends(engine.reset(NUMBER)) == [("REMOVE_MATERIAL", "COMPLETED", ""), ("SUSPEND_OPTIONS", "COMPLETED", "")]
    assert standing(engine)["in_sync"]


def test_a_reset_that_names_it_is_refused(dormant, subscribe):
    subscribe(dormant)
    with pytest.raises(NotAllowedError, match="Provider tv is NOT_EFFECTIVE: nothing is sent to it") as refusal:
        dormant.reset(NUMBER, "tv")
    assert refusal.value.field == "provider"


def test_a_reset_that_names_a_provider_or_a_subscription_that_there_is_not_is_refused(engine, subscribe):
    subscribe(engine)
    with pytest.raises(UnknownError, match="Unknown provider 'radio'"):
        engine.reset(NUMBER, "radio")
    with pytest.raises(UnknownError, match="Unknown subscription 'S9'"):
        engine.reset("S9")


def test_what_was_pending_when_it_became_not_effective_is_not_sent_by_recovery(
    engine, change, subscribe, platform, standing
):
    class PowerCut(BaseException):
        pass

    def cut(_message):
        raise PowerCut

    platform.before_answer = cut
    with pytest.raises(PowerCut):
        subscribe(engine)
    platform.before_answer = lambda _message: None
    change(effective=False)
    engine.recover()
    assert platform.messages == []
    assert standing(engine)["pending"] == 3
    change(effective=True)
    engine.recover()
    assert platform.names == ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS"]
    assert standing(engine)["in_sync"]
