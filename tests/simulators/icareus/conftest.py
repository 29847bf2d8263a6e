from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from simulators.icareus.app import icareus
from simulators.icareus.openapi import PATH
from simulators.kit.in_process import SimulatorAdapter
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from tests.simulators.icareus.signed import ADA, form

PRODUCTS = ("SVOD_GEOLOGICAL", "SVOD_RELIGION", "SVOD_SPORT", "TVOD_BOXING")
USER = "200001"


class Answer:
    """What came back: the status, and the JSON read."""

    def __init__(self, response: requests.Response) -> None:
        self.http = response
        self.status = response.status_code
        self.json: dict[str, Any] = response.json() if response.content.startswith(b"{") else {}

    @property
    def ok(self) -> bool:
        return self.json.get("status") == "ok"

    @property
    def code(self) -> str:
        assert self.json["status"] == "error"
        return self.json["code"]


class Client:
    """Calls as a CRM would, each signed at new year."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self.session = session
        self.url = url
        self.timeout = 5.0

    def post(self, data: Any, **how) -> Answer:
        return Answer(self.session.post(self.url, data=data, **{"timeout": self.timeout, **how}))

    def send(self, action: str, **fields: str) -> Answer:
        return self.post(form(action, **fields))

    def add(self, screen_name: str = "S1", **fields: str) -> Answer:
        return self.send("addUser", **{**ADA, "screenName": screen_name, **fields})

    def remove(self, user: str = USER) -> Answer:
        return self.send("removeUser", userId=user)

    def activate(self, *products: str, user: str = USER) -> Answer:
        return self.send("activateProducts", userId=user, productIds=",".join(products))

    def cancel(self, *products: str, user: str = USER) -> Answer:
        return self.send("cancelProducts", userId=user, productIds=",".join(products))

    def add_device(self, device: str = "STB-1", user: str = USER) -> Answer:
        return self.send("addDeviceToUser", userId=user, deviceId=device)

    def remove_device(self, device: str = "STB-1", user: str = USER) -> Answer:
        return self.send("removeDeviceFromUser", userId=user, deviceId=device)

    def show(self, user: str = USER) -> Answer:
        return self.send("getUser", userId=user)


@contextmanager
def simulator_client(simulator: Simulator, session: requests.Session) -> Iterator[Client]:
    """Calls to a simulator of the test's own, over a socket."""
    session.auth = None
    with Server(simulator.wsgi, simulator=simulator) as server:
        yield Client(session, f"{server.url}{PATH}")


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(icareus(products=PRODUCTS))


@pytest.fixture
def client(simulator, session, new_year) -> Client:
    """Calls without sockets, at new year."""
    session.auth = None
    session.mount("http://icareus", SimulatorAdapter(simulator))
    return Client(session, f"http://icareus{PATH}")


@pytest.fixture
def socket_client(simulator, session, new_year):
    """Calls over a socket, at new year."""
    with simulator_client(simulator, session) as client:
        yield client


@pytest.fixture(params=["in process", "sockets"])
def any_client(request) -> Client:
    """The same calls twice: without sockets and with them."""
    return request.getfixturevalue("client" if request.param == "in process" else "socket_client")
