"""What happens in a history, step by step."""

from typing import NamedTuple

from tests.engine.convergence.words import BREAKS, FITS, KILLS, NUMBERS, POSSIBLE, RUNS, fitting, pick


class Act(NamedTuple):
    """An action on a subscription; the numbers choose what it is about. It may be for later."""

    number: str
    action: str
    one: int = 0
    other: int = 0
    in_hours: int = 0


class Somehow(NamedTuple):
    """One of the actions that the subscription's state allows."""

    number: str
    which: int
    one: int = 0
    other: int = 0
    in_hours: int = 0

    def on(self, shown):
        if shown is None:
            return Act(self.number, "BECOME_SUBSCRIBER", self.one, self.other)
        allowed = POSSIBLE.get(shown.state, ("RESET",))
        possible = [action for action in allowed if action not in FITS or fitting(shown, action)]
        return Act(self.number, pick(possible, self.which), self.one, self.other, self.in_hours)


class Break(NamedTuple):
    """A fault before one of the platforms, for so many requests (0: until it is over)."""

    kind: str
    times: int = 0
    details: tuple = ()
    where: int = 0


class Kill(NamedTuple):
    """The engine dies at a request, a file or a transaction, after so many others."""

    when: str
    after: int = 0


class Run(NamedTuple):
    """A run of a definition."""

    definition: str


class Forget(NamedTuple):
    """A platform loses something, or all, of what it holds for somebody."""

    where: int
    which: int = 0


class Keep(NamedTuple):
    """A platform's memory is put by."""

    where: int


class Restore(NamedTuple):
    """A platform goes back to the memory that was put by."""

    where: int


class Switch(NamedTuple):
    """A provider is set as not effective; or as effective again."""

    where: int


class Simply(NamedTuple):
    """What takes no more than its name: the faults are over, time passes, the engine is started again, …"""

    what: str


SIMPLE = ("calm", "wait", "restart", "night", "resume")


def act(number, which, one, other):
    return Somehow(NUMBERS[number], which, one, other)


def later(number, which, one, other):
    return Somehow(NUMBERS[number], which, one, other, in_hours=1 + other)


def trouble(_number, which, one, other):
    kind, details = pick(BREAKS, one)
    return Break(kind, which % 5, details, other)


# fmt: off
KINDS = (
    # up to    what it is
    ( 58,      act),
    ( 60,      later),
    ( 73,      trouble),
    ( 82,      lambda _number, which, one, _other: Kill(pick(KILLS, which), one % 5)),
    ( 91,      lambda _number, which, _one, _other: Run(pick(RUNS, which))),
    ( 93,      lambda _number, which, one, _other: Forget(which, one)),
    ( 94,      lambda _number, which, _one, _other: Keep(which)),
    ( 95,      lambda _number, which, _one, _other: Restore(which)),
    ( 96,      lambda _number, which, _one, _other: Switch(which)),
    (100,      lambda _number, which, _one, _other: Simply(pick(SIMPLE, which))),
)
# fmt: on


SIZES = (100, len(NUMBERS), 24, 30, 30)
"""How many there are of each number that makes a step."""


def step_of(kind, number, which, one, other):
    """The step that five numbers stand for: smaller ones, a plainer step."""
    return next(make for limit, make in KINDS if kind < limit)(number, which, one, other)
