"""A SOAP client that knows nothing of us drives every operation over a socket, from the WSDL alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import zeep
from zeep.transports import Transport

from simulators.irdeto.codes import Code, Kind, Operation
from simulators.kit.faults import Fault
from tests.simulators.irdeto.conftest import NAMESPACE


class Client:
    """zeep, with transactionIds of its own."""

    def __init__(self, wsdl: str, session) -> None:
        self.zeep = zeep.Client(wsdl, transport=Transport(session=session, operation_timeout=5))
        self.transactions = 0

    def __call__(self, operation: str, transaction: str | None = None, **fields):
        self.transactions += 1
        return self.zeep.service[operation](transactionId=transaction or f"Z-{self.transactions}", **fields)

    def refused(self, operation: str, **how) -> str:
        """The code in the detail of the fault."""
        with pytest.raises(zeep.exceptions.Fault) as raised:
            self(operation, **how)
        fault = raised.value
        [refusal] = fault.detail
        assert (fault.code.partition(":")[2], refusal.tag) == ("Client", f"{{{NAMESPACE}}}refusal")
        assert refusal.get("transactionId") == how.get("transaction", f"Z-{self.transactions}")
        return refusal.get("code")


@pytest.fixture
def client(socket_caller) -> Client:
    return Client(f"{socket_caller.url}?wsdl", socket_caller.session)


def register(client: Client, number: int = 1) -> None:
    client("REGISTER_SECURE_CLIENT", secureClient=f"SC-{number}", subscription=f"S{number}", sector="MAIN")


SC = {"secureClient": "SC-1"}
EVENING = {"start": datetime(2096, 1, 1, 18, tzinfo=UTC), "end": datetime(2096, 1, 1, 20, tzinfo=UTC)}
RIGHTS = [{"caId": "CA_SPORT"}, {"caId": "CA_PPV", **EVENING}]
BOXED = "+entitlement CA_PPV 2096-01-01T18:00:00Z/2096-01-01T20:00:00Z"
MAIL = {"secureClient": "ALL", "type": "MAIL", "textMode": "ANSI", "text": "5 € <more>"}
# fmt: off
STORY = [
    # operation                  fields                                               what changes
    ("REGISTER_SECURE_CLIENT",   {**SC, "subscription": "S1", "sector": "MAIN"},      ["+client SC-1 sector MAIN"]),
    ("PAIR",                     {**SC, "smartcard": "C-1"},                          ["+paired C-1"]),
    ("ADD_ENTITLEMENTS",         {**SC, "entitlement": RIGHTS},                       [BOXED, "+entitlement CA_SPORT"]),
    ("REMOVE_ENTITLEMENTS",      {**SC, "caId": ["CA_SPORT", "CA_CINEMA"]},           ["-entitlement CA_SPORT"]),
    ("SEND_MESSAGE",             MAIL,                                                ['+SC-1: mail "5 € <more>"']),
    ("SET_PIN",                  {**SC, "pin": "1234"},                               ["+pin set"]),
    ("RESET_PIN",                {**SC, "pin": "0001"},                               ["-pin set"]),
    ("REAUTHORISE_SECTOR",       SC,                                                  ["+reauthorised 1"]),
    ("QUERY_SECURE_CLIENT",      {**SC, "kind": list(Kind)},                          []),
    ("UNPAIR",                   {**SC, "smartcard": "C-1"},                          ["-paired C-1"]),
    ("DEREGISTER_SECURE_CLIENT", SC,                                                  None),
]
# fmt: on


def test_every_operation_is_driven_from_the_wsdl_alone(client, workspace):
    assert sorted({operation for operation, *_ in STORY}) == sorted(Operation)
    for number, (operation, fields, difference) in enumerate(STORY, start=1):
        answer = client(operation, **fields)
        assert (answer.transactionId, answer.reference) == (f"Z-{number}", f"KMS-{number}")
        entry = workspace.journal.find()[-1]
        assert entry.operation == operation
        assert difference is None or entry.difference == difference
    assert workspace.holdings() == {}
    assert workspace.journal.violations() == []


def test_the_client_speaks_to_the_workspace_whose_wsdl_it_read(server, session, simulator):
    register(Client(f"{server.url}/w/t-1/irdeto?wsdl", session))
    assert list(simulator.workspace("t-1").holdings()) == ["SC-1"]
    assert simulator.workspace().holdings() == {}


def test_an_answer_to_a_question_is_read_as_the_wsdl_says(client):
    register(client)
    sections = client("QUERY_SECURE_CLIENT", **SC, kind=["SECTOR", "TMS_ATTRIBUTE", "PAIRING"]).section
    assert [section.kind for section in sections] == ["SECTOR", "TMS_ATTRIBUTE", "PAIRING"]
    assert [(each.name, each.value) for each in sections[0].property] == [("sector", "MAIN"), ("reauthorised", "0")]


def twice(client: Client, **how) -> str:
    register(client)
    client("SET_PIN", "T", secureClient="SC-1", pin="1234")
    return client.refused("SET_PIN", transaction="T", secureClient="SC-1", pin="4321")


def in_use(client: Client) -> str:
    register(client)
    return client.refused("REGISTER_SECURE_CLIENT", **SC, subscription="S2", sector="MAIN")


def paired(client: Client) -> str:
    register(client)
    client("PAIR", **SC, smartcard="C-1")
    return client.refused("PAIR", **SC, smartcard="C-2")


def after_registering(operation: str, **fields) -> Callable[[Client], str]:
    def refusal(client: Client) -> str:
        register(client)
        return client.refused(operation, **SC, **fields)

    return refusal


REFUSALS = {
    Code.UNKNOWN_SECURE_CLIENT: lambda client: client.refused("REAUTHORISE_SECTOR", **SC),
    Code.UNKNOWN_SMARTCARD: after_registering("PAIR", smartcard="NOT-IN-STOCK"),
    Code.UNKNOWN_PRODUCT: after_registering("REMOVE_ENTITLEMENTS", caId=["CA_X"]),
    Code.ALREADY_PAIRED: paired,
    Code.NOT_PAIRED: after_registering("UNPAIR", smartcard="C-1"),
    Code.INVALID_PIN: after_registering("SET_PIN", pin="12345"),
    Code.INVALID_TEXT: after_registering("SEND_MESSAGE", type="MAIL", textMode="UNICODE", text="041"),
    Code.UNKNOWN_KIND: after_registering("QUERY_SECURE_CLIENT", kind=["PVR", "X"]),
    Code.SECURE_CLIENT_IN_USE: in_use,
    Code.MALFORMED: after_registering("PAIR", smartcard="a b"),
    Code.TRANSACTION_REUSED: twice,
}


@pytest.mark.parametrize("code", Code)
def test_every_refusal_comes_as_a_fault_with_its_code_in_the_detail(client, workspace, code):
    workspace.seed({"smartcards": ["C-1", "C-2"]})
    assert REFUSALS[code](client) == code


@pytest.mark.parametrize("code", Code)
def test_every_refusal_can_be_ordered_and_comes_as_it_would_of_itself(client, workspace, code):
    workspace.faults.put(Fault("f", "refuse", operation="PAIR", code=code, times=1))
    assert client.refused("PAIR", transaction="T", **SC, smartcard="C-1") == code
    assert client.refused("PAIR", transaction="T", **SC, smartcard="C-1") == code


def test_a_platform_that_is_busy_answers_with_a_server_fault(client, workspace):
    workspace.faults.put(Fault("f", "busy"))
    with pytest.raises(zeep.exceptions.Fault, match="the service answers 503") as raised:
        register(client)
    assert (raised.value.code, raised.value.detail) == ("soap:Server", None)
    assert workspace.holdings() == {}


def test_any_other_status_comes_without_an_envelope(client, workspace):
    workspace.faults.put(Fault("f", "http_status", status=403))
    with pytest.raises(zeep.exceptions.TransportError):
        register(client)


def test_without_the_password_the_client_is_turned_away(client, session):
    session.auth = None
    with pytest.raises(zeep.exceptions.TransportError) as raised:
        register(client)
    assert raised.value.status_code == 401
