"""Many callers at once leave what some order of them would have left, and the journal is that order."""

import threading
from random import Random

import pytest

from simulators.kit.credentials import basic
from simulators.kit.platform import Request
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano

CALLERS, CALLS, ACCOUNTS = 6, 150, 3
OPTIONS = ("OPT_A", "OPT_B", "OPT_C")
AUTHORIZATION = basic("headend", "headend")


def request(body: str) -> Request:
    return Request("POST", "/tucano", body.encode(), content_type="text/xml", authorization=AUTHORIZATION)


def commands(caller: int) -> list[str]:
    """One caller's commands: the same few accounts, materials and references as everybody's."""
    random = Random(caller)  # noqa: S311 - to be repeated, not to be secret
    made = []
    for number in range(CALLS):
        # every fourth reference is used by all callers, now and then for the same command
        reference = f"shared-{random.randrange(20)}" if number % 4 == 0 else f"{caller}-{number}"
        account = f'<account id="T10000{random.randint(1, ACCOUNTS)}"/>'
        chosen = "".join(f'<option id="{option}"/>' for option in sorted(random.sample(OPTIONS, 2)))
        name, inner = random.choice(
            [
                ("CREATE_ACCOUNT", f'<subscriber number="S{random.randint(1, ACCOUNTS)}"/>'),
                ("ADD_MATERIAL", f'{account}<material id="STB-{random.randrange(4)}"/>'),
                ("REMOVE_MATERIAL", f'{account}<material id="STB-{random.randrange(4)}"/>'),
                ("ACTIVATE_OPTIONS", f"{account}<options>{chosen}</options>"),
                ("SUSPEND_OPTIONS", f"{account}<options>{chosen}</options>"),
            ]
        )
        made.append(f'<command name="{name}" reference="{reference}">{inner}</command>')
    return made


@pytest.fixture
def crowded() -> tuple[Simulator, list[tuple[str, bytes]]]:
    """A simulator after the crowd, and every body with the answer it got."""
    simulator, answers, start = Simulator(tucano(options=OPTIONS)), [], threading.Barrier(CALLERS)

    def call(caller: int) -> None:
        start.wait(10)
        answers.extend((body, simulator.answer(request(body)).reply.body) for body in commands(caller))

    threads = [threading.Thread(target=call, args=(caller,)) for caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return simulator, answers


def test_the_memory_is_the_one_the_journal_leads_to_and_so_is_every_answer(crowded):
    simulator, answers = crowded
    journal = simulator.workspace().journal.find()
    assert [entry.seq for entry in journal] == list(range(1, CALLERS * CALLS + 1))
    replayed = Simulator(tucano(options=OPTIONS))
    for entry in journal:
        assert replayed.answer(request(entry.request)).reply.body.decode() == entry.response
    assert replayed.workspace().memory() == simulator.workspace().memory()
    assert sorted((entry.request, entry.response) for entry in journal) == sorted(
        (body, answer.decode()) for body, answer in answers
    )


def test_the_differences_in_the_journal_add_up_to_the_memory(crowded):
    workspace = crowded[0].workspace()
    held: dict[str, set[str]] = {}
    for entry in workspace.journal.find():
        lines = held.setdefault(entry.subject, set())
        for change in entry.difference:
            sign, line = change[0], change[1:]
            assert (line in lines) is (sign == "-")
            (lines.add if sign == "+" else lines.remove)(line)
    assert {subject: sorted(lines) for subject, lines in held.items() if lines} == workspace.holdings()


def test_no_material_is_ever_on_two_accounts(crowded):
    materials = [line for lines in crowded[0].workspace().holdings().values() for line in lines if "material" in line]
    assert len(set(materials)) == len(materials)
