"""An engine as a process of its own, which acts in several threads beside others on the same database.

It is told everything in one JSON argument: `database`, `end_point`; `threads`, for each the actions that it carries out
in turn, or resets. It says that it is ready, begins when a line comes, and says what became of each action.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from engine.bootstrap import Engine
from engine.domain.errors import DomainError


def act(engine, code, number, details):
    try:
        executed = engine.reset(number) if code == "RESET" else engine.act(code, number, **details)
    except DomainError as refusal:
        return [type(refusal).__name__, refusal.message]
    return ["executed", executed.subscription]


def main():
    told = json.loads(sys.argv[1])
    engine = Engine(told["database"])
    engine.point("tucano", end_point=told["end_point"])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with ThreadPoolExecutor(len(told["threads"])) as pool:
        ends = [pool.submit(lambda actions: [act(engine, *one) for one in actions], each) for each in told["threads"]]
    sys.stdout.write(json.dumps([end.result() for end in ends]))
    engine.close()


if __name__ == "__main__":
    main()
