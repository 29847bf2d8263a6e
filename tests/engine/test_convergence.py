"""Whatever happens to subscriptions, to the line and to the engine: once it is over, one reset makes platform = engine.

Where a platform takes files, the runs that send them and read the answers follow the reset.

Histories are drawn, and played in process and in virtual time, at one platform or at all of them. What each should hold
is worked out again, from what the engine shows of services and devices and from the provider's file, without its own
arithmetic. HEADEND_HISTORIES says how many histories are played, others each time; without it, the same few.
"""

import os
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.domain.errors import DomainError
from harness.lab.bench import Bench
from harness.lab.killing import MOMENTS, DyingTransport, EngineKilledError
from harness.lab.lab import Lab
from harness.report import exchange_table
from harness.should import held, should_hold
from simulators.kit.faults import Fault

HISTORIES = int(os.environ.get("HEADEND_HISTORIES", "30"))
WORLDS = (("tucano",), ("icareus",), ("irdeto",), ("conax",), ("tucano", "icareus", "irdeto"))
OWNERS = {
    "tucano": ("accounts", "subscriber"),
    "icareus": ("users", "screen_name"),
    "irdeto": ("clients", "subscription"),
}
FINAL = {"CANCELLED", "REGRETTED", "SWAPPED", "REMOVED"}
NUMBERS = ("A", "B")
ACCOUNT = "account"
LATER = "2999-12-31"
WINDOWS = (
    {"start": "2999-01-01T10:00:00Z", "end": "2999-01-01T12:00:00Z"},
    {"start": "2999-01-01T11:00:00Z", "end": "2999-01-01T14:00:00Z"},
    {"start": "2999-02-01T11:00:00Z", "end": "2999-02-01T14:00:00Z"},
)
FLAT = ("GEOLOGICAL", "ENTERTAIN", "SPORT", "CINEMA", "PAPER_INVOICE")
PRODUCTS = (
    *({"product": product} for product in (*FLAT, "FAMILY_PACK")),
    {"product": "FLEXIBLE_BUNDLE_A", "components": ["GEOLOGICAL", "SPORT"]},
    {"product": "FLEXIBLE_BUNDLE_B", "components": ["GEOLOGICAL", "CINEMA"]},
)


def places(world):
    """Where something may be watched: on the first distributors of one platform, or of all; or nowhere."""
    mains, twins = ([f"{platform.upper()}_{name}" for platform in world] for name in ("MAIN", "TWIN1"))
    each = [place for main, twin in zip(mains, twins, strict=True) for place in ([main], [main, twin], [twin])]
    return [*each, *([mains, mains + twins] if len(world) > 1 else []), []]


# fmt: off
ALWAYS = (
    "ADD_SERVICE", "REMOVE_SERVICE", "ADD_INSTALLED_ITEM", "REMOVE_INSTALLED_ITEM", "SWAP_INSTALLED_ITEM",
    "CHANGE_DISTRIBUTION", "RESET",
)
POSSIBLE = {
    "DRAFT":                    ("ACTIVATE_SUBSCRIPTION", "SHORT_TERM_ACTIVATION", *ALWAYS),
    "EFFECTIVE":                ("DEACTIVATE_SUBSCRIPTION", "TERMINATE_SUBSCRIPTION", "REST_SUBSCRIPTION",
                                 "SHORT_TERM_DEACTIVATION", "START_SERVICE", "STOP_SERVICE", "SWAP_SERVICE",
                                 "SWAP_SERVICE", "REGRET_SWAP", "AMEND_BUNDLE_SERVICES", "AMEND_BUNDLE_SERVICES",
                                 "ADD_SERVICE_USAGE", "ADD_SERVICE_USAGE", "CANCEL_SERVICE_USAGE", *ALWAYS),
    "NOT_EFFECTIVE":            ("ACTIVATE_SUBSCRIPTION", "SHORT_TERM_ACTIVATION", "START_SERVICE", *ALWAYS),
    "IN_RESTING":               ("END_SUBSCRIPTION_RESTING", "TERMINATE_SUBSCRIPTION", *ALWAYS),
    "SHORT_TERM_EFFECTIVE":     ("END_SHORT_TERM_ACTIVATION", *ALWAYS),
    "SHORT_TERM_NOT_EFFECTIVE": ("END_SHORT_TERM_DEACTIVATION", *ALWAYS),
}
# fmt: on


class Act(NamedTuple):
    """An action on a subscription; the numbers choose what it is about."""

    number: str
    action: str
    one: int = 0
    other: int = 0


class ActSomehow(NamedTuple):
    """One of the actions that the subscription's state allows."""

    number: str
    which: int
    one: int
    other: int

    def on(self, shown):
        if shown is None:
            return Act(self.number, "BECOME_SUBSCRIBER", self.one, self.other)
        allowed = POSSIBLE.get(shown.state, ("RESET",))
        possible = [action for action in allowed if action not in FITS or fitting(shown, action)]
        return Act(self.number, pick(possible, self.which), self.one, self.other)


class Break(NamedTuple):
    """A fault before one of the platforms, for so many requests (0: until it is over)."""

    kind: str
    times: int = 0
    details: tuple = ()
    where: int = 0


class Kill(NamedTuple):
    """The engine dies at a request, after so many others."""

    when: str
    after: int = 0


class Simply(NamedTuple):
    """What takes no more than its name: the faults are over, time passes, the engine is started again."""

    what: str


class Run(NamedTuple):
    """A run that sends files, or reads the answers."""

    definition: str


class Dying:
    """A transport at which the engine dies."""

    def __init__(self, inner, kill):
        self._inner, self._kill, self._left = inner, kill, kill.after

    def send(self, message, timeouts):
        self._left -= 1
        if self._left >= 0:
            return self._inner.send(message, timeouts)
        if self._kill.when == "before_the_answer":
            self._inner.send(message, timeouts)
        raise EngineKilledError

    def close(self):
        self._inner.close()


FITS = {
    "REMOVE_SERVICE": lambda one: one.bundle is None,
    "START_SERVICE": lambda one: one.state in {"DRAFT", "NOT_EFFECTIVE"},
    "STOP_SERVICE": lambda one: one.state == "EFFECTIVE",
    "SWAP_SERVICE": lambda one: one.state == "EFFECTIVE" and one.bundle is None,
    "REGRET_SWAP": lambda one: one.state == "EFFECTIVE" and one.replaces,
    "AMEND_BUNDLE_SERVICES": lambda one: one.product.startswith("FLEXIBLE"),
    "CANCEL_SERVICE_USAGE": lambda one: one.window,
}


def order(step, shown, world):
    """What is said with the action, chosen among what the subscription has."""
    first, second, at = step.one, step.other, places(world)
    if step.action == "BECOME_SUBSCRIBER":
        services = [{**pick(PRODUCTS, first), "distributors": pick(at, second)}]
        where = {"distributors": pick(at, second if "conax" in world else first)}  # there a card wants its services
        items = [{"product": "STB", **device(f"{step.number}-0"), **where}]
        items += [{"product": "SMARTCARD", **device(f"{step.number}-M0"), **where}] if "conax" in world else []
        person = {"first_name": "Ada", "last_name": "Lovelace"}
        state = "DRAFT" if second % 3 == 2 else "EFFECTIVE"
        return {"subscriber": person, "number": step.number, "services": services, "items": items, "state": state}
    found = fitting(shown, step.action)
    service = str(pick(found, first).number) if found else "none"
    item = pick(shown.installed_items, first).serial_number if shown.installed_items else "none"
    components = [one.product for one in fitting(shown, "") if str(one.bundle) == service]
    choice = pick(("GEOLOGICAL", "SPORT", "ENTERTAIN", "CINEMA", "RELIGION"), second)
    place, good = pick(at, second), "SMARTCARD" if {"irdeto", "conax"} & {*world} and first % 8 > 3 else "STB"
    serial = f"{step.number}-{good[1]}{first % 4}" if good == "SMARTCARD" else f"{step.number}-{first % 4}"
    moved = {"services": [service]} if first % 2 else {"items": [item]}
    change = pick(({"put_on": place}, {"take_off": place}, {"put_on": place, "take_off": at[0]}), first // 2)
    return {
        "TERMINATE_SUBSCRIPTION": {"mode": pick(("cancel", "regret"), first)},
        "REST_SUBSCRIPTION": {"until": LATER},
        "SHORT_TERM_ACTIVATION": {"until": LATER},
        "SHORT_TERM_DEACTIVATION": {"days": 3},
        "ADD_SERVICE": {**pick(PRODUCTS, first), "distributors": place},
        "REMOVE_SERVICE": {"service": service, "mode": pick(("cancel", "regret"), second)},
        "START_SERVICE": {"service": service},
        "STOP_SERVICE": {"service": service},
        "SWAP_SERVICE": {"service": service, **pick(PRODUCTS, second)},
        "REGRET_SWAP": {"service": service},
        "AMEND_BUNDLE_SERVICES": {
            "service": service,
            "add": [] if choice in components else [choice],
            "remove": [choice] if choice in components else components[: second % 2],
        },
        "ADD_SERVICE_USAGE": {"product": pick(("PREMIERE", "BOXING_NIGHT"), first), **pick(WINDOWS, second)}
        | {"distributors": at[0]},
        "CANCEL_SERVICE_USAGE": {"service": service},
        "ADD_INSTALLED_ITEM": {"product": good, **device(serial), "distributors": place},
        "REMOVE_INSTALLED_ITEM": {"item": item},
        "SWAP_INSTALLED_ITEM": {"item": item, **device(f"{step.number}-{second % 4}")},
        "CHANGE_DISTRIBUTION": {**moved, **change},
    }.get(step.action, {})


def device(serial):
    """A device's serial number; and what is printed on it, for Conax: of A-M3, a card, 011000000031."""
    number, _, kind = serial.partition("-")
    return {
        "serial_number": serial,
        "ca_ids": {"conax": f"0{1 + NUMBERS.index(number)}{int('M' in kind)}{int(kind[-1]):08d}1"},
    }


def fitting(shown, action):
    """The live services with which the action can be carried out."""
    fits = FITS.get(action, bool)
    return [one for one in shown.services if one.state not in FINAL and fits(one)]


def pick(choice, number):
    return choice[number % len(choice)]


class Play:
    """One history on a lab, watched from the platforms' side."""

    def __init__(self, bench, world):
        self.lab = Lab(bench)
        self.world = world
        self.faults = 0
        self.since_quiet = {number: [set()] for number in NUMBERS}
        self.owners = {}
        self.shown = {}

    def step(self, step):
        self.lab.mark()
        try:
            self.do(step)
        except DomainError:
            pass
        except EngineKilledError:
            self.restart()
        self.look()

    def do(self, step):
        engine = self.lab.engine
        match step:
            case ActSomehow():
                self.do(step.on(self.shown.get(step.number)))
            case Act(action="RESET"):
                engine.reset(step.number)
            case Act(action="BECOME_SUBSCRIBER"):
                engine.act(step.action, **order(step, None, self.world))
            case Act():
                engine.act(step.action, step.number, **order(step, self.shown[step.number], self.world))
            case Break():
                self.break_(step, pick(self.world, step.where))
            case Kill():
                engine.context.transport = Dying(engine.context.transport, step)
                engine.context.folders = DyingTransport(engine.context.folders, pick(FOLDER_MOMENTS, step.after))
            case Run():
                engine.run(step.definition)
            case _:
                {"calm": self.calm, "wait": self.wait, "restart": self.restart}[step.what]()

    def break_(self, step, platform):
        self.faults += 1
        limit = {"times": step.times} if step.times and step.kind != "outage" else {}
        kind, details = pick(BREAKS_OF_FILES, step.where) if platform == "conax" else (step.kind, step.details)
        limit = limit if kind != "outage" else {}
        more = dict(details) if kind != "refuse" else {"code": pick(REFUSALS[platform], self.faults)}
        self.lab.platforms[platform].faults.put(Fault(f"fault-{self.faults}", kind, **limit, **more))

    def calm(self):
        for platform in self.world:
            self.lab.platforms[platform].faults.clear()

    def wait(self):
        self.lab.clock.sleep(3)

    def restart(self):
        self.lab.restart_engine()

    def look(self):
        """See what the engine shows now, and what has happened at the platforms meanwhile."""
        self.shown = {one.number: one for one in self.lab.engine.subscriptions()}
        for number, one in self.shown.items():
            self.since_quiet[number].append(self.should_hold(one))
        for platform in self.world:
            self.owners.update(((platform, subject), number) for subject, number in self.owned(platform))
        for entry in self.lab.exchanges():
            self.check_all_asked_for(entry)
        for number, one in self.shown.items():
            if not any(standing.pending for standing in one.providers.values()):
                del self.since_quiet[number][:-1]

    def owned(self, platform):
        """What there is at a platform, each with the number of its subscription: Conax knows cards only."""
        if platform == "conax":
            for number, one in self.shown.items():
                yield from ((item.ca_ids["conax"][:11], number) for item in one.installed_items)
        else:
            kept, owner = OWNERS[platform]
            memory = self.lab.platforms[platform].memory()[kept]
            yield from ((subject, found[owner]) for subject, found in memory.items())

    def should_hold(self, one):
        """What every platform should hold for a subscription: platform, device where it is on one, and line."""
        now, providers = self.lab.clock.now(), self.lab.engine.context.providers
        found = {
            (platform, subject, line)
            for platform in self.world
            for subject, lines in should_hold(one, providers[platform], now, self.held_by(platform, one.number)).items()
            for line in lines
        }
        return found if one.state in FINAL else {*found, *((platform, "", ACCOUNT) for platform in self.world)}

    def held_by(self, platform, number):
        """What the platform holds for a subscription, by account or device."""
        known = dict(self.owned(platform)) if platform != "conax" else {one: of for (_, one), of in self.owners.items()}
        holdings = self.lab.platforms[platform].holdings()
        return {subject: lines for subject, lines in holdings.items() if known[subject] == number}

    def check_all_asked_for(self, entry):
        for line in entry.difference:
            if entry.platform == "conax":
                self.check_product_asked_for(entry, line)
            elif not line.startswith("+account "):
                self.check_asked_for(self.owners[entry.platform, entry.subject], entry, line)

    def check_asked_for(self, number, entry, line):
        """Nothing happens at a platform that no action has asked for since all was quiet."""
        states, place = self.since_quiet[number], entry.subject if entry.platform == "irdeto" else ""
        thing = (entry.platform, place, ACCOUNT if line.startswith("-account ") else line[1:])
        asked = any((thing in state) == line.startswith("+") for state in states)
        assert asked, f"{line} at {number} on {entry.platform}, and nobody asked for it: {states}"

    def check_product_asked_for(self, entry, line):
        """The same of a product on a card; which pairs there are is said by the last that was made."""
        sign, (before, _, after) = line[0], line[1:].partition(": ")
        card, thing = (before, after) if after else (entry.subject, before)
        if not thing.startswith("product "):
            return
        product = (entry.platform, card, " ".join(thing.split()[:2]))
        states = self.since_quiet[self.owners["conax", card]]
        assert any((product in state) == (sign == "+") for state in states), (
            f"{line}, and nobody asked for it: {states}"
        )

    def end(self):
        """All trouble is over, time has passed, and each subscription is reset once."""
        self.calm()
        self.restart()
        self.lab.clock.sleep(60)
        engine = self.lab.engine
        for one in engine.subscriptions():
            engine.reset(one.number)
        if "conax" in self.world:
            self.lab.clock.sleep(LONGER_THAN_A_LEASE_S)
            for definition in (*RUNS, *RUNS):
                engine.run(definition)
        self.look()
        for one in engine.subscriptions():
            for platform in self.world:
                self.check_in_step(one, platform)
            assert engine.reset(one.number).requests == ()
        assert engine.requests(life_cycle_state="PENDING") == []

    def check_in_step(self, one, platform):
        """The platform holds for the subscription just what it should, and the engine believes so."""
        provider, holdings = self.lab.engine.context.provider(platform), self.held_by(platform, one.number)
        standing, found = one.providers[platform], held(holdings, provider)
        assert found == should_hold(one, provider, self.lab.clock.now(), holdings), f"{one.number} at {platform}"
        assert standing.in_sync, (platform, standing)
        if platform not in {"irdeto", "conax"}:
            account = next(iter(holdings), None)
            assert standing.account == account or not any(found.values()), f"the account at {platform} by another name"
        if platform == "icareus":
            assert one.state not in FINAL or not holdings, f"{one.number} has ended, and is registered"


@pytest.fixture(scope="module")
def bench(make_shared_database):
    made = Bench("in-process", make_shared_database())
    yield made
    made.close()


@pytest.fixture(scope="module")
def play(bench):
    """Play a history to its end; what comes of it is why it failed, or nothing."""

    def whole(steps, world=("tucano",)):
        playing = Play(bench, world)
        try:
            for step in steps:
                playing.step(step)
            playing.end()
        except AssertionError as failure:
            playing.lab.unmark()
            tables = (f"{name}:\n{exchange_table(playing.lab.exchanges(name))}" for name in world)
            return "\n".join([str(failure), *tables])
        finally:
            playing.lab.close()
        return ""

    return whole


# A platform that lies about an account or a device (UNKNOWN_ACCOUNT, though it has it) is believed, and can't be
# converged with.
REFUSALS = {
    "tucano": ("UNKNOWN_OPTION", "MATERIAL_IN_USE", "REFERENCE_REUSED", "MALFORMED"),
    "icareus": ("UNKNOWN_PRODUCT", "DEVICE_IN_USE", "INVALID_TOKEN", "EXPIRED_TOKEN", "MISSING_PARAMETER"),
    "irdeto": ("UNKNOWN_PRODUCT", "ALREADY_PAIRED", "SECURE_CLIENT_IN_USE", "TRANSACTION_REUSED", "MALFORMED"),
    "conax": ("ERR_NAME", "ERR_PRODUCT", "ERR_DATES", "ERR_CARDNUM", "ERR_ENDREQ"),
}
# fmt: off
BREAKS = (
    # kind          what more it says
    ("lost_request", ()),
    ("lost_reply",  ()),
    ("hang",        (("when", "before_effect"),)),
    ("hang",        (("when", "after_effect"),)),
    ("reset",       (("when", "before_effect"),)),
    ("reset",       (("when", "after_effect"),)),
    ("busy",        ()),
    ("truncated",   ()),
    ("garbled",     ()),
    ("latency",     (("delay_s", 0.1),)),
    ("latency",     (("delay_s", 9.0),)),
    ("slow_body",   (("delay_s", 9.0),)),
    ("http_status", (("status", 500), ("when", "before_effect"))),
    ("http_status", (("status", 500), ("when", "after_effect"))),
    ("http_status", (("status", 204), ("when", "after_effect"))),
    ("http_status", (("status", 404), ("when", "before_effect"))),
    ("refuse",      ()),
    ("refuse",      ()),
    ("refuse",      ()),
    ("refuse",      ()),
)
# An answer that never comes, or can never be read, keeps what was asked for PENDING: somebody has to look after it.
BREAKS_OF_FILES = (
    ("outage",         ()),
    ("login_refused",  ()),
    ("upload_dropped", ()),
    ("disk_full",      ()),
    ("half_a_file",    ()),
    ("rename_refused", ()),
    ("rename_lost",    ()),
    ("late_answer",    (("delay_s", 30.0),)),
    ("answer_twice",   ()),
    ("foreign_entry",  ()),
    ("half_entry",     (("delay_s", 30.0),)),
    ("refuse",         ()),
    ("refuse",         ()),
    ("hang",           (("when", "before_effect"), ("operation", "LOGIN"))),
    ("reset",          (("when", "after_effect"), ("operation", "RENAME"))),
    ("reset",          (("when", "before_effect"), ("operation", "DELETE"))),
)
# fmt: on
FOLDER_MOMENTS = tuple(MOMENTS.values())
RUNS = ("PROCESS_REQUESTS", "ERROR_HANDLING")
LONGER_THAN_A_LEASE_S = 600


INDEX = st.integers(0, 999)
ACTS = st.builds(ActSomehow, st.sampled_from(NUMBERS), INDEX, INDEX, INDEX)
TROUBLES = st.builds(
    lambda fault, times, where: Break(fault[0], times, fault[1], where),
    st.sampled_from(BREAKS),
    st.integers(0, 4),
    INDEX,
)
KILLS = st.builds(Kill, st.sampled_from(("before_sending", "before_the_answer")), st.integers(0, 3))
SIMPLE = st.sampled_from([Simply("calm"), Simply("wait"), Simply("restart")])
FILES = st.sampled_from([Run(definition) for definition in RUNS])


def steps_of(world):
    """Ten to thirty of them; where a platform takes files, a third are runs that send these or read the answers."""
    some = st.one_of(STEPS, STEPS, FILES) if "conax" in world else STEPS
    return st.tuples(st.just(world), st.lists(some, min_size=10, max_size=30))


STEPS = st.integers(0, 99).flatmap(
    lambda chance: ACTS if chance < 63 else TROUBLES if chance < 79 else KILLS if chance < 87 else SIMPLE
)


KEPT = {
    "a refusal of the second attempt, unread, says nothing of what came of the first": [
        Act("A", "BECOME_SUBSCRIBER"),
        Break("http_status", 0, (("status", 404),)),
        Break("lost_reply", 1),
        Act("A", "ADD_SERVICE", 2),
        Act("A", "TERMINATE_SUBSCRIPTION"),
    ],
}


@pytest.mark.parametrize("steps", KEPT.values(), ids=KEPT)
def test_what_once_went_wrong_goes_right(steps, play):
    assert play(steps) == ""


@settings(
    max_examples=HISTORIES,
    derandomize="HEADEND_HISTORIES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=[Phase.generate, Phase.shrink] if "HEADEND_HISTORIES" in os.environ else [Phase.generate],
)
@given(history=st.sampled_from(WORLDS).flatmap(steps_of))
def test_one_reset_makes_the_platforms_follow_whatever_has_happened(history, play):
    world, steps = history
    assert play(steps, world) == ""
