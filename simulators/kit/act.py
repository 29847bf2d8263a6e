"""What a platform does about one call or file, as far as the fault that hits it lets it; under the workspace's lock."""

from datetime import datetime
from typing import Generic, NamedTuple

from simulators.kit.entry import Effect
from simulators.kit.faults import Fault
from simulators.kit.platform import Asked, D, S


class Act(NamedTuple, Generic[D]):
    """What was done; without a deed, the platform never got to it."""

    deed: D | None
    effect: Effect
    subject: str
    difference: list[str]


def act(state: S, asked: Asked[S, D], at: datetime, fault: Fault | None) -> Act[D]:
    """Have the platform act, and see what that has changed."""
    if fault and fault.kind == "refuse" and asked.refuse:
        deed = asked.refuse(state, fault.code or "", asked.subject if fault.detail is None else fault.detail)
        return Act(deed, "rejected", asked.subject, [])
    if fault and fault.acts_before:
        return Act(None, "none", asked.subject, [])
    before = _held(state, asked, asked.subject, at)
    deed = asked.perform(state, at)
    subject = deed.subject or asked.subject
    if deed.code is not None:
        return Act(deed, "rejected", subject, [])
    told = deed.difference
    difference = _between(before, _held(state, asked, subject, at)) if told is None else list(told)
    return Act(deed, "applied" if difference else "unchanged", subject, difference)


def _between(before: frozenset[str], after: frozenset[str]) -> list[str]:
    return [*(f"-{line}" for line in sorted(before - after)), *(f"+{line}" for line in sorted(after - before))]


def _held(state: S, asked: Asked[S, D], subject: str, at: datetime) -> frozenset[str]:
    """What the subject holds; of what is about many, what each of them does, with their name before it."""
    if asked.about is None:
        return state.holdings(subject, at)
    return frozenset(f"{each}: {line}" for each in asked.about(state) for line in state.holdings(each, at))
