"""What each line fault does to a line: one row each, the same rows as the in-process table has."""

from collections.abc import Callable

from simulators.kit.delivery import Delivery, LineFault
from simulators.kit.gateway import headers_of, plain_reply
from simulators.kit.line import Line
from simulators.kit.platform import Reply

_NO_REPLY = plain_reply(500, "this fault leaves no answer")


def deliver(line: Line, delivery: Delivery) -> None:
    """Send, spoil or withhold an answer."""
    ON_LINE[delivery.line](line, delivery, delivery.reply or _NO_REPLY)


def _answer(line: Line, _: Delivery, reply: Reply) -> None:
    line.answer(reply)


def _late(line: Line, delivery: Delivery, reply: Reply) -> None:
    if _waits(line, delivery):
        line.answer(reply)


def _slowly(line: Line, delivery: Delivery, reply: Reply) -> None:
    line.send_head(reply.status, headers_of(reply))
    for piece in delivery.pieces():
        if not _waits(line, delivery):
            return
        line.send_body(piece)
    line.send_end()


def _cut(line: Line, delivery: Delivery, reply: Reply) -> None:
    line.send_head(reply.status, headers_of(reply))
    line.send_body(reply.body[: delivery.kept_bytes])
    line.close()


def _held(line: Line, delivery: Delivery, _: Reply) -> None:
    def let_go() -> None:
        if not delivery.in_place():
            line.drop()

    end = delivery.watch(let_go)
    try:
        if delivery.in_place():  # asked once the watch stands, so that a removal can't fall between the two
            line.hold()
    finally:
        end()
        line.close()


def _hung_up(line: Line, _: Delivery, __: Reply) -> None:
    line.close()


def _reset(line: Line, _: Delivery, __: Reply) -> None:
    line.reset()


def _waits(line: Line, delivery: Delivery) -> bool:
    """Keep the caller waiting, and virtual time with them; False, noted and closed, when they wouldn't."""
    waited = line.wait(delivery.delay_s)
    if waited:
        delivery.passed(delivery.delay_s)
    else:
        if not line.dropped:
            delivery.hung_up()
        line.close()
    return waited


# fmt: off
ON_LINE: dict[LineFault | None, Callable[[Line, Delivery, Reply], None]] = {
    None:           _answer,
    "latency":      _late,
    "slow_body":    _slowly,
    "truncated":    _cut,
    "hang":         _held,
    "lost_request": _hung_up,
    "lost_reply":   _hung_up,
    "reset":        _reset,
    "outage":       _reset,
}
# fmt: on
