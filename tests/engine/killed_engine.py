"""An engine as a process of its own, which halts at one moment of its work, says so, and waits to be killed.

It is told everything in one JSON argument: `database`, `configuration`, `end_point`; `before`, actions that are carried
out undisturbed; `action`, the one in which it halts (none: it recovers); `moment` and `count`, where.
"""

import json
import signal
import sys
from itertools import count
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import event

from engine.bootstrap import Engine


class Moment:
    """Halts the process when it has come about so often."""

    def __init__(self, awaited, number):
        self._awaited = awaited
        self._number = number
        self._seen = {}

    def reached(self, moment):
        """Say so and wait to be killed, if this is the moment."""
        seen = next(self._seen.setdefault(moment, count()))
        if (moment, seen) == (self._awaited, self._number):
            sys.stdout.write("halted\n")
            sys.stdout.flush()
            while True:
                signal.pause()


class HaltingAdapter(HTTPAdapter):
    """Real HTTP, with a moment before each request and one after the platform has answered it."""

    def __init__(self, moment):
        super().__init__()
        self._moment = moment

    def send(self, *arguments, **options):
        self._moment.reached("before sending")
        response = super().send(*arguments, **options)
        self._moment.reached("before the answer")
        return response


def main():
    told = json.loads(sys.argv[1])
    engine = Engine(told["database"])
    engine.configure(Path(told["configuration"]))
    engine.point("tucano", end_point=told["end_point"])
    for action, number, details in told["before"]:
        engine.act(action, number, **details)
    moment = Moment(told["moment"], told["count"])
    session = requests.Session()
    session.mount("http://", HaltingAdapter(moment))
    second = Engine(engine.context.database, session)
    second.point("tucano", end_point=told["end_point"])
    event.listen(second.context.database.sql, "commit", lambda _connection: moment.reached("before the commit"))
    if told["action"]:
        action, number, details = told["action"]
        second.act(action, number, **details)
    else:
        second.recover()
    sys.stdout.write("survived\n")


if __name__ == "__main__":
    main()
