"""`headend journal --follow`: nothing is lost, and nothing is printed twice."""

import json

import pytest
import requests
from click.testing import CliRunner

from harness.cli.main import main
from harness.cli.platform import news
from harness.clients import ControlClient
from simulators.kit.control.app import control
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano

CREDENTIALS = ("headend", "swordfish")
COMMAND = '<command name="CREATE_ACCOUNT" reference="{0}"><subscriber number="S{0}"/></command>'


class Scene:
    """A platform with a control port."""

    def __init__(self, simulator, platform, controls):
        self.simulator, self.url, self.control = simulator, platform.url, controls.url

    def create(self, number):
        kind = {"Content-Type": "text/xml; charset=UTF-8"}
        body = COMMAND.format(number)
        assert requests.post(f"{self.url}/tucano", data=body, auth=CREDENTIALS, headers=kind, timeout=20).ok

    def followed(self, *arguments):
        """What is printed until the simulator ends: references of entries, in order."""
        command = ("journal", "--follow", "--json", "--control", self.control, *arguments)
        result = CliRunner().invoke(main, command, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        decoder, text, found = json.JSONDecoder(), result.stdout.strip(), []
        while text:
            one, end = decoder.raw_decode(text)
            text = text[end:].strip()
            found += one if isinstance(one, list) else [one]
        return [entry["reference"] for entry in found]


@pytest.fixture
def scene():
    simulator = Simulator(tucano(options=["O"], user=CREDENTIALS[0], password=CREDENTIALS[1]))
    with (
        Server(simulator.wsgi, simulator=simulator) as platform,
        Server(control({"tucano": simulator}).wsgi_app) as controls,
    ):
        yield Scene(simulator, platform, controls)
        simulator.close()


@pytest.fixture
def meanwhile(scene, monkeypatch):
    """Do this just before, and that just after, the journal is asked for; then the simulator ends."""

    def between(before, after):
        ask = ControlClient.journal

        def asked(self, **filters):
            before()
            found = ask(self, **filters)
            after()
            scene.simulator.close()
            return found

        monkeypatch.setattr(ControlClient, "journal", asked)

    return between


def test_what_comes_while_the_journal_is_asked_for_is_printed_once(scene, meanwhile):
    scene.create(1)
    meanwhile(lambda: scene.create(2), lambda: scene.create(3))
    assert scene.followed() == ["1", "2", "3"]


def test_only_what_was_asked_for_is_followed(scene, meanwhile):
    meanwhile(lambda: scene.create(1), lambda: [scene.create(2), scene.create(3)])
    assert scene.followed("--since", "3") == ["3"]


def test_an_operation_that_was_not_asked_for_is_not_followed(scene, meanwhile):
    meanwhile(lambda: scene.create(1), lambda: scene.create(2))
    assert scene.followed("--operation", "ADD_MATERIAL") == []


def test_a_journal_that_counts_from_one_again_is_followed():
    old, new = ({"seq": 1, "at": at} for at in ("2030-01-01T00:00:00Z", "2030-01-01T00:00:01Z"))
    assert list(news([old, new], [old])) == [new]


def test_following_a_platform_that_there_is_not_is_a_sentence(scene):
    result = CliRunner().invoke(main, ("journal", "irdeto", "--follow", "--control", scene.control))
    assert result.exit_code == 2
    assert "irdeto" in result.stderr
