"""The mail run and its queue: no entry is lost, and none is told twice."""

from dataclasses import replace

import pytest

from engine.adapters.irdeto import IRDETO
from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.provider import Breaker
from engine.domain.run import Definition, RunKind
from engine.ports import Failure
from engine.service import filters, jobs
from tests.engine.both import accepted, refused

UNSENT = Failure("CONNECTION_REFUSED", "Nobody listens.", sent=False)
NUMBERS = ("S1", "S2", "S3")


@pytest.fixture
def irdeto(equip, at_irdeto):
    """Three subscriptions with a box each, the first with two."""
    equip("S1", "BOX-S1", "BOX-S1-2", card="CARD-1")
    for number in NUMBERS[1:]:
        equip(number, f"BOX-{number}")
    return at_irdeto


@pytest.fixture
def set_up(engine, irdeto):
    """Set the mail run up, with these filters."""

    def done(**said):
        known = engine.context.configuration
        mail = replace(known.definitions["MAIL"], filters={"external_system": "CRM", **said})
        engine.context.configuration = replace(known, definitions={**known.definitions, "MAIL": mail})

    return done


def die(_message):
    raise RuntimeError("killed")


def queue(engine, *numbers):
    return [engine.queue_text(number, f"Hello {number}", "CRM").id for number in numbers]


def states(engine):
    return [(one.subscription, one.state.value) for one in engine.entries().results]


def told(irdeto):
    return [(words[0], words[-1]) for _name, _reference, words in irdeto.calls]


def test_every_box_of_a_subscription_is_told_in_the_order_of_the_queue(engine, irdeto):
    queue(engine, "S2", "S1")
    run = engine.run("MAIL")
    assert told(irdeto) == [("BOX-S2", "Hello S2"), ("BOX-S1", "Hello S1"), ("BOX-S1-2", "Hello S1")]
    assert states(engine) == [("S2", "COMPLETED"), ("S1", "COMPLETED")]
    assert (run.state, run.total, run.counts.changed, run.counts.requests) == ("COMPLETED", 2, 2, 3)
    assert {(one.process_name, one.process_id) for one in engine.requests(type="SEND_MESSAGE")} == {("MAIL", run.id)}
    assert engine.run("MAIL").counts.examined == 0


def test_each_of_several_entries_of_a_subscription_is_told_by_itself(engine, irdeto):
    queue(engine, "S2", "S3", "S2")
    irdeto.answers = [refused("INVALID_TEXT")]
    run = engine.run("MAIL")
    assert [box for box, _text in told(irdeto)] == ["BOX-S2", "BOX-S3", "BOX-S2"]
    assert (run.counts.changed, run.counts.requests, run.counts.rejected) == (2, 3, 1)
    assert [state for _number, state in states(engine)] == ["REJECTED", "COMPLETED", "COMPLETED"]


def test_the_entry_of_another_system_is_left_alone(engine, irdeto):
    engine.queue_text("S1", "Hello", "BILLING")
    assert engine.run("MAIL").counts.examined == 0
    assert states(engine) == [("S1", "PENDING")]


def test_an_entry_without_a_device_is_rejected_and_says_so(engine, irdeto, subscribe):
    subscribe(engine, number="T1")
    queue(engine, "T1", "S2")
    run = engine.run("MAIL")
    assert (run.state, run.counts.errors, run.counts.changed) == ("COMPLETED_WITH_ERRORS", 1, 1)
    assert engine.entries().results[0].reason == "ca holds no device of T1."
    assert engine.run_log(run.id).results[0].message == "entry 1: rejected: ca holds no device of T1."


def test_a_text_that_the_mode_can_not_hold_is_rejected_with_the_character(engine, irdeto):
    engine.queue_text("S1", "Привет", "CRM")
    engine.run("MAIL")
    assert "'П' (U+041F) in place 1" in engine.entries().results[0].reason
    assert irdeto.calls == []


def test_the_filters_say_how_it_is_sent(engine, irdeto, set_up):
    set_up(text_mode="UNICODE", message_type="MESSAGE", priority="EXPRESS")
    engine.queue_text("S2", "Ж", "CRM")
    engine.run("MAIL")
    assert irdeto.calls[0][2] == ["BOX-S2", "MESSAGE", "UNICODE", "0416"]
    assert engine.requests(type="SEND_MESSAGE")[0].priority == "EXPRESS"


def test_an_entry_that_one_of_its_devices_refuses_is_rejected_with_the_code(engine, irdeto):
    queue(engine, "S1")
    irdeto.answers = [refused("INVALID_TEXT")]
    run = engine.run("MAIL")
    (entry,) = engine.entries().results
    assert (entry.state, entry.reason.partition(":")[0]) == ("REJECTED", "INVALID_TEXT")
    assert (run.counts.requests, run.counts.rejected, len(irdeto.calls)) == (2, 1, 2)


def test_what_is_not_processed_immediately_is_not_taken_twice_and_ends_with_its_last_request(engine, irdeto, set_up):
    set_up(process_immediately="false")
    queue(engine, "S1")
    assert engine.run("MAIL").counts.changed == 1
    assert engine.run("MAIL").counts.examined == 0
    assert (irdeto.calls, states(engine)) == ([], [("S1", "PENDING")])
    with pytest.raises(NotAllowedError, match="is PENDING, and in hand"):
        engine.remove_entry(1)
    irdeto.answers = [UNSENT] * 3 + [die]
    engine.run("PROCESS")
    assert states(engine) == [("S1", "PENDING")]
    engine.run("PROCESS")
    (entry,) = engine.entries().results
    assert (entry.state, entry.reason.partition(":")[0]) == ("REJECTED", "CONNECTION_REFUSED")


def test_the_run_breaks_off_where_the_platform_keeps_failing_and_what_is_left_waits(engine, irdeto, clock):
    known = engine.context.configuration
    frail = replace(known.provider("ca"), breaker=Breaker(failures=3, pause_s=60.0))
    engine.context.configuration = replace(known, providers={**known.providers, "ca": frail})
    queue(engine, "S2", "S3", "S1")
    irdeto.answers = [UNSENT] * 3
    run = engine.run("MAIL")
    assert run.state == "FAILED"
    assert run.reason == "Provider ca keeps failing and is left alone for a while. Resume it to go on."
    assert [state for _number, state in states(engine)] == ["REJECTED", "PENDING", "PENDING"]
    clock.sleep(61)
    engine.resume(run.id)
    over = engine.wait_for(run.id, 10)
    assert (over.counts.examined, over.total) == (3, 3)
    assert [state for _number, state in states(engine)] == ["REJECTED", "COMPLETED", "COMPLETED"]


def test_the_run_fails_where_the_provider_is_not_effective(engine, irdeto):
    queue(engine, "S1")
    engine.set_provider_effective("ca", effective=False)
    run = engine.run("MAIL")
    assert (run.state, run.reason.partition(":")[0]) == ("FAILED", "Provider ca is NOT_EFFECTIVE")
    assert states(engine) == [("S1", "PENDING")]


@pytest.mark.parametrize("recover_first", [True, False])
def test_a_run_that_breaks_off_in_an_entry_goes_on_with_it_and_nobody_is_told_twice(engine, irdeto, recover_first):
    queue(engine, *NUMBERS)
    irdeto.answers = [die]  # when the box has been told
    run = engine.run("MAIL")
    assert run.state == "FAILED"
    if recover_first:
        engine.recover()
    engine.resume(run.id)
    over = engine.wait_for(run.id, 10)
    assert over.state == "COMPLETED"
    assert {state for _number, state in states(engine)} == {"COMPLETED"}
    assert engine.context.uncertain == set()
    by_number = {reference: tuple(words) for _name, reference, words in irdeto.calls}
    assert len(by_number) == len(set(by_number.values())) == 4


def test_a_run_that_is_interrupted_ends_after_the_entry_that_it_is_at(engine, irdeto):
    queue(engine, "S2", "S1", "S3")

    def interrupt(message):
        engine.context.running.stopping.add(1)
        return accepted(message)

    irdeto.answers = [accepted, interrupt]
    run = engine.run("MAIL")
    assert (run.state, run.counts.examined, run.counts.requests, run.total) == ("FAILED", 2, 3, 3)
    assert [state for _number, state in states(engine)] == ["COMPLETED", "COMPLETED", "PENDING"]
    assert engine.run_log(run.id).total == 2
    engine.resume(run.id)
    over = engine.wait_for(run.id, 10)
    assert (over.state, over.counts.examined, over.total, engine.run_log(run.id).total) == ("COMPLETED", 3, 3, 3)


def test_the_queue_is_taken_page_by_page(engine, irdeto, monkeypatch):
    monkeypatch.setattr(jobs, "PAGE", 1)
    queue(engine, *NUMBERS)
    assert engine.run("MAIL").counts.examined == 3


def test_a_preview_says_what_would_be_told_and_changes_nothing(engine, irdeto, subscribe, dump):
    subscribe(engine, number="T1")
    queue(engine, "S1", "T1")
    before = dump(engine)
    page = engine.preview("MAIL")
    assert [(one.subscription, one.parameters.get("secure_client"), one.reason) for one in page.results] == [
        ("S1", "BOX-S1", ""),
        ("S1", "BOX-S1-2", ""),
        ("T1", None, "ca holds no device of T1."),
    ]
    assert (page.total, dump(engine)) == (2, before)


def test_who_removes_an_entry_that_was_told_leaves_a_trace(engine, irdeto):
    first, second = queue(engine, "S1", "S2")
    assert engine.remove_entry(second).state == "PENDING"
    engine.run("MAIL")
    assert engine.remove_entry(first).state == "COMPLETED_AND_REMOVED"
    assert states(engine) == [("S1", "COMPLETED_AND_REMOVED")]
    with pytest.raises(NotAllowedError, match="wanted: COMPLETED, or PENDING"):
        engine.remove_entry(first)
    with pytest.raises(UnknownError):
        engine.remove_entry(second)


@pytest.mark.parametrize(
    ("number", "text", "system", "error", "field"),
    [
        ("S9", "Hello", "CRM", UnknownError, "subscription"),
        ("S1", "", "CRM", InvalidError, "text"),
        ("S1", "x" * 4001, "CRM", InvalidError, "text"),
        ("S1", "a\0b", "CRM", InvalidError, "text"),
        ("S1", "Hello", " ", InvalidError, "external_system"),
        ("S1", "Hello", "CRM ", InvalidError, "external_system"),
    ],
)
def test_what_can_not_be_told_is_not_queued(number, text, system, error, field, engine, irdeto):
    with pytest.raises(error) as raised:
        engine.queue_text(number, text, system)
    assert raised.value.field == field
    assert engine.entries().total == 0


def test_the_queue_is_listed_by_the_page_and_by_what_is_asked_for(engine, irdeto):
    queue(engine, *NUMBERS)
    engine.queue_text("S1", "Hello", "BILLING")
    assert [one.subscription for one in engine.entries(2, 1).results] == ["S2", "S3"]
    assert engine.entries(external_system="BILLING").total == 1
    assert engine.entries(subscription="S1", state="PENDING").total == 2
    with pytest.raises(UnknownError, match="perhaps PENDING was meant"):
        engine.entries(state="PENDINGS")
    with pytest.raises(UnknownError):
        engine.entries(subscription="S9")
    assert engine.entry(1).text == "Hello S1"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "filters.external_system: found nothing; wanted: a text that is not empty"),
        ({"external_system": ""}, "filters.external_system: found ''; wanted: a text"),
        ({"external_system": "C", "colour": "red"}, "filters: found 'colour'; wanted: one of external_system, "),
        ({"external_system": "C", "text_mode": "MORSE"}, "text_mode: found 'MORSE'; wanted: one of ANSI, UNICODE, RAW"),
        ({"external_system": "C", "process_immediately": "no"}, "process_immediately: found 'no'; wanted: one of true"),
    ],
)
def test_filters_that_can_not_be_meant_are_refused_with_their_path(said, why):
    definition = Definition("MAIL", "Mail", RunKind.MAIL, filters=said)
    with pytest.raises(InvalidError, match=why) as raised:
        filters.check(definition, "definitions[MAIL].filters", IRDETO.utilities["send_message"].fields)
    assert raised.value.field.startswith("definitions[MAIL].filters")


@pytest.mark.parametrize("provider", ["", 'provider = "tv"'])
def test_the_mail_run_is_of_a_provider_that_takes_messages(provider, engine, irdeto, tmp_path):
    text = (
        f'[[definitions]]\ncode = "M"\nname = "M"\nkind = "mail"\n{provider}\nfilters = {{ external_system = "C" }}\n'
    )
    (tmp_path / "mail.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidError, match=r"provider: found .*; wanted: one that takes messages \(ca\)"):
        engine.configure(tmp_path / "mail.toml")


def test_true_and_false_may_be_said_in_a_file(engine, irdeto, tmp_path):
    text = '[[definitions]]\ncode = "M"\nname = "M"\nkind = "mail"\nprovider = "ca"\n'
    text += 'filters = { external_system = "C", process_immediately = false }\n'
    (tmp_path / "mail.toml").write_text(text, encoding="utf-8")
    engine.configure(tmp_path / "mail.toml")
    assert {one.code: one.filters for one in engine.definitions()}["M"]["process_immediately"] == "false"
