"""What the answers to an audit's questions in files change: differences are kept, and what was found is believed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from engine.domain.audit import Comparison, Finding, Told, compare
from engine.domain.rights import Held, Kind
from engine.domain.run import LogLine
from engine.service import findings
from engine.service.files.found import Found
from engine.service.findings import Looked
from engine.store import audits, batches, filing
from engine.store.audits import Card

TOGETHER = 500
NOT_TOLD = "the answer does not tell of it; nothing is known."
SHARED = "it is another subscription's, or believed to hold something for one; nothing is known."


def audited(found: Found, connection: Connection, answers: Mapping[str, Any]) -> Iterator[LogLine]:
    """Take down what the answers, by device, say of those of which audits have asked; gives lines for the log.

    What is on its way meanwhile is left as it is believed: its own answer says what became of it.
    """
    asked = audits.cards_of(connection, found.file, (findings.RUN, findings.ONE)) if found.is_query else []
    others = of_others(found, connection, asked) if asked else set()
    for first in range(0, len(asked), TOGETHER):
        part = asked[first : first + TOGETHER]
        known = [one for one in part if one.place in answers and one.place not in others]
        yield from (
            unknown(found, one, SHARED if one.place in others else NOT_TOLD) for one in part if one not in known
        )
        for process, cards in groupby(sorted(known, key=lambda one: one.process), lambda one: one.process):
            looked = list(look(found, connection, list(cards), answers))
            findings.take_down(found.visit.context, connection, found.visit.provider, looked, process)
            yield from (line(found, one.number, findings.told(one)) for one in looked if one.is_news)


def of_others(found: Found, connection: Connection, asked: list[Card]) -> set[str]:
    """The devices in a file that are another subscription's by now, or are believed to hold something for one."""
    lost = set(filing.somebody_elses(connection, found.visit.provider.code, found.file.id))
    return audits.shared(connection, found.file, asked) | {one.place for one in asked if one.request in lost}


def look(found: Found, connection: Connection, cards: list[Card], answers: Mapping[str, Any]) -> Iterator[Looked]:
    """What the platform says of subscriptions, by the answers of their devices, beside what is believed."""
    provider, keys = found.visit.provider, sorted({one.key for one in cards})
    believed = batches.believed(connection, keys, provider.code)
    busy = audits.changing(connection, found.file, keys, found.adapter.changing)
    for (key, number), mine in groupby(sorted(cards), lambda one: one[:2]):
        places = [one.place for one in mine]
        left = {(place, ca_id) for owner, place, ca_id in busy if owner == key}
        told = {place: said(found, place, answers[place], believed[key]) for place in places}
        comparison = compared(found, believed[key], told, left)
        yield Looked(key, number, provider, believed[key], comparison, len(places))


def said(found: Found, place: str, answer: Any, believed: Iterable[Held]) -> Told:
    """What an answer says of a device, in our ids, and for the distributor of what else is believed there."""
    there, known = found.adapter.service_there, [one for one in believed if one.place == place]
    ids = [*(one.ca_id for one in found.visit.provider.services), *(one.ca_id for one in known)]
    ours = {there(ca_id): ca_id for ca_id in ids}
    distributor = next((one.distributor for one in known if one.distributor), "")
    held = found.adapter.files.holdings(place, answer).held
    return Told(
        tuple(replace(one, ca_id=ours.get(there(one.ca_id), one.ca_id), distributor=distributor) for one in held)
    )


def compared(found: Found, believed: list[Held], told: Mapping[str, Told], busy: set[tuple[str, str]]) -> Comparison:
    """Services on devices, compared one device after the other.

    With what is a pair there the platform tells nothing: where anything else differs, the pair is in doubt.
    """
    now, after, settled = found.visit.context.clock.now(), list(believed), 0
    differences: list[Finding] = []
    for place, one in told.items():
        here = [right for right in after if is_told(right, place, busy)]
        others = [right for right in after if not is_told(right, place, busy)]
        comparison = compare(here, Told(tuple(right for right in one.held if is_told(right, place, busy))), now)
        differences += comparison.findings
        settled += comparison.settled
        after = [*(doubted(right, place, comparison) for right in others), *comparison.after]
    return Comparison(tuple(differences), settled, tuple(after))


def is_told(right: Held, place: str, busy: set[tuple[str, str]]) -> bool:
    """Whether the platform tells of it, and nothing is on its way that changes it."""
    return right.kind is Kind.SERVICE and right.place == place and (place, right.ca_id) not in busy


def doubted(right: Held, place: str, comparison: Comparison) -> Held:
    """A right of which nothing is told, after the comparison of a device."""
    is_pair = right.kind is Kind.PAIR and right.place == place
    return replace(right, in_doubt=True) if is_pair and comparison.findings else right


def unknown(found: Found, card: Card, why: str) -> LogLine:
    """That nothing is known of a device, and why."""
    return line(found, card.number, f"{found.visit.provider.code}: {card.place}: {why}", error=True)


def line(found: Found, subscription: str, said: str, *, error: bool = False) -> LogLine:
    """A line of the log about a subscription."""
    return LogLine(found.visit.context.clock.now(), subscription, said, error=error)
