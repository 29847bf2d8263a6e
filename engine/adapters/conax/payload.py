"""What a message file carries: tag, length and value of each part, in hexadecimal."""

from collections.abc import Iterator
from datetime import datetime

from engine.adapters.conax.dates import packed

LONGEST_VALUE_BYTES = 255


def payload(text: bytes, sequence: int, duration_s: int, start: datetime | None = None) -> str:
    """A message's payload: text, sequence, and for how long it is on the screen; 0 seconds: it is for the mailbox."""
    return b"".join(parts(text, sequence, duration_s, start)).hex()


def parts(text: bytes, sequence: int, duration_s: int, start: datetime | None) -> Iterator[bytes]:
    """The parts, in the order of their tags."""
    yield part(1, text)
    yield part(2, sequence.to_bytes(1, "big"))
    if start is not None:
        yield part(3, packed(start))
    yield part(4, duration_s.to_bytes(2, "big"))


def part(tag: int, value: bytes) -> bytes:
    """One part. Raises ValueError for a value that is longer than its length can say."""
    return bytes([tag, len(value)]) + value
