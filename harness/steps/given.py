"""Given: how things stand before the one thing that a scenario is about."""

from typing import Any

import msgspec
from pytest_bdd import given, parsers

from harness.steps.story import Story
from simulators.kit.faults import Fault

STATES = {
    "a draft": ("DRAFT", ()),
    "an effective": ("EFFECTIVE", ()),
    "a deactivated": ("EFFECTIVE", ("DEACTIVATE_SUBSCRIPTION",)),
    "a terminated": ("EFFECTIVE", ("TERMINATE_SUBSCRIPTION",)),
    "a resting": ("EFFECTIVE", ("REST_SUBSCRIPTION",)),
    "a short-term effective": ("DRAFT", ("SHORT_TERM_ACTIVATION",)),
    "a short-term deactivated": ("EFFECTIVE", ("SHORT_TERM_DEACTIVATION",)),
}
LATER = "2999-12-31"
DETAILS: dict[str, dict[str, Any]] = {
    "REST_SUBSCRIPTION": {"until": LATER},
    "SHORT_TERM_ACTIVATION": {"until": LATER},
    "SHORT_TERM_DEACTIVATION": {"until": LATER},
}
FAULTS: dict[str, dict[str, Any]] = {
    "is down": {"kind": "outage"},
    "loses the request": {"kind": "lost_request"},
    "loses the reply": {"kind": "lost_reply"},
    "never answers": {"kind": "hang", "when": "after_effect"},
    "is busy": {"kind": "busy"},
    "breaks the answer off": {"kind": "truncated"},
    "garbles the answer": {"kind": "garbled"},
    "resets the connection": {"kind": "reset", "when": "after_effect"},
}


@given(
    parsers.re(
        f'(?P<state>{"|".join(STATES)}) subscription to "(?P<product>[^"]+)"'
        r'( of "(?P<components>[^"]*)")? on (?P<where>\w+)'
    )
)
def a_subscription(story: Story, state: str, product: str, components: str | None, where: str) -> None:
    """A subscription with one STB (STB-1), in this state, watched on the provider's first distributor."""
    start, actions = STATES[state]
    distributor = story.lab.engine.context.provider(where).distributors[0].code
    story.subscribe(start, product, components or "", distributor)
    for action in actions:
        story.act(action, **DETAILS.get(action, {}))
    assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"


@given(parsers.parse('its service "{service}" is stopped'))
def its_service_is_stopped(story: Story, service: str) -> None:
    """One of its services, stopped before."""
    story.act("STOP_SERVICE", service=service)
    assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"


@given(parsers.re(r'it (also )?has "(?P<product>[^"]+)" on "(?P<distributor>\w+)"'))
def it_also_has(story: Story, product: str, distributor: str) -> None:
    """One service more, on a distributor."""
    story.act("ADD_SERVICE", product=product, distributors=[distributor])
    assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"


@given(parsers.re(rf"tucano (?P<fault>{'|'.join(FAULTS)})( (?P<times>\d+) times?)?"))
def a_fault(story: Story, fault: str, times: str | None) -> None:
    """A fault before the platform: for so many requests, or until it is over."""
    limit = {"times": int(times)} if times else {}
    story.lab.tucano.faults.put(msgspec.convert({"name": "scenario", **FAULTS[fault], **limit}, Fault))


@given(parsers.re(r"the engine will be killed (?P<when>before sending|before the answer)"))
def the_engine_will_be_killed(story: Story, when: str) -> None:
    """The engine dies at its next request."""
    story.lab.kill_engine(when.replace(" ", "_"))


@given(parsers.re(r'"(?P<old>[^"]+)" was swapped for "(?P<new>[^"]+)"'))
def was_swapped(story: Story, old: str, new: str) -> None:
    """A swap before the scenario's own action."""
    story.act("SWAP_SERVICE", service=old, product=new)
    assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"


@given(parsers.re(r'"(?P<product>[^"]+)" was ordered from (?P<start>\S+) to (?P<end>\S+) on "(?P<distributor>\w+)"'))
def was_ordered(story: Story, product: str, start: str, end: str, distributor: str) -> None:
    """A usage service, ordered before."""
    story.act("ADD_SERVICE_USAGE", product=product, start=start, end=end, distributors=[distributor])
    assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"


@given("tucano has forgotten the account")
def tucano_has_forgotten_the_account(story: Story) -> None:
    """What the platform held for the subscription is gone, behind the engine's back."""
    story.lab.tucano.forget(story.standing["account"])
