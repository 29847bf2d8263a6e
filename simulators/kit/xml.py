"""XML from strangers: strictly decoded, no entities, no network, no document type, held to a published schema."""

import codecs
import threading
from pathlib import Path
from typing import Any, cast

from lxml import etree

from simulators.kit.charset import DEFAULT, charset_of

CHARSETS = frozenset(map(str.lower, ("UTF-8", "UTF-16", "ISO-8859-1", "ISO-8859-15", "windows-1252", "US-ASCII")))
MOST_MARKS = 10_000  # counted before parsing: a megabyte of attributes would take fifty once parsed
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "?")


class BreachError(Exception):
    """A document that breaks its contract: where, and how."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class CharsetError(BreachError):
    """A character set nobody agreed on."""


class Schema:
    """A published schema. One for all threads: the validator keeps its findings in itself, so one asks at a time.

    `at` is where in the published document it stands, which may be a WSDL.
    """

    def __init__(self, path: Path, at: str = ".") -> None:
        self.text = path.read_bytes()
        self._validator = etree.XMLSchema(cast("Any", etree.fromstring(self.text, _parser()).find(at)))
        self._lock = threading.Lock()

    def check(self, root: etree._Element) -> None:
        """Raise BreachError at the first thing the schema doesn't allow."""
        with self._lock:
            if self._validator.validate(root):
                return
            found = cast("Any", self._validator.error_log)[0]
        raise BreachError(_named(root, found.path or "/"), found.message)


def parsed(body: bytes, content_type: str) -> etree._Element:
    """The document's root. Raises CharsetError, or BreachError for what isn't well-formed or tries to be clever."""
    text = _decoded(body, charset_of(content_type))
    if "<!DOCTYPE" in text:
        raise BreachError("/", "a document type is not allowed")
    if text.count("<") > MOST_MARKS or text.count("=") > MOST_MARKS:
        raise BreachError("/", f"more than {MOST_MARKS} tags or attributes")
    try:
        return etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError as error:
        raise BreachError("/", f"not well-formed: {error.msg}") from error


def answering_charset(content_type: str) -> str:
    """The request's own character set, and UTF-8 for one nobody here can write."""
    charset = charset_of(content_type)
    return charset if charset in CHARSETS else DEFAULT


def printable(text: str) -> str:
    """Text that XML can carry: what it can't is a question mark."""
    return text.translate(_NOT_XML)


def encoded(root: etree._Element, charset: str) -> bytes:
    """A document in a character set; what the set lacks becomes a character reference."""
    return cast("bytes", etree.tostring(root, encoding=charset, xml_declaration=True))


def _named(root: etree._Element, path: str) -> str:
    """A path in local names: libxml2 says `*` for an element of a namespace, or a prefix that only the sender knows."""
    if "*" not in path and ":" not in path:
        return path
    prefixes = {prefix: uri for element in root.iter() for prefix, uri in element.nsmap.items() if prefix}
    way: list[Any] = cast("Any", etree.ElementTree(root).xpath(path, namespaces=prefixes))[:1]
    while way and way[-1] is not root:
        way.append(way[-1].getparent())
    return path if not way else "".join(f"/{_step(element, root)}" for element in reversed(way))


def _step(element: etree._Element, root: etree._Element) -> str:
    parent = None if element is root else element.getparent()
    alike = [] if parent is None else parent.findall(str(element.tag))
    name = etree.QName(element).localname
    return f"{name}[{alike.index(element) + 1}]" if len(alike) > 1 else name


def _decoded(body: bytes, charset: str) -> str:
    if charset not in CHARSETS:
        raise CharsetError("/", f"{charset} is not supported; {', '.join(sorted(CHARSETS))} are")
    try:
        return codecs.decode(body, charset).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BreachError("/", f"byte {error.start} is not {charset}: {error.reason}") from error


def _parser() -> etree.XMLParser:
    """A parser for one document: a shared one makes threads wait. The encoding is ours, whatever is declared."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
