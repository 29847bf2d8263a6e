"""Two engines on one database carry out runs: each entry is told once, and no run has two masters."""

import threading
from dataclasses import replace

import pytest

from engine.domain.errors import NotAllowedError
from engine.service import carry, mail, runs
from engine.service.asked import Asked
from engine.service.lease import LEASE
from engine.store import communication, subscriptions
from engine.store import runs as store

pytestmark = pytest.mark.postgresql("a SQLite file has one engine")

PATIENCE_S = 10
AT_MOST_S = 0.3  # how long something is watched not to happen
NUMBERS = ("S1", "S2", "S3", "S4")


@pytest.fixture
def irdeto(equip, at_irdeto):
    """Subscriptions with a box each, made in no order."""
    for number in reversed(NUMBERS):
        equip(number, f"BOX-{number}")
    return at_irdeto


@pytest.fixture
def other(engine, irdeto, restart, platform):
    """Another engine, at the same platforms."""
    second = restart(engine)
    second.context = replace(second.context, transport=irdeto)
    return second


@pytest.fixture
def twice(engine, irdeto, tmp_path):
    """Each run is defined twice, so that two of them do the same."""
    text = '[[definitions]]\ncode = "MAIL2"\nname = "M"\nkind = "mail"\nprovider = "ca"\neffective = true\n'
    text += 'filters = { external_system = "CRM" }\n'
    text += '[[definitions]]\ncode = "PROCESS2"\nname = "P"\nkind = "process_provisioning_requests"\neffective = true\n'
    (tmp_path / "more.toml").write_text(text, encoding="utf-8")
    engine.configure(tmp_path / "more.toml")


@pytest.fixture
def beside():
    """Do it in a thread; gives what waits for it and gives what came of it."""
    threads = []

    def begin(task, *arguments):
        came = []
        thread = threading.Thread(target=lambda: came.append(task(*arguments)))
        threads.append(thread)
        thread.start()

        def wait():
            thread.join(PATIENCE_S)
            return came[0]

        wait.thread = thread
        return wait

    yield begin
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def told(irdeto):
    return sorted(tuple(words) for name, _reference, words in irdeto.calls if name == "SEND_MESSAGE")


def test_two_mail_runs_take_from_one_queue_and_tell_each_entry_once(engine, other, irdeto, twice, beside):
    for index in range(20):
        engine.queue_text(NUMBERS[index % 4], f"Hello {index}", "CRM")
    first, second = beside(engine.run, "MAIL"), beside(other.run, "MAIL2")
    counts = [first().counts, second().counts]
    assert sum(one.changed for one in counts) == sum(one.requests for one in counts) == 20
    assert len(told(irdeto)) == len(set(told(irdeto))) == 20
    assert {one.state.value for one in engine.entries().results} == {"COMPLETED"}
    assert {first().state, second().state} == {"COMPLETED"}


def test_two_processing_runs_send_each_request_once(engine, other, irdeto, twice, beside):
    for index in range(20):
        said = {"message_type": "MAIL", "text": f"Hello {index}"}
        engine.ask(Asked("send_message", said, f"BOX-{NUMBERS[index % 4]}", process_immediately=False))
    first, second = beside(engine.run, "PROCESS"), beside(other.run, "PROCESS2")
    assert first().counts.requests + second().counts.requests == 20
    assert len(told(irdeto)) == len(set(told(irdeto))) == 20
    assert {first().state, second().state} == {"COMPLETED"}


def refusal(call, *arguments):
    with pytest.raises(NotAllowedError) as raised:
        call(*arguments)
    return raised.value.message


def test_of_two_drafts_of_one_definition_that_begin_at_once_one_does(engine, other, irdeto, beside):
    first, second = (runs.create(engine.context, "MAIL").id for _ in range(2))
    now = engine.context.clock.now()
    with engine.context.database.transaction() as connection:
        store.lock_definition(connection, "MAIL")
        waits = beside(refusal, carry.begin, other.context, second)
        waits.thread.join(AT_MOST_S)
        assert waits.thread.is_alive()
        assert store.begin(connection, first, now, now + LEASE)
    assert waits() == f"Run {first} of MAIL is IN_PROGRESS."


def test_an_entry_that_a_run_takes_in_hand_meanwhile_is_not_removed(engine, other, irdeto, beside, monkeypatch):
    engine.queue_text("S1", "Hello", "CRM")
    removing = []

    def called_for(*said, real=mail.called_for):
        removing.append(beside(refusal, other.remove_entry, 1))
        removing[0].thread.join(AT_MOST_S)
        return real(*said)

    monkeypatch.setattr(mail, "called_for", called_for)
    assert engine.run("MAIL").state == "COMPLETED"
    assert removing[0]() == "Entry 1 is PENDING, and in hand; wanted: COMPLETED, or PENDING and not in hand."


def test_who_removes_an_entry_that_ends_meanwhile_is_given_it_as_it_is_then(engine, other, irdeto, beside):
    engine.queue_text("S1", "Hello", "CRM")
    with engine.context.database.transaction() as connection:
        subscriptions.lock(connection, communication.owner(connection, 1))
        removed = beside(other.remove_entry, 1)
        removed.thread.join(AT_MOST_S)
        communication.end(connection, 1, engine.context.clock.now())
    assert removed().state == engine.entry(1).state == "COMPLETED_AND_REMOVED"
