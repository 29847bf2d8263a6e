"""Forms into instructions, and answers into JSON; strict both ways. Knows the published contract, no memory."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from simulators.icareus.codes import Action, Code
from simulators.icareus.contract import DEVICE, EXACTLY_ONE, MOST_PRODUCTS, PRODUCTS, TAKES, TOKEN, Field, Kind
from simulators.kit.charset import as_text, charset_of
from simulators.kit.mask import MASK

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MOST_FIELDS, MOST_ESCAPES = 100, 50_000  # counted before they are read: a megabyte of escapes would take eighty
MOST_OF_A_NAME = 64  # characters of a stranger's name that are said again
_TOKEN = re.compile(  # as it is, in escapes, and with a NUL beside each digit, as UTF-16 read byte by byte has it
    r"(?:0|%30)\0*(?:1|%31)(?:\0*(?:[0-9A-Fa-f]|%3[0-9]|%[46][1-6])){40}"
)


class BreachError(Exception):
    """A form that breaks the contract: the code, the parameter, and how; and the action, where it could be read."""

    def __init__(self, code: Code, name: str, message: str, action: Action | None = None) -> None:
        super().__init__(f"{name}: {message}" if name else message)
        self.code = code
        self.name = name
        self.message = message
        self.action = action


class Instruction(msgspec.Struct, frozen=True):
    """A call as it was understood: what was sent of the action's parameters, in their order; the token apart."""

    action: Action
    values: dict[str, str]
    token: str

    @property
    def subject(self) -> str:
        """Whom it is about: a user id, or the screen name of a user who has none yet."""
        return self.values.get("userId") or self.values.get("screenName", "")

    @property
    def products(self) -> list[str]:
        """The products it is about, sorted."""
        return self.values[PRODUCTS.name].split(",") if PRODUCTS.name in self.values else []

    @property
    def device(self) -> str:
        """The device it is about."""
        return self.values.get(DEVICE.name, "")

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as the journal lists them; the token is none of them."""
        return {**self.values, PRODUCTS.name: self.products} if self.products else dict(self.values)

    @property
    def signed(self) -> list[str]:
        """The values that the token was made of, in order."""
        return [self.values[each.name] for each in TAKES[self.action] if each.signed and each.name in self.values]


def is_form(content_type: str) -> bool:
    """Whether a body of this type can be read at all: a form in UTF-8."""
    return content_type.partition(";")[0].strip().lower() == FORM and charset_of(content_type) == "utf-8"


def read(body: bytes) -> Instruction:
    """The instruction in a form. Raises BreachError with the parameter that is wrong; the token is only found."""
    fields = _fields(body)
    action = _action(fields.pop("action", None))
    try:
        _named(fields, action)
        for each in TAKES[action]:
            if each.name in fields and each != TOKEN:  # what is wrong with a token is said in words of its own
                _of_kind(each, fields[each.name])
    except BreachError as breach:
        breach.action = action
        raise
    values = {each.name: fields[each.name] for each in TAKES[action] if each.name in fields}
    return Instruction(action, values, values.pop(TOKEN.name))


def secrets(body: bytes, content_type: str) -> tuple[str, ...]:
    """What a body calls its token, as it was sent and as it was meant, whatever else is wrong with it."""
    texts = {as_text(body, content_type) or "", body.decode("utf-8", "surrogateescape")}
    pairs = (pair.partition("=") for text in texts for pair in text.split("&") if "=" in pair)
    sent = [
        value for name, _, value in pairs if name == TOKEN.name or ("%" in name and unquote_plus(name) == TOKEN.name)
    ]
    return tuple({*sent, *map(unquote_plus, sent)})


def without_tokens(text: str) -> str:
    """A text without whatever looks like a token, wherever it stands."""
    return _TOKEN.sub(MASK, text)


def done(members: Mapping[str, Any]) -> bytes:
    """The answer to a call that was carried out."""
    return msgspec.json.encode({"status": "ok", **members})


def refused(code: str, message: str, members: Mapping[str, Any]) -> bytes:
    """The answer to a call that was not."""
    return msgspec.json.encode({"status": "error", "code": code, "message": message, **members})


def _fields(body: bytes) -> dict[str, str]:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BreachError(Code.INVALID_PARAMETER, "", f"byte {error.start} of the form is not UTF-8") from error
    if text.count("&") >= MOST_FIELDS:
        raise BreachError(Code.INVALID_PARAMETER, "", f"a form has {MOST_FIELDS} parameters at most")
    if text.count("%") > MOST_ESCAPES:
        raise BreachError(Code.INVALID_PARAMETER, "", f"a form has {MOST_ESCAPES} escapes at most")
    fields: dict[str, str] = {}
    for pair in filter(None, text.split("&")):
        raw, _, value = pair.partition("=")
        name = _unquoted(raw, "")
        if name in fields:
            raise BreachError(Code.INVALID_PARAMETER, name[:MOST_OF_A_NAME], "it comes twice")
        fields[name] = _unquoted(value, name)
    return fields


def _unquoted(text: str, name: str) -> str:
    try:
        return unquote_plus(text, errors="strict")
    except UnicodeDecodeError as error:
        raise BreachError(Code.INVALID_PARAMETER, name[:MOST_OF_A_NAME], "it is not UTF-8") from error


def _action(name: str | None) -> Action:
    if name is None:
        raise BreachError(Code.MISSING_PARAMETER, "action", f"it is missing; there are {', '.join(Action)}")
    try:
        return Action(name)
    except ValueError as error:
        raise BreachError(Code.UNKNOWN_ACTION, "action", f"there are {', '.join(Action)}") from error


def _named(found: Iterable[str], action: Action) -> None:
    """Nothing that the action doesn't take, and all that it needs."""
    known = [each.name for each in TAKES[action]]
    for name in found:
        if name not in known:
            raise BreachError(
                Code.INVALID_PARAMETER, name[:MOST_OF_A_NAME], f"{action} takes {', '.join(known)}, and not this"
            )
    for each in TAKES[action]:
        if each.needed and each.name not in found:
            raise BreachError(Code.MISSING_PARAMETER, each.name, f"{action} needs it")
    one = EXACTLY_ONE.get(action, ())
    sent = [name for name in one if name in found]
    if one and len(sent) != 1:
        code = Code.INVALID_PARAMETER if sent else Code.MISSING_PARAMETER
        raise BreachError(code, one[-1], f"{action} needs exactly one of {' and '.join(one)}")


def _of_kind(each: Field, value: str) -> None:
    ids = value.split(",") if each == PRODUCTS else []
    in_order = ids == sorted(set(ids)) and len(ids) <= MOST_PRODUCTS
    short = each.kind.most is None or len(value) <= each.kind.most
    if not (short and in_order and _pattern(each.kind).fullmatch(value)):
        raise BreachError(Code.INVALID_PARAMETER, each.name, f"it takes {each.kind.words}")


@cache
def _pattern(kind: Kind) -> re.Pattern[str]:
    return re.compile(kind.pattern)
