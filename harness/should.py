"""What a platform should hold for a subscription, worked out from what the engine shows, without its arithmetic."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from engine.domain.provider import Provider
from engine.service.views import ItemView, ServiceView, SubscriptionView, WindowView
from harness.platforms import PLATFORMS

ON = {"EFFECTIVE", "SHORT_TERM_EFFECTIVE"}
ON_THE_ACCOUNT = ""
UNTIL = re.compile(r" until \S+$")
Holdings = Mapping[str, Iterable[str]]


def should_hold(shown: SubscriptionView, provider: Provider, now: datetime, holdings: Holdings) -> dict[str, set[str]]:
    """Lines in the platform's words, by the device that they are about; where it keeps an account, all are about that.

    The line of the account itself is not among them. Of what the platform holds, only the pairs matter: box and card
    that are together should stay so while both are there.
    """
    row = PLATFORMS[provider.protocol]
    here = [one.code for one in provider.distributors]
    watched = [one for one in shown.services if one.state in ON and not is_over(one.window, now)]
    used = [one for one in shown.installed_items if one.state == "EFFECTIVE" and set(here) & set(one.distributors)]
    if row.beside:
        seats = {
            name(seat, provider): on_a_seat(
                [f"{row.item} {name(seat, provider)} sector {sector}"],
                [f"paired {other}" for other in others],
                services_on({*seat.distributors} & {*here}, watched, provider),
                provider,
                holdings.get(name(seat, provider), ()),
            )
            for sector in here
            for seat, others in seats_on([one for one in used if first_of(one, here) == sector], provider, holdings)
        }
        return {seat: lines for seat, lines in seats.items() if lines}
    materials = {f"{row.item} {name(one, provider)}" for one in used}
    return {ON_THE_ACCOUNT: {*materials, *services_on(here, watched, provider)}}


def on_a_seat(
    itself: Iterable[str], pairs: list[str], services: set[str], provider: Provider, there: Iterable[str]
) -> set[str]:
    """The lines of a device with its services.

    A platform where nothing is registered is not told of a device, nor that a pair ends; and a pair is nothing there
    without a service.
    """
    if PLATFORMS[provider.protocol].registers:
        return {*itself, *pairs, *services}
    old = [line for line in there if line.startswith("paired ")]
    return {*services, *(pairs or old)} if services else set()


def name(item: ItemView, provider: Provider) -> str:
    """The device's id at the platform: its serial number, unless the engine was told another."""
    return PLATFORMS[provider.protocol].ids.sent(item.ca_ids.get(provider.code, item.serial_number))


def first_of(item: ItemView, here: Iterable[str]) -> str:
    """The first distributor of the provider that the device is on."""
    return next(code for code in here if code in item.distributors)


def seats_on(used: list[ItemView], provider: Provider, holdings: Holdings) -> Iterator[tuple[ItemView, list[str]]]:
    """What services sit on, of a distributor, each with what is paired with it.

    That is the one that it is a pair with there, else one that is in no pair there.
    """
    beside = PLATFORMS[provider.protocol].beside
    others = [name(one, provider) for one in used if one.product == beside]
    seats = {name(one, provider): one for one in used if one.product != beside}
    there = {seat: [one for one in others if f"paired {one}" in holdings.get(seat, ())] for seat in seats}
    free = [one for one in others if [one] not in there.values()]
    for seat, item in seats.items():
        yield item, there[seat] or [free.pop(0) for _one in free[:1]]


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


def held(holdings: Holdings, provider: Provider) -> dict[str, set[str]]:
    """What a platform holds, of what `should_hold` speaks of: no account, message or PIN, and no dates of what ends."""
    row = PLATFORMS[provider.protocol]
    beginnings = (f"{row.service} ", f"{row.item} ", "paired ")
    found = {
        subject: {line if row.registers else UNTIL.sub("", line) for line in lines if line.startswith(beginnings)}
        for subject, lines in holdings.items()
    }
    if not row.registers:
        return {one: lines for one, lines in found.items() if any(line.startswith(row.service) for line in lines)}
    if row.beside:
        return found
    return {ON_THE_ACCOUNT: set().union(*found.values())}
