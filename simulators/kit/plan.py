"""The faults in force in one workspace: which one hits a call, and when the next outage begins or ends."""

import math
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from simulators.kit.clock import Clock
from simulators.kit.faults import KINDS, Fault, FaultError
from simulators.kit.platform import Platform

MOST_FAULTS = 1_000


class Armed:
    """A fault in place since a moment, with its counters and a generator of its own, so that a mix can be run again."""

    def __init__(self, fault: Fault, since: float, seed: int) -> None:
        self.fault = fault
        self.seen = 0
        self.fired = 0
        self._since = since
        self._begin = since if fault.start is None else fault.start.timestamp()
        self.dies = since + fault.ttl_s if fault.ttl_s else math.inf
        self._random = random.Random(f"{seed if fault.seed is None else fault.seed} {fault.name}")  # noqa: S311 - repeatable, not secret

    def state(self, at: float) -> str:
        """What became of it: in force, waiting (outside its window), spent, healed."""
        if self.spent:
            return "spent"
        if at >= self.dies:
            return "healed"
        return "in force" if self.in_force(at) else "waiting"

    @property
    def spent(self) -> bool:
        """Whether it has fired as often as it may."""
        return self.fault.times is not None and self.fired >= self.fault.times

    def in_force(self, at: float) -> bool:
        """Whether `at` (UNIX seconds) lies in the fault's window and lifetime."""
        elapsed = at - self._begin
        if elapsed < 0 or at >= self.dies:
            return False
        if self.fault.repeat_s:
            elapsed %= self.fault.repeat_s
        return self.fault.duration_s is None or elapsed < self.fault.duration_s

    def next_edge(self, at: float) -> float:
        """When, after `at`, the answer of `in_force` may change; infinity for never."""
        repeat_s, edges = self.fault.repeat_s, [self._begin, self.dies]
        round_ = max(0, math.floor((at - self._begin) / repeat_s)) if repeat_s else 0
        for turn in (round_, round_ + 1) if repeat_s else (0,):
            opens = self._begin + turn * (repeat_s or 0)
            edges += [opens, opens + (self.fault.duration_s or math.inf)]
        return min((edge for edge in edges if edge > at), default=math.inf)

    def fires(self) -> bool:
        """Count one matching call, and say whether this one is hit."""
        if self.spent:
            return False
        self.seen += 1
        chance = self.fault.probability
        hit = self.seen > self.fault.succeed_first and (chance is None or self._random.random() < chance)
        self.fired += hit
        return hit

    def delay_s(self) -> float:
        """The delay of this firing, jitter drawn."""
        jitter_s = self.fault.jitter_s or 0.0
        return (self.fault.delay_s or 0.0) + (self._random.uniform(-jitter_s, jitter_s) if jitter_s else 0.0)

    def garble(self, body: bytes) -> bytes:
        """The body with its first byte, and some drawn ones, turned over: no longer text of any kind it was."""
        garbled = bytearray(body)
        drawn = [self._random.randrange(len(body)) for _ in range((self.fault.size_bytes or 8) - 1)] if body else []
        for index in {0, *drawn} if body else ():
            garbled[index] ^= 0xFF
        return bytes(garbled)


class ListedFault(msgspec.Struct, frozen=True):
    """A fault as it is listed: with what became of it."""

    fault: Fault
    state: str
    seen: int
    fired: int


class FaultPlan:
    """The faults of a workspace, by name. The youngest fault that matches a call is the one that hits it."""

    def __init__(
        self, platform: Platform[Any], clock: Clock, lock: threading.Condition, changed: Callable[[], None]
    ) -> None:
        self._platform = platform
        self._clock = clock
        self._lock = lock
        self._changed = changed
        self._armed: dict[str, Armed] = {}

    def put(self, fault: Fault) -> None:
        """Put a fault in place, or again with fresh counters. An outage has begun when this returns."""
        self._check(fault)
        with self._lock:
            if len(self._armed) >= MOST_FAULTS and fault.name not in self._armed:
                raise FaultError(f"there are {MOST_FAULTS} faults already, which is the most there may be")
            self._armed.pop(fault.name, None)
            self._armed[fault.name] = Armed(fault, self._clock.now().timestamp(), self._platform.seed)
        self._changed()

    def remove(self, name: str) -> None:
        """Take a fault away; KeyError when there is none of this name. An outage is over when this returns."""
        with self._lock:
            del self._armed[name]
        self._changed()

    def clear(self) -> None:
        """Take all faults away."""
        with self._lock:
            self._armed.clear()
        self._changed()

    def names(self) -> list[str]:
        """The names of all faults, spent ones too, oldest first."""
        with self._lock:
            return list(self._armed)

    def listed(self) -> list[ListedFault]:
        """All faults and what became of them, oldest first."""
        with self._lock:
            at = self._clock.now().timestamp()
            return [ListedFault(each.fault, each.state(at), each.seen, each.fired) for each in self._armed.values()]

    def holds(self, armed: Armed) -> bool:
        """Whether this very fault is still in place, spent or not."""
        return self._armed.get(armed.fault.name) is armed

    def draw(self, operation: str, subject: str, at: float, hits: Callable[[Fault], bool]) -> Armed | None:
        """The fault that hits this call, counted as fired, of those that can; called under the workspace's lock."""
        for armed in reversed(self._armed.values()) if self._armed else ():
            fault = armed.fault
            fits = (fault.operation or operation, fault.subject or subject) == (operation, subject)
            if fits and hits(fault) and armed.in_force(at) and armed.fires():
                return armed
        return None

    def down(self) -> bool:
        """Whether an outage is in force now."""
        outages = self._outages()
        return bool(outages) and any(armed.in_force(self._clock.now().timestamp()) for armed in outages)

    def next_edge(self) -> float:
        """When, in virtual UNIX seconds, an outage next may begin or end; infinity for never."""
        outages = self._outages()
        at = self._clock.now().timestamp()
        return min((armed.next_edge(at) for armed in outages), default=math.inf)

    def _outages(self) -> Sequence[Armed]:
        if not self._armed:  # every call asks, and mostly there is none: no reason to queue for the lock
            return ()
        with self._lock:
            return [armed for armed in self._armed.values() if armed.fault.kind == "outage"]

    def _check(self, fault: Fault) -> None:
        """What a Python caller wrote is held to the same bounds as what comes as JSON."""
        try:
            msgspec.convert(msgspec.to_builtins(fault), Fault)
        except msgspec.ValidationError as error:
            raise FaultError(str(error)) from error
        platform = self._platform
        channel = platform.channel
        if channel not in fault.row.channels:
            kinds = ", ".join(kind for kind, row in KINDS.items() if channel in row.channels)
            raise FaultError(f"{platform.name} speaks {channel}, where there is no {fault.kind}; there are {kinds}")
        operations = fault.row.steps if platform.drop and fault.row.steps else platform.operations
        for what, found, allowed in (
            ("platform", fault.platform, (platform.name,)),
            ("operation", fault.operation, operations),
            ("code", fault.code, platform.codes),
        ):
            if found is not None and found not in allowed:
                raise FaultError(f"{platform.name} has no {what} {found!r}; there are {', '.join(allowed)}")
