"""Histories drawn by a seed, and played; of one that goes wrong, the shortest that does."""

import traceback
from collections import Counter
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from harness.report import exchange_table
from tests.engine.convergence.play import Play
from tests.engine.convergence.steps import SIZES, step_of
from tests.engine.convergence.words import PLATFORMS

WORLDS = (PLATFORMS, PLATFORMS, PLATFORMS, PLATFORMS, *((platform,) for platform in PLATFORMS))
STEP = st.builds(step_of, *(st.integers(0, size - 1) for size in SIZES))
SHORT, LONG = st.lists(STEP, min_size=4, max_size=9), st.lists(STEP, min_size=10, max_size=30)
LENGTHS = (*[SHORT] * 19, LONG)
HISTORY = st.tuples(st.sampled_from(WORLDS), st.sampled_from(LENGTHS).flatmap(lambda steps: steps))
TOGETHER = 100
"""Histories of one seed: as many as the tests play in one go."""


class Found(NamedTuple):
    """What was played; and what went wrong, or nothing."""

    counts: Counter
    divergence: str


def search(bench, seed_of_these, histories=TOGETHER, *, shortest=False):
    """Play so many histories, the same ones each time for a seed, until one goes wrong."""
    counts, wrong = Counter(), []

    @seed(seed_of_these)
    @settings(
        max_examples=histories,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if shortest else [Phase.generate],
    )
    @given(history=HISTORY)
    def play(history):
        world, steps = history
        failure = played(bench, world, steps, counts)
        if failure:
            wrong[:] = [told(seed_of_these, world, steps, failure)]
            raise AssertionError

    try:
        play()
    except AssertionError:
        counts["divergences"] += 1
    return Found(counts, wrong[0] if wrong else "")


def played(bench, world, steps, counts=None):
    """Why a history goes wrong, with all that the platforms were asked; nothing, if it does not."""
    playing = Play(bench, world)
    try:
        playing.whole(steps)
    except Exception as surprise:  # noqa: BLE001 (whatever an engine must not do is a divergence)
        playing.lab.unmark()
        tables = (f"{name}:\n{exchange_table(playing.lab.exchanges(name))}" for name in world)
        why = str(surprise) if isinstance(surprise, AssertionError) else traceback.format_exc()
        return "\n".join([why, *tables])
    finally:
        if counts is not None:
            counts.update(playing.counts)
    return ""


def told(seed_of_these, world, steps, failure):
    """A history as it can be kept, and why."""
    lines = "".join(f"        {step!r},\n" for step in steps)
    return f"Of seed {seed_of_these}:\n    (\n        {world!r},\n{lines}    ),\n{failure}"
