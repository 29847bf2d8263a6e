"""How an answer is to leave: decided under the lock, carried out by whoever owns the line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from simulators.kit.platform import Reply

LineFault = Literal["outage", "lost_request", "lost_reply", "hang", "latency", "slow_body", "truncated", "reset"]
PIECE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reply and what is to happen to it on its way. Iterable, so that a WSGI app can return it.

    A server that doesn't know of line faults sends the reply when there is none, and breaks off when there is one.
    """

    reply: Reply | None = None
    line: LineFault | None = None
    delay_s: float = 0.0
    size_bytes: int | None = None
    hung_up: Callable[[], None] = lambda: None  # tell the journal that the caller didn't wait for the answer
    watch: Callable[[Callable[[], None]], Callable[[], None]] = lambda _: lambda: None  # be told when faults change
    in_place: Callable[[], bool] = lambda: False  # whether the fault is still there
    passed: Callable[[float], None] = lambda _: None  # let virtual time pass, where it stands still

    def __iter__(self) -> Iterator[bytes]:
        """The body, for a server that can't do more."""
        if self.reply is None or self.line is not None:
            raise ConnectionAbortedError(f"the fault {self.line} needs a server that can break a line")
        yield self.reply.body

    @property
    def kept_bytes(self) -> int:
        """How much of a truncated body still leaves."""
        length = len(self.reply.body) if self.reply else 0
        return length // 2 if self.size_bytes is None else min(self.size_bytes, max(length - 1, 0))

    @property
    def total_delay_s(self) -> float:
        """All the waiting between the decision and the last byte."""
        return self.delay_s * (len(self.pieces()) if self.line == "slow_body" else 1)

    def pieces(self) -> list[bytes]:
        """A slow body's pieces."""
        body, size = self.reply.body if self.reply else b"", self.size_bytes or PIECE_BYTES
        return [body[start : start + size] for start in range(0, len(body), size)]
