"""Many who write to one database: they come one after the other, and nothing is lost."""

import threading

import pytest
from sqlalchemy import insert

from engine.store import schema
from tests.engine.store.rows import COUNT, PATIENCE_S, add, again, count, product


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
                        more = connection.execute(COUNT).scalar_one() - before
                        assert more == 1 or (database.shared and more > 1)
            except Exception as failure:  # noqa: BLE001 - told by the test
                failures.append(failure)

        threads = [threading.Thread(target=write, args=pair) for pair in enumerate(databases)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        return failures

    return run


def test_of_many_writers_none_is_lost(database, write_at_once):
    assert write_at_once([database] * 4) == []
    assert count(database) == 100


def test_so_do_the_writers_of_two_engines_on_one_database(kept, write_at_once):
    with again(kept) as other:
        assert write_at_once([kept, other]) == []
    assert count(kept) == 50


@pytest.mark.sqlite("which knows one writer")
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
