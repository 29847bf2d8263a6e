"""Testing a connection, and asking for an account: nothing is written down, tried again or counted."""

import re
from dataclasses import replace

import pytest

from engine.domain.errors import UnknownError
from engine.domain.request import Meaning
from engine.ports import Failure, Reply
from engine.service import inquire
from engine.service.breaker import Breakers


@pytest.fixture
def untouched(engine, dump):
    """Whether the engine has kept nothing of it, and its circuit breaker has noticed nothing."""
    before = dump(engine)
    engine.context.breakers = Breakers()
    return lambda: dump(engine) == before and engine.context.breakers.health == {}


CASES = {
    # what comes back: reachable, whether the credentials hold, code
    "unknown account": (True, True, "UNKNOWN_ACCOUNT"),
    "accepted": (True, True, ""),
    "refused": (True, True, "UNKNOWN_OPTION"),
    "turned away": (True, False, "401"),
    "busy": (True, None, "BUSY"),
    "unreadable": (True, None, "UNREADABLE_REPLY"),
    "not sent": (False, None, "CONNECTION_REFUSED"),
    "lost": (False, None, "REPLY_LOST"),
}


@pytest.mark.parametrize("effective", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_a_connection_is_tested_with_one_question(case, effective, engine, change, platform, answers, untouched):
    change(effective=effective)
    platform.answer_with(answers[case])
    found = engine.test_connection("tv")
    assert (found.reachable, found.credentials_hold, found.code) == CASES[case]
    assert len(platform.messages) == 1
    assert b'name="GET_ACCOUNT"' in platform.messages[0].body
    assert untouched()


@pytest.mark.parametrize(
    ("reply", "holds"),
    [
        (Reply(403, "Forbidden"), False),
        (Reply(404, "Not Found"), None),
        (Reply(500, "Oh"), None),
        (Reply(200, "OK", {}, b"<response reference='' status='REJECTED'><error code='MALFORMED'/></response>"), True),
    ],
)
def test_only_what_the_platform_says_of_them_tells_if_the_credentials_hold(reply, holds, engine, platform):
    platform.answer_with(reply)
    assert engine.test_connection("tv").credentials_hold is holds


def test_the_platforms_words_are_told_as_they_are(engine, platform, answers):
    platform.answer_with(answers["rejected"]("UNKNOWN_ACCOUNT", "no CONNECTION-TEST here"))
    found = engine.test_connection("tv")
    assert (found.provider, found.code, found.description) == ("tv", "UNKNOWN_ACCOUNT", "no CONNECTION-TEST here")


def test_its_words_are_told_without_the_password(engine, platform, password):
    platform.answer_with(Failure("REPLY_LOST", f"They hung up on {password}.", sent=True))
    assert engine.test_connection("tv").description == "They hung up on ***."
    platform.answer_with(Reply(401, f"No {password}"))
    assert engine.test_connection("tv").description == "No ***"


def test_the_time_it_takes_is_told(engine, platform, clock):
    platform.before_answer = lambda _message: clock.sleep(0.0425)
    assert engine.test_connection("tv").milliseconds == 42


def test_an_open_circuit_keeps_nobody_from_asking(engine, change, platform, subscribe, answers):
    change(breaker=replace(engine.context.provider("tv").breaker, failures=1))
    platform.answer_with(answers["not sent"])
    subscribe(engine)
    assert engine.providers()[0].circuit == "open"
    assert engine.test_connection("tv").reachable
    assert engine.providers()[0].circuit == "open"


def test_references_are_never_those_of_requests_and_never_the_same(engine, subscribe, platform):
    subscribe(engine)
    requests = {reference for _name, reference in platform.commands}
    platform.messages.clear()
    for _ in range(50):
        engine.test_connection("tv")
    asked = [re.search(rb'reference="(\w+)"', message.body)[1].decode() for message in platform.messages]
    assert len(set(asked)) == 50
    assert not any(reference.isdecimal() for reference in asked)
    assert requests.isdisjoint(asked)


def test_what_can_not_be_asked_is_told(engine, change, platform):
    connection = {**engine.context.provider("tv").connection}
    del connection["end_point"]
    change(connection=connection)
    found = engine.test_connection("tv")
    assert (found.reachable, found.credentials_hold, found.code) == (False, None, "UNSENDABLE")
    assert platform.messages == []


def test_a_provider_that_there_is_not_can_not_be_tested(engine):
    with pytest.raises(UnknownError, match="Unknown provider 'radio'; known: tv"):
        engine.test_connection("radio")


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [("accepted", Meaning.ACCEPTED), ("unknown account", Meaning.ACCOUNT_UNKNOWN), ("lost", Meaning.IN_DOUBT)],
)
def test_an_account_is_asked_for(answer, meaning, engine, platform, answers, untouched):
    platform.answer_with(answers[answer])
    found = inquire.inquire(engine.context, engine.context.provider("tv"), "T1")
    assert found.verdict.meaning is meaning
    assert b'<account id="T1"/>' in platform.messages[0].body
    assert untouched()
