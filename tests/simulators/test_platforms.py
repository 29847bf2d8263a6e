"""Every platform before every kind of fault, on real sockets: the kit's faults know none of them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import requests

from simulators.icareus.app import icareus
from simulators.kit.faults import KINDS, Fault
from simulators.kit.platform import Platform
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.icareus.signed import ADA, form

PATIENCE_S = 0.4


class Case(NamedTuple):
    """One platform: how it is made, where it answers, and a call that it acts on."""

    platform: Callable[[], Platform[Any]]
    path: str
    code: str
    call: dict[str, Any]


# fmt: off
PLATFORMS = {
    "icareus": Case(
        lambda: icareus(products=["A"]), "/delegate/account", "USER_EXISTS",
        {"data": form("addUser", **ADA)},
    ),
    "tucano": Case(
        lambda: tucano(options=["A"]), "/tucano", "ACCOUNT_EXISTS",
        {"data": '<command name="CREATE_ACCOUNT" reference="1"><subscriber number="S1"/></command>',
         "headers": {"Content-Type": "text/xml"}, "auth": ("headend", "headend")},
    ),
}
FAULTS = {
    # kind           fields                       raised                                    status  acted
    "outage":       ({},                          requests.ConnectionError,                 None,   None),
    "lost_request": ({},                          requests.ConnectionError,                 None,   False),
    "lost_reply":   ({},                          requests.ConnectionError,                 None,   True),
    "hang":         ({},                          requests.ReadTimeout,                     None,   False),
    "latency":      ({"delay_s": 0.01},           None,                                     200,    True),
    "slow_body":    ({"delay_s": 0.01},           None,                                     200,    True),
    "truncated":    ({},                          requests.exceptions.ChunkedEncodingError, None,   True),
    "garbled":      ({},                          None,                                     200,    True),
    "reset":        ({},                          requests.ConnectionError,                 None,   False),
    "busy":         ({},                          None,                                     503,    False),
    "http_status":  ({"status": 418},             None,                                     418,    False),
    "refuse":       ({"code": "of the platform"}, None,                                     200,    False),
}
# fmt: on


class Running:
    """A platform on a port of its own, its clock at new year."""

    def __init__(self, case: Case, session: requests.Session, server: Server, simulator: Simulator) -> None:
        self.case = case
        self.session = session
        self.url = f"{server.url}{case.path}"
        self.workspace = simulator.workspace()

    def call(self) -> requests.Response:
        return self.session.post(self.url, **self.case.call, timeout=PATIENCE_S)


@pytest.fixture(params=PLATFORMS)
def running(request, session) -> Iterator[Running]:
    case = PLATFORMS[request.param]
    simulator = Simulator(case.platform())
    simulator.workspace().clock.freeze(NEW_YEAR)
    session.auth = None
    with Server(simulator.wsgi, simulator=simulator) as server:
        yield Running(case, session, server, simulator)


@pytest.fixture(params=FAULTS)
def fault(request, running) -> str:
    """A kind of fault, in place for one call; an outage, until it is taken away."""
    fields, *_ = FAULTS[request.param]
    own = {"code": running.case.code} if "code" in fields else fields
    times = {} if request.param == "outage" else {"times": 1}
    running.workspace.faults.put(Fault("f", request.param, **own, **times))
    return request.param


def test_the_table_has_every_kind_there_is():
    assert list(FAULTS) == list(KINDS)


def test_a_platform_without_a_fault_acts_and_answers(running):
    assert running.call().status_code == 200
    assert running.workspace.journal.find()[0].effect == "applied"


def test_every_kind_of_fault_works_before_every_platform_and_then_it_is_itself_again(running, fault):
    _, raised, status, acted = FAULTS[fault]
    if raised:
        with pytest.raises(raised):
            running.call()
    else:
        assert running.call().status_code == status
    entries = running.workspace.journal.find()
    assert [entry.fault for entry in entries] == ([] if fault == "outage" else ["f"])
    assert [entry.effect == "applied" for entry in entries] == ([] if acted is None else [acted])
    assert bool(running.workspace.holdings()) is bool(acted)
    running.workspace.faults.clear()
    assert running.call().status_code == 200
    assert running.workspace.journal.find()[-1].fault is None


def test_a_refusal_on_order_is_in_the_platforms_own_words(running):
    running.workspace.faults.put(Fault("f", "refuse", code=running.case.code, times=1))
    assert running.case.code in running.call().text
    entry = running.workspace.journal.find()[0]
    assert (entry.effect, entry.code, entry.violations) == ("rejected", running.case.code, ())
