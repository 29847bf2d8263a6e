"""`python -m simulators PLATFORM`: a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import requests

from tests.simulators.tucano.bearer import CLAIMS, SECRET, token
from tests.simulators.tucano.test_hostile import hostile

COMMAND = '<command name="CREATE_ACCOUNT" reference="1"><subscriber number="S1"/></command>'
XML = {"Content-Type": "text/xml; charset=UTF-8"}


class Process:
    """A simulator process, ready."""

    def __init__(
        self, *arguments: str, platform: str = "tucano", before: Sequence[str] = (), **environment: str
    ) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "simulators", *before, platform, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        line = self.popen.stdout.readline()
        assert line, self.popen.stderr.read()
        ready = json.loads(line)
        self.control, self.url = ready["control"], ready["platforms"][platform]

    def create(self, auth=("headend", "headend")) -> requests.Response:
        return requests.post(self.url, data=COMMAND, headers=XML, auth=auth, timeout=5)

    def order(self) -> requests.Response:
        headers = {**XML, "Authorization": f"Bearer {token({**CLAIMS, 'exp': 253_402_300_799})}"}
        return requests.post(f"{self.url}/orders", data='<order content="M"/>', headers=headers, timeout=5)

    def resident_kb(self) -> int:
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.popen.send_signal(number)
        return self.popen.wait(10)


@pytest.fixture
def start():
    started = []

    def process(*arguments: str, **how) -> Process:
        started.append(Process(*arguments, **how))
        return started[-1]

    yield process
    for each in started:
        each.popen.kill()
        each.popen.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop_and_then_ends_well(start, number):
    process = start()
    assert b'<account id="T100001"/>' in process.create().content
    assert requests.get(f"{process.control}/requests", timeout=5).json()["requests"][0]["effect"] == "applied"
    assert process.stop(number) == 0


def test_it_stops_while_a_call_hangs_and_a_stream_is_open(start):
    process = start()
    requests.put(f"{process.control}/faults/h", json={"kind": "hang"}, timeout=5)
    stream = requests.get(f"{process.control}/events", stream=True, timeout=5)
    with pytest.raises(requests.ReadTimeout):
        requests.post(process.url, timeout=0.2)
    assert process.stop() == 0
    stream.close()


def test_options_credentials_seed_and_token_are_arguments(start, tmp_path):
    catalogue = tmp_path / "options.toml"
    catalogue.write_text('materials = ["STB-1"]\n[options]\nOPT_A = "A"\n')
    process = start(
        *("--options", str(catalogue), "--option", "OPT_B", "--seed", "7", "--user", "crm"),
        *("--password-env", "SECRET", "--control-token-env", "TOKEN"),
        SECRET="word",
        TOKEN="t0ken",
    )
    assert process.create().status_code == 401
    assert b'<account id="T100008"/>' in process.create(("crm", "word")).content
    assert requests.get(f"{process.control}/faults", timeout=5).status_code == 401
    bearer = {"Authorization": "Bearer t0ken"}
    state = requests.get(f"{process.control}/platforms/tucano/state", headers=bearer, timeout=5).json()
    assert state["catalogue"] == {"options": ["OPT_A", "OPT_B"], "materials": ["STB-1"]}


def test_the_secret_of_tokens_is_in_the_environment_and_nowhere_else(start):
    process = start("--jwt-secret-env", "JWT_SECRET", "--api-provider", "HEADEND", JWT_SECRET=SECRET)
    process.create()
    assert b'<order content="M" at="' in process.order().content
    assert SECRET.encode() not in Path(f"/proc/{process.popen.pid}/cmdline").read_bytes()
    told = [
        requests.get(f"{process.control}{path}", timeout=5).text for path in ("/requests", "/platforms/tucano/state")
    ]
    assert process.stop() == 0
    assert [text for text in (*told, *process.popen.communicate()) if SECRET in text or "Bearer" in text] == []


def test_who_makes_tokens_may_be_said_in_the_catalogue_and_the_environment_comes_first(start, tmp_path):
    catalogue = tmp_path / "options.toml"
    catalogue.write_text(f'jwt_secret = "{SECRET}"\napi_provider = "HEADEND"\noptions = ["OPT_A"]\n')
    process = start("--options", str(catalogue))
    process.create()
    assert process.order().status_code == 200
    state = requests.get(f"{process.control}/platforms/tucano/state", timeout=5).json()
    assert state["catalogue"] == {"options": ["OPT_A"]}
    process = start("--options", str(catalogue), "--jwt-secret-env", "JWT_SECRET", JWT_SECRET="x" * 32)
    assert b'code="TOKEN_FORGED"' in process.order().content
    process = start("--options", str(catalogue), "--api-provider", "OTHER")
    assert b'code="TOKEN_FOREIGN"' in process.order().content


def test_a_process_that_was_told_no_secret_takes_no_order(start):
    process = start()
    process.create()
    answer = process.order()
    assert (answer.status_code, b'code="NO_SECRET"' in answer.content) == (401, True)


def test_a_memory_survives_a_restart_in_its_file(start, tmp_path):
    file = str(tmp_path / "state.json")
    process = start("--state-file", file)
    process.create()
    assert process.stop() == 0
    process = start("--state-file", file)
    state = requests.get(f"{process.control}/platforms/tucano/state", timeout=5).json()
    assert state["holdings"] == {"T100001": ["account T100001"]}


def test_hostile_bodies_leave_it_up_and_small(start):
    process = start()
    process.create()
    before = process.resident_kb()
    for _ in range(3):
        for body in hostile().values():
            answer = requests.post(process.url, data=body, headers=XML, auth=("headend", "headend"), timeout=10)
            assert b'code="MALFORMED"' in answer.content
    assert process.resident_kb() - before < 50_000
    assert process.create().status_code == 200


def test_what_every_platform_has_may_be_said_before_its_name_and_after_it(start):
    process = start("--seed", "7", before=("--seed", "3", "--control-token-env", "TOKEN"), TOKEN="t0ken")
    assert b'<account id="T100008"/>' in process.create().content
    assert requests.get(f"{process.control}/faults", timeout=5).status_code == 401


def test_a_process_that_will_not_start_says_why_and_ends():
    call = [sys.executable, "-m", "simulators", "tucano", "--host", "0.0.0.0"]
    ended = subprocess.run(call, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "needs a token" in ended.stderr


def test_a_port_that_is_taken_is_said(refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for argument in ("--port", "--control-port"):
            assert (
                refused("tucano", argument, port)
                == f"python -m simulators: port {port} can't be had: Address already in use\n"
            )


def test_a_host_that_others_can_reach_needs_a_token(refused):
    assert "needs a token" in refused("tucano", "--host", "0.0.0.0")
    assert "needs a token" in refused("tucano", "--host", "example.org")


def test_a_secret_that_is_not_in_the_environment_is_said(refused):
    for option in ("--password-env", "--jwt-secret-env", "--control-token-env"):
        assert "the environment has no NO_SUCH_SECRET" in refused("tucano", option, "NO_SUCH_SECRET")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read"),
        ("options = [", "can't be read"),
        ("options = 1", "options must be a table or a list of ids"),
        ("options = [1]", "options must be a table or a list of ids"),
        ("channels = []", "has channels; it may have options, materials, jwt_secret, api_provider"),
        ("jwt_secret = 71985", "jwt_secret must be a text"),
        ("jwt_secret = 'word-71985'", "a JWT secret and an API provider come together, or neither does"),
        ("api_provider = 'HEADEND'", "a JWT secret and an API provider come together, or neither does"),
        ("jwt_secret = 'word-71985'\napi_provider = 'HEADEND'", "a JWT secret has at least 32 bytes"),
    ],
)
def test_a_catalogue_that_is_none_is_said(refused, tmp_path, content, said):
    file = tmp_path / "options.toml"
    if content is not None:
        file.write_text(content)
    sentence = refused("tucano", "--options", str(file))
    assert said in sentence
    assert "71985" not in sentence


def test_a_state_file_that_is_broken_is_said(refused, tmp_path):
    file = tmp_path / "state.json"
    file.write_text("{")
    assert f"the state file {file} can't be used" in refused("tucano", "--state-file", str(file))


@pytest.mark.parametrize("arguments", [(), ("nobody",), ("tucano", "--port", "70000"), ("tucano", "--port", "x")])
def test_a_wrong_call_is_said(refused, arguments):
    assert "usage: python -m simulators" in refused(*arguments)


SOAP_BODY = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<{name} xmlns="urn:headend:irdeto-kms:1"><transactionId>{name}</transactionId><secureClient>SC-1</secureClient>'
    "{inner}</{name}></s:Body></s:Envelope>"
)


def ask_irdeto(process: Process, name: str, inner: str = "", auth=("headend", "headend")) -> requests.Response:
    return requests.post(process.url, SOAP_BODY.format(name=name, inner=inner), headers=XML, auth=auth, timeout=5)


REGISTERED = "<subscription>S1</subscription><sector>M</sector>"


def test_irdeto_is_a_process_too_with_a_catalogue_credentials_and_a_seed(start, tmp_path):
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text('smartcards = ["C-1"]\nsecure_clients = ["SC-1"]\n[products]\nCA_A = "A"\n')
    process = start(
        *(
            "--products",
            str(catalogue),
            "--product",
            "CA_B",
            "--seed",
            "7",
            "--user",
            "crm",
            "--password-env",
            "SECRET",
        ),
        platform="irdeto",
        SECRET="word",
    )
    assert ask_irdeto(process, "REGISTER_SECURE_CLIENT", REGISTERED).status_code == 401
    answer = ask_irdeto(process, "REGISTER_SECURE_CLIENT", REGISTERED, ("crm", "word"))
    assert b"<reference>KMS-8</reference>" in answer.content
    state = requests.get(f"{process.control}/platforms/irdeto/state", timeout=5).json()
    assert state["catalogue"] == {"products": ["CA_A", "CA_B"], "secure_clients": ["SC-1"], "smartcards": ["C-1"]}
    assert process.stop() == 0


def test_irdeto_starts_with_a_sample_catalogue_and_its_memory_survives_a_restart(start, tmp_path):
    file = str(tmp_path / "state.json")
    process = start("--state-file", file, platform="irdeto")
    ask_irdeto(process, "REGISTER_SECURE_CLIENT", REGISTERED)
    assert ask_irdeto(process, "ADD_ENTITLEMENTS", '<entitlement caId="CA_SPORT"/>').status_code == 200
    ask_irdeto(process, "SET_PIN", "<pin>7391</pin>")
    journal = requests.get(f"{process.control}/requests", timeout=5).text
    assert ("REGISTER_SECURE_CLIENT" in journal, "7391" in journal) == (True, False)
    assert process.stop() == 0
    process = start("--state-file", file, platform="irdeto")
    state = requests.get(f"{process.control}/platforms/irdeto/state", timeout=5).json()
    assert state["holdings"] == {"SC-1": ["client SC-1 sector M", "entitlement CA_SPORT", "pin set"]}
    assert f'location="{process.url}"' in requests.get(f"{process.url}?wsdl", timeout=5).text


def test_a_catalogue_that_is_none_of_irdetos_is_said(refused, tmp_path):
    file = tmp_path / "catalogue.toml"
    file.write_text("options = []")
    said = refused("irdeto", "--products", str(file))
    assert "has options; it may have products, secure_clients, smartcards" in said
