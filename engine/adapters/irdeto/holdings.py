"""What Irdeto says that is on a secure client."""

from collections.abc import Mapping

from lxml import etree

from engine.adapters.answers import once, window
from engine.adapters.irdeto.replies import NAMES
from engine.adapters.xml import read
from engine.domain.audit import Told
from engine.domain.rights import Held, Kind
from engine.ports import Reply

WITHOUT_END = "without end"
Sections = Mapping[str, list[tuple[str, str]]]


def holdings(reply: Reply, subscription: str, subject: str) -> Told:
    """The secure client in its sector, with its card and entitlements; nothing, where it is somebody else's.

    The others are those of its domain. Raises ValueError, with a sentence.
    """
    told = sections(read(reply.body))
    client = one_of(told, "BASIC", "secureClient")
    if client != subject:
        raise ValueError(f"found secure client {client!r}; wanted: {subject!r}")
    if one_of(told, "BASIC", "subscription") != subscription:
        return Told()
    members = [value for name, value in told.get("DEVICE_DOMAIN", []) if name == "member"]
    if subject not in members:
        raise ValueError(f"{subject!r} is in its subscription's domain: not so in DEVICE_DOMAIN")
    sector = Held(Kind.ITEM, subject, place=one_of(told, "SECTOR", "sector"))
    held = (sector, *paired(told, subject), *entitled(told, subject))
    return Told(held, others=tuple(one for one in once(members) if one != subject))


def sections(envelope: etree._Element) -> Sections:
    """What each section says, name by name."""
    found = envelope.findall("soap:Body/*/kms:section", NAMES)
    once([section.findtext("kms:kind", "", NAMES) for section in found])
    return {
        section.findtext("kms:kind", "", NAMES): [
            (one.findtext("kms:name", "", NAMES), one.findtext("kms:value", "", NAMES))
            for one in section.findall("kms:property", NAMES)
        ]
        for section in found
    }


def one_of(told: Sections, kind: str, name: str) -> str:
    """The only value of this name in a section, which must be there."""
    values = [value for called, value in told.get(kind, []) if called == name and value]
    if len(values) != 1:
        raise ValueError(f"{kind}: found {len(values)} of {name}; wanted: one")
    return values[0]


def paired(told: Sections, client: str) -> list[Held]:
    """The card with which the secure client is paired, if there is one."""
    is_paired = one_of(told, "PAIRING", "paired")
    if is_paired not in {"yes", "no"}:
        raise ValueError(f"PAIRING: found paired {is_paired!r}; wanted: yes or no")
    return [Held(Kind.PAIR, one_of(told, "PAIRING", "smartcard"), place=client)] if is_paired == "yes" else []


def entitled(told: Sections, client: str) -> list[Held]:
    """The entitlements, with their windows."""
    if "ENTITLEMENTS" not in told:
        raise ValueError("the answer comes without ENTITLEMENTS")
    found = told["ENTITLEMENTS"]
    once([ca_id for ca_id, _window in found])
    return [
        Held(Kind.SERVICE, ca_id, place=client, window=None if said == WITHOUT_END else window(*said.split("/", 1)))
        for ca_id, said in found
    ]
