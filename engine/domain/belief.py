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
) -> list[Held]:
    """The belief after the platform has said yes. `account` is the id that it gave, where it gave one."""
    if effect.kind is Kind.ACCOUNT:
        others = [right for right in held if right.kind is not Kind.ACCOUNT]
        return [*others, Held(Kind.ACCOUNT, account, since=at)]
    ids = effect.ids(parameters)
    others = [right for right in held if not concerns(right, effect.kind, ids)]
    if not effect.gives:
        return others
    return others + [Held(effect.kind, ca_id, window=window_of(parameters, ca_id), since=at) for ca_id in ids]


def doubted(held: Iterable[Held], effect: Effect, parameters: Mapping[str, Any]) -> list[Held]:
    """The belief when it isn't known whether the platform acted. An account that may exist has no id to believe in."""
    ids = effect.ids(parameters)
    rights = list(held)
    known = {right.ca_id for right in rights if right.kind is effect.kind}
    marked = [replace(right, in_doubt=True) if concerns(right, effect.kind, ids) else right for right in rights]
    fresh = [Held(effect.kind, ca_id, authorised=False, in_doubt=True) for ca_id in ids if ca_id not in known]
    return marked + fresh


def account_unknown(held: Iterable[Held], effect: Effect, parameters: Mapping[str, Any]) -> list[Held]:
    """The belief when the platform does not know the account: nothing that hung on it is certain any more.

    What was in doubt already and was to be taken away is gone: a platform that knows no account holds nothing on it.
    """
    ids = () if effect.gives else effect.ids(parameters)
    gone = [right for right in held if right.in_doubt and concerns(right, effect.kind, ids)]
    return [replace(right, in_doubt=True) for right in held if right not in gone]


def account_of(held: Iterable[Held]) -> str:
    """The platform's id of the account, or nothing."""
    return next((right.ca_id for right in held if right.kind is Kind.ACCOUNT), "")


def concerns(right: Held, kind: Kind, ids: Iterable[str]) -> bool:
    """Whether the right is one of these."""
    return right.kind is kind and right.ca_id in ids


def window_of(parameters: Mapping[str, Any], ca_id: str) -> Window | None:
    """The window with which the service was asked for."""
    pair = parameters.get("windows", {}).get(ca_id)
    return Window(*map(datetime.fromisoformat, pair)) if pair else None
