"""An engine that is told to stop: the call in hand is answered, others are not taken; told twice, it is gone."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

PATIENCE_S = 30
HANGS_S, STOP_WITHIN_S = 1.0, 3
TOKEN = "of-the-process"
BODY = {
    "subscriber": {"first_name": "Ada", "last_name": "Lovelace"},
    "services": [{"product": "NEWS", "distributors": ["MAIN"]}],
    "token": TOKEN,
}


class Hanging(BaseHTTPRequestHandler):
    """A platform that thinks for a second before it says yes."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.set()
        self.server.stopping.wait(self.server.hangs_s)
        reference = re.search(r'reference="(\d+)"', body)[1]
        answer = f'<response reference="{reference}" status="ACCEPTED" id="TX"><account id="T1"/></response>'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def platform():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hanging)
    server.asked, server.stopping, server.hangs_s = threading.Event(), threading.Event(), HANGS_S
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.stopping.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def process(platform, configuration, tmp_path):
    end_point = f"tv=http://127.0.0.1:{platform.server_port}/tucano"
    command = [sys.executable, "-m", "engine", "--leashed", "--end-point", end_point]
    environment = {
        "HEADEND_TOKEN": TOKEN,
        "HEADEND_CONFIGURATION": str(configuration),
        "HEADEND_DATABASE_URL": f"sqlite:///{tmp_path / 'engine.sqlite'}",
        "HEADEND_STOP_WITHIN_S": str(STOP_WITHIN_S),
    }
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    child = subprocess.Popen(command, text=True, env={**os.environ, **environment}, **pipes)
    yield child
    child.kill()
    child.communicate()


@pytest.fixture
def url(process):
    return json.loads(process.stdout.readline())["engine"]


@pytest.fixture
def in_hand(url, platform):
    """A call that waits for the platform, and becomes an answer."""
    with ThreadPoolExecutor() as pool:
        call = pool.submit(requests.post, f"{url}/subscriptions/become_subscriber", json=BODY, timeout=PATIENCE_S)
        assert platform.asked.wait(PATIENCE_S)
        yield call


def test_the_call_in_hand_is_answered_and_others_are_not_taken(process, url, in_hand):
    process.send_signal(signal.SIGTERM)
    while requests.get(f"{url}/ready", timeout=PATIENCE_S).status_code == 200:
        pass
    refused = requests.post(f"{url}/subscriptions/become_subscriber", json=BODY, timeout=PATIENCE_S)
    assert (refused.status_code, refused.json()["status"]["code"]) == (503, "STOPPING")
    assert requests.get(f"{url}/ready", timeout=PATIENCE_S).json()["status"]["description"] == "stopping"
    assert requests.get(f"{url}/health", timeout=PATIENCE_S).status_code == 200
    answer = in_hand.result(PATIENCE_S)
    assert answer.status_code == 200
    assert [one["life_cycle_state"] for one in answer.json()["data"]["requests"]] == ["COMPLETED"] * 2
    _out, error = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, error) == (0, "")


def test_a_second_signal_ends_it_at_once(process, url, in_hand, platform):
    process.send_signal(signal.SIGTERM)
    while requests.get(f"{url}/ready", timeout=PATIENCE_S).status_code == 200:
        pass
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == -signal.SIGTERM
    assert isinstance(in_hand.exception(PATIENCE_S), requests.ConnectionError)


def test_calls_that_do_not_end_in_time_are_left(process, url, platform, in_hand):
    platform.hangs_s = PATIENCE_S
    process.send_signal(signal.SIGTERM)
    _out, error = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 3
    assert error.endswith("Calls in hand have not ended in time; what they have not sent stays PENDING.\n")
    assert isinstance(in_hand.exception(PATIENCE_S), requests.ConnectionError)


def test_a_token_stands_in_nothing_that_the_process_says(process, url):
    assert requests.get(f"{url}/subscriptions/list?x={TOKEN}", timeout=PATIENCE_S).status_code == 401
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert TOKEN not in out + error
