import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import requests
from lxml import etree

from simulators import __main__
from simulators.kit.in_process import SimulatorAdapter
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano

OPTIONS = ("OPT_ENTERTAIN", "OPT_GEOLOGICAL", "OPT_PPV", "OPT_RELIGION")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


class Answer:
    """What came back: the status, and the response read apart."""

    def __init__(self, response: requests.Response) -> None:
        self.http = response
        self.status = response.status_code
        self.body = response.content
        self.root = etree.fromstring(self.body) if self.body.startswith((b"<", b"\xff\xfe")) else None

    @property
    def accepted(self) -> bool:
        return self.root is not None and self.root.get("status") == "ACCEPTED"

    @property
    def error(self) -> tuple[str, str]:
        error = self.root.find("error")
        return error.get("code"), error.text

    @property
    def transaction(self) -> str:
        return self.root.get("id")


class Caller:
    """Sends commands as a CRM would, each under a reference of its own."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self.session = session
        self.url = url
        self.timeout = 5.0
        self._references = 0

    def command(self, name: str, inner: str, reference: str | None = None) -> str:
        self._references += 1
        return f'<command name="{name}" reference="{reference or f"R{self._references}"}">{inner}</command>'

    def post(self, body: str | bytes, charset: str = "UTF-8", **how) -> Answer:
        data = body if isinstance(body, bytes) else body.encode(charset)
        headers = {"Content-Type": f"text/xml; charset={charset}"}
        return Answer(self.session.post(self.url, data=data, headers=headers, **{"timeout": self.timeout, **how}))

    def send(self, name: str, inner: str, reference: str | None = None, **how) -> Answer:
        return self.post(self.command(name, inner, reference), **how)

    def create(self, subscriber: str = "S1", **how) -> Answer:
        return self.send("CREATE_ACCOUNT", f'<subscriber number="{subscriber}"/>', **how)

    def add(self, material: str = "STB-1", account: str = "T100001", **how) -> Answer:
        return self.send("ADD_MATERIAL", f'<account id="{account}"/><material id="{material}" type="STB"/>', **how)

    def remove(self, material: str = "STB-1", account: str = "T100001", **how) -> Answer:
        return self.send("REMOVE_MATERIAL", f'<account id="{account}"/><material id="{material}"/>', **how)

    def activate(self, *options: str, account: str = "T100001", window: str = "", **how) -> Answer:
        return self.send("ACTIVATE_OPTIONS", _set(account, options, window), **how)

    def suspend(self, *options: str, account: str = "T100001", **how) -> Answer:
        return self.send("SUSPEND_OPTIONS", _set(account, options, ""), **how)

    def show(self, account: str = "T100001", **how) -> Answer:
        return self.send("GET_ACCOUNT", f'<account id="{account}"/>', **how)


def _set(account: str, options: tuple[str, ...], attributes: str) -> str:
    listed = "".join(f'<option id="{option}" {attributes}/>' for option in options)
    return f'<account id="{account}"/><options>{listed}</options>'


@pytest.fixture
def refused(monkeypatch, capsys):
    """What the program says when it won't start, called in this process. If it does start, it ends at once and well."""
    stopped = threading.Event()
    stopped.set()
    monkeypatch.setattr(__main__, "threading", SimpleNamespace(Event=lambda: stopped))
    monkeypatch.setattr(__main__.signal, "signal", lambda *_: None)

    def said(*arguments: str) -> str:
        try:
            status = __main__.main(arguments)
        except SystemExit as ended:  # argparse's own way
            status = ended.code
        told = capsys.readouterr()
        assert (status, told.out) == (2, "")
        return told.err

    return said


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(tucano(options=OPTIONS))


@pytest.fixture
def workspace(simulator):
    return simulator.workspace()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.auth = ("headend", "headend")
        yield session


@pytest.fixture
def caller(simulator, session) -> Caller:
    """Calls without sockets."""
    session.mount("http://tucano", SimulatorAdapter(simulator))
    return Caller(session, "http://tucano/tucano")


@pytest.fixture
def server(simulator) -> Iterator[Server]:
    with Server(simulator.wsgi, simulator=simulator) as server:
        yield server


@pytest.fixture
def socket_caller(server, session) -> Caller:
    return Caller(session, f"{server.url}/tucano")


@pytest.fixture(params=["in process", "sockets"])
def any_caller(request) -> Caller:
    """The same calls twice: without sockets and with them."""
    return request.getfixturevalue("caller" if request.param == "in process" else "socket_caller")


@pytest.fixture
def new_year(workspace) -> datetime:
    """Time stands still at the beginning of 2026."""
    workspace.clock.freeze(NEW_YEAR)
    return NEW_YEAR
