"""Given: how things stand before the one thing that a scenario is about."""

from typing import Any

import msgspec
from pytest_bdd import given, parsers

from harness.steps.story import LATER, SOMEBODY_ELSE, SUBSCRIBER, Story
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
DETAILS: dict[str, dict[str, Any]] = {
    "REST_SUBSCRIPTION": {"until": LATER},
    "SHORT_TERM_ACTIVATION": {"until": LATER},
    "SHORT_TERM_DEACTIVATION": {"until": LATER},
}
OWNERS = {"the owner also has": SUBSCRIBER, "somebody else has": SOMEBODY_ELSE}
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
FORGETS = 'has forgotten (the account|"(?P<device>[^"]+)")'


@given(
    parsers.re(
        f'((?P<owner>{"|".join(OWNERS)}) )?(?P<state>{"|".join(STATES)}) subscription to "(?P<product>[^"]+)"'
        r'( of "(?P<components>[^"]*)")? on (?P<where>\w+)'
    )
)
def a_subscription(
    story: Story, *, owner: str | None, state: str, product: str, components: str | None, where: str
) -> None:
    """A service on the provider's first distributor, and a box there: STB-1, with CARD-1 where it takes a smartcard."""
    first = story.number, story.provider
    start, actions = STATES[state]
    story.subscribe(start, where, product, components or "", subscriber=OWNERS.get(owner or "", SUBSCRIBER))
    for action in actions:
        story.act(action, **DETAILS.get(action, {}))
    assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"
    if owner:
        story.number, story.provider = first


@given("the operator's files also say:")
def the_files_also_say(story: Story, docstring: str) -> None:
    """What these lines of TOML say, for this scenario only; what bears a code that is known is changed."""
    story.lab.reconfigure(docstring)


@given(parsers.re(rf"(?P<platform>\w+) ((?P<fault>{'|'.join(FAULTS)})( (?P<times>\d+) times?)?|{FORGETS})"))
def a_fault(story: Story, platform: str, fault: str | None, times: str | None, device: str | None) -> None:
    """A fault before the platform, for so many requests or until it is over; or a loss behind the engine's back."""
    at = story.lab.platforms[platform]
    if fault:
        limit = {"times": int(times)} if times else {}
        at.faults.put(msgspec.convert({"name": "scenario", **FAULTS[fault], **limit}, Fault))
    else:
        lost = device or story.standings[platform].account or ""
        assert at.forget(lost), f"{platform} has never known {lost or 'an account'}"


@given(parsers.re(r"the engine will be killed (?P<when>before sending|before the answer)"))
def the_engine_will_be_killed(story: Story, when: str) -> None:
    """The engine dies at its next request."""
    story.lab.kill_engine(when.replace(" ", "_"))
