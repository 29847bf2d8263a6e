"""Given: how things stand before the one thing that a scenario is about."""

from typing import Any

from pytest_bdd import given, parsers

from harness.lab.killing import KILLED
from harness.steps.story import LATER, SOMEBODY_ELSE, SUBSCRIBER, Story

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


@given(parsers.re(rf"the engine will be killed (?P<when>{'|'.join(KILLED)})"))
def the_engine_will_be_killed(story: Story, when: str) -> None:
    """The engine dies at its next request, or at the next of these moments of a file."""
    story.lab.kill_engine(when.replace(" ", "_"))
