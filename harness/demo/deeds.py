"""What is done in a step of a story: an action, a reset, an outage, a fault, runs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from harness.clients import CallError, ControlClient, EngineClient
from harness.demo.story import FAULT, OUTAGE_BEGINS, OUTAGE_ENDS, RESET, RUNS, Step

OUTAGE, MANY, LONGEST_WAIT_S = "demo-outage", 1000, 60
UNDER_WAY = frozenset({"DRAFT", "IN_PROGRESS"})
Json = dict[str, Any]


def done(step: Step, engine: EngineClient, control: ControlClient) -> tuple[list[Json], str]:
    """Do what the step says. Gives the requests that it caused; or none, and why it was refused, if that is told."""
    if step.at:
        put_forward(step.at, engine, control)
    try:
        return DEEDS.get(step.action, act)(step, engine, control), ""
    except CallError as error:
        if not step.refused:
            raise
        return [], str(error)


def put_forward(at: datetime, engine: EngineClient, control: ControlClient) -> None:
    """Put the clocks of the engine and of the platforms forward to a moment."""
    control.send("PUT", "/clock", {"set": at.isoformat()})
    now = datetime.fromisoformat(engine.look("/clock")["now"])
    engine.change("/clock/advance", {"advance_s": (at - now).total_seconds()})


def act(step: Step, engine: EngineClient, _control: ControlClient) -> list[Json]:
    """An action of the CRM. Gives the requests that it caused."""
    number = "" if step.action == "BECOME_SUBSCRIBER" else step.subscription
    return list(engine.act(step.action, number, **step.details)["requests"])


def reset(step: Step, engine: EngineClient, _control: ControlClient) -> list[Json]:
    """The reset utility."""
    return list(engine.reset(step.subscription)["requests"])


def begin_outage(step: Step, _engine: EngineClient, control: ControlClient) -> list[Json]:
    """The platform refuses connections."""
    control.put_fault(OUTAGE, {"kind": "outage", "platform": step.platform})
    return []


def end_outage(_step: Step, _engine: EngineClient, control: ControlClient) -> list[Json]:
    """The platform takes connections again."""
    control.remove_fault(OUTAGE)
    return []


def put_fault(step: Step, _engine: EngineClient, control: ControlClient) -> list[Json]:
    """Something is wrong at the platform."""
    control.put_fault("demo-fault", {"platform": step.platform, **step.details})
    return []


def run(step: Step, engine: EngineClient, _control: ControlClient) -> list[Json]:
    """Runs, one after the other. Gives the requests of the platform that were made or changed by them."""
    before = {one["id"]: one for one in engine.requests(MANY, provider=step.platform)}
    for code in step.details["definitions"]:
        found = engine.change("/definitions/submit", {"definition_identifier": {"alternative_code": code}})
        while found["state"] in UNDER_WAY:
            found = engine.look("/runs/show", id=found["id"], within_s=LONGEST_WAIT_S)
    return [one for one in engine.requests(MANY, provider=step.platform) if one != before.get(one["id"])]


DEEDS: Mapping[str, Callable[[Step, EngineClient, ControlClient], list[Json]]] = {
    RESET: reset,
    OUTAGE_BEGINS: begin_outage,
    OUTAGE_ENDS: end_outage,
    FAULT: put_fault,
    RUNS: run,
}
