"""Many callers at once, messages to all among them: the journal is an order, and says all that has changed."""

import threading
from random import Random

import pytest

from simulators.irdeto.app import irdeto
from simulators.kit.credentials import basic
from simulators.kit.platform import Request
from simulators.kit.simulator import Simulator
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.irdeto.conftest import PRODUCTS, envelope, request

CALLERS, CALLS, CLIENTS = 4, 100, 4
AUTHORIZATION = basic("headend", "headend")


def asked(random: Random) -> tuple[str, str]:
    """An operation with what is in it: the same few devices and cards as everybody's."""
    client = f"<secureClient>SC-{random.randint(1, CLIENTS)}</secureClient>"
    card = f"<smartcard>C-{random.randint(1, CLIENTS)}</smartcard>"
    chosen = random.sample(PRODUCTS, 2)
    home = f"<subscription>S{random.randint(1, 2)}</subscription><sector>M{random.randint(1, 2)}</sector>"
    text = f"<type>MAIL</type><textMode>ANSI</textMode><text>{random.choice('ab')}</text>"
    return random.choice(
        [
            ("REGISTER_SECURE_CLIENT", client + home),
            ("REGISTER_SECURE_CLIENT", client + home),
            ("DEREGISTER_SECURE_CLIENT", client),
            ("PAIR", client + card),
            ("UNPAIR", client + card),
            ("ADD_ENTITLEMENTS", client + "".join(f'<entitlement caId="{ca_id}"/>' for ca_id in chosen)),
            ("REMOVE_ENTITLEMENTS", client + "".join(f"<caId>{ca_id}</caId>" for ca_id in chosen)),
            ("SEND_MESSAGE", client + text),
            ("SEND_MESSAGE", f"<secureClient>ALL</secureClient>{text}"),
            ("SET_PIN", f"{client}<pin>{random.randint(1000, 1002)}</pin>"),
            ("RESET_PIN", f"{client}<pin>000{random.randint(1, 2)}</pin>"),
            ("REAUTHORISE_SECTOR", client),
        ]
    )


def bodies(caller: int) -> list[bytes]:
    random = Random(caller)  # noqa: S311 - to be repeated, not to be secret
    # every fourth transaction is used by all callers, now and then for the same request
    names = [f"shared-{random.randrange(20)}" if n % 4 == 0 else f"{caller}-{n}" for n in range(CALLS)]
    return [envelope(request(*asked(random), name)).encode() for name in names]


def crowd_of(simulator: Simulator) -> list[tuple[bytes, bytes]]:
    """Every body with the answer that it got, while all call at once."""
    simulator.workspace().clock.freeze(NEW_YEAR)
    answers, start = [], threading.Barrier(CALLERS)

    def call(caller: int) -> None:
        start.wait(10)
        answers.extend((body, answered(simulator, body)) for body in bodies(caller))

    threads = [threading.Thread(target=call, args=(caller,)) for caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def answered(simulator: Simulator, body: bytes) -> bytes:
    asked_so = Request("POST", "/irdeto", body, content_type="text/xml", authorization=AUTHORIZATION)
    return simulator.answer(asked_so).reply.body


@pytest.fixture(scope="module")
def crowded() -> tuple[Simulator, list[tuple[bytes, bytes]]]:
    simulator = Simulator(irdeto(products=PRODUCTS))
    return simulator, crowd_of(simulator)


def test_every_call_is_journalled_once_and_every_answer_is_the_journals(crowded):
    simulator, answers = crowded
    journal = simulator.workspace().journal.find()
    assert [entry.seq for entry in journal] == list(range(1, CALLERS * CALLS + 1))
    assert sorted(entry.response for entry in journal) == sorted(answer.decode() for _, answer in answers)
    assert {entry.effect for entry in journal} == {"applied", "unchanged", "rejected"}


def test_the_differences_in_the_journal_add_up_to_the_memory(crowded):
    workspace = crowded[0].workspace()
    held: dict[str, set[str]] = {}
    for entry in workspace.journal.find():
        for change in entry.difference:
            sign, line = change[0], change[1:]
            subject, line = line.split(": ", 1) if entry.subject == "ALL" else (entry.subject, line)
            lines = held.setdefault(subject, set())
            assert (line in lines) is (sign == "-")
            (lines.add if sign == "+" else lines.remove)(line)
    assert {subject: sorted(lines) for subject, lines in held.items() if lines} == workspace.holdings()
    assert any(entry.subject == "ALL" and len(entry.difference) > 1 for entry in workspace.journal.find())


def test_the_memory_is_the_one_that_the_journals_order_leads_to(crowded):
    simulator, answers = crowded
    replayed = Simulator(irdeto(products=PRODUCTS))
    replayed.workspace().clock.freeze(NEW_YEAR)
    sent = {}
    for body, answer in answers:
        sent.setdefault(answer.decode(), []).append(body)
    for entry in simulator.workspace().journal.find():
        # the journal has no PIN: such a request is sent again as it was sent
        body = sent[entry.response].pop() if "<pin>" in entry.request else entry.request.encode()
        assert answered(replayed, body).decode() == entry.response
    assert replayed.workspace().memory()["clients"] == simulator.workspace().memory()["clients"]
