"""What answers over HTTP mean by their status alone, which is the same for all platforms."""

from engine.domain.request import Meaning, Verdict
from engine.ports import Reply

BUSY = 503
SERVER_ERRORS = 500


def by_status(reply: Reply, readable: frozenset[int]) -> Verdict | None:
    """The meaning of an answer that has no other words; nothing for one of the statuses whose bodies can be read."""
    if reply.status == BUSY:
        return Verdict(Meaning.NOT_SENT, "BUSY", f"HTTP {reply.status} {reply.reason}")
    if reply.status in readable:
        return None
    if reply.status < SERVER_ERRORS:
        return Verdict(Meaning.TURNED_AWAY, str(reply.status), reply.reason)
    return unreadable(f"HTTP {reply.status} {reply.reason}")


def unreadable(why: str) -> Verdict:
    """An answer that does not say whether the platform acted."""
    return Verdict(Meaning.IN_DOUBT, "UNREADABLE_REPLY", why)
