"""Playing a story on an engine and platforms that run, and comparing all that comes of it with what must."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.clients import CallError, ControlClient, EngineClient
from harness.demo.story import OUTAGE_BEGINS, OUTAGE_ENDS, RESET, Request, Step

NOT_FOUND = 404
OUTAGE = "demo-outage"
Json = dict[str, Any]


@dataclass
class Played:
    """A step, and what came of it."""

    step: Step
    requests: list[Json] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    exchanges: list[Json] = field(default_factory=list)
    holdings: Mapping[str, list[str]] = field(default_factory=dict)
    in_sync: bool | None = True
    refusal: str = ""
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> Json:
        """The step as programs read it."""
        return {
            "action": self.step.action,
            "title": self.step.title,
            "subscription": self.step.subscription,
            "platform": self.step.platform,
            "refusal": self.refusal,
            "requests": self.requests,
            "effects": self.effects,
            "in_sync": self.in_sync,
            "passed": not self.problems,
            "problems": self.problems,
        }


def play(steps: tuple[Step, ...], engine: EngineClient, control: ControlClient) -> Iterator[Played]:
    """Play step after step. Raises CallError where a call is refused or not answered."""
    seen = {step.platform: 0 for step in steps}
    for step in steps:
        made, refusal = done(step, engine, control)
        exchanges = control.journal(platform=step.platform, since_seq=seen[step.platform] + 1)
        seen[step.platform] = max((one["seq"] for one in exchanges), default=seen[step.platform])
        played = Played(
            step,
            requests=[request(one) for one in made],
            effects=[line for one in exchanges for line in one.get("difference", [])],
            exchanges=exchanges,
            holdings=control.state(step.platform)["holdings"],
            in_sync=in_sync(step, engine),
            refusal=refusal,
        )
        played.problems = problems(played, control)
        yield played


def done(step: Step, engine: EngineClient, control: ControlClient) -> tuple[list[Json], str]:
    """Do what the step says. Gives the requests that it caused; or none, and why it was refused, if that is told."""
    try:
        return DEEDS.get(step.action, act)(step, engine, control), ""
    except CallError as error:
        if not step.refused:
            raise
        return [], str(error)


def in_sync(step: Step, engine: EngineClient) -> bool | None:
    """Whether the platform is believed to hold what it should; None where nobody subscribes yet."""
    try:
        return bool(engine.show(step.subscription)["providers"][step.platform]["in_sync"])
    except CallError as error:
        if error.status != NOT_FOUND:
            raise
        return None


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


DEEDS: Mapping[str, Callable[[Step, EngineClient, ControlClient], list[Json]]] = {
    RESET: reset,
    OUTAGE_BEGINS: begin_outage,
    OUTAGE_ENDS: end_outage,
}


def request(made: Json) -> Json:
    """A provisioning request, by what matters."""
    return {
        "platform": made["provider"],
        "command": made["type"],
        "parameters": made["parameters_set"],
        "life_cycle_state": made["life_cycle_state"],
        "error_code": made["error_code"],
    }


def problems(played: Played, control: ControlClient) -> list[str]:
    """What is not as it must be, in words; empty, where all is."""
    step = played.step
    found = []
    expected = [line(one.command, one.parameters, one.life_cycle_state) for one in step.requests]
    made = [made_line(one, step.requests[index : index + 1]) for index, one in enumerate(played.requests)]
    if made != expected:
        found.append(difference("requests of the engine", expected, made))
    if list(step.effects) != played.effects:
        found.append(difference("effects at the platform", list(step.effects), played.effects))
    if step.in_sync != played.in_sync:
        found.append(difference("in sync", [str(step.in_sync)], [str(played.in_sync)]))
    if step.refused != played.refusal:
        found.append(difference("refused", [step.refused], [played.refusal]))
    crossed = [one for one in step.requests if one.life_cycle_state == "COMPLETED"]
    received = verified(played, crossed, control)
    return [*found, received] if received else found


def verified(played: Played, crossed: list[Request], control: ControlClient) -> str:
    """The platform's own report, where it did not receive exactly what it must."""
    since = min((one["seq"] for one in played.exchanges), default=None)
    if since is None:
        wanted = ", ".join(one.command for one in crossed)
        return f"{played.step.platform} received nothing; wanted: {wanted}" if crossed else ""
    sequence = [
        {
            "operation": one.operation or one.command,
            "parameters": dict(one.parameters if one.received is None else one.received),
        }
        for one in crossed
    ]
    answer = control.verify("exact", sequence, platform=played.step.platform, since_seq=since)
    return "" if answer["passed"] else str(answer["report"])


def made_line(made: Json, beside: tuple[Request, ...]) -> str:
    """A request that was made, with the parameters that matter in the one it stands beside."""
    named = beside[0].parameters if beside else made["parameters"]
    parameters = {name: made["parameters"].get(name) for name in named}
    return line(made["command"], parameters, made["life_cycle_state"])


def line(command: str, parameters: Mapping[str, Any], life_cycle_state: str) -> str:
    """A request in one line."""
    said = " ".join(
        f"{name}={{{', '.join(value)}}}" if isinstance(value, list) else f"{name}={value}"
        for name, value in parameters.items()
    )
    return f"{command} {said} {life_cycle_state}".replace("  ", " ")


def difference(what: str, expected: list[str], found: list[str]) -> str:
    """What was wanted beside what was found."""
    wanted = "".join(f"\n    wanted  {one}" for one in expected) or "\n    wanted  nothing"
    made = "".join(f"\n    found   {one}" for one in found) or "\n    found   nothing"
    return f"{what}:{wanted}{made}"
