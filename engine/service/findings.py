"""What audits find: kept as differences, and believed from then on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.domain.audit import Comparison, Finding
from engine.domain.provider import Provider
from engine.domain.rights import Held, Kind
from engine.service.batch import look
from engine.service.context import Context
from engine.service.plan import differing
from engine.store import audits, batches, beliefs, since
from engine.store.audits import Process
from engine.store.since import Note

RUN, ONE = "AUDIT", "AUDIT_OF_ONE"
"""What is said to have asked: a run, or the audit of one subscription."""


@dataclass(frozen=True)
class Looked:
    """What a platform said of a subscription, beside what was believed; of how many devices it was `asked`."""

    key: int
    number: str
    provider: Provider
    believed: list[Held]
    comparison: Comparison
    asked: int = 1

    @property
    def is_news(self) -> bool:
        """Whether anything is believed otherwise now."""
        return set(self.comparison.after) != set(self.believed)


def take_down(
    context: Context, connection: Connection, provider: Provider, looked: Iterable[Looked], process: Process
) -> None:
    """Write of subscriptions at a provider what differs, what is believed from now on, and which are out of sync then.

    Nobody plans for them meanwhile.
    """
    news, now, words = [one for one in looked if one.is_news], context.clock.now(), context.adapter(provider).words
    keys = sorted(one.key for one in news)
    batches.lock(connection, keys)
    beliefs.replace_many(connection, provider.code, [(one.key, one.believed, one.comparison.after) for one in news])
    rows = ((one.key, row(finding, words)) for one in news for finding in one.comparison.findings)
    audits.add(connection, process, provider.code, rows, at=now)
    ahead = look(context, connection, provider, keys).ahead.items()
    differ = ((key, differing(context, provider, one, [], range(0))) for key, one in ahead)
    since.note(connection, [Note(key, provider.code, *found) for key, found in differ], now)


def told(looked: Looked) -> str:
    """What came of it, in a few words."""
    findings, settled = looked.comparison.findings, looked.comparison.settled
    counts = Counter(finding.difference.value for finding in findings)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    doubts = f", doubts settled: {settled}" if settled else ""
    return f"{looked.provider.code}: differences: {len(findings)}{kinds and f' ({kinds})'}{doubts}"


def row(finding: Finding, words: Mapping[Kind, str]) -> dict[str, str]:
    """A difference in the platform's words."""
    difference, believed, found = finding
    thing = believed or found
    return {
        "difference": difference,
        "thing": " ".join(named(thing, words)) if thing else "",
        "believed": as_text(believed),
        "found": as_text(found),
    }


def named(right: Held, words: Mapping[Kind, str]) -> Iterator[str]:
    """What a right is to, and where; of the account and of the place of a device it is told as what was found."""
    yield words[right.kind]
    if right.kind is not Kind.ACCOUNT:
        yield right.ca_id
        if right.place and right.kind is not Kind.ITEM:
            yield f"on {right.place}"


def as_text(right: Held | None) -> str:
    """What is held of a thing: an account's id, a device's place, a window, an end; or just that it is."""
    if right is None:
        return ""
    if right.kind is Kind.ACCOUNT:
        return right.ca_id
    if right.window is not None:
        return "/".join(f"{end:%Y-%m-%dT%H:%M:%SZ}" for end in (right.window.start, right.window.end))
    if right.until is not None:
        return f"until {right.until:%Y-%m-%d}"
    return f"on {right.place}" if right.kind is Kind.ITEM and right.place else "held"
