"""The Web API on a real socket: it says where it is, answers, and finishes what it has in hand before it stops."""

import socket
import threading

import pytest
import requests

from engine.api.app import api
from engine.api.serving import bound, serve
from engine.domain.errors import InvalidError

PATIENCE_S = 20
THREADS = 4
BODY = {"subscriber": {"first_name": "Ada", "last_name": "Lovelace"}, "number": "S1"}


@pytest.fixture
def served(site):
    """The engine's address, and what stops it."""
    stop, said, ready = threading.Event(), [], threading.Event()

    def say(url):
        said.append(url)
        ready.set()

    def run():
        with bound(api(site), "127.0.0.1", 0, THREADS) as server:
            serve(server, site.gate, ready=say, stop=stop, within_s=PATIENCE_S)

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(PATIENCE_S)

    def end():
        stop.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()

    yield said[0], stop, end
    end()


def test_calls_are_answered_until_it_stops_and_then_the_port_is_given_back(served, headers):
    url, _stop, end = served
    assert requests.get(f"{url}/health", timeout=PATIENCE_S).json()["data"] == {"healthy": True}
    answer = requests.post(f"{url}/subscriptions/become_subscriber", json=BODY, headers=headers, timeout=PATIENCE_S)
    assert answer.json()["data"]["subscription"] == "S1"
    end()
    port = int(url.rpartition(":")[2])
    with socket.socket() as caller:
        assert caller.connect_ex(("127.0.0.1", port)) != 0


def test_a_call_in_hand_is_finished_when_it_is_told_to_stop(served, headers, engine, platform):
    url, stop, end = served
    asked, answer = threading.Event(), threading.Event()

    def wait(_message):
        asked.set()
        assert answer.wait(PATIENCE_S)

    platform.before_answer = wait
    body = BODY | {"services": [{"product": "NEWS", "distributors": ["MAIN"]}]}
    answers = []

    def call():
        answers.append(
            requests.post(f"{url}/subscriptions/become_subscriber", json=body, headers=headers, timeout=PATIENCE_S)
        )

    caller = threading.Thread(target=call)
    caller.start()
    assert asked.wait(PATIENCE_S)
    stop.set()
    answer.set()
    caller.join(PATIENCE_S)
    end()
    assert answers[0].status_code == 200
    assert [one["life_cycle_state"] for one in answers[0].json()["data"]["requests"]] == ["COMPLETED"] * 2
    assert engine.requests(life_cycle_state="PENDING") == []


@pytest.mark.parametrize("chunks", [False, True], ids=["announced", "in chunks"])
def test_too_large_a_body_is_refused_and_the_next_call_answered(served, headers, chunks):
    url, _stop, _end = served
    body = b"[" + b"1," * (1 << 20) + b"1]"
    kind = {"Content-Type": "application/json", **headers}
    sent = iter([body]) if chunks else body
    answer = requests.post(f"{url}/subscriptions/become_subscriber", data=sent, headers=kind, timeout=PATIENCE_S)
    assert (answer.status_code, answer.json()["status"]["code"]) == (413, "REQUEST_ENTITY_TOO_LARGE")
    assert requests.get(f"{url}/ready", timeout=PATIENCE_S).status_code == 200


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # cheroot forgets to close its socket
def test_a_port_that_is_taken_is_refused(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(InvalidError, match=f"Port {port} can't be had") as refusal,
            bound(api(site), "127.0.0.1", port, THREADS),
        ):
            pass
    assert refusal.value.field == "port"


def test_a_port_that_is_bound_and_never_served_is_given_back(site):
    with bound(api(site), "127.0.0.1", 0, THREADS) as server:
        port = server.bind_addr[1]
    with socket.socket() as caller:
        assert caller.connect_ex(("127.0.0.1", port)) != 0
