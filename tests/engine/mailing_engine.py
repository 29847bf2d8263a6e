"""An engine as a process of its own, which halts at one moment of a mail run, says so, and waits to be killed.

It is told everything in one JSON argument: `database`, `end_point`; `moment` and `count`, where it halts.
"""

import json
import sys

import requests
from killed_engine import HaltingAdapter, Moment
from sqlalchemy import event

from engine.bootstrap import Engine


def main():
    told = json.loads(sys.argv[1])
    moment = Moment(told["moment"], told["count"])
    session = requests.Session()
    session.mount("http://", HaltingAdapter(moment))
    engine = Engine(told["database"], session)
    engine.point("irdeto", end_point=told["end_point"])
    event.listen(engine.context.database.sql, "commit", lambda _connection: moment.reached("before the commit"))
    engine.run("MAIL")
    sys.stdout.write("survived\n")


if __name__ == "__main__":
    main()
