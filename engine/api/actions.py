"""The calls that carry out actions: one for each row of the table of actions, made from it."""

import dataclasses
from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import msgspec

from engine.api.envelope import Later
from engine.api.models import Moment, Said, SubscriptionIdentifier
from engine.api.route import Route
from engine.api.site import Site
from engine.api.subscriptions import number_of
from engine.domain.rules import ROWS, Rule
from engine.service.act import Executed
from engine.service.reading import hints_of
from engine.service.schedule import Recorded

SCHEDULED = "scheduled_date"


def routes() -> Iterator[Route]:
    """A call for each action."""
    for rule in ROWS:
        code = rule.action.value
        yield Route(
            "POST",
            f"/subscriptions/{code.lower()}",
            partial(act, rule),
            body=body(rule),
            answer=Executed,
            later=Recorded if rule.schedulable else None,
            refusals=(404, 409),
            summary=f"{code}: {first_line(rule.details)}",
        )


def first_line(kind: type[Any]) -> str:
    """What is said with an action, in a sentence."""
    return (kind.__doc__ or "").partition("\n\n")[0].replace("\n    ", " ")


def body(rule: Rule) -> type[Said]:
    """What is said with the action: to which subscription, the details, and when, if it can be later."""
    kind: Any = rule.details
    hints = hints_of(kind)
    fields: list[Any] = [("subscription_identifier", SubscriptionIdentifier)] if rule.allowed else []
    fields += [detail(one, hints[one.name]) for one in dataclasses.fields(kind)]
    fields += [(SCHEDULED, Moment | None, None)] if rule.schedulable else []
    name = "".join(word.capitalize() for word in rule.action.value.split("_"))
    namespace = {"__doc__": rule.details.__doc__}
    made: Any = msgspec.defstruct(
        name, fields, bases=(Said,), namespace=namespace, frozen=True, forbid_unknown_fields=True, kw_only=True
    )
    return cast("type[Said]", made)


def detail(one: "dataclasses.Field[Any]", kind: Any) -> tuple[Any, ...]:
    """A detail as a field of a body."""
    if one.default_factory is not dataclasses.MISSING:
        return one.name, kind, msgspec.field(default_factory=one.default_factory)
    return (one.name, kind) if one.default is dataclasses.MISSING else (one.name, kind, one.default)


def act(rule: Rule, site: Site, said: Any) -> Executed | Later:
    """Carry an action out and send what it calls for, or keep it until its moment."""
    details = {one.name: getattr(said, one.name) for one in dataclasses.fields(rule.details)}
    number = number_of(site, said.subscription_identifier) if rule.allowed else ""
    moment = getattr(said, SCHEDULED, None)
    if moment is None:
        return site.engine.act(rule.action.value, number, **details)
    return Later(site.engine.schedule(rule.action.value, number, moment, **details))
