"""Bytes into instructions, and answers into bytes; strict both ways. Knows the published WSDL, no memory."""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import quoteattr

import msgspec
from lxml import etree

from simulators.irdeto import soap
from simulators.irdeto.codes import ALL, SENTENCES, Code, Operation
from simulators.irdeto.soap import EnvelopeError, Fault
from simulators.kit.mask import MASK
from simulators.kit.windows import Window, instant, window_of
from simulators.kit.xml import BreachError, Schema, printable

NAMESPACE = "urn:headend:irdeto-kms:1"
PRINTED_ADDRESS = b'"http://127.0.0.1/irdeto"'
_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]{1,64}")
_PIN = re.compile(
    r"<(?P<prefix>([\w.-]+:)?)pin(?=[\s/>])(.*</([\w.-]+:)?pin\s*>|.*)",  # to where the last one ends, or nothing does
    re.DOTALL | re.IGNORECASE,
)
_DIGITS = re.compile(  # as they are, as XML may have them, as JSON, as a form
    r"(?:[0-9]|&#0*(?:4[89]|5[0-7]);|&#x0*3[0-9];|\\u003[0-9]|%3[0-9]){4,}", re.IGNORECASE
)
_NEAR = 32  # characters between the beginning of the word and that of the digits
_MASKED = rf"<\g<prefix>pin>{MASK}</\g<prefix>pin>"
_OWN: dict[Any, str] = {None: NAMESPACE}


class RequestError(Exception):
    """A request that breaks the contract: where, how, whose fault SOAP calls it, and its transactionId."""

    def __init__(self, breach: BreachError, transaction: str = "") -> None:
        super().__init__(f"{breach}")
        self.path = breach.path
        self.message = breach.message
        self.fault = breach.fault if isinstance(breach, EnvelopeError) else Fault.CLIENT
        self.transaction = transaction


class Instruction(msgspec.Struct, frozen=True):
    """A request as it was understood; what an operation doesn't have is empty."""

    operation: Operation
    transaction: str
    fingerprint: str
    client: str
    subscription: str = ""
    sector: str = ""
    smartcard: str = ""
    entitlements: dict[str, Window | None] = {}
    type: str = ""
    mode: str = ""
    text: str = ""
    pin: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as the journal lists them: only those there are, the set of CA IDs sorted, never the PIN."""
        windows = {ca_id: [*map(instant, window)] for ca_id, window in sorted(self.entitlements.items()) if window}
        named = {
            "secureClient": self.client,
            "subscription": self.subscription,
            "sector": self.sector,
            "smartcard": self.smartcard,
            "caIds": sorted(self.entitlements),
            "windows": windows,
            "type": self.type,
            "textMode": self.mode,
            "text": self.text,
            "pin": self.pin and MASK,
            "kinds": list(self.kinds),
        }
        return {name: value for name, value in named.items() if value}


Section = tuple[str, Iterable[tuple[str, str]]]
"""A kind, and names with values."""


@cache
def schema() -> Schema:
    """The published contract, as the WSDL has it among its types."""
    return Schema(Path(__file__).with_name("irdeto.wsdl"), "{*}types/{*}schema")


def wsdl(address: str) -> bytes:
    """The published contract of a service at an address."""
    return schema().text.replace(PRINTED_ADDRESS, quoteattr(printable(address)).encode())


def read(body: bytes, content_type: str) -> Instruction:
    """The instruction in a request's body. Raises RequestError with the path to what is wrong."""
    try:
        asked = soap.opened(body, content_type)
    except BreachError as breach:
        raise RequestError(breach) from breach
    try:
        return _instruction(asked)
    except BreachError as breach:
        named = asked.findtext(_own("transactionId")) or ""
        raise RequestError(breach, named if _ID.fullmatch(named) else "") from breach


def without_pins(text: str) -> str:
    """A text without the elements that hold PINs, whether the rest can be read or not; NULs go with them."""
    plain = text.replace("\0", "")
    masked = _PIN.sub(_MASKED, plain)
    return text if masked == plain else masked


def without_digits(text: str) -> str:
    """A text that is no request, without PINs however they are written: digits a little behind the word."""
    plain = text.replace("\0", "")
    masked = _DIGITS.sub(_unless_apart, without_pins(plain))
    return text if masked == plain else masked


def done(asked: Instruction, reference: str, sections: Iterable[Section], content_type: str) -> bytes:
    """The answer to what was carried out."""
    root = _element(f"{asked.operation}_RESPONSE", {"transactionId": asked.transaction, "reference": reference})
    for kind, properties in sections:
        section = _element("section", {"kind": kind})
        section.extend(_element("property", {"name": name, "value": value}) for name, value in properties)
        root.append(section)
    return soap.closed(root, content_type)


def refused(asked: Instruction, code: Code, detail: str, content_type: str) -> bytes:
    """The fault that answers what was read and not carried out."""
    return soap.fault(Fault.CLIENT, _sentence(code, detail), _refusal(code, asked.transaction), content_type)


def turned_away(error: RequestError, content_type: str) -> bytes:
    """The fault that answers what breaks the contract; without a detail where the body was not even looked at."""
    detail = _refusal(Code.MALFORMED, error.transaction) if error.fault is Fault.CLIENT else None
    return soap.fault(error.fault, _sentence(Code.MALFORMED, f"{error}"), detail, content_type)


def unavailable(status: int) -> bytes:
    """The fault that answers, with a status, for a service that isn't there."""
    return soap.fault(Fault.SERVER, f"the service answers {status}", None, "")


def _instruction(asked: etree._Element) -> Instruction:
    name = etree.QName(asked)
    if name.namespace != NAMESPACE or name.localname not in Operation.__members__:
        raise BreachError(f"/{name.localname}", f"there is no operation {name.text}; the namespace is {NAMESPACE}")
    schema().check(asked)
    found: dict[str, list[etree._Element]] = {}
    for child in asked:
        found.setdefault(etree.QName(child).localname, []).append(child)
    texts = {name: elements[0].text or "" for name, elements in found.items()}
    operation = Operation(name.localname)
    if operation is Operation.REGISTER_SECURE_CLIENT and texts["secureClient"] == ALL:
        raise BreachError(f"/{operation}/secureClient", f"{ALL} is everybody, and no secure client")
    return Instruction(
        operation,
        texts["transactionId"],
        blake2b(msgspec.json.encode(_said(asked)), digest_size=16).hexdigest(),
        texts["secureClient"],
        subscription=texts.get("subscription", ""),
        sector=texts.get("sector", ""),
        smartcard=texts.get("smartcard", ""),
        entitlements=_entitlements(operation, found),
        type=texts.get("type", ""),
        mode=texts.get("textMode", ""),
        text=texts.get("text", ""),
        pin=texts.get("pin", ""),
        kinds=tuple(kind.text or "" for kind in found.get("kind", ())),
    )


def _said(element: etree._Element) -> list[Any]:
    """What an element says, however it is spelt: names, attributes, and texts in their order."""
    attributes = sorted(cast("dict[str, str]", dict(element.attrib)).items())
    return [element.tag, attributes, element.text, [[_said(child), child.tail] for child in element]]


def _entitlements(operation: Operation, found: dict[str, list[etree._Element]]) -> dict[str, Window | None]:
    """The CA IDs of a request, with their windows where they have any."""
    entitlements: dict[str, Window | None] = {}
    for name in ("entitlement", "caId"):
        for number, element in enumerate(found.get(name, ()), start=1):
            given, path = cast("dict[str, str]", dict(element.attrib)), f"/{operation}/{name}[{number}]"
            ca_id = given.get("caId") or element.text or ""
            if ca_id in entitlements:
                raise BreachError(path, f"{ca_id} is named twice")
            entitlements[ca_id] = window_of(given, path)
    return entitlements


def _unless_apart(digits: re.Match[str]) -> str:
    before = digits.string[max(digits.start() - _NEAR, 0) : digits.start()]
    return MASK if "pin" in before.lower() else digits[0]


def _sentence(code: Code, detail: str) -> str:
    return f"{SENTENCES[code]}: {detail}" if detail else SENTENCES[code]


def _refusal(code: Code, transaction: str) -> etree._Element:
    named = {"transactionId": transaction} if transaction else {}
    return etree.Element(_own("refusal"), {"code": str(code), **named}, nsmap=_OWN)


def _element(name: str, texts: dict[str, str]) -> etree._Element:
    """An element with children of text."""
    element = etree.Element(_own(name), nsmap=_OWN)
    for child, text in texts.items():
        etree.SubElement(element, _own(child)).text = printable(text)
    return element


def _own(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
