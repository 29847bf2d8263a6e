"""Comparing all that came of a step with what must."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import Any

from harness.clients import ControlClient
from harness.demo.played import Json, Played
from harness.demo.story import AUDIT, RUNS, Request, Step


def problems(played: Played, control: ControlClient) -> list[str]:
    """What is not as it must be, in words; empty, where all is."""
    step = played.step
    expected = [
        line(one.command, one.parameters, ending(one.life_cycle_state, one.error_code, one.file))
        for one in step.requests
    ]
    made = [made_line(one, step.requests[index : index + 1]) for index, one in enumerate(played.requests)]
    pairs = {
        "requests of the engine": (expected, made),
        "files at the platform": ([one.name for one in step.files], played.files),
        "effects at the platform": (meant(step.effects, played.effects), played.effects),
        "shown by the engine": (list(step.shown or ()), played.shown),
        "in sync": ([str(step.in_sync)], [str(played.in_sync)]),
        "refused": ([step.refused], [played.refusal]),
    }
    found = [difference(what, *pair) for what, pair in pairs.items() if pair[0] != pair[1]]
    received = verified(played, crossed(step), control)
    return [*found, received] if received else found


def meant(effects: Iterable[str], found: Iterable[str]) -> list[str]:
    """The effects that must be, each as it was found where it fits: an asterisk stands for an id of the platform's."""
    pairs = zip_longest(effects, found, fillvalue="")
    return [there if fnmatchcase(there, wanted) else wanted for wanted, there in pairs if wanted]


def crossed(step: Step) -> list[Json]:
    """What the platform must receive, in its words: files in runs; else calls, of requests that come to it."""
    if step.action == RUNS:
        return [{"operation": one.operation, "parameters": dict(one.parameters)} for one in step.files]
    return [
        {
            "operation": one.operation or one.command,
            "parameters": dict(one.parameters if one.received is None else one.received),
        }
        for one in step.requests
        if one.life_cycle_state == "COMPLETED"
    ]


def verified(played: Played, sequence: list[Json], control: ControlClient) -> str:
    """The platform's own report, where it did not receive exactly what it must."""
    if played.step.action == AUDIT:  # of how many it asks depends on who subscribes
        return ""
    since = min((one["seq"] for one in played.exchanges), default=None)
    if since is None:
        wanted = ", ".join(one["operation"] for one in sequence)
        return f"{played.step.platform} received nothing; wanted: {wanted}" if sequence else ""
    answer = control.verify("exact", sequence, platform=played.step.platform, since_seq=since)
    return "" if answer["passed"] else str(answer["report"])


def made_line(made: Json, beside: tuple[Request, ...]) -> str:
    """A request that was made, with the parameters that matter in the one it stands beside."""
    wanted = beside[0] if beside else Request(made["command"], made["parameters"])
    parameters = {name: made["parameters"].get(name) for name in wanted.parameters}
    code, file = wanted.error_code and made["error_code"], wanted.file and made["file"]
    return line(made["command"], parameters, ending(made["life_cycle_state"], code, file))


def ending(state: str, error_code: str, file: str) -> str:
    """How a request ends: its state, and its code and its file where these matter."""
    return " ".join(filter(None, (state, error_code, file and f"in {file}")))


def line(command: str, parameters: Mapping[str, Any], end: str) -> str:
    """A request in one line."""
    said = " ".join(
        f"{name}={{{', '.join(value)}}}" if isinstance(value, list) else f"{name}={value}"
        for name, value in parameters.items()
    )
    return f"{command} {said} {end}".replace("  ", " ")


def difference(what: str, expected: list[str], found: list[str]) -> str:
    """What was wanted beside what was found."""
    wanted = "".join(f"\n    wanted  {one}" for one in expected) or "\n    wanted  nothing"
    made = "".join(f"\n    found   {one}" for one in found) or "\n    found   nothing"
    return f"{what}:{wanted}{made}"
