"""The processing run at a simulated platform over FTP, on real sockets: whatever breaks, each thing happens once."""

from contextlib import closing

import pytest

from engine.bootstrap import Engine
from engine.service.utilities import Asked
from harness import platforms
from simulators.kit.faults import Fault
from simulators.kit.ftp_serving import FtpServer
from simulators.kit.simulator import Simulator
from tests.engine.at_conax import CONFIGURATION, card, subscribe_at_conax

CARDS = [f"0123456789{number}" for number in range(3)]
QUICKLY = {"first_pause_s = 1.0, longest_pause_s = 4.0": "first_pause_s = 0.01, longest_pause_s = 0.01"}
OWN = """products = [
    { code = "NEWS", name = "News" }, { code = "SPORT", name = "Sport" },
    { code = "STB", name = "Set-top Box", classification = "physical_good", traceable = true },
"""
SOON = "timeouts = { connect_s = 5.0, read_s = 0.4 }\nretry ="
OPERATIONS = ("LOGIN", "LIST", "UPLOAD", "RENAME")
# Kind, what else is said of the fault, how often it passes by before: there are two files and one connection.
FAULTS = [
    ("login_refused", {}, 0),
    ("upload_dropped", {"size_bytes": 40}, 0),
    ("disk_full", {"size_bytes": 40}, 1),
    ("half_a_file", {"size_bytes": 40}, 0),
    ("rename_refused", {}, 0),
    ("rename_lost", {}, 0),
    ("rename_lost", {}, 1),
    *(
        ("reset", {"operation": one, "when": when}, 0)
        for one in OPERATIONS
        for when in ("before_effect", "after_effect")
    ),
    ("hang", {"operation": "UPLOAD", "when": "after_effect"}, 0),
    ("hang", {"operation": "RENAME", "when": "after_effect"}, 0),
]


@pytest.fixture(scope="module")
def ftp():
    """A Conax on a port, that has no product but ours."""
    settings = {"products": ["10001001", "10001002"], "home": "/op", "user": "us", "password": "hush"}
    simulator = Simulator(platforms.PLATFORMS["conax"].make(**settings))
    with closing(simulator), FtpServer(simulator) as server:
        yield simulator, server


@pytest.fixture
def conax(ftp, request):
    simulator, server = ftp
    workspace = simulator.workspace(str(abs(hash(request.node.name))))
    server.bind(workspace.name)
    return workspace


@pytest.fixture
def engine(ftp, conax, tmp_path):
    """An engine with three cards that have bought News; one of them is told something."""
    text = CONFIGURATION.replace("products = [", OWN).replace("retry =", SOON)
    for slow, quick in QUICKLY.items():
        text = text.replace(slow, quick)
    (tmp_path / "conax.toml").write_text(text, encoding="utf-8")
    with closing(Engine()) as engine:
        engine.configure(tmp_path / "conax.toml")
        engine.point_at("conax", ftp[1].url)
        for number, one in enumerate(CARDS, start=1):
            subscribe_at_conax(engine, f"S{number}", card(one))
        said = {"message_type": "BARK", "text": "Hello"}
        engine.ask(Asked("send_message", said, serial_number=CARDS[0], process_immediately=False))
        yield engine


def effects(conax):
    return sorted(line for entry in conax.journal.find() for line in entry.difference)


@pytest.mark.parametrize(("kind", "more", "succeed_first"), FAULTS)
def test_whatever_breaks_each_thing_happens_once(kind, more, succeed_first, engine, conax):
    conax.faults.put(Fault("it", kind, times=1, succeed_first=succeed_first, **more))
    run = engine.run("SEND")
    assert (run.state, run.counts.requests) == ("COMPLETED", 4)
    assert [one.fired for one in conax.faults.listed()] == [1]
    happened = [line.rpartition(" until ")[0] or line for line in effects(conax)]
    assert happened == [*(f"+{one}: product 10001001" for one in CARDS), "+screen Hello"]
    assert conax.journal.violations() == []
