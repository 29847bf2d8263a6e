"""Sending: tried again where that is safe, never guessed; what the engine believes afterwards."""

import itertools
from dataclasses import replace

import pytest

from engine.adapters.tucano import TUCANO
from engine.domain.provider import Retry
from engine.service.views import HeldView

NUMBER = "S0000000001"


@pytest.fixture
def add(engine, subscribe, platform):
    """Kids, added to a subscription that has all it should."""
    subscribe(engine)
    platform.messages.clear()
    return lambda **details: engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"], **details)


@pytest.fixture
def remove(engine, subscribe, platform):
    """News, removed from a subscription that has all it should."""
    subscribe(engine)
    platform.messages.clear()
    return lambda: engine.act("REMOVE_SERVICE", NUMBER, service="NEWS")


def test_what_is_accepted_is_completed_and_kept_with_what_was_said(add, clock, platform):
    (request,) = add().requests
    assert (request.type, request.life_cycle_state, request.attempts) == ("ACTIVATE_OPTIONS", "COMPLETED", 1)
    assert (request.number, request.sequence_number, request.id) == (4, 1, 4)
    assert (request.process_name, request.subscription, request.provider) == ("ADD_SERVICE", NUMBER, "tv")
    assert request.parameters_set == {"account": "T1", "options": ["O_KIDS"]}
    assert request.created_date == request.executed_date == clock.now()
    assert (request.reference_number, request.error_code, request.error_description) == ("TX-1", "", "")
    assert request.request.startswith("POST http://tucano.test/tucano\nContent-Type: text/xml; charset=UTF-8\n")
    assert '<option id="O_KIDS"/>' in request.request
    assert request.response.startswith('HTTP 200 OK\n\n\n<response reference="000004" status="ACCEPTED"')


def test_the_requests_of_an_action_go_out_in_order_with_numbers_that_increase(engine, subscribe, platform):
    executed = subscribe(engine, boxes=2)
    assert platform.commands == [
        ("CREATE_ACCOUNT", "000001"),
        ("ADD_MATERIAL", "000002"),
        ("ADD_MATERIAL", "000003"),
        ("ACTIVATE_OPTIONS", "000004"),
    ]
    assert [one.sequence_number for one in executed.requests] == [1, 2, 3, 4]
    assert [one.number for one in subscribe(engine, "S2").requests] == [5, 6, 7]


@pytest.mark.parametrize("trouble", ["not sent", "busy"])
def test_what_did_not_get_through_is_tried_again_and_then_rejected(trouble, add, answers, platform, clock):
    platform.answer_with(*[answers[trouble]] * 3)
    (request,) = add().requests
    assert (request.life_cycle_state, request.attempts, request.in_doubt) == ("REJECTED", 3, False)
    assert request.error_code == {"not sent": "CONNECTION_REFUSED", "busy": "BUSY"}[trouble]
    assert (
        request.error_description
        == {
            "not sent": "Nobody listens.",
            "busy": "HTTP 503 Service Unavailable",
        }[trouble]
    )
    assert clock.waits == [1.0, 2.0]


def test_every_attempt_is_the_same_bytes(add, answers, platform):
    platform.answer_with(answers["lost"], answers["busy"], answers["unreadable"])
    add()
    assert len(platform.messages) == 3
    assert len({message.body for message in platform.messages}) == 1


@pytest.mark.parametrize(
    ("retry", "waits"),
    [
        (Retry(attempts=1, first_pause_s=1), []),
        (Retry(attempts=2, first_pause_s=1), [1]),
        (Retry(attempts=6, first_pause_s=1, longest_pause_s=3, total_s=100), [1, 2, 3, 3, 3]),
        (Retry(attempts=3, first_pause_s=0, total_s=100), []),
        (Retry(attempts=100, first_pause_s=4, longest_pause_s=4, total_s=10), [4, 4]),
        (Retry(attempts=100, first_pause_s=4, longest_pause_s=4, total_s=8), [4, 4]),
        (Retry(attempts=100, first_pause_s=4, longest_pause_s=4, total_s=0), []),
    ],
)
def test_pauses_double_up_to_the_longest_and_no_attempt_starts_too_late(
    retry, waits, add, change, answers, platform, clock
):
    change(retry=retry)
    platform.answer_with(*[answers["not sent"]] * 100)
    (request,) = add().requests
    assert clock.waits == waits
    assert request.attempts == len(platform.messages) == (retry.attempts if retry.total_s > 10 else len(waits) + 1)


def test_the_time_that_attempts_take_counts_too(add, change, answers, platform, clock):
    change(retry=Retry(attempts=100, first_pause_s=4, longest_pause_s=4, total_s=10))
    platform.before_answer = lambda _message: clock.sleep(6)
    platform.answer_with(*[answers["not sent"]] * 100)
    assert add().requests[0].attempts == 2  # from 0 to 6, and from 10 to 16


A, R, N, B, L, U, T = "accepted", "refused", "not sent", "busy", "lost", "unreadable", "turned away"


@pytest.mark.parametrize(
    ("said", "state", "code", "in_doubt"),
    [
        ([A], "COMPLETED", "", False),
        ([N, A], "COMPLETED", "", False),
        ([B, N, A], "COMPLETED", "", False),
        ([L, A], "COMPLETED", "", False),
        ([U, L, A], "COMPLETED", "", False),
        ([L, N, A], "COMPLETED", "", False),
        ([R], "REJECTED", "UNKNOWN_OPTION", False),
        ([B, R], "REJECTED", "UNKNOWN_OPTION", False),
        ([L, R], "REJECTED", "UNKNOWN_OPTION", False),
        ([L, U, R], "REJECTED", "UNKNOWN_OPTION", False),
        ([N, N, N], "REJECTED", "CONNECTION_REFUSED", False),
        ([N, N, B], "REJECTED", "BUSY", False),
        ([L, L, L], "REJECTED", "REPLY_LOST", True),
        ([L, N, N], "REJECTED", "REPLY_LOST", True),
        ([N, L, N], "REJECTED", "REPLY_LOST", True),
        ([N, N, L], "REJECTED", "REPLY_LOST", True),
        ([U, B, B], "REJECTED", "UNREADABLE_REPLY", True),
        ([B, L, U], "REJECTED", "REPLY_LOST", True),
        ([T], "REJECTED", "401", False),
        ([N, T], "REJECTED", "401", False),
        ([L, T], "REJECTED", "REPLY_LOST", True),
        ([U, N, T], "REJECTED", "UNREADABLE_REPLY", True),
    ],
)
def test_only_an_answer_settles_a_doubt(said, state, code, in_doubt, add, answers, platform, standing, engine):
    platform.answer_with(*[answers[one] for one in said])
    (request,) = add().requests
    assert (request.life_cycle_state, request.error_code, request.in_doubt) == (state, code, in_doubt)
    assert request.attempts == len(said) == len(platform.messages)
    held = standing(engine).believed_held
    assert held.in_doubt == (["O_KIDS"] if in_doubt else [])
    assert ("O_KIDS" in held.services) == (state == "COMPLETED")
    assert standing(engine).in_sync == (state == "COMPLETED")


def test_a_given_service_in_doubt_is_asked_for_again_by_the_reset(add, answers, platform, engine, standing, ends):
    platform.answer_with(*[answers["lost"]] * 3)
    add()
    assert ends(engine.reset(NUMBER)) == [("ACTIVATE_OPTIONS", "COMPLETED", "")]
    assert '<options><option id="O_KIDS"/></options>' in platform.messages[-1].body.decode()
    assert standing(engine).in_sync


def test_a_given_service_in_doubt_that_is_wanted_no_more_is_taken_away(add, answers, platform, engine, standing, ends):
    platform.answer_with(*[answers["lost"]] * 3)
    add()
    assert ends(engine.act("REMOVE_SERVICE", NUMBER, service="KIDS")) == [("SUSPEND_OPTIONS", "COMPLETED", "")]
    assert standing(engine).in_sync


def test_a_taken_service_in_doubt_stays_believed_until_the_reset_takes_it(
    remove, answers, platform, engine, standing, ends
):
    platform.answer_with(*[answers["lost"]] * 3)
    remove()
    held = standing(engine).believed_held
    assert (held.services, held.in_doubt) == (["O_NEWS", "O_SPORT"], ["O_NEWS"])
    assert ends(engine.reset(NUMBER)) == [("SUSPEND_OPTIONS", "COMPLETED", "")]
    assert standing(engine).in_sync


def test_a_taken_service_in_doubt_that_is_wanted_again_is_given_again(remove, answers, platform, engine, ends):
    platform.answer_with(*[answers["lost"]] * 3)
    remove()
    executed = engine.act("ADD_SERVICE", NUMBER, product="NEWS", distributors=["MAIN"])
    assert ends(executed) == [("ACTIVATE_OPTIONS", "COMPLETED", "")]


@pytest.fixture
def unrepeatable(engine):
    """A platform whose commands act anew each time."""
    table = tuple(replace(row, repeatable=False) for row in TUCANO.table)
    engine.context.adapters = {"tucano": replace(TUCANO, table=table)}


@pytest.mark.parametrize(
    ("said", "state", "attempts"),
    [([L, A], "REJECTED", 1), ([U, A], "REJECTED", 1), ([N, L, A], "REJECTED", 2), ([B, N, A], "COMPLETED", 3)],
)
@pytest.mark.usefixtures("unrepeatable")
def test_what_acts_anew_each_time_is_repeated_only_if_nothing_was_sent(said, state, attempts, add, answers, platform):
    platform.answer_with(*[answers[one] for one in said])
    (request,) = add().requests
    assert (request.life_cycle_state, request.attempts) == (state, attempts)
    assert request.in_doubt == (state == "REJECTED")


def test_a_refused_request_does_not_keep_others_back(engine, subscribe, platform, answers, ends):
    platform.answer_with(answers["accepted"], answers["rejected"]("MATERIAL_IN_USE", "B-1-1"))
    assert ends(subscribe(engine)) == [
        ("CREATE_ACCOUNT", "COMPLETED", ""),
        ("ADD_MATERIAL", "REJECTED", "MATERIAL_IN_USE"),
        ("ACTIVATE_OPTIONS", "COMPLETED", ""),
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["refused"], "UNKNOWN_OPTION"),
        (["not sent"] * 3, "CONNECTION_REFUSED"),
        (["lost"] * 3, "REPLY_LOST"),
        (["busy"] * 3, "BUSY"),
    ],
)
def test_an_account_that_could_not_be_made_rejects_the_requests_that_need_it_unsent(
    said, code, engine, subscribe, platform, answers, ends, standing
):
    platform.answer_with(*[answers[one] for one in said])
    executed = subscribe(engine)
    assert ends(executed) == [
        ("CREATE_ACCOUNT", "REJECTED", code),
        ("ADD_MATERIAL", "REJECTED", "NO_ACCOUNT"),
        ("ACTIVATE_OPTIONS", "REJECTED", "NO_ACCOUNT"),
    ]
    assert set(platform.names) == {"CREATE_ACCOUNT"}
    assert [one.attempts for one in executed.requests[1:]] == [0, 0]
    assert not any(one.in_doubt for one in executed.requests[1:])
    assert standing(engine).believed_held == HeldView([], [], ["account"] if code == "REPLY_LOST" else [])
    assert ends(engine.reset(NUMBER)) == [
        ("CREATE_ACCOUNT", "COMPLETED", ""),
        ("ADD_MATERIAL", "COMPLETED", ""),
        ("ACTIVATE_OPTIONS", "COMPLETED", ""),
    ]


def test_an_account_that_exists_is_taken_over(engine, subscribe, platform, answers, standing):
    platform.answer_with(answers["rejected"]("ACCOUNT_EXISTS", "T77"))
    (request, *_others) = subscribe(engine).requests
    assert (request.life_cycle_state, request.error_code, request.error_description) == ("COMPLETED", "", "")
    assert standing(engine).account == "T77"
    assert all(b'<account id="T77"/>' in message.body for message in platform.messages[1:])


def test_an_account_whose_id_is_not_said_is_not_believed_in(engine, subscribe, platform, answers, standing, ends):
    def silent_about_the_id(message):
        reply = answers["accepted"](message)
        return replace(reply, body=reply.body.replace(b'<account id="T1"/>', b""))

    platform.answer_with(*[silent_about_the_id] * 3)
    executed = subscribe(engine)
    assert ends(executed)[0] == ("CREATE_ACCOUNT", "REJECTED", "UNREADABLE_REPLY")
    assert standing(engine).account is None
    engine.reset(NUMBER)
    assert standing(engine).in_sync


def test_a_platform_that_forgot_the_account_puts_all_in_doubt_and_the_reset_rebuilds_it(
    add, answers, platform, engine, standing, ends
):
    platform.answer_with(answers["unknown account"])
    assert ends(add()) == [("ACTIVATE_OPTIONS", "REJECTED", "UNKNOWN_ACCOUNT")]
    assert standing(engine).believed_held.in_doubt == ["B-1-1", "O_NEWS", "O_SPORT", "T1"]
    platform.answer_with(answers["rejected"]("ACCOUNT_EXISTS", "T2"))
    assert ends(engine.reset(NUMBER)) == [
        ("CREATE_ACCOUNT", "COMPLETED", ""),
        ("ADD_MATERIAL", "COMPLETED", ""),
        ("ACTIVATE_OPTIONS", "COMPLETED", ""),
    ]
    assert standing(engine).account == "T2"
    assert standing(engine).in_sync


def test_an_answer_that_could_not_be_written_down_leaves_the_request_pending_and_in_doubt(
    add, engine, platform, answers, monkeypatch, standing
):
    failing = engine.context.database.transaction
    calls = itertools.count()

    def transaction(**how):
        if next(calls) == 1:  # the first is the action's own
            raise OSError("disk full")
        return failing(**how)

    monkeypatch.setattr(engine.context.database, "transaction", transaction)
    with pytest.raises(OSError, match="disk full"):
        add()
    assert standing(engine).pending == 1
    platform.answer_with(*[answers["not sent"]] * 3)
    engine.recover()
    assert standing(engine).believed_held.in_doubt == ["O_KIDS"]


def test_what_awaits_an_answer_is_not_asked_again(engine, subscribe, platform, monkeypatch, ends):
    subscribe(engine)

    class PowerCut(BaseException):
        pass

    def cut(message):
        raise PowerCut

    platform.before_answer = cut
    with pytest.raises(PowerCut):
        engine.act("SWAP_SERVICE", NUMBER, service="NEWS", product="KIDS")
    with pytest.raises(PowerCut):
        engine.act("ADD_INSTALLED_ITEM", NUMBER, product="STB", serial_number="B-2", distributors=["MAIN"])
    with pytest.raises(PowerCut):
        engine.act("ADD_SERVICE", NUMBER, product="NEWS", distributors=["MAIN"])
    pending = engine.requests(life_cycle_state="PENDING")
    assert [(one.type, one.parameters_set.get("options")) for one in pending] == [
        ("SUSPEND_OPTIONS", ["O_NEWS"]),
        ("ACTIVATE_OPTIONS", ["O_KIDS"]),
        ("ADD_MATERIAL", None),
        ("ACTIVATE_OPTIONS", ["O_NEWS"]),
    ]


def test_while_the_account_is_under_way_it_is_not_asked_for_again(engine, subscribe, platform, standing):
    class PowerCut(BaseException):
        pass

    def cut(message):
        raise PowerCut

    platform.before_answer = cut
    with pytest.raises(PowerCut):
        subscribe(engine)
    with pytest.raises(PowerCut):
        engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"])
    platform.before_answer = lambda _message: None
    engine.reset(NUMBER)
    assert platform.names == ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS", "ACTIVATE_OPTIONS"]
    assert standing(engine).in_sync
