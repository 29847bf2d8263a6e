"""Going through a chunk: found, done and written down batch by batch."""

import math
from functools import partial

from engine.domain.provider import Provider
from engine.domain.run import Counts
from engine.service.jobs import Ended, Why, persistently
from engine.service.sweeping.crew import LEASE, Crew
from engine.store import chunks
from engine.store import runs as store
from engine.store.chunks import Chunk


def go_through(crew: Crew, chunk: Chunk) -> None:
    """Do what is left of a chunk, unless the run is to end, or the platform is left out; then it is given up.

    Raises DomainError where the run is to end.
    """
    left: Chunk | None = chunk
    try:
        while left and not crew.halts():
            provider = crew.provider(chunk.provider)
            if provider is None or chunk.provider in crew.left_out:
                return
            left = step(crew, left, provider)
    except BaseException:
        crew.over.set()
        raise
    finally:
        if left:
            crew.give_up(chunk)


def step(crew: Crew, chunk: Chunk, provider: Provider) -> Chunk | None:
    """Find what there is to do in a chunk, and do it unless something comes in between. None, where nothing is left."""
    keys, again = found(crew, chunk, provider)
    while keys and not crew.halts():
        size = together(crew, provider)
        batch, keys = keys[:size], keys[size:]
        ended, mine = do(crew, chunk, provider, batch, again=again)
        if not mine:
            return None
        chunk = come(chunk, batch, ended)
        learn(crew, provider, batch, ended)
        if ended.why is Why.LEFT_ALONE:
            crew.wait_for(provider.code)
        if ended.why or again or crew.provider(provider.code) is not provider:
            return chunk
    if crew.halts():
        return chunk
    close(crew, chunk)
    return None


def together(crew: Crew, provider: Provider) -> int:
    """How many are done at once: so many that nobody waits for long, where the platform is slow, or is to be spared."""
    rate = provider.rate.requests_per_s
    quick = crew.sizes.get(provider.code, crew.sweep.together)
    return max(1, min(quick, math.ceil(rate))) if rate else quick


def learn(crew: Crew, provider: Provider, batch: list[int], ended: Ended) -> None:
    """Do fewer at once where a batch took too long, and more again where it did not."""
    size = len(ended.done) if ended.why is Why.LONG_ENOUGH else 2 * len(batch)
    crew.sizes[provider.code] = max(1, min(size, crew.sweep.together))


def found(crew: Crew, chunk: Chunk, provider: Provider) -> tuple[list[int], bool]:
    """What there is to do in a chunk; first what was in hand when it was left, again."""
    asked, find = (crew.task, provider), (chunk.ahead and crew.sweep.ahead) or crew.sweep.find
    with crew.context.database.reading() as connection:
        if chunk.begun > chunk.position:
            begun = range(chunk.position + 1, chunk.begun + 1)
            there = crew.sweep.touched(crew.context, connection, *asked, begun)
            keys = sorted({*there, *find(crew.context, connection, *asked, begun)})
            if keys:
                return keys, True
        return find(crew.context, connection, *asked, chunk.rest), False


def do(crew: Crew, chunk: Chunk, provider: Provider, batch: list[int], *, again: bool) -> tuple[Ended, bool]:
    """Do a batch, and write down what came of it. Gives whether the chunk is still this engine's."""
    in_hand = chunk._replace(begun=max(chunk.begun, batch[-1]))
    task = crew.task.doing(partial(chunks.begin, chunk=in_hand), again=again)
    with crew.sweep.do(crew.context, task, provider, batch) as ended:
        return ended, persistently(partial(write, crew, come(chunk, batch, ended), ended))


def come(chunk: Chunk, batch: list[int], ended: Ended) -> Chunk:
    """How far a chunk has come with a batch."""
    position = ended.done[-1] if ended.done else chunk.position
    return chunk._replace(position=position, begun=max(chunk.begun, batch[-1]))


def write(crew: Crew, chunk: Chunk, ended: Ended) -> bool:
    """Write what came of a batch, and how far the chunk has come: both or neither.

    What came of it is so even where somebody else has taken the chunk: then only that is written. Gives whether it is
    still this engine's. Where the run has ended in the engine that carries it out, it is over here, too.
    """
    context = crew.context
    with context.database.transaction(durable=False) as connection:
        done = ended.write(connection)
        counts = sum((deed for deed, _line in done), Counts(examined=len(ended.done)))
        mine = chunks.advance(connection, chunk, counts, context.clock.now() + LEASE)
        if mine:
            store.write_log(connection, crew.task.run, [line for _deed, line in done if line])
        if context.database.shared and not chunks.goes_on(connection, chunk.run):
            crew.over.set()  # the engine that has begun the run has ended it
    return mine


def close(crew: Crew, chunk: Chunk) -> None:
    """Write that nothing is left of a chunk."""
    done = chunk._replace(position=chunk.last_key, begun=chunk.last_key)
    with crew.context.database.transaction(durable=False) as connection:
        chunks.advance(connection, done, Counts(), crew.context.clock.now())
