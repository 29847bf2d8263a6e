"""Every kind of fault before every platform, over a socket: no platform knows of any, and none needs to."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
import requests

from simulators.icareus.app import icareus
from simulators.irdeto.app import irdeto
from simulators.kit.faults import KINDS, Fault
from simulators.kit.platform import Platform
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.icareus.signed import ADA, form
from tests.simulators.irdeto import conftest as soap

CREATE = '<command name="CREATE_ACCOUNT" reference="1"><subscriber number="S1"/></command>'
REGISTER = "<secureClient>SC-1</secureClient><subscription>S1</subscription><sector>M</sector>"


class Stand(NamedTuple):
    """A platform, one call that changes something there, and a refusal that it knows."""

    platform: Callable[[], Platform[Any]]
    path: str
    content_type: str
    operation: str
    body: str
    changed: dict[str, list[str]]
    code: str


# fmt: off
STANDS: dict[str, Stand] = {
    "tucano": Stand(
        lambda: tucano(options=[]), "/tucano", "text/xml", "CREATE_ACCOUNT", CREATE,
        {"T100001": ["account T100001"]}, "ACCOUNT_EXISTS",
    ),
    "icareus": Stand(
        lambda: icareus(products=[]), "/delegate/account", "application/x-www-form-urlencoded", "addUser",
        urlencode(form("addUser", **ADA)), {"200001": ["account 200001"]}, "USER_EXISTS",
    ),
    "irdeto": Stand(
        lambda: irdeto(products=[]), "/irdeto", "text/xml", "REGISTER_SECURE_CLIENT",
        soap.envelope(soap.request("REGISTER_SECURE_CLIENT", REGISTER)),
        {"SC-1": ["client SC-1 sector M"]}, "SECURE_CLIENT_IN_USE",
    ),
}
NEEDED: dict[str, dict[str, Any]] = {
    "latency":     {"delay_s": 0.01},
    "slow_body":   {"delay_s": 0.01},
    "http_status": {"status": 418},
}
# fmt: on
TIMES = [(kind, when) for kind, row in KINDS.items() if "http" in row.channels for when in row.whens]


@pytest.fixture(params=STANDS)
def stand(request) -> Stand:
    return STANDS[request.param]


@pytest.fixture
def simulator(stand) -> Simulator:
    simulator = Simulator(stand.platform())
    simulator.workspace().clock.freeze(NEW_YEAR)  # Icareus takes tokens of about now only
    return simulator


@pytest.fixture
def call(stand, simulator, server, session):
    """One call; its answer, or None where there was none."""
    url, headers = f"{server.url}{stand.path}", {"Content-Type": stand.content_type}

    def called() -> requests.Response | None:
        try:
            return session.post(url, data=stand.body, headers=headers, timeout=0.5)
        except requests.RequestException:
            return None

    return called


@pytest.mark.parametrize(("kind", "when"), TIMES)
def test_a_fault_hits_one_call_and_the_platform_acts_or_not(stand, call, workspace, kind, when):
    fields = {"code": stand.code} if kind == "refuse" else NEEDED.get(kind, {})
    workspace.faults.put(Fault("f", kind, operation=stand.operation, when=when, times=1, **fields))
    answer = call()
    [entry] = workspace.journal.find()
    acted = when == "after_effect"
    assert (entry.fault, entry.operation, entry.outcome) == ("f", stand.operation, KINDS[kind].outcome)
    assert workspace.holdings() == (stand.changed if acted else {})
    assert entry.effect == ("applied" if acted else "rejected" if kind == "refuse" else "none")
    assert (answer is None) is (KINDS[kind].outcome != "answered")


def test_an_outage_refuses_connections_and_is_over_when_it_is_over(stand, call, workspace):
    with workspace.down():
        assert call() is None
        assert workspace.journal.find() == []
    assert call().status_code == 200
    assert workspace.holdings() == stand.changed


def test_a_refusal_on_order_is_the_platforms_own_and_stays_where_calls_have_references(stand, call, workspace):
    workspace.faults.put(Fault("f", "refuse", code=stand.code, detail="because", times=1))
    first, again = call(), call()
    assert stand.code in first.text
    assert "because" in first.text
    if any(entry.reference for entry in workspace.journal.find()):
        assert again.content == first.content
        assert workspace.holdings() == {}
    else:
        assert workspace.holdings() == stand.changed


@pytest.mark.parametrize("kind", ["lost_reply", "lost_request"])
def test_a_call_that_is_sent_again_after_a_loss_is_done_once(stand, call, workspace, kind):
    workspace.faults.put(Fault("f", kind, times=1))
    assert call() is None
    assert call().status_code == 200
    assert workspace.holdings() == stand.changed
    assert [entry.effect for entry in workspace.journal.find()].count("applied") == 1
