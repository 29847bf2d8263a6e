"""Requests in Irdeto's form: one call, one SOAP 1.1 envelope, HTTP Basic."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from engine.adapters.irdeto import texts
from engine.adapters.xml import written
from engine.domain.provider import Provider
from engine.ports import Message, Parameters

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
KMS = "urn:headend:irdeto-kms:1"
ALL_THAT_IS_KEPT = ("BASIC", "SECTOR", "PAIRING", "ENTITLEMENTS", "DEVICE_DOMAIN")


def pack(provider: Provider, request_type: str, reference: str, parameters: Parameters) -> Message:
    """The request as a call of the operation of its name, in the provider's character set."""
    connection = provider.connection
    charset = connection.get("character_set_encoding", "UTF-8")
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    call = etree.SubElement(body, f"{{{KMS}}}{request_type}", nsmap={None: KMS})  # type: ignore[dict-item]  # the stubs forget it
    say(call, "transactionId", reference)
    say(call, "secureClient", parameters["secure_client"])
    BODIES[request_type](call, parameters)
    return Message(
        url=connection["end_point"],
        headers={"Content-Type": f"text/xml; charset={charset}", "SOAPAction": f'"{KMS}/{request_type}"'},
        body=written(envelope, charset),
        credentials=(connection["user_name"], connection["password"]),
        charset=charset,
        secrets=(connection["password"],),
        secret_words=tuple(pin for pin in [parameters.get("pin")] if pin),
    )


def inquire(provider: Provider, account: str, reference: str) -> Message:
    """The question for a secure client, which changes nothing: there are no accounts to ask for."""
    return pack(provider, "QUERY_SECURE_CLIENT", reference, {"secure_client": account, "kinds": ["BASIC"]})


def ask_all(provider: Provider, device: str, reference: str) -> Message:
    """The question for all that is on a secure client, and for the others of its subscription."""
    return pack(provider, "QUERY_SECURE_CLIENT", reference, {"secure_client": device, "kinds": ALL_THAT_IS_KEPT})


def nothing_more(_call: etree._Element, _parameters: Parameters) -> None:
    """The secure client says it all."""


def registration(call: etree._Element, parameters: Parameters) -> None:
    """Whose box it is, and on which distributor: its sector."""
    say(call, "subscription", parameters["subscription"])
    say(call, "sector", parameters["distributor"])


def pairing(call: etree._Element, parameters: Parameters) -> None:
    """The smartcard."""
    say(call, "smartcard", parameters["smartcard"])


def fewer_entitlements(call: etree._Element, parameters: Parameters) -> None:
    """The set of CA IDs, in order."""
    for ca_id in sorted(parameters["entitlements"]):
        say(call, "caId", ca_id)


def more_entitlements(call: etree._Element, parameters: Parameters) -> None:
    """The set of CA IDs, in order, usage services with their windows."""
    windows = parameters.get("windows", {})
    for ca_id in sorted(parameters["entitlements"]):
        ends = zip(("start", "end"), map(zulu, windows.get(ca_id, ())), strict=False)
        etree.SubElement(call, f"{{{KMS}}}entitlement", {"caId": ca_id, **dict(ends)})


def message(call: etree._Element, parameters: Parameters) -> None:
    """What kind of message, in which mode, and the text in the form of that."""
    say(call, "type", parameters["type"])
    say(call, "textMode", parameters["text_mode"])
    say(call, "text", texts.on_the_wire(parameters["text_mode"], parameters["text"]))


def pin(call: etree._Element, parameters: Parameters) -> None:
    """The PIN."""
    say(call, "pin", parameters["pin"])


def question(call: etree._Element, parameters: Parameters) -> None:
    """What to answer about."""
    for kind in parameters["kinds"]:
        say(call, "kind", kind)


def say(call: etree._Element, name: str, text: str) -> None:
    """One element of the call."""
    etree.SubElement(call, f"{{{KMS}}}{name}").text = text


def zulu(moment: str) -> str:
    """A moment in UTC as the platform writes it, ending in Z."""
    return moment.replace("+00:00", "Z")


BODIES: Mapping[str, Callable[[etree._Element, Parameters], None]] = MappingProxyType(
    {
        "REMOVE_ENTITLEMENTS": fewer_entitlements,
        "UNPAIR": pairing,
        "DEREGISTER_SECURE_CLIENT": nothing_more,
        "REGISTER_SECURE_CLIENT": registration,
        "PAIR": pairing,
        "ADD_ENTITLEMENTS": more_entitlements,
        "SEND_MESSAGE": message,
        "SET_PIN": pin,
        "RESET_PIN": pin,
        "QUERY_SECURE_CLIENT": question,
        "REAUTHORISE_SECTOR": nothing_more,
    }
)
