"""Playing a scene: once undisturbed, and then once more for each of its points, at which the engine is killed."""

import re
from collections import Counter
from contextlib import suppress

from engine.domain.errors import DomainError
from engine.domain.run import RunState
from engine.service import carry
from engine.service.lease import LEASE
from tests.engine.kills.facts import facts, told
from tests.engine.kills.sizes import sized
from tests.engine.kills.stage import KILLED

OVER_S = LEASE.total_seconds() + 1
AGAIN = re.compile("at the platform already|before; its answer is removed|in hand already")
ENDED = {RunState.COMPLETED, RunState.COMPLETED_WITH_ERRORS}


def resumed(engine, deeds, _stage):
    """The run goes on; what it has left of an action is sent after it."""
    engine.free_runs()
    ((_run, (definition,), _details),) = deeds
    (run,) = engine.runs(definition).results or (None,)
    if run is None:
        again(engine, deeds)
    elif run.state not in ENDED:
        carry.finish(engine.context, run.id)
    engine.recover()


def anew(engine, deeds, _stage):
    """What was left is sent, and then comes another run."""
    engine.free_runs()
    engine.recover()
    again(engine, deeds)


def taken(engine, deeds, stage):
    """Likewise, when Conax has taken meanwhile what waited there."""
    stage.workspaces["conax"].process()
    anew(engine, deeds, stage)


def started(engine, deeds, _stage):
    """What was left is sent. Whoever has had no answer asks again, and may hear that it is done."""
    engine.recover()
    with suppress(DomainError):
        again(engine, deeds)


def undisturbed(_engine, _deeds, _stage):
    """There is nothing to go on with."""


def again(engine, deeds):
    for deed in deeds:
        deed.by(engine)


WAYS = {way.__name__: way for way in (resumed, anew, taken, started)}


class Play:
    """A scene on a stage; `points` are those at which an engine can be killed in it."""

    def __init__(self, scene, stage):
        self.scene, self.stage = scene, stage
        stage.configure(scene.definitions)
        with stage.engine() as engine:
            scene.before(engine, stage)
        stage.keep()
        self.points = self.played(None)
        self.wanted, self.counted, self.said = self.seen(undisturbed)
        assert not any(self.wanted[f"violations at {platform}"] for platform in scene.platforms)

    def played(self, kill_at):
        """Begin again, and have an engine do the deeds."""
        self.stage.again()
        if self.scene.ahead_s:
            self.stage.let_pass(self.scene.ahead_s)
        return self.stage.play(self.scene.deeds, kill_at, self.scene.sizes)

    def seen(self, way):
        """What is so when the next engine has gone on in a way; what the run has counted then, and told."""
        with sized(*self.scene.sizes), self.stage.engine() as engine:
            way(engine, self.scene.deeds, self.stage)
            counted, said = told(engine)
            again(engine, self.scene.then)
            if "conax" in self.stage.workspaces:
                self.stage.workspaces["conax"].process()
            return facts(engine, self.stage), counted, said

    def killed(self, number):
        """What differs in the end from what came of it undisturbed, when an engine was killed at a point."""
        way = self.scene.ways[number % len(self.scene.ways)]
        ended = self.played(number)
        if ended == 0 and self.scene.in_threads:
            return ""
        if ended != KILLED:
            return f"not killed: {ended}"
        self.stage.let_pass(OVER_S)
        found, counted, said = self.seen(WAYS[way])
        differing = [differ(name, what, found[name]) for name, what in self.wanted.items() if found[name] != what]
        if way == "resumed":
            differing.append(self.unsaid(counted, said))
        return "; ".join(filter(None, differing))

    def unsaid(self, counted, said):
        """What is wrong with a run that went on: counts that do not add up, a line too much, or too many missing.

        A line that says so may be there again.
        """
        lacking = self.said - said
        more = {line: number for line, number in (said - self.said).items() if not AGAIN.search(line[1])}
        if more or lacking.total() > self.scene.unsaid:
            return f"the log: {dict(lacking)} lacking, {more} too much"
        if counted != self.counted and (not self.scene.unsaid or counted["examined"] != counted["total"]):
            return differ("counts", self.counted, counted)
        return ""

    def failures(self, every=1):
        """The points after which anything differs, each with what does; of all points, or every so many of them."""
        tried = [(number, point) for number, point in enumerate(self.points) if number % every == 0]
        ends = ((f"{number} {point}", self.killed(number)) for number, point in tried)
        return {point: found for point, found in ends if found}


def differ(name, wanted, found):
    if isinstance(wanted, Counter):
        return f"{name}: {dict(wanted - found)} lacking, {dict(found - wanted)} too much"
    return f"{name}: {found}; wanted: {wanted}"
