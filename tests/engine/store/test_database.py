"""The database: all or nothing, readers beside writers, images; in memory and on a file."""

import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from engine.store import schema
from engine.store.database import Database

PATIENCE_S = 10
COUNT = select(func.count()).select_from(schema.products)


def product(code):
    return {
        "code": code,
        "name": code,
        "classification": "service",
        "service_type": "termed",
        "composition": "flat",
        "provisioned": True,
        "traceable": False,
        "components": [],
        "minimum": 0,
    }


@pytest.fixture(params=["memory", "file"])
def database(request, tmp_path):
    made = Database("sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'a.sqlite'}")
    yield made
    made.close()


@pytest.fixture
def on_file(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    yield made
    made.close()


def count(database):
    with database.reading() as connection:
        return connection.execute(COUNT).scalar_one()


def add(database, code):
    with database.transaction() as connection:
        connection.execute(insert(schema.products), product(code))


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
    with database.reading() as connection:
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
    assert pragma(database, "foreign_keys") == 1


def test_a_file_has_its_journal_beside_it_so_that_readers_do_not_wait(on_file, tmp_path):
    assert pragma(on_file, "journal_mode") == "wal"
    add(on_file, "NEWS")
    assert (tmp_path / "a.sqlite-wal").exists()


def test_what_must_outlive_a_power_cut_waits_for_the_disk(on_file):
    full, normal = 2, 1
    for durable, expected in ((True, full), (False, normal), (True, full)):
        with on_file.transaction(durable=durable) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == expected


def test_what_is_on_a_file_is_there_for_the_next_to_open_it(on_file, tmp_path):
    add(on_file, "NEWS")
    on_file.close()
    with closing(Database(f"sqlite:///{tmp_path / 'a.sqlite'}")) as again:
        assert count(again) == 1


def test_on_a_file_reading_goes_on_while_another_writes_and_sees_one_state(on_file):
    add(on_file, "NEWS")
    with on_file.transaction() as writing:
        writing.execute(insert(schema.products), product("SPORT"))
        assert count(on_file) == 1
    with on_file.reading() as reading:
        assert reading.execute(COUNT).scalar_one() == 2
        add(on_file, "KIDS")
        assert reading.execute(COUNT).scalar_one() == 2
    assert count(on_file) == 3


@pytest.fixture
def write_at_once():
    """Read and write in each of these databases at once, many times over."""

    def run(databases):
        together, failures = threading.Barrier(len(databases)), []

        def write(name, database):
            try:
                together.wait(PATIENCE_S)
                for number in range(25):
                    with database.transaction() as connection:
                        before = connection.execute(COUNT).scalar_one()
                        connection.execute(insert(schema.products), product(f"{name}-{number}"))
                        assert connection.execute(COUNT).scalar_one() == before + 1
            except Exception as failure:  # noqa: BLE001 - told by the test
                failures.append(failure)

        threads = [threading.Thread(target=write, args=pair) for pair in enumerate(databases)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        return failures

    return run


def test_writers_take_turns_and_none_is_lost(database, write_at_once):
    assert write_at_once([database] * 4) == []
    assert count(database) == 100


def test_so_do_the_writers_of_two_engines_on_one_file(on_file, tmp_path, write_at_once):
    with closing(Database(f"sqlite:///{tmp_path / 'a.sqlite'}")) as other:
        assert write_at_once([on_file, other]) == []
    assert count(on_file) == 50


def test_a_second_writer_waits_until_the_first_is_done(database):
    done, waiting = [], threading.Event()

    def write():
        waiting.set()
        add(database, "SPORT")
        done.append("second")

    with database.transaction() as connection:
        thread = threading.Thread(target=write)
        thread.start()
        assert waiting.wait(PATIENCE_S)
        connection.execute(insert(schema.products), product("NEWS"))
        done.append("first")
    thread.join(PATIENCE_S)
    assert done == ["first", "second"]
    assert count(database) == 2


def test_an_image_makes_another_database_and_neither_knows_the_other(database):
    add(database, "NEWS")
    with closing(Database.of(database.image())) as other:
        add(other, "SPORT")
        assert (count(other), count(database)) == (2, 1)
        assert pragma(other, "foreign_keys") == 1


def test_a_database_in_memory_is_put_back_as_it_was():
    with closing(Database()) as database:
        before = database.image()
        for _ in range(3):
            add(database, "NEWS")
            database.replace(before)
            assert count(database) == 0
        assert pragma(database, "foreign_keys", "transaction") == 1


def test_two_databases_in_memory_are_two():
    with closing(Database()) as one, closing(Database("sqlite:///:memory:")) as other:
        add(one, "NEWS")
        assert count(other) == 0


def test_a_file_of_ours_is_a_sqlite_file_for_others_too(on_file, tmp_path):
    add(on_file, "NEWS")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as raw:
        assert raw.execute("SELECT code FROM products").fetchall() == [("NEWS",)]


def test_a_database_that_fails_does_not_tell_what_was_to_be_written(database):
    with pytest.raises(OperationalError) as failure, database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO nothing VALUES (?)", ("swordfish",))
    assert "swordfish" not in str(failure.value)


def test_a_moment_keeps_its_microseconds_and_comes_back_in_utc(engine, subscribe, clock):
    clock.at = clock.at.replace(microsecond=123_456)
    created = subscribe(engine).requests[0].created_date
    assert created == clock.at
    assert created.utcoffset().total_seconds() == 0
