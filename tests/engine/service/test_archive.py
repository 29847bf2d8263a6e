"""The archive run: what has ended and is old goes into files, all of it, once, and nothing else."""

import gzip
import hashlib
import json
import resource
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from engine.domain.archive import Contents
from engine.domain.errors import NotAllowedError, UnknownError
from engine.service import archive, archive_files, archive_password, lease
from engine.store import archives, runs, schema
from tests.engine.at_conax import add_conax

PASSWORD = "over and done"
DEFINITIONS = """
definitions = [
    { code = "ARCHIVE", name = "Archive", kind = "archive", effective = true, filters = { older_than_days = 30 } },
    { code = "DAY", name = "To a day", kind = "archive", effective = true, filters = { created_to = 2030-06-15 } },
]
"""
REQUESTS = schema.requests


@pytest.fixture
def old(engine, subscribe, clock, tmp_path, monkeypatch):
    """An engine that knows its archive password, with nine requests of forty days ago, and three of today."""
    monkeypatch.setattr(archive_password, "digest", lambda password, salt: password + salt)  # the true one takes long
    engine.load_configuration({"archive.toml": DEFINITIONS})
    archive_password.put(engine.context.database, PASSWORD)
    engine.context.archive_folder = tmp_path / "kept" / "archives"
    for number in ("T1", "T2", "T3"):
        subscribe(engine, number=number)
    clock.at += timedelta(days=40)
    subscribe(engine, number="T4")
    return engine


@pytest.fixture
def put_away(old):
    """Run the archive; gives the run."""
    return lambda code="ARCHIVE": old.run(code, PASSWORD)


@pytest.fixture
def change_row(old):
    """Change the request of this id."""

    def changed(key, **values):
        with old.context.database.transaction() as connection:
            connection.execute(update(REQUESTS).where(REQUESTS.c.id == key).values(**values))

    return changed


def files(engine):
    folder = engine.context.archive_folder
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def read(engine, name):
    """What a file is, and its records."""
    with gzip.open(engine.context.archive_folder / name, "rt", encoding="utf-8") as file:
        head, *records = map(json.loads, file)
    return head, records


def everything(engine):
    """The ids of requests in archives and in the database, as they come."""
    kept = [one for one in engine.archives.find().results if one.contents is Contents.REQUESTS]
    moved = [record["id"] for one in kept for record in read(engine, one.name)[1]]
    return moved, [one.id for one in engine.requests()]


def test_what_has_ended_and_is_old_is_in_files_with_all_that_was_shown_of_it_and_nowhere_else(
    old, put_away, monkeypatch
):
    monkeypatch.setattr(archive, "MOST", 4)
    before = old.requests()
    foreseen = old.preview("ARCHIVE")
    run = put_away()
    assert (run.state, run.counts.examined, run.counts.changed, run.total) == ("COMPLETED", 3, 9, 3)
    made = list(reversed(old.archives.find().results))
    assert [one.records for one in made] == [one.parameters["records"] for one in foreseen.results] == [4, 4, 1]
    moved, left = everything(old)
    assert (sorted(moved), left) == ([one.id for one in before[:9]], [one.id for one in before[9:]])
    head, records = read(old, made[0].name)
    assert (head["format"], head["version"], head["contents"], head["records"]) == ("headend archive", 1, "requests", 4)
    assert head["first_date"] == "2030-06-15T12:00:00Z"
    first = records[0]
    assert (first["subscription"], first["type"], first["life_cycle_state"]) == ("T1", "CREATE_ACCOUNT", "COMPLETED")
    assert first["request"] == before[0].request
    data = (old.context.archive_folder / made[0].name).read_bytes()
    assert (made[0].size, made[0].sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (old.context.archive_folder / made[0].name).stat().st_mode & 0o777 == 0o600
    assert files(old) == sorted(one.name for one in made)
    assert [one.message.partition(":")[0] for one in old.run_log(run.id).results] == [one.name for one in made]
    again = put_away()
    assert (again.state, again.total) == ("COMPLETED", 0)


@pytest.mark.parametrize("day", [True, False])
def test_a_preview_says_what_the_run_does_and_changes_nothing(old, put_away, dump, day):
    before = dump(old)
    code = "DAY" if day else "ARCHIVE"
    found = old.preview(code)
    assert (dump(old), files(old)) == (before, [])
    held = [(one.parameters["contents"], one.parameters["records"]) for one in found.results]
    assert held == [("requests", 9)]
    assert put_away(code).counts.changed == 9


def in_open_file(engine):
    with engine.context.database.transaction() as connection:
        values = dict.fromkeys(("name", "type", "ca_id", "detail", "priority"), "")
        made = {"made_date": engine.context.clock.now(), "state": "SENT", "begun": True, "errors_from": 0, "records": 1}
        connection.execute(
            insert(schema.files), [{"id": n, "provider": "tv", "number": n, **values, **made} for n in (1, 2)]
        )
        connection.execute(update(schema.files).where(schema.files.c.id == 2).values(cleared=True))


# Each with what is done to the second request and, perhaps, the third.
KEPT = {
    "waits": ({"life_cycle_state": "PENDING"}, {}),
    "is in a file that is not settled": ({"file_id": 1}, {}),
    "is younger than one in a file about the same": ({"file_id": 2}, {"file_id": 1, "life_cycle_state": "PENDING"}),
    "is of an entry that is not told": ({"communication_entry": 1}, {}),
}


@pytest.mark.parametrize("why", KEPT)
def test_a_request_stays_that(why, old, put_away, change_row):
    old.queue_text("T1", "Hello", "CRM")
    in_open_file(old)
    for key, values in zip((2, 3), KEPT[why], strict=True):
        if values:
            change_row(key, **values)
    kept = [2, 3] if KEPT[why][1] else [2]
    put_away()
    moved, left = everything(old)
    assert (left[: len(kept)], sorted([*moved, *kept])) == (kept, list(range(1, 10)))


def test_the_newest_request_stays_so_that_no_id_is_given_twice(old, put_away, clock, subscribe):
    clock.at += timedelta(days=40)
    last = old.requests()[-1]
    put_away()
    assert [one.id for one in old.requests()] == [last.id]
    subscribe(old, number="T5")
    assert [one.number for one in old.requests()] == [last.number + more for more in range(4)]
    assert old.requests()[1].id > last.id


def test_the_log_of_a_run_that_is_over_is_archived_and_says_where_it_is(old, put_away, clock):
    first = put_away()
    said = old.run_log(first.id).results
    clock.at += timedelta(days=40)
    put_away()
    third = put_away()
    (made,) = [one for one in old.archives.find().results if one.contents is Contents.RUN_LOGS]
    (record,) = read(old, made.name)[1]
    assert (record["run"], record["definition"], record["message"]) == (first.id, "ARCHIVE", said[0].message)
    page = old.run_log(first.id)
    assert ([one.message for one in page.results], page.total) == ([f"Lines: 1, moved to the archive {made.name}"], 1)
    assert made.run == third.id
    assert [one.state for one in old.runs().results] == ["COMPLETED"] * 3
    old.archives.delete(made.name, PASSWORD)
    assert old.run_log(first.id).results[0].message.endswith(", which was deleted")
    assert old.run_log(first.id, 10, 1).results == []


@contextmanager
def full_disk():
    """Let this process write no file that is longer than a few bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("broken", ["full", "a file"])
def test_where_the_folder_takes_no_more_the_run_has_failed_with_the_reason_and_nothing_has_gone(old, put_away, broken):
    before, folder = [one.id for one in old.requests()], old.context.archive_folder
    if broken == "full":
        with full_disk():
            run = put_away()
        assert files(old) == []
    else:
        folder.parent.mkdir()
        folder.touch()
        run = put_away()
        folder.unlink()
    said = "File too large" if broken == "full" else "File exists"
    assert (run.state, run.reason) == (
        "FAILED", f"The archive folder {folder} can't be used: {said}. Resume it to go on.",
    )  # fmt: skip
    assert ([one.id for one in old.requests()], old.archives.find().total) == (before, 0)
    old.resume(run.id, PASSWORD)
    assert old.wait_for(run.id, 20).state == "COMPLETED"
    assert everything(old)[1] == before[9:]


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done once when a file is whole, and its record is not written."""

    def done(deed):
        write = archive_files.write

        def written(path, lines):
            found = write(path, lines)
            monkeypatch.setattr(archive_files, "write", write)
            deed()
            return found

        monkeypatch.setattr(archive_files, "write", written)

    return done


def test_two_runs_that_want_the_same_move_it_once(old, put_away, meanwhile):
    meanwhile(lambda: put_away("DAY"))
    run = put_away()
    assert (run.state, run.counts.changed) == ("COMPLETED", 0)
    moved, left = everything(old)
    assert sorted(moved + left) == list(range(1, 13))
    assert files(old) == [one.name for one in old.archives.find().results]


def test_a_run_that_is_somebody_elses_by_then_moves_nothing_and_leaves_no_file(old, put_away, meanwhile, clock):
    def give_up():
        with old.context.database.transaction() as connection:
            runs.give_up(connection, "ARCHIVE", "Too late.", clock.now())

    meanwhile(give_up)
    run = put_away()
    assert (run.state, run.reason, files(old), old.archives.find().total) == ("FAILED", "Too late.", [], 0)
    assert len(old.requests()) == 12


def test_what_another_run_is_still_writing_is_left_to_it(old, put_away, clock):
    other = old.runs().total + 1
    with old.context.database.transaction() as connection:
        runs.create(connection, "DAY", "archive", clock.now())
        assert runs.begin(connection, other, clock.now(), clock.now() + lease.LEASE)
        archives.begin(connection, "theirs.jsonl.gz", Contents.REQUESTS, other, clock.now())
    folder = old.context.archive_folder
    folder.mkdir(parents=True)
    theirs, strange = folder / "theirs.jsonl.gz.tmp", folder / "not-ours.jsonl.gz"
    theirs.touch()
    strange.touch()
    put_away()
    assert theirs.exists()
    with old.context.database.transaction() as connection:
        runs.give_up(connection, "DAY", "Too late.", clock.now())
    put_away()
    assert not theirs.exists()
    assert strange.exists()
    assert old.runs().results[0].state == "COMPLETED"


def test_an_archive_is_looked_at_read_and_deleted_for_good(old, put_away):
    put_away()
    (made,) = old.archives.find().results
    assert old.archives.show(made.name) == made
    found, blocks = old.archives.content(made.name)
    assert (found, hashlib.sha256(b"".join(blocks)).hexdigest()) == (made, made.sha256)
    (old.context.archive_folder / made.name).rename(old.context.archive_folder / "aside")
    for call in (old.archives.content, lambda name: old.archives.delete(name, PASSWORD)):
        with pytest.raises(NotAllowedError, match=f"{made.name} is not in the archive folder"):
            call(made.name)
    (old.context.archive_folder / "aside").rename(old.context.archive_folder / made.name)
    assert old.archives.delete(made.name, PASSWORD) == made
    assert (files(old), old.archives.find().total) == ([], 0)
    with pytest.raises(UnknownError):
        old.archives.delete(made.name, PASSWORD)


def test_requests_that_went_in_files_are_archived_when_these_are_settled(old, put_away, clock, tmp_path):
    add_conax(old, tmp_path)
    in_open_file(old)
    with old.context.database.transaction() as connection:
        connection.execute(update(REQUESTS).where(REQUESTS.c.id == 2).values(file_id=2))
    put_away()
    (made,) = old.archives.find().results
    assert len(read(old, made.name)[1]) == 9
    with old.context.database.reading() as connection:
        assert connection.execute(select(schema.files.c.id)).scalars().all() == [1, 2]
