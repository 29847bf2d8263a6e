"""SOAP 1.1: envelopes opened and closed, faults. Knows no operation and no memory."""

from enum import StrEnum

from lxml import etree

from simulators.kit.xml import BreachError, answering_charset, encoded, parsed, printable

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
HERE = frozenset({None, "", NEXT})
"""The actors that are us: nobody named, or whoever comes next."""


class Fault(StrEnum):
    """Whose fault it is, in SOAP's words."""

    CLIENT = "Client"
    SERVER = "Server"
    VERSION_MISMATCH = "VersionMismatch"
    MUST_UNDERSTAND = "MustUnderstand"


class EnvelopeError(BreachError):
    """An envelope that isn't opened: where, how, and whose fault it is."""

    def __init__(self, path: str, message: str, fault: Fault) -> None:
        super().__init__(path, message)
        self.fault = fault


def opened(body: bytes, content_type: str) -> etree._Element:
    """The one element in an envelope's body, taken out of it. Raises BreachError, EnvelopeError too."""
    root = parsed(body, content_type)
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise BreachError(f"/{name.localname}", "only a SOAP envelope can be sent")
    if name.namespace != ENVELOPE:
        message = f"only SOAP 1.1 is spoken: the envelope's namespace is {ENVELOPE}"
        raise EnvelopeError("/Envelope", message, Fault.VERSION_MISMATCH)
    parts = _elements(root, "/Envelope")
    if parts and parts[0].tag == _soap("Header"):
        _understand(parts.pop(0))
    if [part.tag for part in parts] != [_soap("Body")]:
        raise BreachError("/Envelope", "an envelope has one body, perhaps a header before it, and nothing else")
    asked = _elements(parts[0], "/Envelope/Body")
    if len(asked) != 1:
        raise BreachError("/Envelope/Body", f"a body has one element, not {len(asked)}")
    parts[0].remove(asked[0])
    return asked[0]


def closed(answer: etree._Element, content_type: str) -> bytes:
    """An envelope with an answer in it, in the request's character set."""
    root = etree.Element(_soap("Envelope"), nsmap={"soap": ENVELOPE})
    etree.SubElement(root, _soap("Body")).append(answer)
    return encoded(root, answering_charset(content_type))


def fault(code: Fault, sentence: str, detail: etree._Element | None, content_type: str) -> bytes:
    """An envelope with a fault in it; a detail only where it is about the body."""
    element = etree.Element(_soap("Fault"), nsmap={"soap": ENVELOPE})
    etree.SubElement(element, "faultcode").text = f"soap:{code}"
    etree.SubElement(element, "faultstring").text = printable(sentence)
    if detail is not None:
        etree.SubElement(element, "detail").append(detail)
    return closed(element, content_type)


def _understand(header: etree._Element) -> None:
    """No header is understood here; those that must be, by us, are refused before the body is looked at."""
    for block in _elements(header, "/Envelope/Header"):
        path = f"/Envelope/Header/{etree.QName(block).localname}"
        must = block.get(_soap("mustUnderstand"), "0")
        if must not in {"0", "1"}:
            raise BreachError(f"{path}/@mustUnderstand", f"it is 0 or 1, not {must}")
        if must == "1" and block.get(_soap("actor")) in HERE:
            raise EnvelopeError(path, "this header must be understood and is not", Fault.MUST_UNDERSTAND)


def _elements(parent: etree._Element, path: str) -> list[etree._Element]:
    """The children of an element that has no text of its own."""
    if any(text and not text.isspace() for text in (parent.text, *(child.tail for child in parent))):
        raise BreachError(path, "there can be no text here")
    return list(parent)


def _soap(name: str) -> str:
    return f"{{{ENVELOPE}}}{name}"
