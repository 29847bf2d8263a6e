"""Several engines on one database, as processes: what they do to the same subscriptions, some order of it does too."""

import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.bootstrap import Engine
from engine.domain.actions import Action
from engine.service import act, reading
from engine.store import schema
from harness import operator_files, platforms
from simulators.kit.faults import Fault
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator

pytestmark = pytest.mark.postgresql("a SQLite file has one engine")

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("acting_engine.py")
PROCESSES, THREADS, ACTIONS = 2, 3, 12
NUMBERS = ("S1", "S2", "S3")
PLACE = {"distributors": ["TUCANO_MAIN"]}
ADA = {"first_name": "Ada", "last_name": "Lovelace"}
SOLD = ("SPORT", "CINEMA", "RELIGION")
BUNDLES = (
    {"product": "FLEXIBLE_BUNDLE_A", "components": ["GEOLOGICAL", "SPORT"]},
    {"product": "FLEXIBLE_BUNDLE_B", "components": ["GEOLOGICAL", "CINEMA"]},
)


@pytest.fixture
def platform():
    """A Tucano on a socket, and a fresh memory for it."""
    simulator = Simulator(platforms.platform("tucano"))
    with Server(simulator.wsgi, simulator=simulator) as server:
        workspace = simulator.workspace("shared")
        server.bind("shared")
        workspace.url = f"{server.url}/tucano"
        yield workspace
    simulator.close()


@pytest.fixture
def database(make_database):
    """A database with the demo operator's configuration."""
    url = make_database()
    with closing(Engine(url)) as engine:
        engine.configure(operator_files.FOLDER)
    return url


@pytest.fixture
def engine(database, platform):
    """One more engine on it."""
    with closing(Engine(database)) as made:
        made.point("tucano", end_point=platform.url)
        yield made


@pytest.fixture
def at_once(database, platform):
    """Let processes begin at the same moment, each with actions for its threads. Gives what became of each action."""

    def run(plans):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
        tasks = [{"database": database, "end_point": platform.url, "threads": threads} for threads in plans]
        started = [subprocess.Popen([sys.executable, str(DRIVER), json.dumps(task)], **pipes) for task in tasks]
        assert [process.stdout.readline() for process in started] == ["ready\n"] * len(plans)
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate()[0] for process in started]
        assert [process.returncode for process in started] == [0] * len(plans)
        return [end for one in said for thread in json.loads(one) for end in thread]

    return run


def anything(chance, box):
    """An action on one of the subscriptions; many of them will not be allowed when they come."""
    number, product = chance.choice(NUMBERS), chance.choice(SOLD)
    return chance.choice(
        [
            ("ADD_SERVICE", number, {"product": product, **PLACE}),
            ("REMOVE_SERVICE", number, {"service": product}),
            ("SWAP_SERVICE", number, {"service": product, "product": chance.choice(SOLD)}),
            ("ADD_SERVICE", number, {**chance.choice(BUNDLES), **PLACE}),
            ("REMOVE_SERVICE", number, {"service": chance.choice(BUNDLES)["product"]}),
            ("DEACTIVATE_SUBSCRIPTION", number, {}),
            ("ACTIVATE_SUBSCRIPTION", number, {}),
            ("ADD_INSTALLED_ITEM", number, {"product": "STB", "serial_number": box, **PLACE}),
            ("REMOVE_INSTALLED_ITEM", number, {"serial_number": box}),
        ]
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_many_do_to_the_same_subscriptions_is_what_some_order_of_it_does(seed, engine, platform, at_once):
    chance = random.Random(seed)  # noqa: S311
    for number in NUMBERS:
        engine.act("BECOME_SUBSCRIBER", subscriber=ADA, number=number, services=[{"product": "CINEMA", **PLACE}])
    boxes = [f"B-{number}" for number in range(3)]
    plans = [
        [[anything(chance, chance.choice(boxes)) for _ in range(ACTIONS)] for _ in range(THREADS)]
        for _ in range(PROCESSES)
    ]
    ends = Counter(end for end, _said in at_once(plans))
    assert ends["executed"] > ACTIONS
    check_sent_once(engine, platform)
    assert standing(engine) == replayed(engine)


def test_what_two_engines_could_not_send_in_an_outage_is_sent_once_by_their_resets(engine, platform, at_once):
    chance = random.Random(7)  # noqa: S311
    for number in NUMBERS:
        engine.act("BECOME_SUBSCRIBER", subscriber=ADA, number=number, services=[{"product": "CINEMA", **PLACE}])
    resets = [("RESET", number, {}) for number in NUMBERS]
    acts = [[anything(chance, "B-1") for _ in range(3)] for _ in range(PROCESSES * THREADS)]
    plans = [[*each, ("DEACTIVATE_SUBSCRIPTION", number, {})] for each, number in zip(acts, NUMBERS * 2, strict=True)]
    platform.faults.put(Fault("night", "outage"))
    over = threading.Thread(target=end_at_the_first_refusal, args=(engine, platform))
    over.start()
    at_once([[[*plan, *resets] for plan in plans[:THREADS]], [[*plan, *resets] for plan in plans[THREADS:]]])
    over.join()
    for number in NUMBERS:
        engine.reset(number)
    made = engine.requests(1000)
    ended = Counter((one.life_cycle_state, one.in_doubt) for one in made)
    assert ended.keys() == {("COMPLETED", False), ("REJECTED", False)}
    assert len(platform.journal.find()) == ended["COMPLETED", False]
    for number in NUMBERS:
        shown = engine.show(number).providers["tucano"]
        should = [f"account {shown.account}"]
        should += [f"material {one}" for one in shown.should_hold.items]
        should += [f"option {one}" for one in shown.should_hold.services]
        assert (shown.in_sync, shown.pending, platform.holdings()[shown.account]) == (True, 0, should)
    assert standing(engine) == replayed(engine)


def end_at_the_first_refusal(engine, platform):
    """Let the outage go on until an engine has felt it."""
    while not engine.requests(1, life_cycle_state="REJECTED"):
        time.sleep(0.01)  # another process tells nobody
    platform.faults.clear()


def check_sent_once(engine, platform):
    """Each request has come to its end, and to the platform, once; none was refused, and both sides know the same."""
    sent = engine.requests(1000)
    assert {one.life_cycle_state for one in sent} == {"COMPLETED"}
    assert sorted(one.number for one in sent) == list(range(1, len(sent) + 1))
    entries = platform.journal.find()
    assert len(entries) == len(sent)
    assert platform.journal.violations() == []
    changes = Counter(line for entry in entries for line in entry.difference)
    effects = {line[1:]: changes[f"+{line[1:]}"] - changes[f"-{line[1:]}"] for line in changes}
    held = Counter(thing for things in platform.holdings().values() for thing in things)
    assert {thing: count for thing, count in effects.items() if count} == held
    shown = [engine.show(number).providers["tucano"] for number in NUMBERS]
    assert [(one.in_sync, one.pending) for one in shown] == [(True, 0)] * len(NUMBERS)


def standing(engine):
    """How the subscriptions stand; what depends on when things were done, and for which account, is left out."""
    found = []
    for number in NUMBERS:
        shown = engine.show(number)
        states = [(one.product, one.state) for one in (*shown.services, *shown.installed_items)]
        held = shown.providers["tucano"].should_hold
        found.append((shown.state, sorted(states), held.services, held.items))
    return found


def replayed(engine):
    """How they stand where the same actions were carried out one after the other, in the order of their keys."""
    rows = (
        select(schema.actions, schema.subscriptions.c.number).join(schema.subscriptions).order_by(schema.actions.c.id)
    )
    with engine.context.database.reading() as connection:
        history = connection.execute(rows).mappings().all()
    with closing(Engine()) as alone:
        alone.configure(operator_files.FOLDER)
        alone.point("tucano", end_point="http://127.0.0.1:1/")
        for row in history:
            action = Action(row["code"])
            if action is Action.RESET:
                continue
            said = reading.read_details(action, row["details"])
            if action is Action.BECOME_SUBSCRIBER:
                act.become_subscriber(alone.context, said)
            else:
                act.act(alone.context, action, row["number"], said)
        return standing(alone)


def test_numbers_are_given_once_and_none_is_left_out(engine, at_once):
    become = ("BECOME_SUBSCRIBER", "", {"subscriber": ADA})
    ends = at_once([[[become] * 5] * THREADS] * PROCESSES)
    count = 5 * THREADS * PROCESSES
    assert sorted(ends) == [["executed", f"S{number:010d}"] for number in range(1, count + 1)]


def test_a_number_or_a_device_wanted_by_many_at_once_goes_to_one_and_the_others_are_told(engine, at_once):
    many = PROCESSES * THREADS
    chosen = [("BECOME_SUBSCRIBER", "", {"subscriber": ADA, "number": f"CHOSEN-{number}"}) for number in range(5)]
    check_one_each(at_once([[chosen] * THREADS] * PROCESSES), "CHOSEN-{}", "exists already|was made at the same moment")
    for number in range(many):
        engine.act("BECOME_SUBSCRIBER", subscriber=ADA, number=f"S-{number}")
    boxes = [{"product": "STB", "serial_number": f"BOX-{number}", **PLACE} for number in range(5)]
    threads = [[("ADD_INSTALLED_ITEM", f"S-{number}", box) for box in boxes] for number in range(many)]
    ends = at_once([threads[:THREADS], threads[THREADS:]])
    check_one_each(ends, "BOX-{}", "is installed on S-|was installed on another subscription at the same moment")


def check_one_each(ends, name, refusal):
    """Of all that wanted the same, one has it."""
    assert Counter(kind for kind, _said in ends) == {"executed": 5, "NotAllowedError": len(ends) - 5}
    told = Counter(
        re.search(f"({name.format('[0-9]')}) ({refusal})", said)[1] for kind, said in ends if kind != "executed"
    )
    assert told == {name.format(number): len(ends) // 5 - 1 for number in range(5)}
