"""What the engine says in a step of a story: what is authorised until when, who is out of sync, what would be sent."""

from collections.abc import Callable, Mapping
from typing import Any

from harness.clients import EngineClient
from harness.demo.story import AUDIT, OUT_OF_SYNC, PREVIEW, Step

MANY = 1000
DAY, MINUTE = len("2031-07-31"), len("2031-07-31T09:00")
Json = dict[str, Any]


def shown(step: Step, engine: EngineClient) -> list[str]:
    """What the engine says, where the step says what that must be."""
    return [] if step.shown is None else REPORTS.get(step.action, authorised)(step, engine)


def authorised(step: Step, engine: EngineClient) -> list[str]:
    """What is authorised at the platform, and until when."""
    return [
        f"{one['number']} {service['name']}{how} until {right[end][:DAY]}{awaiting(right)}"
        for one in engine.subscriptions(MANY)
        for service in one["services"]
        for how, rights, end in (("", "authorised", "until"), (" cancelled", "cancelled", "end"))
        for right in service[rights]
        if right["provider"] == step.platform
    ]


def awaiting(right: Json) -> str:
    """Which file's answer is awaited, if any."""
    return f", awaits {right['awaiting']}" if right["awaiting"] else ""


def out_of_sync(_step: Step, engine: EngineClient) -> list[str]:
    """Who is out of sync, where, since when, and what differs."""
    return [
        f"{one['subscription']} {one['provider']} since {one['since'][:MINUTE]}: {', '.join(one['differences'])}"
        for one in engine.look("/provisioning/out_of_sync/list", number_of_results=MANY)["results"]
    ]


def foreseen(step: Step, engine: EngineClient) -> list[str]:
    """What a run would send."""
    code = step.details["definition"]
    found = engine.look("/definitions/preview", alternative_code=code, number_of_results=MANY)
    return [f"{one['subscription']} {one['request']}" for one in by_subscription(found["results"])]


def found(_step: Step, engine: EngineClient) -> list[str]:
    """What the newest audit run has found."""
    run = engine.look("/runs/list", number_of_results=1)["results"][0]["id"]
    differences = engine.look("/provisioning/audit/differences/list", run=run, number_of_results=MANY)
    return [
        f"{one['subscription']} {one['provider']} {one['difference']} {one['thing']}"
        for one in by_subscription(differences["results"])
    ]


def by_subscription(found: list[Json]) -> list[Json]:
    """The same by the subscriptions' numbers: which platform comes first is left to runs."""
    return sorted(found, key=lambda one: str(one["subscription"]))


REPORTS: Mapping[str, Callable[[Step, EngineClient], list[str]]] = {
    OUT_OF_SYNC: out_of_sync,
    PREVIEW: foreseen,
    AUDIT: found,
}
