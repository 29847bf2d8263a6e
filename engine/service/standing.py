"""How a subscription stands at a provider: what should be held, what is believed to be, what differs."""

from collections.abc import Iterable, Mapping

from engine.domain.belief import account_of
from engine.domain.gap import Gap, gap
from engine.domain.provider import Provider
from engine.domain.rights import Held, Kind, Wanted, wanted
from engine.domain.subscription import Subscription
from engine.service.context import Context
from engine.service.views import HeldView, SeatView, StandingView, WantedView

DEVICES = frozenset({Kind.ITEM, Kind.PAIR})
NAMELESS = "account"
"""What an account is called that may have been made, so that nobody knows its id."""


def standing(
    context: Context, subscription: Subscription, provider: Provider, held: list[Held], pending: Mapping[str, int]
) -> StandingView:
    """How a subscription stands at a provider: what should be held, what is believed held, what differs."""
    adapter = context.adapter(provider)
    should = wanted(subscription, provider, context.clock.now(), adapter.keeping, held)
    missing = gap(subscription, should, held)
    under_way = any(adapter.row(request_type).on_completed.changes_holdings for request_type in pending)
    return StandingView(
        effective=provider.effective,
        in_sync=missing.is_empty and not under_way,
        pending=sum(pending.values()),
        account=account_of(held) or None,
        should_hold=WantedView(
            should.account, sorted(should.all_services), sorted(should.all_items), seats_wanted(should)
        ),
        believed_held=HeldView(
            services=sorted({right.ca_id for right in held if right.kind is Kind.SERVICE and right.authorised}),
            items=sorted({right.ca_id for right in held if right.kind in DEVICES and right.authorised}),
            in_doubt=sorted({right.ca_id or NAMELESS for right in held if right.in_doubt}),
            seats=seats_held(right for right in held if right.authorised),
        ),
        differences=differences(missing, adapter.words),
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
    return {
        one.ca_id: SeatView(one.place, ", ".join(there.get(Kind.PAIR, ())), there.get(Kind.SERVICE, []))
        for one in known
        if one.kind is Kind.ITEM and one.place
        for there in (on.get(one.ca_id, {}),)
    }


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
