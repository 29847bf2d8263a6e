"""Utilities: what an agent asks of a platform for one device, or for all of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.request import RequestState
from engine.ports import Failure
from engine.service.addressee import NOT_THERE
from engine.service.asked import Asked
from tests.engine.both import refused

NUMBER, BOX, CARD = "S0000000001", "STB-1", "CARD-1"
UNSENT = Failure("CONNECTION_REFUSED", "Nobody listens.", sent=False)
LOST = Failure("REPLY_LOST", "They hung up.", sent=True)
HELLO = {"message_type": "MESSAGE", "text_mode": "ANSI", "text": "Hello"}
CALLS = [
    ("send_message", HELLO, "SEND_MESSAGE", [BOX, "MESSAGE", "ANSI", "Hello"]),
    ("set_pin", {"new_pin": "1234"}, "SET_PIN", [BOX, "1234"]),
    ("reset_pin", {}, "RESET_PIN", [BOX, "4711"]),
    ("query", {"kinds": ["BASIC", "PVR"]}, "QUERY_SECURE_CLIENT", [BOX, "BASIC", "PVR"]),
    ("reauthorise_sector", {}, "REAUTHORISE_SECTOR", [BOX]),
]
hello = Asked("send_message", HELLO, BOX)


@pytest.fixture
def irdeto(equip, at_irdeto):
    """A subscription with a box and a card at Irdeto; what Irdeto is asked from then on."""
    equip(NUMBER, BOX, card=CARD)
    return at_irdeto


def die(_message):
    raise RuntimeError("killed")


@pytest.mark.parametrize(("utility", "said", "request_type", "words"), CALLS)
def test_a_utility_is_one_request(utility, said, request_type, words, engine, irdeto):
    made = engine.ask(Asked(utility, said, BOX))
    assert [(name, words) for name, _reference, words in irdeto.calls] == [(request_type, words)]
    assert (made.life_cycle_state, made.subscription, made.process_name) == (RequestState.COMPLETED, NUMBER, "UTILITY")
    assert engine.show(NUMBER).providers["ca"].in_sync


def test_each_utility_has_a_number_of_its_own(engine, irdeto):
    assert [engine.ask(hello).process_id for _ in range(3)] == [1, 2, 3]


def test_what_an_action_has_caused_is_told_apart_from_what_a_utility_has(engine, irdeto):
    made = engine.ask(hello)
    executed = engine.act("ADD_SERVICE", NUMBER, product="SPORT", distributors=["MAIN"])
    assert executed.process_id - made.process_id == 1
    assert engine.ask(hello).process_id == executed.process_id
    executed = engine.act("REMOVE_SERVICE", NUMBER, service="SPORT")
    assert {one.process_name for one in executed.requests} == {"REMOVE_SERVICE"}


def test_a_message_to_all_is_of_no_subscription(engine, irdeto):
    made = engine.ask(replace(hello, serial_number="", to_all=True))
    assert (made.subscription, made.parameters_set["secure_client"]) == ("", "ALL")
    assert made.life_cycle_state is RequestState.COMPLETED
    assert irdeto.names == ["SEND_MESSAGE"]


def test_what_the_platform_refuses_is_rejected_with_its_code(engine, irdeto):
    irdeto.answers = [refused("INVALID_TEXT")]
    made = engine.ask(hello)
    assert (made.life_cycle_state, made.error_code) == (RequestState.REJECTED, "INVALID_TEXT")
    assert engine.show(NUMBER).providers["ca"].in_sync


def test_a_device_that_the_platform_has_forgotten_is_in_doubt_then_and_a_reset_brings_it_back(engine, irdeto):
    irdeto.answers = [refused("UNKNOWN_SECURE_CLIENT")]
    assert engine.ask(hello).error_code == "UNKNOWN_SECURE_CLIENT"
    assert not engine.show(NUMBER).providers["ca"].in_sync
    assert engine.reset(NUMBER, "ca").in_sync
    assert "REGISTER_SECURE_CLIENT" in irdeto.names


def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_number(engine, irdeto):
    irdeto.answers = [LOST]
    assert engine.ask(hello).life_cycle_state is RequestState.COMPLETED
    (_, first, _), (_, second, _) = irdeto.calls
    assert first == second


REFUSED = [
    (replace(hello, serial_number="STB-9"), UnknownError, "Unknown installed item 'STB-9'"),
    (replace(hello, serial_number=CARD), NotAllowedError, "CARD-1 is of product CARD; wanted: .* \\(STB\\)"),
    (
        replace(hello, serial_number="B-T1-1"),
        NotAllowedError,
        "is on MAIN; wanted: one of ca's \\(CA_MAIN, CA_TWIN1\\)",
    ),
    (replace(hello, serial_number=""), InvalidError, "installed_item_identifier is wanted, or to_all"),
    (replace(hello, to_all=True), InvalidError, "wanted is one of them"),
    (Asked("reset_pin", {}, to_all=True), InvalidError, "wanted is only installed_item_identifier"),
    (Asked("set_pin", {"new_pin": "12345"}, BOX), InvalidError, "new_pin: .* four digits"),
    (replace(hello, said=HELLO | {"text": "Ж"}), InvalidError, r"text: found 'Ж' \(U\+0416\) in place 1"),
    (replace(hello, said=HELLO | {"text": "a\0"}), InvalidError, "text holds the control character"),
    (replace(hello, provider="tv"), NotAllowedError, "tucano takes no messages"),
    (replace(hello, provider="radio"), UnknownError, "Unknown provider 'radio'"),
]


@pytest.mark.parametrize(("asked", "error", "why"), REFUSED)
def test_what_can_not_be_asked_is_refused_before_anything_is_made(
    asked, error, why, engine, irdeto, subscribe, dump, platform
):
    subscribe(engine, number="T1")
    before = dump(engine)
    with pytest.raises(error, match=why) as raised:
        engine.ask(asked)
    assert raised.value.field
    assert (irdeto.calls, dump(engine)) == ([], before)


@pytest.mark.parametrize("utility", NOT_THERE)
def test_a_platform_without_a_utility_says_so(utility, engine, irdeto):
    with pytest.raises(NotAllowedError, match=f"^tucano {NOT_THERE[utility]}.$"):
        engine.ask(Asked(utility, {}, BOX, provider="tv"))


def test_nothing_is_asked_of_a_provider_that_is_not_effective(engine, irdeto):
    engine.set_provider_effective("ca", effective=False)
    with pytest.raises(NotAllowedError, match="ca is NOT_EFFECTIVE"):
        engine.ask(hello)
    assert irdeto.calls == []


def test_without_any_provider_that_could_be_meant_there_is_nobody_to_ask(engine):
    with pytest.raises(NotAllowedError, match="There is no provider for this"):
        engine.ask(hello)


def test_of_several_providers_one_is_to_be_named(engine, irdeto):
    known = engine.context.configuration
    twin = replace(known.provider("ca"), code="cb")
    engine.context.configuration = replace(known, providers={**known.providers, "cb": twin})
    with pytest.raises(InvalidError, match="one of ca, cb"):
        engine.ask(hello)
    assert engine.ask(replace(hello, provider="ca")).provider == "ca"


def test_what_is_left_for_later_waits_for_the_processing_run(engine, irdeto):
    made = engine.ask(replace(hello, process_immediately=False))
    assert (made.life_cycle_state, irdeto.calls) == (RequestState.PENDING, [])
    engine.reset(NUMBER)
    engine.recover()
    assert irdeto.calls == []
    standing = engine.show(NUMBER).providers["ca"]
    assert (standing.pending, standing.in_sync) == (1, True)
    assert engine.run("PROCESS").state == "COMPLETED"
    assert irdeto.names == ["SEND_MESSAGE"]


def test_what_has_a_moment_waits_for_it(engine, irdeto, clock):
    engine.ask(replace(hello, scheduled_date=clock.now() + timedelta(hours=2)))
    assert engine.run("PROCESS").counts.examined == 0
    clock.at += timedelta(hours=1, minutes=59)
    engine.run("PROCESS")
    assert irdeto.calls == []
    clock.at += timedelta(minutes=2)
    engine.run("PROCESS")
    assert irdeto.names == ["SEND_MESSAGE"]


@pytest.mark.parametrize(("hours", "at_once", "why"), [(-1, None, "a moment after"), (1, True, "goes with process")])
def test_a_moment_lies_ahead_and_excludes_at_once(hours, at_once, why, engine, irdeto, clock):
    moment = clock.now() + timedelta(hours=hours)
    with pytest.raises(InvalidError, match=why):
        engine.ask(replace(hello, scheduled_date=moment, process_immediately=at_once))


def test_a_pin_is_shown_to_nobody_before_it_is_sent_nor_after(engine, irdeto):
    waiting = engine.ask(Asked("set_pin", {"new_pin": "9876"}, BOX, process_immediately=False))
    assert waiting.parameters_set["pin"] == "***"
    engine.run("PROCESS")
    assert irdeto.calls[0][2] == [BOX, "9876"]
    assert "9876" not in str(engine.requests())
    assert "9876" not in str(engine.run_log(1))


def test_a_pin_that_waits_is_in_no_preview(engine, irdeto):
    engine.ask(Asked("set_pin", {"new_pin": "9876"}, BOX, process_immediately=False))
    (foreseen,) = engine.preview("PROCESS").results
    assert (foreseen.request, foreseen.parameters["pin"], irdeto.calls) == ("SET_PIN", "***", [])


def test_a_restart_leaves_what_waits_alone_and_sends_what_does_not(engine, irdeto, restart):
    engine.ask(replace(hello, process_immediately=False))
    irdeto.answers = [die]
    with pytest.raises(RuntimeError):
        engine.ask(replace(hello, serial_number="", to_all=True))
    other = restart(engine)
    other.context.transport = irdeto
    irdeto.answers.clear()
    irdeto.calls.clear()
    assert other.recover() == 1
    assert [words[0] for _name, _reference, words in irdeto.calls] == ["ALL"]


def test_what_waited_through_a_restart_and_is_not_reached_was_not_in_doubt(engine, irdeto, restart):
    engine.ask(replace(hello, process_immediately=False))
    other = restart(engine)
    other.context.transport = irdeto
    irdeto.answers = [UNSENT] * 3
    other.run("PROCESS")
    made = other.requests(type="SEND_MESSAGE")[0]
    assert (made.error_code, made.in_doubt) == ("CONNECTION_REFUSED", False)


def test_what_a_run_has_begun_and_not_ended_is_known_to_be_so_after_a_restart(engine, irdeto, restart):
    engine.ask(replace(hello, process_immediately=False))
    irdeto.answers = [die]
    assert engine.run("PROCESS").state == "FAILED"
    other = restart(engine)
    other.context.transport = irdeto
    irdeto.answers = [UNSENT] * 3
    other.run("PROCESS")
    made = other.requests(type="SEND_MESSAGE")[0]
    assert (made.error_code, made.in_doubt) == ("REPLY_LOST", True)


@pytest.mark.parametrize(("utility", "said", "request_type", "words"), [one for one in CALLS if one[0] != "query"])
def test_what_waits_for_a_box_is_not_sent_to_whoever_has_it_then(
    utility, said, request_type, words, engine, irdeto, equip
):
    made = engine.ask(Asked(utility, said, BOX, process_immediately=False))
    engine.act("TERMINATE_SUBSCRIPTION", NUMBER, mode="cancel")
    equip("S0000000002", BOX)
    irdeto.calls.clear()
    engine.run("PROCESS")
    (left,) = engine.requests(10, 0, id=made.id)
    assert (left.life_cycle_state, left.error_code, left.attempts) == (RequestState.REJECTED, "NO_DEVICE", 0)
    assert irdeto.calls == []


def test_a_query_is_sent_even_for_a_box_that_is_not_believed_to_be_there(engine, irdeto):
    irdeto.answers = [refused("SECURE_CLIENT_IN_USE")]
    engine.act("ADD_INSTALLED_ITEM", NUMBER, product="STB", serial_number="STB-2", distributors=["CA_MAIN"])
    assert engine.ask(Asked("query", {"kinds": ["BASIC"]}, "STB-2")).attempts == 1
    assert engine.ask(replace(hello, serial_number="STB-2")).error_code == "NO_DEVICE"
