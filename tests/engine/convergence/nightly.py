"""Many histories, on all processors: `make nightly HISTORIES=100000 SEED=7`. The same seed, the same histories."""

import multiprocessing
import sys
import time
from collections import Counter

import click

from harness.lab.bench import Bench
from tests.engine.convergence.search import TOGETHER, search
from tests.engine.convergence.tally import summary

BENCHES = []


def begin():
    """Each process has a bench of its own."""
    BENCHES.append(Bench("in-process"))


def play(shard):
    """The histories of one seed."""
    return search(BENCHES[0], *shard, shortest=True)


def shards(histories, seed):
    """Seeds, each with how many of its histories are played."""
    whole, rest = divmod(histories, TOGETHER)
    return [(seed + number, TOGETHER) for number in range(whole)] + [(seed + whole, rest)] * bool(rest)


@click.command()
@click.option("--histories", default=100_000, show_default=True, help="How many are played.")
@click.option(
    "--seed", type=int, default=lambda: time.time_ns() // 10**9, help="The first seed; without it, others each time."
)
@click.option(
    "--processes", type=int, default=multiprocessing.cpu_count, help="How many at once; one for each processor."
)
def nightly(histories, seed, processes):
    """Play histories of random actions, faults, kills, restarts, runs and losses; print each that goes wrong.

    What is printed of one can be put into tests/engine/convergence/kept.py as it is.
    """
    counts, todo, began = Counter(), shards(histories, seed), time.monotonic()
    click.echo(f"{histories:,} histories from seed {seed} on, {processes} at once")
    with (
        multiprocessing.get_context("spawn").Pool(processes, begin) as pool,
        click.progressbar(length=histories, file=sys.stderr, show_pos=True, item_show_func=lambda rate: rate) as bar,
    ):
        for (_seed, together), found in zip(todo, pool.imap(play, todo), strict=True):
            counts.update(found.counts)
            bar.update(together, f"{counts['histories'] / (time.monotonic() - began):.0f}/s")
            tell(found)
    click.echo(summary(counts))
    sys.exit(bool(counts["divergences"]))


def tell(found):
    """Say what went wrong."""
    if found.divergence:
        click.echo(f"\n{found.divergence}")


if __name__ == "__main__":
    nightly()
