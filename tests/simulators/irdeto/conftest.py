from xml.sax.saxutils import escape

import pytest
import requests
from lxml import etree

from simulators.irdeto.app import irdeto
from simulators.kit.in_process import SimulatorAdapter
from simulators.kit.simulator import Simulator

PRODUCTS = ("CA_CINEMA", "CA_PPV", "CA_SPORT")
NAMESPACE = "urn:headend:irdeto-kms:1"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NAMES = {"soap": SOAP, "k": NAMESPACE}


def envelope(inner: str, header: str = "", namespace: str = SOAP) -> str:
    head = f"<s:Header>{header}</s:Header>" if header else ""
    return f'<s:Envelope xmlns:s="{namespace}">{head}<s:Body>{inner}</s:Body></s:Envelope>'


def request(operation: str, inner: str, transaction: str = "T1") -> str:
    named = f"<transactionId>{transaction}</transactionId>"
    return f'<{operation} xmlns="{NAMESPACE}">{named}{inner}</{operation}>'


class Answer:
    """What came back: the status, and the envelope read apart."""

    def __init__(self, response: requests.Response) -> None:
        self.http = response
        self.status = response.status_code
        self.body = response.content
        xml = response.headers.get("Content-Type", "").startswith("text/xml")
        self.root = etree.fromstring(self.body) if xml else None

    def text(self, path: str) -> str | None:
        return self.root.findtext(f"soap:Body/{path}", namespaces=NAMES)

    @property
    def done(self) -> bool:
        return self.status == 200 and self.root.find("soap:Body/soap:Fault", NAMES) is None

    @property
    def reference(self) -> str | None:
        return self.text("*/k:reference")

    @property
    def transaction(self) -> str | None:
        return self.text("*/k:transactionId")

    @property
    def fault(self) -> str:
        """Whose fault it is, in SOAP's words."""
        code = self.text("soap:Fault/faultcode")
        prefix, _, name = code.partition(":")
        assert self.root.find("soap:Body/soap:Fault", NAMES).nsmap[prefix] == SOAP
        return name

    @property
    def sentence(self) -> str | None:
        return self.text("soap:Fault/faultstring")

    @property
    def detail(self) -> dict[str, str] | None:
        refusal = self.root.find("soap:Body/soap:Fault/detail/k:refusal", NAMES)
        return None if refusal is None else dict(refusal.attrib)

    @property
    def code(self) -> str:
        """Why it was refused, always with HTTP 500."""
        assert self.status == 500
        return self.detail["code"]

    @property
    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            (
                section.findtext("k:kind", namespaces=NAMES),
                [(p.findtext("k:name", None, NAMES), p.findtext("k:value", None, NAMES)) for p in section[1:]],
            )
            for section in self.root.iterfind("soap:Body/*/k:section", NAMES)
        ]


class Caller:
    """Asks as a CRM would, each time under a transactionId of its own."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self.session = session
        self.url = url
        self.timeout = 5.0
        self._transactions = 0

    def post(self, body: str | bytes, charset: str = "UTF-8", **how) -> Answer:
        data = body if isinstance(body, bytes) else body.encode(charset)
        headers = {"Content-Type": f"text/xml; charset={charset}", "SOAPAction": '""'}
        return Answer(self.session.post(self.url, data=data, headers=headers, **{"timeout": self.timeout, **how}))

    def inner(self, operation: str, inner: str, transaction: str | None = None, **how) -> Answer:
        self._transactions += 1
        return self.post(envelope(request(operation, inner, transaction or f"T{self._transactions}")), **how)

    def ask(self, operation: str, transaction: str | None = None, **fields) -> Answer:
        """An operation with one element for each field, and for each text of a field that has many."""
        inner = ""
        for name, value in fields.items():
            texts = [value] if isinstance(value, str) else value
            inner += "".join(f"<{name}>{escape(text)}</{name}>" for text in texts)
        return self.inner(operation, inner, transaction)

    def register(self, client: str = "SC-1", subscription: str = "S1", sector: str = "MAIN", **how) -> Answer:
        fields = {"secureClient": client, "subscription": subscription, "sector": sector}
        return self.ask("REGISTER_SECURE_CLIENT", **how, **fields)

    def deregister(self, client: str = "SC-1", **how) -> Answer:
        return self.ask("DEREGISTER_SECURE_CLIENT", **how, secureClient=client)

    def pair(self, client: str = "SC-1", card: str = "C-1", **how) -> Answer:
        return self.ask("PAIR", **how, secureClient=client, smartcard=card)

    def unpair(self, client: str = "SC-1", card: str = "C-1", **how) -> Answer:
        return self.ask("UNPAIR", **how, secureClient=client, smartcard=card)

    def add(self, *ca_ids: str, client: str = "SC-1", window: str = "", **how) -> Answer:
        rights = "".join(f'<entitlement caId="{ca_id}" {window}/>' for ca_id in ca_ids)
        return self.inner("ADD_ENTITLEMENTS", f"<secureClient>{client}</secureClient>{rights}", **how)

    def remove(self, *ca_ids: str, client: str = "SC-1", **how) -> Answer:
        return self.ask("REMOVE_ENTITLEMENTS", **how, secureClient=client, caId=ca_ids)

    def send(self, text: str, client: str = "SC-1", kind: str = "MAIL", mode: str = "ANSI", **how) -> Answer:
        return self.ask("SEND_MESSAGE", **how, secureClient=client, type=kind, textMode=mode, text=text)

    def set_pin(self, pin: str, client: str = "SC-1", **how) -> Answer:
        return self.ask("SET_PIN", **how, secureClient=client, pin=pin)

    def reset_pin(self, pin: str, client: str = "SC-1", **how) -> Answer:
        return self.ask("RESET_PIN", **how, secureClient=client, pin=pin)

    def query(self, *kinds: str, client: str = "SC-1", **how) -> Answer:
        return self.ask("QUERY_SECURE_CLIENT", **how, secureClient=client, kind=kinds)

    def reauthorise(self, client: str = "SC-1", **how) -> Answer:
        return self.ask("REAUTHORISE_SECTOR", **how, secureClient=client)


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(irdeto(products=PRODUCTS))


@pytest.fixture
def caller(simulator, session) -> Caller:
    """Calls without sockets."""
    session.mount("http://kms", SimulatorAdapter(simulator))
    return Caller(session, "http://kms/irdeto")


@pytest.fixture
def socket_caller(server, session) -> Caller:
    return Caller(session, f"{server.url}/irdeto")


@pytest.fixture
def held(workspace):
    """What one secure client holds now."""
    return lambda client="SC-1": workspace.holdings().get(client, [])
