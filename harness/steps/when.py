"""When: the one thing that a scenario is about."""

from typing import Any

from pytest_bdd import parsers, when

from harness.steps.given import LATER
from harness.steps.story import Story, listed

# fmt: off
VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "activated":                  ("ACTIVATE_SUBSCRIPTION",       {}),
    "deactivated":                ("DEACTIVATE_SUBSCRIPTION",     {}),
    "terminated":                 ("TERMINATE_SUBSCRIPTION",      {"mode": "cancel"}),
    "regretted":                  ("TERMINATE_SUBSCRIPTION",      {"mode": "regret"}),
    "rested":                     ("REST_SUBSCRIPTION",           {"until": LATER}),
    "woken from resting":         ("END_SUBSCRIPTION_RESTING",    {}),
    "activated for a while":      ("SHORT_TERM_ACTIVATION",       {"until": LATER}),
    "no longer active for a while": ("END_SHORT_TERM_ACTIVATION", {}),
    "deactivated for a while":    ("SHORT_TERM_DEACTIVATION",     {"days": 3}),
    "no longer deactivated for a while": ("END_SHORT_TERM_DEACTIVATION", {}),
}
SERVICE_VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "removed":        ("REMOVE_SERVICE",       {"mode": "cancel"}),
    "regretted":      ("REMOVE_SERVICE",       {"mode": "regret"}),
    "stopped":        ("STOP_SERVICE",         {}),
    "started":        ("START_SERVICE",        {}),
    "swapped back":   ("REGRET_SWAP",          {}),
    "called off":     ("CANCEL_SERVICE_USAGE", {}),
}
# fmt: on
MOVED = {"service": "services", "STB": "items"}
PLACED = {"put on": "put_on", "taken off": "take_off"}


@when(
    parsers.re(
        r'someone subscribes to "(?P<product>[^"]+)"( of "(?P<components>[^"]*)")? on (?P<where>\w+)'
        r"(?P<draft> as a draft)?"
    )
)
def someone_subscribes(story: Story, product: str, components: str | None, where: str, draft: str | None) -> None:
    """A new subscription with one STB (STB-1), on the provider's first distributor."""
    distributor = story.lab.engine.context.provider(where).distributors[0].code
    story.subscribe("DRAFT" if draft else "EFFECTIVE", product, components or "", distributor)


@when(parsers.re(rf"the subscription is (?P<verb>{'|'.join(sorted(VERBS, key=len, reverse=True))})"))
def the_subscription_is(story: Story, verb: str) -> None:
    """An action on the subscription as a whole."""
    action, details = VERBS[verb]
    story.act(action, **details)


@when(parsers.re(r'"(?P<product>[^"]+)"( of "(?P<components>[^"]*)")? is added on "(?P<distributors>[^"]*)"'))
def a_service_is_added(story: Story, product: str, components: str | None, distributors: str) -> None:
    """A new service, on these distributors (none: it is not provisioned)."""
    story.act("ADD_SERVICE", product=product, components=listed(components), distributors=listed(distributors))


@when(parsers.re(r'"(?P<product>[^"]+)" is ordered from (?P<start>\S+) to (?P<end>\S+) on "(?P<distributors>[^"]*)"'))
def a_usage_is_ordered(story: Story, product: str, start: str, end: str, distributors: str) -> None:
    """A usage service, with its window."""
    story.act("ADD_SERVICE_USAGE", product=product, start=start, end=end, distributors=listed(distributors))


@when(parsers.re(rf'service "(?P<service>[^"]+)" is (?P<verb>{"|".join(SERVICE_VERBS)})'))
def a_service_is(story: Story, service: str, verb: str) -> None:
    """An action on one service."""
    action, details = SERVICE_VERBS[verb]
    story.act(action, service=service, **details)


@when(parsers.re(r'"(?P<old>[^"]+)" is swapped for "(?P<new>[^"]+)"( of "(?P<components>[^"]*)")?'))
def a_service_is_swapped(story: Story, old: str, new: str, components: str | None) -> None:
    """Another product takes a service's place."""
    story.act("SWAP_SERVICE", service=old, product=new, components=listed(components))


@when(parsers.re(r'"(?P<bundle>[^"]+)" gains "(?P<add>[^"]*)" and loses "(?P<remove>[^"]*)"'))
def a_bundle_is_amended(story: Story, bundle: str, add: str, remove: str) -> None:
    """Components of a flexible bundle come and go."""
    story.act("AMEND_BUNDLE_SERVICES", service=bundle, add=listed(add), remove=listed(remove))


@when(
    parsers.re(r'STB "(?P<serial>[^"]+)" is (added on "(?P<distributors>[^"]*)"|removed|swapped for "(?P<new>[^"]+)")')
)
def an_item_is(story: Story, serial: str, distributors: str | None, new: str | None) -> None:
    """A device comes, goes, or is replaced."""
    if distributors is not None:
        story.act("ADD_INSTALLED_ITEM", product="STB", serial_number=serial, distributors=listed(distributors))
    elif new is not None:
        story.act("SWAP_INSTALLED_ITEM", item=serial, serial_number=new)
    else:
        story.act("REMOVE_INSTALLED_ITEM", item=serial)


@when(parsers.re(r'(?P<kind>service|STB) "(?P<name>[^"]+)" is (?P<verb>put on|taken off) "(?P<distributors>[^"]+)"'))
def distribution_is_changed(story: Story, kind: str, name: str, verb: str, distributors: str) -> None:
    """Where a service or a device is watched."""
    story.act("CHANGE_DISTRIBUTION", **{MOVED[kind]: [name], PLACED[verb]: listed(distributors)})


@when("the subscription is reset")
def the_subscription_is_reset(story: Story) -> None:
    """The reset utility."""
    story.attempt(lambda: story.lab.engine.reset(story.number))


@when("the trouble is over and the subscription is reset")
def the_trouble_is_over(story: Story) -> None:
    """Faults are gone, time enough has passed for the engine to try again, and the reset utility is used."""
    story.lab.tucano.faults.clear()
    story.lab.clock.sleep(60)
    the_subscription_is_reset(story)


@when("the engine is started again")
def the_engine_is_started_again(story: Story) -> None:
    """A new engine on the same database."""
    story.lab.restart_engine()
