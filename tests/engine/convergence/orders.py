"""What is said with an action, chosen by two numbers among what the subscription has."""

from tests.engine.convergence.words import COMPONENTS, LATER, NUMBERS, PRODUCTS, WINDOWS, device, fitting, pick, places

PERSON = {"first_name": "Ada", "last_name": "Lovelace"}


def new_subscription(step, world):
    """A subscription with a service and a box; and with a card, where services sit on one."""
    first, second, at = step.one, step.other, places(world)
    carded = {"irdeto", "conax"} & {*world}
    where = {"distributors": pick(at, second if carded else first)}  # there a card wants its services
    items = [{"product": "STB", **device(f"{step.number}-0"), **where}]
    items += [{"product": "SMARTCARD", **device(f"{step.number}-M0"), **where}] if carded else []
    return {
        "subscriber": PERSON,
        "number": step.number,
        "services": [{**pick(PRODUCTS, first), "distributors": pick(at, second)}],
        "items": items,
        "state": "DRAFT" if second % 7 == 6 else "EFFECTIVE",
    }


def order(step, shown, world):
    """What is said with the action."""
    if step.action == "BECOME_SUBSCRIBER":
        return new_subscription(step, world)
    make = ORDERS.get(step.action)
    return make(step, shown, places(world)) if make else {}


def service(step, shown):
    found = fitting(shown, step.action)
    return str(pick(found, step.one).number) if found else "none"


def item(step, shown):
    return pick(shown.installed_items, step.one).serial_number if shown.installed_items else "none"


def amended(step, shown, _at):
    """A component that the bundle has goes; another comes."""
    bundle, choice = service(step, shown), pick(COMPONENTS, step.other)
    has = [one.product for one in fitting(shown, "") if str(one.bundle) == bundle]
    gone = [choice] if choice in has else has[: step.other % 2]
    return {"service": bundle, "add": [] if choice in has else [choice], "remove": gone}


def added_item(step, _shown, at):
    card = any(place.startswith(("IRDETO", "CONAX")) for place in pick(at, step.other)) and step.one % 8 > 3
    serial = f"{step.number}-{'M' if card else ''}{step.one % 4}"
    return {
        "product": "SMARTCARD" if card else "STB",
        **device(serial),
        "distributors": pick(at, step.other),
    }


def added_service(step, _shown, at):
    return {**pick(PRODUCTS, step.one), "distributors": pick(at, step.other)}


def moved_item(step, shown, _at):
    """It goes to the other subscription, of the same owner."""
    other = NUMBERS[1 - NUMBERS.index(step.number)]
    return {"item": item(step, shown), "to_subscription": other}


def redistributed(step, shown, at):
    place = pick(at, step.other)
    moved = {"services": [service(step, shown)]} if step.one % 2 else {"items": [item(step, shown)]}
    return moved | pick(({"put_on": place}, {"take_off": place}, {"put_on": place, "take_off": at[0]}), step.one // 2)


def swapped_item(step, shown, _at):
    """A box for a box, a card for a card."""
    old = item(step, shown)
    return {"item": old, **device(f"{step.number}-{'M' if 'M' in old else ''}{step.other % 4}")}


def usage(step, _shown, at):
    product = pick(("PREMIERE", "BOXING_NIGHT"), step.one)
    return {"product": product, **pick(WINDOWS, step.other), "distributors": pick(at, step.one // 2)}


def cancelled(step, shown, _at):
    return {"service": service(step, shown), "mode": pick(("cancel", "regret"), step.other)}


def named(step, shown, _at):
    return {"service": service(step, shown)}


# fmt: off
ORDERS = {
    "TERMINATE_SUBSCRIPTION":  lambda step, _shown, _at: {"mode": pick(("cancel", "regret"), step.one)},
    "REST_SUBSCRIPTION":       lambda _step, _shown, _at: {"until": LATER},
    "SHORT_TERM_ACTIVATION":   lambda _step, _shown, _at: {"until": LATER},
    "SHORT_TERM_DEACTIVATION": lambda _step, _shown, _at: {"days": 3},
    "ADD_SERVICE":             added_service,
    "REMOVE_SERVICE":          cancelled,
    "START_SERVICE":           named,
    "STOP_SERVICE":            named,
    "SWAP_SERVICE":            lambda step, shown, _at: {"service": service(step, shown), **pick(PRODUCTS, step.other)},
    "REGRET_SWAP":             named,
    "AMEND_BUNDLE_SERVICES":   amended,
    "ADD_SERVICE_USAGE":       usage,
    "CANCEL_SERVICE_USAGE":    named,
    "ADD_INSTALLED_ITEM":      added_item,
    "REMOVE_INSTALLED_ITEM":   lambda step, shown, _at: {"item": item(step, shown)},
    "SWAP_INSTALLED_ITEM":     swapped_item,
    "MOVE_INSTALLED_ITEM":     moved_item,
    "CHANGE_DISTRIBUTION":     redistributed,
}
# fmt: on
