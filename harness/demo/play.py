"""Playing a story on an engine and platforms that run."""

from collections.abc import Iterator

from harness.clients import CallError, ControlClient, EngineClient
from harness.demo.compare import problems
from harness.demo.deeds import done
from harness.demo.played import Json, Played
from harness.demo.reports import MANY, shown
from harness.demo.story import AUDIT, EVERYBODY, Step

NOT_FOUND = 404


def play(steps: tuple[Step, ...], engine: EngineClient, control: ControlClient) -> Iterator[Played]:
    """Play step after step. Raises CallError where a call is refused or not answered."""
    seen = {step.platform: 0 for step in steps}
    for step in steps:
        made, refusal = done(step, engine, control)
        exchanges = control.journal(platform=step.platform, since_seq=seen[step.platform] + 1)
        for platform in seen if step.action == AUDIT else (step.platform,):
            found = control.journal(platform=platform, since_seq=seen[platform] + 1)
            seen[platform] = max((one["seq"] for one in found), default=seen[platform])
        played = Played(
            step,
            requests=[request(one) for one in made],
            effects=[line for one in exchanges for line in one.get("difference", [])],
            exchanges=exchanges,
            holdings=control.state(step.platform)["holdings"],
            in_sync=in_sync(step, engine),
            refusal=refusal,
            shown=shown(step, engine),
        )
        played.problems = problems(played, control)
        yield played


def in_sync(step: Step, engine: EngineClient) -> bool | None:
    """Whether the platform is believed to hold what it should; None where nobody subscribes yet."""
    if step.subscription == EVERYBODY:
        return all(one["providers"][step.platform]["in_sync"] for one in engine.subscriptions(MANY))
    try:
        return bool(engine.show(step.subscription)["providers"][step.platform]["in_sync"])
    except CallError as error:
        if error.status != NOT_FOUND:
            raise
        return None


def request(made: Json) -> Json:
    """A provisioning request, by what matters."""
    return {
        "platform": made["provider"],
        "command": made["type"],
        "parameters": made["parameters_set"],
        "life_cycle_state": made["life_cycle_state"],
        "error_code": made["error_code"],
        "file": made["file"] or "",
    }
