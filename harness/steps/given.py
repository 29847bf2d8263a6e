"""Given: how things stand before the one thing that a scenario is about."""

from typing import Any

import msgspec
from pytest_bdd import given, parsers

from harness.lab.killing import KILLED
from harness.steps.story import LATER, SOMEBODY_ELSE, SUBSCRIBER, Story, sent
from simulators.kit.faults import Fault

STATES = {
    "a draft": ("DRAFT", ()),
    "a new": ("EFFECTIVE", ()),
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
NOT_SETTLED = {"a new", "a draft"}
FAULTS: dict[str, dict[str, Any]] = {
    "is down": {"kind": "outage"},
    "loses the request": {"kind": "lost_request"},
    "loses the reply": {"kind": "lost_reply"},
    "never answers": {"kind": "hang", "when": "after_effect"},
    "is busy": {"kind": "busy"},
    "breaks the answer off": {"kind": "truncated"},
    "garbles the answer": {"kind": "garbled"},
    "resets the connection": {"kind": "reset", "when": "after_effect"},
    "refuses the login": {"kind": "login_refused"},
    "is full": {"kind": "disk_full"},
    "breaks the upload off": {"kind": "upload_dropped"},
    "keeps half a file": {"kind": "half_a_file"},
    "refuses the rename": {"kind": "rename_refused"},
    "loses the reply to the rename": {"kind": "rename_lost"},
    "answers an hour late": {"kind": "late_answer", "delay_s": 3600},
    "gives no answer": {"kind": "no_answer"},
    "answers twice": {"kind": "answer_twice"},
    "has foreign entries among its errors": {"kind": "foreign_entry"},
    "writes half an entry": {"kind": "half_entry"},
}
REFUSES = r'refuses a file( of (?P<operation>\w+))?( for "(?P<refused>[^"]+)")? with (?P<code>\w+)'
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
    """A service on the provider's first distributor, with STB-1, or STB-1 and CARD-1; if not new, its files are in."""
    first = story.number, story.provider
    start, actions = STATES[state]
    story.subscribe(start, where, product, components or "", subscriber=OWNERS.get(owner or "", SUBSCRIBER))
    for action in actions:
        story.act(action, **DETAILS.get(action, {}))
    assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"
    if state not in NOT_SETTLED and story.takes_files(where):
        story.settle()
    if owner:
        story.number, story.provider = first


@given("the operator's files also say:")
def the_files_also_say(story: Story, docstring: str) -> None:
    """What these lines of TOML say, for this scenario only; what bears a code that is known is changed."""
    story.lab.reconfigure(docstring)


@given(
    parsers.re(
        rf"(?P<platform>\w+) ((?P<fault>{'|'.join(FAULTS)})( (?P<times>\d+) times?)?|{REFUSES}|{FORGETS})",
    )
)
def a_fault(  # noqa: PLR0917 (each is a word of the sentence)
    story: Story,
    platform: str,
    fault: str | None,
    times: str | None,
    operation: str | None,
    refused: str | None,
    code: str | None,
    device: str | None,
) -> None:
    """A fault before the platform, for so many requests or until it is over; or a loss behind the engine's back."""
    at = story.lab.platforms[platform]
    if fault or code:
        once = {"kind": "refuse", "code": code, "detail": sent(platform, refused or ""), "times": 1}
        limit = {"times": int(times)} if times else {}
        told = FAULTS[fault] | limit if fault else once | {"operation": operation}
        at.faults.put(msgspec.convert({"name": "scenario", **told}, Fault))
    else:
        lost = sent(platform, device or "") or story.standings[platform].account or ""
        assert at.forget(lost), f"{platform} has never known {lost or 'an account'}"


@given(parsers.re(rf"the engine will be killed (?P<when>{'|'.join(KILLED)})"))
def the_engine_will_be_killed(story: Story, when: str) -> None:
    """The engine dies at its next request, or at the next of these moments of a file."""
    story.lab.kill_engine(when.replace(" ", "_"))
