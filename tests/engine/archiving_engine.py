"""Engines that are killed one step further each time, while they archive or delete an archive; one heals it each time.

A step is whatever is written for good: a commit, or what is done to a file. Told in one JSON argument: `configuration`,
and for each deed the `database` and the `folder`. Prints how many steps each deed has; whatever is lost or there twice
ends it.
"""

import gzip
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event, insert

from engine.bootstrap import Engine
from engine.clock import MovableClock
from engine.service import archive_files, archive_password
from engine.service.lease import LEASE
from engine.store import schema

PASSWORD = "over and done"
DEFINITION = """definitions = [
    { code = "ARCHIVE", name = "Archive", kind = "archive", effective = true, filters = { created_to = 2021-12-31 } },
]"""
OLD, NEW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2039, 1, 1, tzinfo=UTC)
EACH, LAST = 3, 1_000_000  # old requests each time, of which one waits; the newest of all, which stays
clock = MovableClock()


class Countdown:
    """Kills the process before so many steps have been made."""

    def __init__(self, steps):
        self.left = steps

    def step(self):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def commit(self, connection):
        if connection.get_execution_options().get("writes"):  # a look is committed, too, on PostgreSQL
            self.step()

    def before(self, call):
        def counted(*arguments, **options):
            self.step()
            return call(*arguments, **options)

        return counted


def started(told):
    return Engine(told["database"], clock=clock, archive_folder=Path(told["folder"]))


def killed(told, deed, steps):
    """Whether another process was killed before it had made so many steps of a deed."""
    child = os.fork()
    if child == 0:
        try:
            engine, countdown = started(told), Countdown(steps)
            event.listen(engine.context.database.sql, "commit", countdown.commit)
            for name in ("fsync", "open"):
                setattr(archive_files.os, name, countdown.before(getattr(os, name)))
            for name in ("rename", "unlink"):
                setattr(Path, name, countdown.before(getattr(Path, name)))
            deed(engine)
        except Exception:  # noqa: BLE001 (whatever it is, the child goes no further)
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert status in {0, signal.SIGKILL}, status
    return status != 0


def add(engine, number):
    """Old requests, of which the last one waits. Gives the ids of those that are to be archived."""
    ids = [number * EACH + more + 1 for more in range(EACH)]
    common = {
        "type": "ACTIVATE_OPTIONS", "sequence_number": 1, "provider": "tv", "parameters_set": {"options": []},
        "process_name": "X", "process_id": 1, "priority": "REGULAR", "process_immediately": False,
        "life_cycle_state": "COMPLETED",
    }  # fmt: skip
    rows = [{**common, "id": one, "number": one, "created_date": OLD} for one in ids]
    rows[-1]["life_cycle_state"] = "PENDING"
    if number == 0:
        rows.append({**common, "id": LAST, "number": LAST, "created_date": NEW})
    with engine.context.database.transaction() as connection:
        connection.execute(insert(schema.requests), rows)
    return ids[:-1]


def moved(engine):
    """The ids in all archives, each of which has its file."""
    folder, found = engine.context.archive_folder, []
    for one in engine.archives.find(1000).results:
        with gzip.open(folder / one.name, "rt", encoding="utf-8") as file:
            records = [json.loads(line)["id"] for line in list(file)[1:]]
        assert len(records) == one.records
        found += records
    return sorted(found)


def files(engine):
    folder = engine.context.archive_folder
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def heal(engine):
    """Another run, when nothing was heard of the killed one for long; then there are archives and no other files."""
    clock.advance(LEASE.total_seconds() + 1)
    run = engine.run("ARCHIVE", PASSWORD)
    assert run.state == "COMPLETED", run
    assert files(engine) == sorted(one.name for one in engine.archives.find(1000).results)


def archiving(engine, told):
    """Each request is in an archive or in the database, at every moment; those that wait are never moved."""
    ended, number, goes_on = [], 0, True
    while goes_on:
        ended += add(engine, number)
        goes_on = killed(told, lambda other: other.run("ARCHIVE", PASSWORD), number)
        left = [one.id for one in engine.requests(1000)]
        waiting = [(before + 1) * EACH for before in range(number + 1)]
        assert sorted(moved(engine) + left) == sorted([*ended, *waiting, LAST]), number
        heal(engine)
        assert moved(engine) == ended, number
        assert [one.id for one in engine.requests(1000)] == [*waiting, LAST], number
        number += 1
    return number


def deleting(engine, told):
    """An archive is there whole, or is listed no more; in the end there is nothing of it."""
    number, goes_on = 0, True
    while goes_on:
        add(engine, number)
        heal(engine)
        (made,) = engine.archives.find().results
        goes_on = killed(told, lambda other, name=made.name: other.archives.delete(name, PASSWORD), number)
        assert engine.archives.find().results in ([], [made])
        moved(engine)
        heal(engine)
        for one in engine.archives.find().results:
            engine.archives.delete(one.name, PASSWORD)
        assert files(engine) == []
        number += 1
    return number


DEEDS = {"archiving": archiving, "deleting": deleting}


def main():
    told = json.loads(sys.argv[1])
    archive_password.digest = lambda password, _salt: password  # that takes long, and is no step
    steps = {}
    for name, deed in DEEDS.items():
        engine = started(told[name])
        engine.configure(Path(told["configuration"]))
        engine.load_configuration({"archive.toml": DEFINITION})
        archive_password.put(engine.context.database, PASSWORD)
        steps[name] = deed(engine, told[name]) - 1
        engine.close()
    sys.stdout.write(json.dumps(steps))


if __name__ == "__main__":
    main()
