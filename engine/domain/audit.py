"""What a platform is believed to hold, compared with what it says that it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from engine.domain.rights import Held, Kind, lasting
from engine.domain.subscription import Window

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when is held what only the platform knows of: so that it is renewed with the next."""


class Difference(StrEnum):
    """How a platform differs from what is believed of it."""

    MISSING_THERE = "MISSING_THERE"
    EXTRA_THERE = "EXTRA_THERE"
    ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN"
    DEVICE_UNKNOWN = "DEVICE_UNKNOWN"
    WRONG_WINDOW = "WRONG_WINDOW"


@dataclass(frozen=True)
class Told:
    """What a platform says: what it holds, and what it does no more since the time of that is over there.

    `others` are devices of the subscription of which it must be asked too.
    """

    held: tuple[Held, ...] = ()
    over: tuple[Held, ...] = ()
    others: tuple[str, ...] = ()

    def __add__(self, other: "Told") -> "Told":
        return Told(self.held + other.held, self.over + other.over, self.others + other.others)


class Finding(NamedTuple):
    """One thing of which the platform says something else than was believed; nothing, where one knew nothing of it."""

    difference: Difference
    believed: Held | None
    found: Held | None


@dataclass(frozen=True)
class Comparison:
    """Where a platform differs, how many doubts it has settled, and what is believed from now on."""

    findings: tuple[Finding, ...]
    settled: int
    after: tuple[Held, ...]


Key = tuple[Kind, str, str]


def key(right: Held) -> Key:
    """By what one thing is told from another."""
    return right.kind, right.place, right.ca_id


def compare(believed: Iterable[Held], told: Told, now: datetime) -> Comparison:
    """What differs between what is believed and what a platform says of the same devices, or of the same account.

    What was in doubt is certain now, or gone: that is no difference. Nor is what has come to its own end, there or
    here; nor what is not told since its time is still to come.
    """
    known = named(believed, told)
    mine = {key(right): right for right in known if lasting([right], now)}
    theirs = {key(right): right for right in told.held if lasting([right], now)}
    ended = {key(right): right for right in (*told.over, *told.held) if key(right) not in theirs}
    findings, after, settled = [], [], 0
    for thing in sorted({*mine, *theirs}):
        has = mine.get(thing)
        there = theirs.get(thing) or (ended.get(thing) if has else None)
        settled += has is not None and has.in_doubt
        if has is not None and there is None and lasting([has], now)[0].ahead:
            after.append(has)
            continue
        difference = differing(has, there, theirs)
        if difference:
            findings.append(Finding(difference, has, there))
        if there is not None:
            after.append(believing(has, there, now))
    rest = {key(right): right for right in known if key(right) not in {*mine, *theirs}}
    return Comparison(tuple(findings), settled, (*after, *rest.values()))


def named(believed: Iterable[Held], told: Told) -> list[Held]:
    """What is believed, where an account whose id nobody knew has the one that is told."""
    account = next((right.ca_id for right in told.held if right.kind is Kind.ACCOUNT), "")
    nameless = (Kind.ACCOUNT, "", "")
    return [replace(right, ca_id=account) if account and key(right) == nameless else right for right in believed]


def differing(has: Held | None, there: Held | None, theirs: Mapping[Key, Held]) -> Difference | None:
    """How what is believed of a thing differs from what is told of it. Of what is in doubt nothing is believed."""
    if has is None:
        return Difference.EXTRA_THERE
    if has.in_doubt:
        return None
    if there is not None:
        return None if agree(has, there) else Difference.WRONG_WINDOW
    if has.kind is Kind.ACCOUNT:
        return Difference.ACCOUNT_UNKNOWN
    elsewhere = any((kind, ca_id) == (Kind.ITEM, has.ca_id) for kind, _place, ca_id in theirs)
    is_seat = has.kind is Kind.ITEM and has.place
    return Difference.DEVICE_UNKNOWN if is_seat and not elsewhere else Difference.MISSING_THERE


def agree(has: Held, there: Held) -> bool:
    """Whether both say the same of its time: of a window to the second, of an end that it has by itself the day."""
    ends = [right.until.date() if right.until else None for right in (has, there)]
    return whole_seconds(has.window) == whole_seconds(there.window) and ends[0] == ends[1]


def whole_seconds(window: Window | None) -> Window | None:
    """A window as platforms are told it."""
    if window is None:
        return None
    return Window(window.start.replace(microsecond=0), window.end.replace(microsecond=0))


def believing(has: Held | None, there: Held, now: datetime) -> Held:
    """What is believed of a thing that is there: what was, as far as the platform says nothing else."""
    if has is None:
        return replace(there, since=LONG_AGO if there.until else now)
    certain = replace(has, authorised=True, in_doubt=False)
    if agree(has, there):
        return certain
    is_shorter = there.until is not None and (has.until is None or there.until < has.until)
    return replace(certain, window=there.window, until=there.until, since=LONG_AGO if is_shorter else has.since)


@dataclass(frozen=True)
class AuditDifference:
    """A difference that an audit has found, as it is kept: in the platform's words, with who asked.

    `process_name` and `process_id` are those of the requests that a run makes, or an audit of one subscription.
    `believed` and `found` are empty where nothing was.
    """

    id: int
    process_name: str
    process_id: int
    subscription: str
    provider: str
    found_date: datetime
    difference: Difference
    thing: str
    believed: str
    found: str
