"""How a subscription stands at a provider, as it is told: at once, or device by device where services sit on these."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.cli.text import columns, minute

DATED_COLUMNS = ("device", "service", "authorised", "since", "until", "answer")
SEAT_COLUMNS = ("device", "", "distributor", "paired", "services")
NOWHERE: Mapping[str, Any] = {"distributor": None, "paired": "", "services": []}


def is_concerned(found: Mapping[str, Any]) -> bool:
    """Whether the provider has, or should have, anything to do with the subscription."""
    should, believed = found["should_hold"], found["believed_held"]
    known = (*should.values(), *believed.values(), found["account"], found["pending"], not found["in_sync"])
    return any(known)


def standing(code: str, found: Mapping[str, Any]) -> str:
    """How a subscription stands at a provider."""
    should = found["should_hold"]
    account = f", account {found['account'] or 'none'}" if found["account"] or should["account"] else ""
    head = f"{code}: {sync(found)}{since(found)}{account}"
    both = devices(found) if should["seats"] or found["believed_held"]["seats"] else things(found)
    more = [*dated(found["believed_held"]["dated"]), line("in doubt", found["believed_held"]["in_doubt"])]
    return "\n".join([head, *both, *more, differences(found)])


def sync(found: Mapping[str, Any]) -> str:
    """Whether the platform follows; or what that waits for, where that is all."""
    if found["in_sync"]:
        return "in sync"
    unfiled = f"{found['unfiled']} waiting for the processing run" if found["unfiled"] else ""
    answers = f"awaiting the answer of {', '.join(found['awaiting'])}" if found["awaiting"] else ""
    waits = ", ".join(filter(None, (unfiled, answers)))
    if waits and not found["differences"]:
        return waits
    return f"OUT OF SYNC{waits and f' ({waits})'}"


def since(found: Mapping[str, Any]) -> str:
    """Since when something differs, where that is known; nothing, where nothing differs."""
    return f" since {minute(found['since'])}" if found["since"] else ""


def dated(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """From when until when services are held, or until when they were taken away."""
    rows = [
        {
            "device": one["place"],
            "service": one["ca_id"],
            "authorised": "yes" if one["authorised"] else "cancelled",
            "since": minute(one["since"]),
            "until": minute(one["until"] or one["cancel_end"]),
            "answer": f"of {one['awaiting']} awaited" if one["awaiting"] else None,
        }
        for one in found
    ]
    if rows:
        yield from (f"  {one}" for one in columns(rows, DATED_COLUMNS).split("\n"))


def things(found: Mapping[str, Any]) -> Iterator[str]:
    """What should be held beside what is believed to be."""
    for title, held in (("should hold", found["should_hold"]), ("believed held", found["believed_held"])):
        yield line(title, held["services"] + held["items"])


def devices(found: Mapping[str, Any]) -> Iterator[str]:
    """The same device by device, and what is on none."""
    should, held = found["should_hold"], found["believed_held"]
    rows = [
        {"device": one if title == "should hold" else "", "": title, **seat(seats.get(one, NOWHERE))}
        for one in sorted({*should["seats"], *held["seats"]})
        for title, seats in (("should hold", should["seats"]), ("believed held", held["seats"]))
    ]
    yield from (f"  {one}".rstrip() for one in columns(rows, SEAT_COLUMNS).split("\n"))


def seat(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """A device on which services sit, in the words of the columns."""
    return {name: found[name] or None for name in NOWHERE}


def line(title: str, ids: list[str]) -> str:
    """A title, and what stands under it."""
    return f"  {title:<14} {', '.join(ids) or '-'}"


def differences(found: Mapping[str, Any]) -> str:
    """What a reset would take and give."""
    return line("differences", found["differences"])
