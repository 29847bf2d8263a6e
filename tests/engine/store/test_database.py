"""The database: all or nothing, readers beside writers, images; in memory, on a file, on a server."""

import sqlite3
import threading
from contextlib import closing, suppress

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError

from engine.store import schema
from engine.store.database import Database
from tests.engine.store.rows import COUNT, PATIENCE_S, add, again, count, product

SQLITE_ONLY = pytest.mark.sqlite("about its files, images and settings")


@pytest.fixture
def on_file(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    yield made
    made.close()


def pragma(database, name, connect="reading"):
    with getattr(database, connect)() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_what_a_transaction_wrote_is_there_for_all_who_come_after(database):
    add(database, "NEWS")
    assert count(database) == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_fails_has_written_nothing(error, database):
    def fail():
        with database.transaction() as connection:
            connection.execute(insert(schema.products), [product("NEWS"), product("SPORT")])
            connection.execute(schema.products.delete().where(schema.products.c.code == "NEWS"))
            raise error

    with pytest.raises(error):
        fail()
    assert count(database) == 0
    add(database, "NEWS")
    assert count(database) == 1


def test_a_statement_that_fails_takes_those_before_it_along(database):
    add(database, "NEWS")

    def fail():
        with database.transaction() as connection:
            connection.execute(insert(schema.products), product("SPORT"))
            connection.execute(insert(schema.products), product("NEWS"))

    with pytest.raises(IntegrityError):
        fail()
    assert count(database) == 1


def test_reading_writes_nothing_even_if_it_tries(database):
    # PostgreSQL refuses it at once; SQLite forgets it in the end.
    with suppress(InternalError), database.reading() as connection:
        connection.execute(insert(schema.products), product("NEWS"))
    assert count(database) == 0


@pytest.mark.parametrize("durable", [True, False])
def test_foreign_keys_hold_on_every_connection(durable, database):
    def fail():
        with database.transaction(durable=durable) as connection:
            row = {"provider": "none", "product": "none", "ca_id": "1", "parameters": {}}
            connection.execute(insert(schema.provider_services), row)

    for _ in range(3):
        with pytest.raises(IntegrityError):
            fail()


@SQLITE_ONLY
def test_a_file_has_its_journal_beside_it_so_that_readers_do_not_wait(on_file, tmp_path):
    assert pragma(on_file, "journal_mode") == "wal"
    add(on_file, "NEWS")
    assert (tmp_path / "a.sqlite-wal").exists()


@SQLITE_ONLY
def test_what_must_outlive_a_power_cut_waits_for_the_disk(on_file):
    full, normal = 2, 1
    for durable, expected in ((True, full), (False, normal), (True, full)):
        with on_file.transaction(durable=durable) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == expected


def test_what_is_kept_is_there_for_the_next_to_open_it(kept):
    add(kept, "NEWS")
    kept.close()
    with again(kept) as other:
        assert count(other) == 1


def test_reading_goes_on_while_another_writes_and_sees_one_state(kept):
    add(kept, "NEWS")
    with kept.transaction() as writing:
        writing.execute(insert(schema.products), product("SPORT"))
        assert count(kept) == 1
    with kept.reading() as reading:
        assert reading.execute(COUNT).scalar_one() == 2
        add(kept, "KIDS")
        assert reading.execute(COUNT).scalar_one() == 2
    assert count(kept) == 3


@SQLITE_ONLY
def test_an_image_makes_another_database_and_neither_knows_the_other(database):
    add(database, "NEWS")
    with closing(Database.of(database.image())) as other:
        add(other, "SPORT")
        assert (count(other), count(database)) == (2, 1)
        assert pragma(other, "foreign_keys") == 1


@SQLITE_ONLY
def test_a_database_in_memory_is_put_back_as_it_was():
    with closing(Database()) as database:
        before = database.image()
        for _ in range(3):
            add(database, "NEWS")
            database.replace(before)
            assert count(database) == 0
        assert pragma(database, "foreign_keys", "transaction") == 1


@SQLITE_ONLY
def test_two_databases_in_memory_are_two():
    with closing(Database()) as one, closing(Database("sqlite:///:memory:")) as other:
        add(one, "NEWS")
        assert count(other) == 0


@SQLITE_ONLY
def test_a_file_of_ours_is_a_sqlite_file_for_others_too(on_file, tmp_path):
    add(on_file, "NEWS")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as raw:
        assert raw.execute("SELECT code FROM products").fetchall() == [("NEWS",)]


def test_a_database_that_fails_does_not_tell_what_was_to_be_written(database):
    with pytest.raises(DBAPIError) as failure, database.transaction() as connection:
        connection.execute(text("INSERT INTO nothing VALUES (:value)"), {"value": "swordfish"})
    assert "swordfish" not in str(failure.value)


def test_a_moment_keeps_its_microseconds_and_comes_back_in_utc(engine, subscribe, clock):
    clock.at = clock.at.replace(microsecond=123_456)
    created = subscribe(engine).requests[0].created_date
    assert created == clock.at
    assert created.utcoffset().total_seconds() == 0


@pytest.mark.sqlite("which does not keep them unless it is told to")
@pytest.mark.parametrize("connect", ["reading", "transaction"])
def test_foreign_keys_are_kept_on_every_connection(connect, database):
    assert pragma(database, "foreign_keys", connect) == 1


@pytest.mark.postgresql("which counts differently in each of them")
def test_a_look_sees_one_state_in_all_its_statements_and_a_transaction_the_newest(kept):
    with kept.reading() as reading, kept.transaction() as writing:
        assert [one.execute(COUNT).scalar_one() for one in (reading, writing)] == [0, 0]
        with again(kept) as other:
            add(other, "NEWS")
        assert [one.execute(COUNT).scalar_one() for one in (reading, writing)] == [0, 1]


@pytest.mark.postgresql("where another process may wait for one")
def test_a_turn_is_one_engines_at_a_time_and_ends_however_it_ends(kept):
    had = []

    def take():
        with again(kept) as other, other.turn(7, "tv"):
            had.append("second")

    def fail():
        with kept.turn(7, "tv"):
            waiting.start()
            waiting.join(0.3)
            had.append("first")
            raise ZeroDivisionError

    waiting = threading.Thread(target=take)
    with kept.turn(8, "tv"), pytest.raises(ZeroDivisionError):
        fail()
    waiting.join(PATIENCE_S)
    assert had == ["first", "second"]


@pytest.mark.postgresql("whose texts can't hold it")
def test_a_byte_that_a_text_can_not_hold_is_replaced(kept):
    add(kept, "N\0EWS")
    with kept.reading() as connection:
        assert connection.execute(select(schema.products.c.code)).scalar_one() == "N\N{REPLACEMENT CHARACTER}EWS"


@pytest.mark.postgresql("whose server may be started again")
def test_connections_that_the_server_has_closed_are_made_again(kept):
    add(kept, "NEWS")
    with again(kept) as other, other.transaction() as connection:
        mine = "pid = pg_backend_pid() OR datname <> current_database()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE NOT ({mine})"))  # noqa: S608
    assert count(kept) == 1
