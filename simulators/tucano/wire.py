"""Bytes into commands and orders, and answers into bytes; strict both ways. Knows the published schema, no memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec
from lxml import etree

from simulators.kit.windows import Window, instant, window_of
from simulators.kit.xml import BreachError, Schema, answering_charset, encoded, parsed, printable
from simulators.tucano.codes import Command, OptionState

SUBSCRIBER, ACCOUNT, MATERIAL, OPTIONS = "subscriber", "account", "material", "options"
# fmt: off
CHILDREN = {
    Command.CREATE_ACCOUNT:   ((SUBSCRIBER,),),
    Command.ADD_MATERIAL:     ((ACCOUNT, MATERIAL),),
    Command.REMOVE_MATERIAL:  ((ACCOUNT, MATERIAL),),
    Command.SUSPEND_OPTIONS:  ((ACCOUNT, OPTIONS),),
    Command.ACTIVATE_OPTIONS: ((ACCOUNT, OPTIONS),),
    Command.GET_ACCOUNT:      ((ACCOUNT,), (SUBSCRIBER,)),
}
ONLY_IN = (
    # element          attribute  allowed in
    ("material",       "type",    Command.ADD_MATERIAL),
    ("options/option", "start",   Command.ACTIVATE_OPTIONS),
    ("options/option", "end",     Command.ACTIVATE_OPTIONS),
)
# fmt: on


class Instruction(msgspec.Struct, frozen=True):
    """A command as it was understood; what a command doesn't have is empty."""

    command: Command
    reference: str
    account: str = ""
    subscriber: str = ""
    profile: dict[str, str] = {}
    material: str = ""
    type: str = ""
    options: dict[str, Window | None] = {}

    @property
    def subject(self) -> str:
        """Whom it is about: an account, or a subscriber who has none yet."""
        return self.account or self.subscriber

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as the journal lists them: only those there are, the set of options sorted."""
        windows = {id_: [instant(end) for end in window] for id_, window in sorted(self.options.items()) if window}
        named = {
            "account": self.account,
            "subscriber": self.subscriber,
            **self.profile,
            "material": self.material,
            "type": self.type,
            "options": sorted(self.options),
            "windows": windows,
        }
        return {name: value for name, value in named.items() if value}


class HeldOption(msgspec.Struct, frozen=True):
    """An option in an answer."""

    id: str
    state: OptionState
    window: Window | None = None


class AccountPart(msgspec.Struct, frozen=True):
    """The account in an answer; `None` lists are left out, as in the answer to its creation."""

    id: str
    subscriber: str = ""
    options: Sequence[HeldOption] | None = None
    materials: Mapping[str, str] | None = None
    orders: Mapping[str, datetime] = {}


@cache
def schema() -> Schema:
    """The published contract of both directions."""
    return Schema(Path(__file__).with_name("tucano.xsd"))


def read(body: bytes, content_type: str) -> Instruction:
    """The command in a request's body. Raises BreachError, or CharsetError, with the path to what is wrong."""
    root = _document("command", body, content_type)
    own, children = _attributes(root), {str(child.tag): child for child in root}
    command = Command(own["name"])
    _belongs(root, tuple(children), command)
    material = _attributes(children.get(MATERIAL))
    return Instruction(
        command,
        own["reference"],
        account=_attributes(children.get(ACCOUNT)).get("id", ""),
        subscriber=_attributes(children.get(SUBSCRIBER)).get("number", ""),
        profile=_profile(children.get(SUBSCRIBER)),
        material=material.get("id", ""),
        type=material.get("type", ""),
        options=_options(children.get(OPTIONS)),
    )


def read_order(body: bytes, content_type: str) -> str:
    """The content that an order's body names. Raises as `read` does."""
    content = _attributes(_document("order", body, content_type))["content"]
    if not content.isprintable():
        raise BreachError("/order/@content", "a content is named by printable characters")
    return content


def accepted(reference: str, transaction: str, account: AccountPart | None, content_type: str) -> bytes:
    """The answer to a command that was carried out."""
    root = _response(reference, transaction, "ACCEPTED")
    if account is not None:
        _account(root, account)
    return encoded(root, answering_charset(content_type))


def ordered(transaction: str, orders: Mapping[str, datetime], content_type: str) -> bytes:
    """The answer to an order that was taken."""
    root = _response(None, transaction, "ACCEPTED")
    _orders(root, orders)
    return encoded(root, answering_charset(content_type))


def rejected(reference: str | None, transaction: str, code: str, detail: str, content_type: str) -> bytes:
    """The answer to a command that was not carried out, or to an order that was not taken: it has no reference."""
    root = _response(reference, transaction, "REJECTED")
    etree.SubElement(root, "error", {"code": str(code)}).text = printable(detail)
    return encoded(root, answering_charset(content_type))


def _document(wanted: str, body: bytes, content_type: str) -> etree._Element:
    root = parsed(body, content_type)
    schema().check(root)
    if root.tag != wanted:
        article = "an" if wanted[0] in "aeiou" else "a"
        raise BreachError(f"/{root.tag}", f"only {article} {wanted} can be asked for")
    return root


def _belongs(root: etree._Element, found: Sequence[str], command: Command) -> None:
    """What the schema can't say: which children and attributes go with which command."""
    if found not in CHILDREN[command]:
        wanted = " or ".join(" and ".join(names) for names in CHILDREN[command])
        raise BreachError("/command", f"{command} takes {wanted}, not {' and '.join(found)}")
    for path, attribute, owner in ONLY_IN:
        if path.split("/", 1)[0] in found and command is not owner:
            _lacks(root, path, attribute, f"only {owner} takes it, not {command}")
    if command is Command.GET_ACCOUNT and SUBSCRIBER in found and _profile(root.find(SUBSCRIBER)):
        raise BreachError(f"/command/{SUBSCRIBER}", f"{command} takes a subscriber's number and nothing else of them")


def _lacks(root: etree._Element, path: str, attribute: str, sentence: str) -> None:
    if any(attribute in element.attrib for element in root.iterfind(path)):
        raise BreachError(f"/command/{path}/@{attribute}", sentence)


def _options(parent: etree._Element | None) -> dict[str, Window | None]:
    options: dict[str, Window | None] = {}
    for number, element in enumerate(() if parent is None else parent, start=1):
        path, given = f"/command/options/option[{number}]", _attributes(element)
        if given["id"] in options:
            raise BreachError(path, f"{given['id']} is named twice")
        options[given["id"]] = window_of(given, path)
    return options


def _profile(subscriber: etree._Element | None) -> dict[str, str]:
    """Everything else that is known of a subscriber, the address beside the name."""
    if subscriber is None:
        return {}
    given = _attributes(subscriber)
    for address in subscriber:
        given |= _attributes(address)
    return {name: value for name, value in given.items() if value and name != "number"}


def _attributes(element: etree._Element | None) -> dict[str, str]:
    return {} if element is None else cast("dict[str, str]", dict(element.attrib))


def _response(reference: str | None, transaction: str, status: str) -> etree._Element:
    named = {} if reference is None else {"reference": reference}
    return etree.Element("response", {**named, "status": status, "id": transaction})


def _account(root: etree._Element, account: AccountPart) -> None:
    element = etree.SubElement(root, "account", {"id": account.id})
    if account.options is None or account.materials is None:
        return
    element.set("subscriber", account.subscriber)
    options, materials = etree.SubElement(element, "options"), etree.SubElement(element, "materials")
    for option in account.options:
        window = dict(zip(("start", "end"), map(instant, option.window or ()), strict=False))
        etree.SubElement(options, "option", {"id": option.id, "state": option.state.value, **window})
    for id_, type_ in account.materials.items():
        etree.SubElement(materials, "material", {"id": id_, "type": type_} if type_ else {"id": id_})
    if account.orders:
        _orders(etree.SubElement(element, "orders"), account.orders)


def _orders(parent: etree._Element, orders: Mapping[str, datetime]) -> None:
    for content, at in orders.items():
        etree.SubElement(parent, "order", {"content": content, "at": instant(at)})
