"""The life cycles of actions and runs, found by playing them: an engine that sends nothing, in a time of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from engine.bootstrap import Engine
from engine.domain.run import RunState
from engine.service import carry, runs
from harness import operator_files

BEGINS = datetime(2030, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
MAIN = ["TUCANO_MAIN"]
DEFINITION = "MAINTENANCE"
NEW = {"EXECUTED": "carried out at once", "SCHEDULED": "scheduled"}
SPORT, CINEMA = ({"product": product, "distributors": MAIN} for product in ("SPORT", "CINEMA"))


class Arrow(NamedTuple):
    """From a state (none: it is new) to a state (none: it is gone), and by what."""

    before: str | None
    after: str | None
    by: str


class Stage:
    """An engine whose time stands still until it is moved, and whose platforms are told nothing."""

    def __init__(self) -> None:
        self.at = BEGINS
        self.engine = Engine(clock=self)
        self.engine.configure(operator_files.FOLDER)
        known = self.engine.context.configuration
        silent = {code: replace(provider, effective=False) for code, provider in known.providers.items()}
        self.engine.context.configuration = replace(known, providers=silent)

    def now(self) -> datetime:
        """The present moment of the play."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Nothing waits in the play."""

    def subscribe(self) -> str:
        """Somebody who watches Sport and Cinema."""
        person = {"first_name": "Ada", "last_name": "Lovelace"}
        return self.engine.act("BECOME_SUBSCRIBER", subscriber=person, services=[SPORT, CINEMA]).subscription

    def stop_later(self, number: str) -> int:
        """Schedule that Sport is stopped tomorrow. Gives the key of the action."""
        return self.engine.schedule("STOP_SERVICE", number, self.at + A_DAY, service="SPORT").id

    def next_day(self) -> None:
        """A day passes, and the maintenance runs."""
        self.at += A_DAY
        self.engine.run(DEFINITION)

    def states(self) -> Mapping[int, str]:
        """The state of every action."""
        return {one.id: one.state.value for one in self.engine.actions(1000).results}


def of_actions() -> list[Arrow]:
    """Every way that an action can go."""
    stage, found = Stage(), dict[Arrow, None]()
    engine = stage.engine

    def seen(by: str, call: Callable[[], Any]) -> None:
        before = stage.states()
        call()
        for key, state in stage.states().items():
            if before.get(key) != state:
                found[Arrow(before.get(key), state, by if key in before else NEW[state])] = None

    first, second, third, fourth, fifth = (stage.subscribe() for _ in range(5))
    seen("", lambda: stage.stop_later(first))
    seen("executed when it is due", stage.next_day)
    stage.stop_later(second)
    engine.act("STOP_SERVICE", second, service="SPORT")
    seen("refused when it is due", stage.next_day)
    kept = stage.stop_later(third)
    seen("cancelled by the caller", lambda: engine.cancel_action(kept))
    stage.stop_later(fourth)
    seen("its service ends", lambda: engine.act("REMOVE_SERVICE", fourth, service="SPORT"))
    stage.stop_later(fifth)
    seen("its subscription ends", lambda: engine.act("TERMINATE_SUBSCRIPTION", fifth))
    engine.close()
    return list(found)


def of_runs() -> list[Arrow]:
    """Every way that a run can go."""
    stage = Stage()
    found = list(dict.fromkeys([*well(stage), *with_errors(stage), *interrupted(stage)]))
    stage.engine.close()
    return found


def well(stage: Stage) -> Iterator[Arrow]:
    """A run that is deleted before it began, and one that goes well."""
    context = stage.engine.context
    run = runs.create(context, DEFINITION)
    yield Arrow(None, run.state, "submitted")
    runs.remove(context, run.id)
    yield Arrow(run.state, None, "deleted")
    run = runs.create(context, DEFINITION)
    hold = carry.begin(context, run.id)
    begun = runs.show(context, run.id)
    yield Arrow(run.state, begun.state, "begun")
    carry.carry_out(context, hold)
    yield Arrow(begun.state, runs.show(context, run.id).state, "done")


def with_errors(stage: Stage) -> Iterator[Arrow]:
    """A run that meets a refusal."""
    number = stage.subscribe()
    stage.stop_later(number)
    stage.engine.act("STOP_SERVICE", number, service="SPORT")
    stage.at += A_DAY
    yield Arrow(RunState.IN_PROGRESS, stage.engine.run(DEFINITION).state, "done, and something was refused or rejected")


def interrupted(stage: Stage) -> Iterator[Arrow]:
    """A run that is interrupted, and resumed."""
    context = stage.engine.context
    number = stage.subscribe()
    stage.engine.act("REST_SUBSCRIPTION", number, until=date(2030, 3, 1).isoformat())
    stage.at = datetime(2030, 3, 1, tzinfo=UTC)
    run = runs.create(context, DEFINITION)
    hold = carry.begin(context, run.id)
    context.running.stopping.add(run.id)
    carry.carry_out(context, hold)
    failed = runs.show(context, run.id)
    yield Arrow(RunState.IN_PROGRESS, failed.state, "interrupted, or broken off")
    hold = carry.begin(context, run.id)
    yield Arrow(failed.state, runs.show(context, run.id).state, "resumed")
    carry.carry_out(context, hold)
