"""The processing run where platforms take files: it plans for all subscriptions, and sends file after file."""

import threading
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import update

from engine.domain.errors import DomainError
from engine.domain.request import Priority
from engine.ports import FoldersError
from engine.service import carry, plan_many
from engine.service.files import foresee_files
from engine.service.lease import LEASE
from engine.store import schema
from tests.engine.at_conax import card, subscribe_at_conax
from tests.engine.desk import ADD, BARK, CANCEL, NEWS, PAIR, Desk
from tests.engine.fakes import LOST

HELLO = "010548656c6c6f0201ff04020014"
CARDS = ("01234567890", "01234567891", "01234567892")


@pytest.fixture
def desk(engine, tmp_path):
    return Desk(engine, tmp_path)


@pytest.fixture
def sold(desk):
    """A subscription to News with a card, three times; nothing was sent by that."""
    for number, one in enumerate(CARDS, start=1):
        executed = subscribe_at_conax(desk.engine, f"S{number}", card(one))
        assert (executed.requests, desk.site.journal) == ((), [])
        desk.owners[one] = f"S{number}"
    return desk


@pytest.fixture
def log(engine):
    return lambda run: [(one.subscription, one.message) for one in engine.run_log(run.id).results]


def counts(run):
    return run.total, run.counts.examined, run.counts.requests, run.counts.rejected, run.counts.errors


def test_what_subscriptions_should_have_is_planned_and_sent(sold, engine, log):
    run = engine.run("SEND")
    assert (run.state, counts(run)) == ("COMPLETED", (3, 3, 3, 0, 0))
    assert sold.cards("ps000001") == list(CARDS)
    assert log(run) == [
        ("", "conax: planned: 3 ADD_SUBSCRIPTIONS"),
        ("", "conax: ps000001.emm ADD_SUBSCRIPTIONS 10001001: 3 records, sent"),
    ]
    assert {one.process_name for one in engine.requests()} == {"PROCESS"}
    assert {one.process_id for one in engine.requests()} == {run.id}


def test_the_next_run_asks_for_nothing_again(sold, engine):
    engine.run("SEND")
    run = engine.run("SEND")
    assert (run.state, counts(run)) == ("COMPLETED", (0, 0, 0, 0, 0))
    assert len(sold.site.arrived) == 1


def test_what_is_asked_for_by_hand_has_its_turn_and_goes_first_if_it_is_express(sold, engine):
    sold.ask(BARK, CARDS[0], payload=HELLO)
    sold.ask(BARK, CARDS[1], payload=HELLO, priority=Priority.EXPRESS)
    run = engine.run("SEND")
    assert [f"{one.type} {one.priority}" for one in sold.files()] == [
        f"{BARK} EXPRESS",
        f"{BARK} REGULAR",
        f"{ADD} REGULAR",
    ]
    assert counts(run)[:3] == (5, 5, 5)


def test_what_can_not_be_sent_is_told_of_each_and_counted(sold, engine, log):
    sold.ask(CANCEL, "0123")
    run = engine.run("SEND")
    assert (run.state, counts(run)) == ("COMPLETED_WITH_ERRORS", (4, 4, 3, 1, 0))
    said = "conax: CANCEL_SUBSCRIPTIONS UNSENDABLE: found 0123 10001001; wanted: a card of 11 or 12 digits."
    assert (sold.subscription("0123"), said) in log(run)


def test_where_a_file_can_not_be_sent_the_run_says_so_and_the_next_one_begins_with_it(sold, engine, log):
    sold.site.fail("rename", LOST, times=3)
    run = engine.run("SEND")
    assert (run.state, counts(run)) == ("COMPLETED_WITH_ERRORS", (3, 0, 0, 0, 1))
    said = "conax: CONNECTION_LOST: They hung up. ps000001.emm is sent by the next run. What is left stays PENDING."
    assert log(run)[-1] == ("", said)
    assert {one.life_cycle_state.value for one in engine.requests()} == {"PENDING"}
    run = engine.run("SEND")
    assert (run.state, counts(run)) == ("COMPLETED", (3, 3, 3, 0, 0))
    assert [file.name for file in sold.files()] == ["ps000001"]


def test_where_the_platform_can_not_be_reached_requests_wait_in_no_file(sold, engine, log):
    sold.site.fail("connect", FoldersError("CONNECTION_REFUSED", "Nobody listens."), times=3)
    run = engine.run("SEND")
    assert log(run)[-1] == ("", "conax: CONNECTION_REFUSED: Nobody listens. What is left stays PENDING.")
    assert sold.files() == []


def test_what_an_attempt_had_sent_without_knowing_is_told_to_have_been_there(sold, engine, log):
    sold.site.fail("rename", LOST, after=True)
    run = engine.run("SEND")
    said = "conax: ps000001.emm ADD_SUBSCRIPTIONS 10001001: 3 records, sent; it was at the platform already"
    assert log(run)[-1] == ("", said)


def test_platforms_that_are_called_have_their_turn_as_before(sold, engine, subscribe, platform, monkeypatch, log):
    known = engine.context.configuration
    everywhere = replace(known.definitions["SEND"], provider="")
    engine.context.configuration = replace(known, definitions={"SEND": everywhere})
    with monkeypatch.context() as patched:
        patched.setattr("engine.service.act.send_pending", lambda *_: None)
        subscribe(engine, "T1", boxes=1)
    platform.messages.clear()
    run = engine.run("SEND")
    assert (run.state, counts(run)[:3]) == ("COMPLETED", (4, 4, 3 + 3))
    assert platform.names == ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS"]
    assert [subscription for subscription, _said in log(run)] == ["", "T1", ""]


def test_a_run_of_a_provider_that_is_called_sends_no_files(sold, engine):
    known = engine.context.configuration
    called = replace(known.definitions["SEND"], provider="tv")
    engine.context.configuration = replace(known, definitions={"SEND": called})
    assert counts(engine.run("SEND"))[0] == 0
    assert sold.site.journal == []


def test_a_preview_says_what_would_be_planned_and_sent_and_changes_nothing(sold, engine, dump):
    sold.ask(PAIR, "01234567899", stb="90000000001")
    before = dump(engine)
    page = engine.preview("SEND")
    assert [(one.subscription, one.request, one.parameters["smartcard"]) for one in page.results] == [
        (sold.subscription("01234567899"), PAIR, "01234567899"),
        *((f"S{number}", ADD, one) for number, one in enumerate(CARDS, start=1)),
    ]
    assert page.results[1].parameters == {"smartcard": CARDS[0], "service": NEWS, "distributor": "CONAX_MAIN"}
    assert (page.total, dump(engine), sold.site.journal) == (4, before, [])


def test_a_preview_goes_on_by_the_page(sold, engine, monkeypatch):
    sold.ask(PAIR, "01234567898", stb="90000000001")
    sold.ask(PAIR, "01234567899", stb="90000000002")
    monkeypatch.setattr(foresee_files, "PAGE", 1)
    together = partial(plan_many.steps, together=2)
    monkeypatch.setattr(foresee_files, "steps", together)
    whole = [one.parameters["smartcard"] for one in engine.preview("SEND").results]
    assert whole == ["01234567898", "01234567899", *CARDS]
    for offset in range(6):
        shown = [one.parameters["smartcard"] for one in engine.preview("SEND", 2, offset).results]
        assert shown == whole[offset : offset + 2]


def test_what_is_in_a_file_that_was_not_sent_is_foreseen_and_what_was_sent_is_not(sold, engine):
    sold.site.fail("rename", LOST, times=3)
    engine.run("SEND")
    assert engine.preview("SEND").total == len(engine.preview("SEND").results) == 3
    engine.run("SEND")
    assert (engine.preview("SEND").total, engine.preview("SEND").results) == (0, [])


@pytest.fixture
def step_by_step(monkeypatch):
    """Let the run plan for one subscription at once."""
    monkeypatch.setattr("engine.service.files.process_files.steps", partial(plan_many.steps, together=1))


def interrupt_at(engine, site, operation, number):
    """Interrupt the run that goes on when an operation comes about for the n-th time."""
    seen = []

    def look(done, _path):
        seen.extend([done] * (done == operation))
        if len(seen) == number:
            engine.context.running.stopping.add(1)

    site.before = look


def test_interrupted_between_files_it_goes_on_where_it_was(sold, engine):
    sold.limit(1)
    interrupt_at(engine, sold.site, "rename", 2)
    run = engine.run("SEND")
    assert (run.state, counts(run)[:2], len(sold.site.arrived)) == ("FAILED", (3, 2), 2)
    assert sold.site.open == 0
    sold.site.before = lambda *_: None
    engine.resume(run.id)
    run = engine.wait_for(run.id, 10)
    assert (run.state, counts(run)[:3]) == ("COMPLETED", (3, 3, 3))
    assert len(set(sold.site.arrived)) == len(sold.site.arrived) == 3


def test_interrupted_while_it_plans_it_asks_for_nothing_twice(sold, engine, step_by_step, monkeypatch):
    planned = []

    def plan(*args):
        planned.append(args[-1])
        if len(planned) == 5:
            engine.context.running.stopping.add(1)
        return plan_many.plan_many(*args)

    monkeypatch.setattr("engine.service.files.process_files.plan_many", plan)
    run = engine.run("SEND")
    assert (run.state, run.total, sold.site.journal) == ("FAILED", 2, [])
    engine.resume(run.id)
    run = engine.wait_for(run.id, 10)
    assert (run.state, counts(run)[:3]) == ("COMPLETED", (3, 3, 3))
    assert len(engine.requests()) == 3


def test_a_run_whose_lease_is_lost_sends_no_further_file(sold, engine):
    sold.limit(1)

    def lose(operation, _path):
        if operation == "rename":
            with engine.context.database.transaction() as connection:
                connection.execute(update(schema.runs).values(hold=99))

    sold.site.before = lose
    engine.run("SEND")
    assert len(sold.site.arrived) == 1
    sold.site.before = lambda *_: None
    with engine.context.database.transaction() as connection:
        connection.execute(update(schema.runs).values(leased_until=sold.now - LEASE))
    engine.run("SEND")
    assert len(set(sold.site.arrived)) == len(sold.site.arrived) == 3


def test_a_provider_that_is_not_effective_any_more_is_planned_and_sent_nothing_more(sold, engine, step_by_step, log):
    sold.limit(1)

    def stop(operation, _path):
        if operation == "rename":
            sold.change(effective=False)

    sold.site.before = stop
    run = engine.run("SEND")
    assert (run.state, len(sold.site.arrived)) == ("COMPLETED_WITH_ERRORS", 1)
    assert log(run)[-1] == ("", "conax is NOT_EFFECTIVE: nothing is sent to it. What is left stays PENDING.")
    with pytest.raises(DomainError, match="NOT_EFFECTIVE"):
        carry.preview(engine.context, "SEND", 10, 0)
    sold.change(effective=True)
    sold.site.before = lambda *_: None
    assert engine.run("SEND").state == "COMPLETED"
    assert len(sold.site.arrived) == 3


def test_after_a_card_has_left_what_it_held_is_cancelled_by_the_next_run(sold, engine):
    engine.run("SEND")
    for request in engine.requests():
        sold.end(request.id)
    rights = {"provider": "conax", "kind": "service", "authorised": True, "in_doubt": False}
    rows = [
        {**rights, "subscription_id": key, "ca_id": NEWS, "place": one, "since": sold.now, "distributor": "CONAX_MAIN"}
        for key, one in enumerate(CARDS, start=1)
    ]
    sold.write(schema.held.insert().values(rows))
    engine.act("REMOVE_INSTALLED_ITEM", "S2", item=CARDS[1])
    run = engine.run("SEND")
    assert counts(run)[:3] == (1, 1, 1)
    assert sold.cards("cs000002") == [CARDS[1]]


SECOND = """
[[definitions]]
code = "SEND2"
name = "Process"
kind = "process_provisioning_requests"
provider = "conax"
effective = true
"""


@pytest.mark.postgresql("a SQLite file has one engine")
def test_two_engines_that_process_at_once_ask_for_each_thing_once_and_send_each_file_once(
    sold, engine, restart, tmp_path, step_by_step
):
    (tmp_path / "second.toml").write_text(SECOND, encoding="utf-8")
    engine.configure(tmp_path / "second.toml")
    for number in range(4, 13):
        subscribe_at_conax(engine, f"S{number}", card(f"012345679{number:02}"), products=("NEWS", "SPORT"))
    other = restart(engine)
    other.context = replace(other.context, folders=sold.site)
    for one in (engine, other):
        known = one.context.configuration
        few = replace(known.provider("conax"), operations={"maximum_records": "2"})
        one.context.configuration = replace(known, providers={**known.providers, "conax": few})
    runs = []
    second = threading.Thread(target=lambda: runs.append(other.run("SEND2")))
    second.start()
    runs.append(engine.run("SEND"))
    second.join()
    assert {run.state for run in runs} == {"COMPLETED"}
    assert sum(run.counts.requests for run in runs) == len(engine.requests()) == 21
    assert len(set(sold.site.arrived)) == len(sold.site.arrived) == len(sold.files()) == len(sold.site.waiting)
    assert len({file.number for file in sold.files()}) == len(sold.files())
    asked = [(one.parameters_set["smartcard"], one.parameters_set["service"]) for one in engine.requests()]
    assert len(set(asked)) == 21
