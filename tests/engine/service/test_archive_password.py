"""The archive password: who does not know it moves nothing, deletes nothing, and does not guess it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.errors import InvalidError, NotAllowedError, TooEarlyError
from engine.service import archive_password, runs
from engine.service.archive_password import WrongPasswordError
from tests.engine.service.test_archive import DEFINITIONS

PASSWORD = "over and done"


@pytest.fixture
def locked(engine, tmp_path):
    """An engine that knows its archive password."""
    engine.load_configuration({"archive.toml": DEFINITIONS})
    engine.context.archive_folder = tmp_path
    archive_password.put(engine.context.database, PASSWORD)
    return engine


@pytest.fixture
def quick(monkeypatch):
    """What is taken of a password comes at once, where its cost is not what the test is about."""
    monkeypatch.setattr(archive_password, "digest", lambda password, salt: password + salt)


def test_without_the_password_no_archive_run_begins_or_goes_on_and_nothing_is_deleted(quick, locked, dump):
    draft = runs.create(locked.context, "ARCHIVE")
    before = dump(locked)
    calls = (
        lambda said: locked.submit("ARCHIVE", said),
        lambda said: locked.run("ARCHIVE", said),
        lambda said: locked.resume(draft.id, said),
        lambda said: locked.archives.delete("x", said),
    )
    for call in calls:
        with pytest.raises(WrongPasswordError, match="The archive password is wanted"):
            call("")
    assert dump(locked) == before  # nor is that a failure
    for call in calls:
        with pytest.raises(WrongPasswordError, match="This is not the archive password; say it again in 1 s"):
            call("over and under")
        locked.context.clock.sleep(1)
        archive_password.check(locked.context, PASSWORD)  # and what was wrong before counts no more
    assert locked.context.tally.archive_password_failures == len(calls)
    assert locked.runs().total == 1
    assert locked.run("ARCHIVE", PASSWORD).state == "COMPLETED"


def test_each_failure_in_a_row_takes_longer_for_all_engines_together(quick, locked, clock, caplog):
    other = replace(locked.context)
    pauses = []
    for context in (locked.context, other) * 4:
        with pytest.raises(WrongPasswordError):
            archive_password.check(context, "a guess")
        for early in (locked.context, other):
            with pytest.raises(TooEarlyError, match="say it again in"):
                archive_password.check(early, PASSWORD)
        begun = clock.at
        while True:
            clock.at += timedelta(seconds=1)
            try:
                with other.database.transaction() as connection:
                    assert archive_password.store.take(connection)["not_before"] > clock.at
            except AssertionError:
                break
        pauses.append((clock.at - begun).total_seconds())
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    archive_password.check(locked.context, PASSWORD)
    assert "a guess" not in caplog.text
    assert caplog.text.count("said wrong") == len(pauses)


def test_an_engine_without_an_archive_password_archives_nothing(locked):
    with locked.context.database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM archive_password")
    with pytest.raises(NotAllowedError, match="No archive password is set"):
        locked.run("ARCHIVE", PASSWORD)


def test_another_password_takes_the_place_of_the_first_and_ends_the_pause(locked):
    with pytest.raises(WrongPasswordError):
        archive_password.check(locked.context, "a guess")
    with pytest.raises(InvalidError, match="has 7 characters; wanted: 8 to 200 characters that"):
        archive_password.put(locked.context.database, "too few")
    archive_password.put(locked.context.database, "another one")
    archive_password.check(locked.context, "another one")
    with pytest.raises(WrongPasswordError):
        archive_password.check(locked.context, PASSWORD)
