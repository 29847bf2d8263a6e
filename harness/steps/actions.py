"""Given, in the past, or When, in the present: what happens to a subscription, at once or later."""

from datetime import UTC, datetime
from typing import Any

from harness.steps.story import ERROR_HANDLING, LATER, PROCESSING, Story, listed
from harness.steps.tenses import Deed, meant, sentence, told

# fmt: off
VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "activated":                         ("ACTIVATE_SUBSCRIPTION",       {}),
    "deactivated":                       ("DEACTIVATE_SUBSCRIPTION",     {}),
    "terminated":                        ("TERMINATE_SUBSCRIPTION",      {"mode": "cancel"}),
    "regretted":                         ("TERMINATE_SUBSCRIPTION",      {"mode": "regret"}),
    "rested":                            ("REST_SUBSCRIPTION",           {"until": LATER}),
    "woken from resting":                ("END_SUBSCRIPTION_RESTING",    {}),
    "activated for a while":             ("SHORT_TERM_ACTIVATION",       {"until": LATER}),
    "no longer active for a while":      ("END_SHORT_TERM_ACTIVATION",   {}),
    "deactivated for a while":           ("SHORT_TERM_DEACTIVATION",     {"days": 3}),
    "no longer deactivated for a while": ("END_SHORT_TERM_DEACTIVATION", {}),
}
SERVICE_VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "removed":        ("REMOVE_SERVICE",       {"mode": "cancel"}),
    "regretted":      ("REMOVE_SERVICE",       {"mode": "regret"}),
    "stopped":        ("STOP_SERVICE",         {}),
    "started":        ("START_SERVICE",        {}),
    "swapped back":   ("REGRET_SWAP",          {}),
    "called off":     ("CANCEL_SERVICE_USAGE", {}),
    "over":           ("END_SERVICE_USAGE",    {}),
}
# fmt: on
GOODS = {"STB": "STB", "smartcard": "SMARTCARD"}
MOVED = {"service": "services", "STB": "items", "smartcard": "items"}
RUNS = {
    "maintenance": "MAINTENANCE",
    "mail": "MAIL",
    "bark": "BARK",
    "processing": PROCESSING,
    "error handling": ERROR_HANDLING,
    "reset": "RESET",
    "audit": "AUDIT",
}
PLACED = {"put on": "put_on", "taken off": "take_off"}


@sentence(
    rf"the subscription (is|was) (?P<verb>{'|'.join(sorted(VERBS, key=len, reverse=True))})( until (?P<day>\S+))?"
)
def the_subscription_is(verb: str, day: str | None) -> Deed:
    """An action on the subscription as a whole."""
    action, details = VERBS[verb]
    return Deed(action, {"until": day} if day else details)


@sentence(
    r'"(?P<product>[^"]+)"( of "(?P<components>[^"]*)")? (is|was) (added(?P<draft> as a draft)?|'
    r'ordered from (?P<start>\S+) to (?P<end>\S+)) on "(?P<distributors>[^"]*)"'
)
def a_service_is_added(  # noqa: PLR0917 (each is a word of the sentence)
    product: str, components: str | None, draft: str | None, start: str | None, end: str | None, distributors: str
) -> Deed:
    """A new service, on these distributors (none: it is not provisioned); a usage service with its window."""
    new = {"product": product, "distributors": listed(distributors)}
    if start:
        return Deed("ADD_SERVICE_USAGE", {**new, "start": start, "end": end})
    return Deed("ADD_SERVICE", {**new, "components": listed(components)} | ({"state": "DRAFT"} if draft else {}))


@sentence(rf'service "(?P<service>[^"]+)" (is|was) (?P<verb>{"|".join(SERVICE_VERBS)})')
def a_service_is(service: str, verb: str) -> Deed:
    """An action on one service."""
    action, details = SERVICE_VERBS[verb]
    return Deed(action, {"service": service, **details})


@sentence(r'"(?P<old>[^"]+)" (is|was) swapped for "(?P<new>[^"]+)"( of "(?P<components>[^"]*)")?')
def a_service_is_swapped(old: str, new: str, components: str | None) -> Deed:
    """Another product takes a service's place."""
    return Deed("SWAP_SERVICE", {"service": old, "product": new, "components": listed(components)})


@sentence(r'"(?P<bundle>[^"]+)" (gains|gained) "(?P<add>[^"]*)" and (loses|lost) "(?P<remove>[^"]*)"')
def a_bundle_is_amended(bundle: str, add: str, remove: str) -> Deed:
    """Components of a flexible bundle come and go."""
    return Deed("AMEND_BUNDLE_SERVICES", {"service": bundle, "add": listed(add), "remove": listed(remove)})


@sentence(
    rf'(?P<good>{"|".join(GOODS)}) "(?P<serial>[^"]+)" (is|was)'
    r' (added on "(?P<distributors>[^"]*)"|removed|swapped for "(?P<new>[^"]+)"'
    r'|moved to (?P<number>\w+)( on "(?P<others>[^"]*)")?)'
)
def an_item_is(  # noqa: PLR0917 (each is a word of the sentence)
    good: str, serial: str, distributors: str | None, new: str | None, number: str | None, others: str | None
) -> Deed:
    """A device comes, goes, is replaced, or goes over to another subscription."""
    if distributors is not None:
        where = listed(distributors)
        return Deed("ADD_INSTALLED_ITEM", {"product": GOODS[good], "serial_number": serial, "distributors": where})
    if new is not None:
        return Deed("SWAP_INSTALLED_ITEM", {"item": serial, "serial_number": new})
    if number is not None:
        return Deed("MOVE_INSTALLED_ITEM", {"item": serial, "to_subscription": number, "distributors": listed(others)})
    return Deed("REMOVE_INSTALLED_ITEM", {"item": serial})


@sentence(
    rf'(?P<kind>{"|".join(MOVED)}) "(?P<name>[^"]+)" (is|was) (?P<verb>{"|".join(PLACED)}) "(?P<distributors>[^"]+)"'
)
def distribution_is_changed(kind: str, name: str, verb: str, distributors: str) -> Deed:
    """Where a service or a device is watched."""
    return Deed("CHANGE_DISTRIBUTION", {MOVED[kind]: [name], PLACED[verb]: listed(distributors)})


@told(r"it (is|was) scheduled for (?P<moment>\S+) that (?P<action>.+)")
def it_is_scheduled(story: Story, moment: str, action: str) -> None:
    """One of the actions above is kept for later: for a day or a moment, UTC."""
    deed = meant(action)
    story.schedule(deed.action, at(moment), **deed.details)


@told(r"the scheduled action (is|was) cancelled")
def the_scheduled_action_is_cancelled(story: Story) -> None:
    """The action that was scheduled last will not be carried out."""
    story.cancel_scheduled()


@told(
    rf"(?P<after>the trouble is over and )?the (?P<run>{'|'.join(RUNS)}) (runs|ran)( on (?P<moment>\S+))?"
    r"(?P<preview> as a preview)?"
)
def a_run(story: Story, after: str | None, run: str, moment: str | None, preview: str | None) -> None:
    """Time passes until that day or moment, UTC, and the run does what is due, or says what it would do."""
    if after:
        story.calm()
    carry_out = story.preview if preview else story.run
    carry_out(RUNS[run], at(moment) if moment else None)


@told(r"the engine (is|was) (?P<what>stopped|started again)( on (?P<moment>\S+))?")
def the_engine_is(story: Story, what: str, moment: str | None) -> None:
    """It ends, or a new engine begins on the same database; time passes until that day or moment, UTC, before."""
    story.wait(at(moment) if moment else None)
    if what == "stopped":
        story.lab.stop_engine()
    else:
        story.start_engine()


@told(
    r"(?P<after>the trouble is over and )?the subscription (is|was) (?P<what>reset|audited)( on (?P<moment>\S+))?",
)
def the_subscription_is_reset(story: Story, after: str | None, what: str, moment: str | None) -> None:
    """What makes the platforms follow, or asks them; after trouble, or on that day or moment, time passes before."""
    if after:
        story.calm()
    story.wait(at(moment) if moment else None)
    if what == "reset":
        story.reset()
    else:
        story.audit()


def at(moment: str) -> datetime:
    """The moment that a day or a time names."""
    found = datetime.fromisoformat(moment)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
