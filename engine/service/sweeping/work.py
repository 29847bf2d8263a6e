"""Working on a run in one engine: chunks are taken and given to threads, until there is none for this engine."""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from engine.service.lease import renewed
from engine.service.sweeping.crew import RENEW_EVERY_S, Crew
from engine.service.sweeping.divide import FEW, keys_left
from engine.service.sweeping.hand import go_through

LOOK_EVERY_S = 0.5  # whether others have left something


def work(crew: Crew) -> None:
    """Go through chunks until there is none for this engine. What one raises is raised when all have ended."""
    threads = min(crew.at_once, -(-keys_left(crew.context, crew.task) // FEW))
    with renewed(crew.renew, RENEW_EVERY_S, f"chunks-{crew.task.run}"):
        if threads > 1:
            in_threads(crew, threads)
        else:
            while chunk := crew.take():
                go_through(crew, chunk)


def in_threads(crew: Crew, threads: int) -> None:
    """Likewise, several at once."""
    with ThreadPoolExecutor(threads, thread_name_prefix=f"run-{crew.task.run}") as pool:
        try:
            hand_out(crew, pool, threads)
        except BaseException:
            crew.over.set()
            raise


def hand_out(crew: Crew, pool: ThreadPoolExecutor, threads: int) -> None:
    """Take chunks and give each to a thread, as long as there is one for this engine."""
    under_way: set[Future[None]] = set()
    while True:
        chunk = crew.take() if len(under_way) < threads else None
        if chunk is not None:
            under_way.add(pool.submit(go_through, crew, chunk))
            continue
        if not under_way:
            return
        ended, under_way = wait(under_way, LOOK_EVERY_S, FIRST_COMPLETED)
        for one in ended:
            one.result()
