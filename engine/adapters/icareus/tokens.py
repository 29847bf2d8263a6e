"""The token that every call to Icareus carries: it says when the call was made, and that we made it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import md5
from urllib.parse import parse_qsl, urlencode

from engine.domain.provider import Provider
from engine.ports import Message

VERSION = "01"
NOT_SIGNED = frozenset({"action", "languageId", "comments"})
SECONDS_THAT_FIT = 2**32  # eight hexadecimal digits: they begin again in February 2106


def sign(provider: Provider, message: Message, now: datetime) -> Message:
    """The call with its token, which is good for a short time from now on."""
    charset = message.charset
    fields = parse_qsl(message.body.decode("ascii"), keep_blank_values=True, encoding=charset)
    values = (value for name, value in fields if name not in NOT_SIGNED)
    made = token(values, provider.connection["key"], int(now.timestamp()))
    return replace(
        message, body=message.body + b"&" + urlencode({"token": made}).encode(), secrets=(*message.secrets, made)
    )


def token(values: Iterable[str], key: str, seconds: int) -> str:
    """The token over a call's values, in their order, at this UNIX time: 42 hexadecimal digits."""
    time = f"{seconds % SECONDS_THAT_FIT:08x}"
    signature = md5(":".join((*values, time, key)).encode(), usedforsecurity=False)  # the platform wants no other
    return f"{VERSION}{time}{signature.hexdigest()}"
