"""A process that has imported everything, and lets engines be born: each is a fork of it, and may be killed.

It is told what to do line by line, in JSON: `database`; `ahead_s` of real time; `deeds`, which are calls of the engine,
or `join`; `sizes`, of what runs take in hand; and `kill_at`, the number of the point at which the engine is killed.
Without that one it does the deeds itself, undisturbed, so that those which are born later find everything warm; and
says which points it has come by. Else it says how the one that was born has ended.
"""

import gc
import json
import os
import sys
import traceback
from functools import cache, partial

from engine.bootstrap import Engine
from engine.clock import MovableClock
from engine.service import joining
from engine.store.database import Database
from tests.engine.kills.points import Points
from tests.engine.kills.sizes import sized

database = cache(Database)


def play(told):
    """Do the deeds. Gives the names of the points that were come by."""
    clock = MovableClock()
    if told["ahead_s"]:
        clock.advance(told["ahead_s"])
    engine = Engine(database(told["database"]), clock=clock)
    try:
        with sized(*told["sizes"]), Points(told["kill_at"]).watched() as points:
            for name, arguments, details in told["deeds"]:
                deed = partial(join, engine) if name == "join" else getattr(engine, name)
                deed(*arguments, **(details or {}))
    finally:
        engine.close()  # no connection may be inherited
    return points.names


def join(engine):
    """Join in the run that another engine carries out, until there is nothing for this one in it."""
    joining.join_in(engine.context)
    for thread in list(engine.context.running.helpers.values()):
        thread.join()


def bear(told):
    """Fork an engine that does it, and wait for its end. Gives its exit code; negative is the signal's number."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        play(told)
    except BaseException:  # noqa: BLE001 - it must not go on as its parent
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main():
    for line in sys.stdin:
        told = json.loads(line)
        if told["kill_at"] is None:
            said = play(told)
            gc.collect()
            gc.freeze()
        else:
            said = bear(told)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
