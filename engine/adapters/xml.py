"""XML as platforms take and answer it: any character set out, nothing but plain documents in."""

from lxml import etree


def character_set(value: str) -> str:
    """What is wanted instead of a character set that does not exist, or is one for no text."""
    try:
        "".encode(value)
    except (LookupError, UnicodeError):
        return "a character set such as UTF-8"
    return ""


def written(root: etree._Element, charset: str) -> bytes:
    """The document in this character set; what that lacks becomes a character reference."""
    # Python encodes, because lxml knows fewer character sets, and fewer names of them, than a provider may be given.
    document = f"<?xml version='1.0' encoding='{charset}'?>\n{etree.tostring(root, encoding='unicode')}"
    return document.encode(charset, "xmlcharrefreplace")


def read(body: bytes) -> etree._Element:
    """The document's root; no file is read for it, and no entity is put in. Raises XMLSyntaxError."""
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
