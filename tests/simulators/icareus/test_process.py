"""`python -m simulators icareus`: a process of its own, called with `requests` and a token made by hand."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.simulators.icareus import signed
from tests.simulators.icareus.conftest import USER, Client
from tests.simulators.icareus.signed import ADA, ORGANIZATION

KEY = "k3y-71985"


class Process:
    """A simulator process, ready."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        command = [sys.executable, "-m", "simulators", "icareus", *arguments]
        self.popen = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        line = self.popen.stdout.readline()
        assert line, self.popen.stderr.read()
        ready = json.loads(line)
        self.control, self.url = ready["control"], ready["platforms"]["icareus"]

    def call(self, action: str, key: str = "headend", organization: str = ORGANIZATION, **fields: str) -> dict:
        values = {"organizationId": organization, **fields}
        shown = signed.token(values.values(), int(time.time()), key)
        return requests.post(self.url, data={"action": action, **values, "token": shown}, timeout=5).json()

    def told(self, path: str) -> str:
        return requests.get(f"{self.control}{path}", timeout=5).text

    def stop(self) -> int:
        self.popen.terminate()
        return self.popen.wait(10)


@pytest.fixture
def start():
    started = []

    def process(*arguments: str, **environment: str) -> Process:
        started.append(Process(*arguments, **environment))
        return started[-1]

    yield process
    for each in started:
        each.popen.kill()
        each.popen.communicate()


def test_it_is_driven_with_requests_until_it_is_told_to_stop(start, session):
    process = start()
    assert process.url.endswith("/delegate/account")
    assert process.call("addUser", **ADA) == {"status": "ok", "userId": USER}
    assert process.call("activateProducts", userId=USER, productIds="SVOD_RELIGION,SVOD_SPORT") == {"status": "ok"}
    assert process.call("addDeviceToUser", userId=USER, deviceId="STB-1") == {"status": "ok"}
    shown = process.call("getUser", userId=USER)["user"]
    assert (shown["products"], shown["devices"]) == (["SVOD_RELIGION", "SVOD_SPORT"], ["STB-1"])
    assert Client(session, process.url).show().code == "EXPIRED_TOKEN"  # signed at new year
    effects = [entry["effect"] for entry in json.loads(process.told("/requests"))["requests"]]
    assert effects == ["applied", "applied", "applied", "unchanged", "rejected"]
    assert process.stop() == 0


def test_catalogue_organisation_key_seed_and_window_are_arguments(start, tmp_path):
    catalogue = tmp_path / "products.toml"
    catalogue.write_text(f'devices = ["STB-1"]\norganization = "1"\nkey = "other"\n[products]\nA = "A"\n# {KEY}\n')
    process = start(
        *("--products", str(catalogue), "--product", "B", "--organization", "7", "--key-env", "KEY"),
        *("--seed", "7", "--token-window", "60", "--single-use-tokens"),
        KEY=KEY,
    )
    assert process.call("addUser", **ADA)["code"] == "UNKNOWN_ORGANIZATION"
    assert process.call("addUser", "other", "7", **ADA)["code"] == "INVALID_TOKEN"
    assert process.call("addUser", KEY, "7", **ADA) == {"status": "ok", "userId": "200008"}
    assert process.call("activateProducts", KEY, "7", userId="200008", productIds="A,B") == {"status": "ok"}
    state = json.loads(process.told("/platforms/icareus/state"))
    assert state["catalogue"] == {"products": ["A", "B"], "devices": ["STB-1"]}
    assert len(state["used_tokens"]) == 2
    told = [process.told(path) for path in ("/requests", "/platforms/icareus/state")]
    assert KEY.encode() not in Path(f"/proc/{process.popen.pid}/cmdline").read_bytes()
    assert process.stop() == 0
    assert [text for text in (*told, *process.popen.communicate()) if KEY in text] == []


def test_organisation_and_key_may_be_said_in_the_catalogue(start, tmp_path):
    catalogue = tmp_path / "products.toml"
    catalogue.write_text(f'organization = "7"\nkey = "{KEY}"\nproducts = ["A"]\n')
    process = start("--products", str(catalogue))
    assert process.call("addUser", KEY, "7", **ADA)["status"] == "ok"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--organization", "head"), "the organisation is 1 to 18 digits"),
        (("--token-window", "-1"), "less than no seconds"),
        (("--token-window", "x"), "usage: python -m simulators icareus"),
        (("--key-env", "NO_SUCH_SECRET"), "the environment has no NO_SUCH_SECRET"),
        (("--option", "A"), "usage: python -m simulators"),
    ],
)
def test_a_wrong_call_is_said(refused, arguments, said):
    assert said in refused("icareus", *arguments)
