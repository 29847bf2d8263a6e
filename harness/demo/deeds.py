"""What is done in a step of a story: an action, a reset, an outage, a fault, runs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from harness.clients import CallError, ControlClient, EngineClient
from harness.demo.story import (
    AUDIT,
    FAULT,
    FORGET,
    OUT_OF_SYNC,
    OUTAGE_BEGINS,
    OUTAGE_ENDS,
    OUTAGES,
    PREVIEW,
    RESET,
    RESET_RUN,
    RESTORE,
    RUNS,
    SEEN,
    SNAPSHOT,
    Step,
)

OUTAGE, MANY, LONGEST_WAIT_S = "demo-outage", 1000, 60
RESET_SUBSCRIPTIONS = "RESET_SUBSCRIPTIONS"  # what requests of a reset run say of their process
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
        run_to_its_end(code, engine)
    return [one for one in engine.requests(MANY, provider=step.platform) if one != before.get(one["id"])]


def run_to_its_end(code: str, engine: EngineClient) -> None:
    """Submit a definition, and wait until the run is over."""
    found = engine.change("/definitions/submit", {"definition_identifier": {"alternative_code": code}})
    while found["state"] in UNDER_WAY:
        found = engine.look("/runs/show", id=found["id"], within_s=LONGEST_WAIT_S)


def begin_outages(step: Step, _engine: EngineClient, control: ControlClient) -> list[Json]:
    """Several platforms refuse connections, by a schedule."""
    for platform in step.details["platforms"]:
        said = {"kind": "outage", "platform": platform, **step.details["schedule"]}
        control.put_fault(f"{OUTAGE}-{platform}", said)
    return []


def keep_memory(step: Step, _engine: EngineClient, control: ControlClient) -> list[Json]:
    """The platform's memory is copied."""
    control.snapshot(step.platform, "demo")
    return []


def restore_memory(step: Step, _engine: EngineClient, control: ControlClient) -> list[Json]:
    """The platform goes back to the copy."""
    control.snapshot(step.platform, "demo", "/restore")
    return []


def forget(step: Step, _engine: EngineClient, control: ControlClient) -> list[Json]:
    """The platform loses something."""
    control.forget(step.platform, step.details["subject"], step.details["things"])
    return []


def look(_step: Step, _engine: EngineClient, _control: ControlClient) -> list[Json]:
    """Nothing is done: what the engine says is shown."""
    return []


def audit(_step: Step, engine: EngineClient, _control: ControlClient) -> list[Json]:
    """All platforms are asked what they hold. Makes no requests where they are called."""
    run_to_its_end("AUDIT", engine)
    return []


def reset_run(step: Step, engine: EngineClient, control: ControlClient) -> list[Json]:
    """All who are out of sync, at whatever platform, are sent what is missing."""
    run_to_its_end("RESET", engine)
    return of_the_last_run(step, engine, control)


def of_the_last_run(step: Step, engine: EngineClient, _control: ControlClient) -> list[Json]:
    """What the last run, a reset run, sent to this platform."""
    last = engine.look("/runs/list", number_of_results=1)["results"][0]
    return list(engine.requests(MANY, provider=step.platform, process_name=RESET_SUBSCRIPTIONS, process_id=last["id"]))


DEEDS: Mapping[str, Callable[[Step, EngineClient, ControlClient], list[Json]]] = {
    RESET: reset,
    OUTAGE_BEGINS: begin_outage,
    OUTAGE_ENDS: end_outage,
    FAULT: put_fault,
    RUNS: run,
    OUTAGES: begin_outages,
    SNAPSHOT: keep_memory,
    RESTORE: restore_memory,
    FORGET: forget,
    OUT_OF_SYNC: look,
    PREVIEW: look,
    AUDIT: audit,
    RESET_RUN: reset_run,
    SEEN: of_the_last_run,
}
