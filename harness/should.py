"""What a platform should hold for a subscription, worked out from what the engine shows, without its arithmetic."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from engine.domain.provider import Provider
from engine.service.views import ItemView, ServiceView, SubscriptionView, WindowView
from harness.platforms import PLATFORMS

ON = {"EFFECTIVE", "SHORT_TERM_EFFECTIVE"}
ON_THE_ACCOUNT = ""


def should_hold(shown: SubscriptionView, provider: Provider, now: datetime) -> dict[str, set[str]]:
    """Lines in the platform's words, by the device that they are about; where it keeps an account, all are about that.

    The line of the account itself is not among them.
    """
    row = PLATFORMS[provider.protocol]
    here = [one.code for one in provider.distributors]
    watched = [one for one in shown.services if one.state in ON and not is_over(one.window, now)]
    used = [one for one in shown.installed_items if one.state == "EFFECTIVE" and set(here) & set(one.distributors)]
    if len(row.goods) > 1:
        return {
            name(seat, provider): {
                f"{row.item} {name(seat, provider)} sector {sector}",
                *(f"paired {name(card, provider)}" for card in cards),
                *services_on(seat.distributors, watched, provider),
            }
            for sector in here
            for seat, cards in seats_on(sector, used, here)
        }
    materials = {f"{row.item} {name(one, provider)}" for one in used}
    return {ON_THE_ACCOUNT: {*materials, *services_on(here, watched, provider)}}


def name(item: ItemView, provider: Provider) -> str:
    """The device's id at the platform: its serial number, unless the engine was told another."""
    return item.ca_ids.get(provider.code, item.serial_number)


def seats_on(sector: str, used: Iterable[ItemView], here: list[str]) -> Iterator[tuple[ItemView, list[ItemView]]]:
    """The boxes whose first distributor it is, each with the card that goes with it, if one does."""
    first = [one for one in used if next(code for code in here if code in one.distributors) == sector]
    cards = [one for one in first if one.product == "SMARTCARD"]
    for number, seat in enumerate(one for one in first if one.product != "SMARTCARD"):
        yield seat, cards[number : number + 1]


def services_on(places: Iterable[str], watched: Iterable[ServiceView], provider: Provider) -> set[str]:
    """What is watched in these places, each service for as long as anybody watches it there."""
    row = PLATFORMS[provider.protocol]
    ca_ids = {service.product: service.ca_id for service in provider.services}
    windows: dict[str, list[WindowView | None]] = {}
    for service in watched:
        if set(places) & set(service.distributors) and service.product in ca_ids:
            windows.setdefault(ca_ids[service.product], []).append(service.window if row.windows else None)
    return {f"{row.service} {ca_id} {widest(found)}".rstrip() for ca_id, found in windows.items()}


def widest(windows: list[WindowView | None]) -> str:
    """The time from the first start on, as far as it goes without a break; nothing, where it has no end."""
    bounded = [window for window in windows if window is not None]
    if len(bounded) < len(windows):
        return ""
    first, *others = sorted(bounded, key=lambda window: window.start)
    end = first.end
    for window in others:
        end = max(end, window.end) if window.start <= end else end
    return f"{first.start:%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}"


def is_over(window: WindowView | None, now: datetime) -> bool:
    """Whether the time of a usage service has passed."""
    return window is not None and window.end <= now


def held(holdings: Mapping[str, Iterable[str]], provider: Provider) -> dict[str, set[str]]:
    """What a platform holds, of what `should_hold` speaks of: no account, message or PIN."""
    row = PLATFORMS[provider.protocol]
    beginnings = (f"{row.service} ", f"{row.item} ", "paired ")
    found = {subject: {line for line in lines if line.startswith(beginnings)} for subject, lines in holdings.items()}
    if len(row.goods) > 1:
        return found
    return {ON_THE_ACCOUNT: set().union(*found.values())}
