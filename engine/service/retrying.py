"""Trying again: how often, how long apart, and for how long in all."""

from collections.abc import Iterator
from datetime import timedelta

from engine.domain.provider import Retry
from engine.ports import Clock


def attempts(clock: Clock, retry: Retry) -> Iterator[int]:
    """The numbers of attempts, from 1, each when its time has come: waits before all but the first.

    Whoever has succeeded asks for no more of them.
    """
    latest = clock.now() + timedelta(seconds=retry.total_s)
    yield 1
    for number, pause in enumerate(retry.pauses(), start=2):
        if clock.now() + timedelta(seconds=pause) > latest:
            return
        if pause:  # who sleeps for no time at all gives way to others
            clock.sleep(pause)
        yield number
