"""One history on a lab, to its end: what is done to the engine, to the line and to the platforms."""

from collections import Counter
from datetime import datetime, timedelta

from engine.domain.errors import DomainError
from engine.service import carry
from harness.lab.killing import EngineKilledError
from harness.lab.lab import Lab
from simulators.kit.faults import Fault
from tests.engine.convergence.kills import Death, survive
from tests.engine.convergence.model import Model
from tests.engine.convergence.orders import order
from tests.engine.convergence.steps import Act, Break, Forget, Keep, Kill, Restore, Run, Simply, Somehow, Switch
from tests.engine.convergence.words import (
    BREAKS_OF_FILES,
    FILES,
    LONGER_THAN_A_LEASE_S,
    REFUSALS,
    START,
    pick,
)

KEPT = "kept"
SHOWS_NOTHING = (Break, Kill, Keep)
A_NIGHT_S = 86_400.0


class Play:
    """One history, and what it was made of."""

    def __init__(self, bench, world):
        self.bench = bench
        self.lab = Lab(bench)
        self.world = world
        self.lab.platforms[world[0]].clock.freeze(datetime.fromisoformat(START))
        self.model = Model(self.lab, world)
        self.counts = Counter(histories=1)
        self.tampered = False
        self.moved = False
        self.threatened = False

    def whole(self, steps):
        """Play these to their end. Raises AssertionError where something is not as it should be."""
        try:
            for step in steps:
                self.step(step)
            self.end()
        finally:
            self.revive()
            self.count_exchanges()
            self.lab.close()

    def step(self, step):
        self.lab.mark()
        shows = not isinstance(step, SHOWS_NOTHING)
        try:
            self.do(step)
        except DomainError:
            self.counts["refused"] += 1
            shows = isinstance(step, Run)
        except EngineKilledError:
            self.counts["kills"] += 1
            self.restart()
        if shows:
            self.model.look()
        else:
            self.model.check_nothing_happened()

    def do(self, step):
        DO[type(step)](self, step)

    def somehow(self, step):
        self.do(step.on(self.model.shown.get(step.number)))

    def act(self, step):
        engine = self.lab.engine
        self.counts["actions"] += 1
        self.moved |= step.action == "MOVE_INSTALLED_ITEM"
        if step.action == "RESET":
            engine.reset(step.number)
            return
        details = order(step, self.model.shown.get(step.number), self.world)
        if step.in_hours:
            self.later(step, details)
        elif step.action == "BECOME_SUBSCRIBER":
            engine.act(step.action, **details)
        else:
            engine.act(step.action, step.number, **details)

    def later(self, step, details):
        """One action at a time is for later: what two of one night would pass through is never seen."""
        if not self.lab.engine.actions(subscription=step.number, state="SCHEDULED").total:
            moment = self.lab.clock.now() + timedelta(hours=step.in_hours)
            self.lab.engine.schedule(step.action, step.number, moment, **details)

    def break_(self, step):
        self.counts["faults"] += 1
        platform = pick(self.world, step.where)
        kind, details = pick(BREAKS_OF_FILES, step.where) if platform == "conax" else (step.kind, step.details)
        limit = {"times": step.times} if step.times and kind != "outage" else {}
        more = dict(details) if kind != "refuse" else {"code": pick(REFUSALS[platform], self.counts["faults"])}
        fault = Fault(f"fault-{self.counts['faults']}", kind, **limit, **more)
        self.lab.platforms[platform].faults.put(fault)

    def kill(self, step):
        self.revive()
        self.threatened = True
        Death(step).threaten(self.lab.engine.context)

    def run(self, step):
        self.counts["audits" if step.definition == "AUDIT" else "runs"] += 1
        self.lab.engine.run(step.definition)

    def resume(self):
        """Go on with the newest run, if it can be."""
        for run in self.lab.engine.runs(limit=1).results:
            self.counts["runs"] += 1
            carry.finish(self.lab.engine.context, run.id)

    def forget(self, step):
        """A platform loses somebody, or one thing of somebody's, behind the engine's back."""
        platform = self.lab.platforms[pick(self.world, step.where)]
        held = platform.holdings()
        if held:
            subject = pick(sorted(held), step.which)
            thing = pick(["", *(line.split()[1] for line in held[subject])], step.which // 2)
            platform.forget(subject, *([thing] if thing else []))
            self.counts["things forgotten"] += 1
            self.tampered = True

    def keep(self, step):
        self.lab.platforms[pick(self.world, step.where)].snapshot(KEPT)

    def restore(self, step):
        platform = self.lab.platforms[pick(self.world, step.where)]
        if KEPT in platform.snapshots:
            platform.restore(KEPT)
            self.counts["memories restored"] += 1
            self.model.went_back.add(platform.platform.name)
            self.tampered = True

    def switch(self, step):
        code = pick(self.world, step.where)
        self.counts["switches"] += 1
        self.set_effective(code, effective=not self.lab.engine.context.provider(code).effective)

    def set_effective(self, code, *, effective):
        try:
            self.lab.engine.set_provider_effective(code, effective=effective)
        finally:
            self.bench.point(self.lab.engine)

    def simply(self, step):
        getattr(self, step.what)()

    def calm(self):
        for platform in self.world:
            self.lab.platforms[platform].faults.clear()

    def wait(self):
        self.lab.clock.sleep(3)

    def night(self):
        self.lab.clock.sleep(A_NIGHT_S)

    def restart(self):
        self.counts["restarts"] += 1
        self.revive()
        self.threatened = False
        self.lab.restart_engine()

    def revive(self):
        survive(self.lab.engine.context.database)

    def count_exchanges(self):
        self.lab.unmark()
        self.counts["requests"] += len(self.lab.exchanges())

    def end(self):
        """All trouble is over and time has passed: what was tampered with is audited, and all is reset once."""
        self.lab.mark()
        self.calm()
        if self.threatened:
            self.restart()
        self.lab.clock.sleep(LONGER_THAN_A_LEASE_S)
        for code in self.world:
            if not self.lab.engine.context.provider(code).effective:
                self.set_effective(code, effective=True)
        self.settle()
        if self.tampered:
            self.run(Run("AUDIT"))
            self.settle()
        self.reset()
        self.settle()
        self.model.look()
        for one in self.model.shown.values():
            for platform in self.world:
                self.model.check_in_step(one, platform)
        self.model.check_nobodys()
        assert self.lab.engine.requests(life_cycle_state="PENDING") == []

    def reset(self):
        """By a run where devices have moved, which sees to who had them first; else in one history of four.

        It takes as long as four resets of one.
        """
        if self.moved or self.counts["actions"] % 4 == 0:
            self.run(Run("RESET"))
            return
        for number in self.model.shown:
            self.lab.engine.reset(number)

    def settle(self):
        """Where a platform takes files, send what waits and read the answers; what it has lost is sent again."""
        if "conax" not in self.world or not self.lab.engine.requests(1, life_cycle_state="PENDING"):
            return
        for definition in FILES:
            self.run(Run(definition))
        if "conax" in self.model.went_back:
            for file in self.lab.engine.files(state="SENT").results:
                self.lab.engine.resend_file(file.id)
            for definition in FILES:
                self.run(Run(definition))


DO = {
    Somehow: Play.somehow,
    Act: Play.act,
    Break: Play.break_,
    Kill: Play.kill,
    Run: Play.run,
    Forget: Play.forget,
    Keep: Play.keep,
    Restore: Play.restore,
    Switch: Play.switch,
    Simply: Play.simply,
}
