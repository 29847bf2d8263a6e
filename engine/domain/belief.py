"""How a request's end changes what a platform is believed to hold."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.domain.request import Effect
from engine.domain.rights import Held, Kind
from engine.domain.subscription import Window


def completed(
    held: Iterable[Held],
    effect: Effect,
    parameters: Mapping[str, Any],
    *,
    account: str = "",
    at: datetime | None = None,
    awaiting: str = "",
) -> list[Held]:
    """The belief after the platform has said yes, or if it does. `account` is the id that it gave, where it gave one.

    With an account, or a device, goes all that was held on it.
    """
    if effect.kind is None:
        return list(held)
    if effect.kind is Kind.ACCOUNT:
        others = [right for right in held if right.kind is not Kind.ACCOUNT]
        return [*others, Held(Kind.ACCOUNT, account, since=at)] if effect.gives else []
    ids, place = effect.ids(parameters), effect.place(parameters)
    others = [right for right in held if not concerns(right, effect.kind, ids, place)]
    distributor = "" if effect.kind is Kind.ITEM else str(parameters.get("distributor", ""))
    one = Held(effect.kind, "", place=place, distributor=distributor, awaiting=awaiting)
    end = moment_of(parameters, "end")
    if not effect.gives:
        traces = [replace(one, ca_id=ca_id, authorised=False, cancel_end=end) for ca_id in ids] if end else []
        return [right for right in others if effect.kind is not Kind.ITEM or right.place not in ids] + traces
    if effect.alone:
        others = [right for right in others if right.kind is not effect.kind or apart(right, ids, place)]
    given = replace(one, since=moment_of(parameters, "start") or at, until=end)
    return others + [replace(given, ca_id=ca_id, window=window_of(parameters, ca_id)) for ca_id in ids]


def doubted(held: Iterable[Held], effect: Effect, parameters: Mapping[str, Any]) -> list[Held]:
    """The belief when it isn't known whether the platform acted."""
    ids, place, rights = effect.ids(parameters), effect.place(parameters), list(held)
    if effect.kind is None:
        return rights
    if effect.kind is Kind.ACCOUNT:
        return account_doubted(rights) if effect.gives else [replace(right, in_doubt=True) for right in rights]
    known = {right.ca_id for right in rights if concerns(right, effect.kind, ids, place)}
    marked = [
        replace(right, in_doubt=True)
        if concerns(right, effect.kind, ids, place) or (effect.kind is Kind.ITEM and right.place in ids)
        else right
        for right in rights
    ]
    fresh = [
        Held(effect.kind, ca_id, authorised=False, in_doubt=True, place=place) for ca_id in ids if ca_id not in known
    ]
    return marked + fresh


def account_doubted(held: list[Held]) -> list[Held]:
    """The belief when an account may have been made: it may be there, under an id that nobody knows."""
    if any(right.kind is Kind.ACCOUNT for right in held):
        return [replace(right, in_doubt=True) if right.kind is Kind.ACCOUNT else right for right in held]
    return [*held, Held(Kind.ACCOUNT, "", authorised=False, in_doubt=True)]


def account_unknown(held: Iterable[Held], effect: Effect, parameters: Mapping[str, Any]) -> list[Held]:
    """The belief when the platform does not know the account: nothing that hung on it is certain any more.

    What was in doubt already and was to be taken away is gone: a platform that knows no account holds nothing on it.
    """
    gone = vanished(held, effect, parameters)
    return [replace(right, in_doubt=True) for right in held if right not in gone]


def device_unknown(held: Iterable[Held], effect: Effect, parameters: Mapping[str, Any], device: str) -> list[Held]:
    """The belief when the platform does not know a device: likewise for what sat on it, and for itself."""
    gone = vanished(held, effect, parameters)
    left = (right for right in held if right not in gone)
    return [replace(right, in_doubt=True) if is_on(right, device) else right for right in left]


def given_away(held: Iterable[Held], device: str) -> list[Held]:
    """The belief when the platform has given a device to another subscription: with it goes what sat on it."""
    return [right for right in held if not is_on(right, device)]


def is_on(right: Held, device: str) -> bool:
    """Whether it is to the device itself, or to what sits on it."""
    return right.place == device or (right.kind, right.ca_id) == (Kind.ITEM, device)


def vanished(held: Iterable[Held], effect: Effect, parameters: Mapping[str, Any]) -> list[Held]:
    """What was in doubt, was to be taken away, and hangs on what the platform does not know."""
    ids = () if effect.gives else effect.ids(parameters)
    place = effect.place(parameters)
    return [right for right in held if right.in_doubt and concerns(right, effect.kind, ids, place)]


def account_of(held: Iterable[Held]) -> str:
    """The platform's id of the account, or nothing."""
    return next((right.ca_id for right in held if right.kind is Kind.ACCOUNT), "")


def knows_device(held: Iterable[Held], device: str) -> bool:
    """Whether the platform may hold this device."""
    return any((right.kind, right.ca_id) == (Kind.ITEM, device) for right in held)


def concerns(right: Held, kind: Kind | None, ids: Iterable[str], place: str) -> bool:
    """Whether the right is one of these; a device that is moved to another place is the same."""
    return right.kind is kind and right.ca_id in ids and (right.place == place or kind is Kind.ITEM)


def moment_of(parameters: Mapping[str, Any], name: str) -> datetime | None:
    """A moment among a request's parameters, where they have one of this name."""
    return datetime.fromisoformat(parameters[name]) if name in parameters else None


def apart(right: Held, ids: Iterable[str], place: str) -> bool:
    """Whether a pair has neither of these devices."""
    return right.place != place and right.ca_id not in ids


def window_of(parameters: Mapping[str, Any], ca_id: str) -> Window | None:
    """The window with which the service was asked for."""
    pair = parameters.get("windows", {}).get(ca_id)
    return Window(*map(datetime.fromisoformat, pair)) if pair else None


def windows_of(services: Mapping[str, Window | None]) -> dict[str, list[str]]:
    """The windows of those that have one, as `window_of` reads them out of a request's parameters."""
    return {
        ca_id: [window.start.isoformat(), window.end.isoformat()]
        for ca_id, window in services.items()
        if window is not None
    }
