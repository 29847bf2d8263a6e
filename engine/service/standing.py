"""How a subscription stands at a provider: what should be held, what is believed to be, what differs."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from engine.domain.belief import account_of
from engine.domain.gap import Gap, gap
from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest
from engine.domain.rights import Held, Kind, Wanted, lasting, wanted
from engine.domain.subscription import Subscription
from engine.service.context import Context
from engine.service.views import DatedView, HeldView, SeatView, StandingView, WantedView

DEVICES = frozenset({Kind.ITEM, Kind.PAIR})
NAMELESS = "account"
"""What an account is called that may have been made, so that nobody knows its id."""


def standing(
    context: Context,
    subscription: Subscription,
    provider: Provider,
    known: list[Held],
    *,
    pending: Mapping[str, int],
    in_files: Collection[ProvisioningRequest],
    since: datetime | None = None,
) -> StandingView:
    """How a subscription stands at a provider: what should be held, what is believed held, what differs.

    What is `known` has traces of what was taken away, too. `since` is when it began to differ, if it does.
    """
    adapter, now = context.adapter(provider), context.clock.now()
    held = lasting(known, now)
    should = wanted(subscription, provider, now, adapter.keeping, held)
    missing = gap(subscription, should, held)
    under_way = any(adapter.row(request_type).on_completed.changes_holdings for request_type in pending)
    in_sync = missing.is_empty and not under_way
    return StandingView(
        effective=provider.effective,
        in_sync=in_sync,
        pending=sum(pending.values()),
        unfiled=sum(not request.file for request in in_files),
        awaiting=sorted({request.awaiting for request in in_files if request.awaiting}),
        account=account_of(held) or None,
        should_hold=WantedView(
            should.account, sorted(should.all_services), sorted(should.all_items), seats_wanted(should)
        ),
        believed_held=HeldView(
            services=sorted({right.ca_id for right in held if right.kind is Kind.SERVICE and right.authorised}),
            items=sorted({right.ca_id for right in held if right.kind in DEVICES and right.authorised}),
            in_doubt=sorted({right.ca_id or NAMELESS for right in held if right.in_doubt}),
            seats=seats_held(right for right in held if right.authorised),
            dated=[dated(right) for right in known if is_dated(right, now)],
        ),
        differences=differences(missing, adapter.words),
        since=None if in_sync else since,
    )


def seats_wanted(should: Wanted) -> dict[str, SeatView]:
    """The devices on which services should sit."""
    return {
        ca_id: SeatView(seat.distributor, seat.paired, sorted(seat.services))
        for ca_id, seat in sorted(should.seats.items())
    }


def seats_held(held: Iterable[Held]) -> dict[str, SeatView]:
    """The devices on which services are believed to sit: a device that hangs on an account is none."""
    on: dict[str, dict[Kind, list[str]]] = {}
    known = sorted(held, key=lambda right: right.ca_id)
    for right in known:
        on.setdefault(right.place, {}).setdefault(right.kind, []).append(right.ca_id)
    seats = {right.place: right.distributor for right in known if right.distributor}  # of those that are not registered
    seats |= {right.ca_id: right.place for right in known if right.kind is Kind.ITEM and right.place}
    return {
        seat: SeatView(distributor, ", ".join(there.get(Kind.PAIR, ())), there.get(Kind.SERVICE, []))
        for seat, distributor in sorted(seats.items())
        for there in (on.get(seat, {}),)
    }


def is_dated(right: Held, now: datetime) -> bool:
    """Whether it is told until when a service is held, or was taken away, and that is not over."""
    end = right.until or right.cancel_end
    return right.kind is Kind.SERVICE and end is not None and end > now


def dated(right: Held) -> DatedView:
    """A service on a device with its dates."""
    return DatedView(
        place=right.place,
        ca_id=right.ca_id,
        distributor=right.distributor,
        authorised=right.authorised,
        since=right.since,
        until=right.until,
        cancel_end=right.cancel_end,
        awaiting=right.awaiting,
    )


def differences(missing: Gap, words: Mapping[Kind, str]) -> list[str]:
    """What must be taken from, and given to, the platform: signed, and in its own words."""
    item, service, pair = words[Kind.ITEM], words[Kind.SERVICE], words.get(Kind.PAIR, "")
    seated_gone = ((seat, ca_id) for seat, services in missing.seated_gone.items() for ca_id in services)
    seated_new = ((seat, ca_id) for seat, services in missing.seated_new.items() for ca_id in services)
    return [
        *(f"-{item} {ca_id}" for ca_id in missing.items_gone),
        *(f"-{service} {ca_id}" for ca_id in missing.services_gone),
        *(f"-{pair} {ca_id} on {seat}" for seat, ca_id in missing.pairs_gone),
        *(f"-{service} {ca_id} on {seat}" for seat, ca_id in seated_gone),
        *(f"-{item} {ca_id}" for ca_id in missing.seats_gone),
        *(["-account"] if missing.account_gone else []),
        *(["+account"] if missing.account_missing else []),
        *(f"+{item} {ca_id}" for ca_id in missing.items_new),
        *(f"+{service} {ca_id}" for ca_id in missing.services_new),
        *(f"+{item} {ca_id} on {distributor}" for ca_id, distributor in missing.seats_new.items()),
        *(f"+{pair} {ca_id} on {seat}" for seat, ca_id in missing.pairs_new),
        *(f"+{service} {ca_id} on {seat}" for seat, ca_id in seated_new),
    ]
