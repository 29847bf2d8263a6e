"""Migrations: the forms that the tables have had, and the ways between them, with rows in the tables."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, inspect, select, text

from engine.domain.errors import InvalidError, UnknownError
from engine.store import revisions, schema, subscriptions
from engine.store.connecting import altering, create
from engine.store.database import Database
from engine.store.migrate import migrate
from engine.store.migrations import FIRST, HEAD, REVISIONS, moving

OLD = {
    "products": [
        {
            "code": "NEWS",
            "name": "News",
            "classification": "service",
            "service_type": "termed",
            "composition": "flat",
            "provisioned": True,
            "traceable": False,
            "components": "[]",
            "minimum": 0,
        }
    ],
    "providers": [
        {
            "code": "tv",
            "name": "TV",
            "protocol": "tucano",
            "effective": True,
            "description": "",
            "connection": "{}",
            "retry": "{}",
            "breaker": "{}",
            "timeouts": "{}",
            "last_number": 2,
        }
    ],
    "subscriptions": [
        {"id": number, "number": name, "state": "effective", "subscriber": '{"first_name": "Ada"}'}
        for number, name in ((1, "S0000000001"), (2, "chosen"), (7, "S0000000008"))
    ],
    "actions": [
        {
            "id": 1,
            "subscription_id": 1,
            "code": "ADD_SERVICE",
            "order": '{"product": "NEWS"}',
            "state": "EXECUTED",
            "executed_date": "2030-06-15 12:00:00",
        }
    ],
    "requests": [
        {
            "id": number,
            "number": number,
            "type": "ACTIVATE_OPTIONS",
            "sequence_number": 1,
            "subscription_id": 1,
            "provider": "tv",
            "parameters_set": '{"options": ["A"]}',
            "process_name": "ADD_SERVICE",
            "process_id": 1,
            "created_date": "2030-06-15 12:00:00",
            "priority": "REGULAR",
            "process_immediately": True,
            "life_cycle_state": state,
            "request": "",
            "response": "",
            "reference_number": "",
            "error_code": "",
            "error_description": "",
            "in_doubt": False,
            "attempts": 0,
        }
        for number, state in ((1, "COMPLETED"), (2, "PENDING"))
    ],
}


COUNTS = {"counters": 1, "products": 1, "providers": 1, "subscriptions": 3, "actions": 1, "requests": 2}


@pytest.fixture
def empty(make_database):
    """The URL of a database that has no tables."""
    return make_database()


@pytest.fixture
def look():
    """Look into the database of this URL without making an engine's of it."""

    def at(url, do):
        sql = create(url)
        with sql.connect() as connection:
            found = do(connection)
        sql.dispose()
        return found

    return at


@pytest.fixture
def old(empty):
    """A database of release 0.1.0, with a row in many tables; nothing says of which release it is."""
    sql = create(empty)
    with altering(sql) as connection:
        command.upgrade(moving.configuration(connection), FIRST)
        for table, rows in OLD.items():
            for row in rows:
                names, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)  # noqa: S608
        connection.execute(text("DROP TABLE alembic_version"))
        if connection.dialect.name == "postgresql":  # it does not learn from keys that others have chosen
            for table in ("subscriptions", "actions", "requests"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', 100)"))
    sql.dispose()
    return empty


def form(connection):
    """Everything about the tables but the order of their columns and what stands in for a value."""
    inspected = inspect(connection)
    tables = sorted(set(inspected.get_table_names()) - {"alembic_version"})
    return {
        table: {
            "columns": sorted((one["name"], str(one["type"]), one["nullable"]) for one in inspected.get_columns(table)),
            "key": inspected.get_pk_constraint(table)["constrained_columns"],
            # without their names: SQLite gives them none, and a copied table's have those of PostgreSQL
            "foreign": sorted(
                str(sorted((name, value) for name, value in one.items() if name != "name"))
                for one in inspected.get_foreign_keys(table)
            ),
            "unique": sorted(str(one["column_names"]) for one in inspected.get_unique_constraints(table)),
            "indexes": sorted(index(one) for one in inspected.get_indexes(table)),
        }
        for table in tables
    }


def index(one):
    conditions = sorted((name, str(value)) for name, value in one.get("dialect_options", {}).items())
    return (one["name"], one["column_names"], bool(one["unique"]), conditions)


def differences(connection):
    return compare_metadata(MigrationContext.configure(connection), schema.metadata)


def contents(connection):
    """All rows of the tables that release 0.1.0 knew."""
    return {name: connection.execute(text(f"SELECT * FROM {name} ORDER BY 1")).fetchall() for name in OLD}  # noqa: S608


def test_the_forms_are_those_that_alembic_finds():
    with closing(Database()) as database, database.sql.connect() as connection:
        known = ScriptDirectory.from_config(moving.configuration(connection))
    assert tuple(one.revision for one in reversed(list(known.walk_revisions()))) == REVISIONS
    assert known.get_current_head() == HEAD


def test_a_new_database_has_todays_form_and_says_so(empty, look):
    Database(empty).close()
    assert look(empty, revisions.found) == HEAD
    assert look(empty, differences) == []


def test_what_was_migrated_has_the_form_of_what_is_new(old, look, make_database):
    new = make_database()
    Database(new).close()
    Database(old).close()
    assert look(old, differences) == []
    assert look(old, form) == look(new, form)


def test_a_database_of_the_first_release_is_found_out_and_keeps_its_rows(old, look):
    assert look(old, revisions.found) == FIRST
    Database(old).close()
    assert look(old, revisions.found) == HEAD
    counted = {table: look(old, lambda one, table=table: count(one, table)) for table in COUNTS}
    assert counted == COUNTS


def count(connection, table):
    return connection.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one()


def test_up_and_down_and_up_again_nothing_is_lost_that_the_older_form_can_say(old, look):
    before, first = look(old, contents), look(old, form)
    Database(old).close()
    newer = look(old, contents)
    assert migrate(old, FIRST) == (HEAD, FIRST)
    assert look(old, contents) == before
    assert look(old, form) == first
    assert migrate(old) == (FIRST, HEAD)
    assert look(old, contents) == newer
    assert look(old, differences) == []


def test_numbers_go_on_after_those_that_the_older_engine_gave(old):
    with closing(Database(old)) as database, database.transaction() as connection:
        assert [subscriptions.next_number(connection) for _ in range(2)] == ["S0000000009", "S0000000010"]


def test_what_an_older_engine_left_pending_may_have_been_sent(old):
    begun = select(schema.requests.c.id, schema.requests.c.begun).order_by(schema.requests.c.id)
    with closing(Database(old)) as database, database.reading() as connection:
        assert connection.execute(begun).fetchall() == [(1, False), (2, True)]


def test_what_was_executed_keeps_its_details_and_gets_the_date_of_its_making(old):
    columns = schema.actions.c
    query = select(columns.details, columns.created_date, columns.executed_date, schema.subscriptions.c.created_date)
    with closing(Database(old)) as database, database.reading() as connection:
        found = connection.execute(query.join(schema.subscriptions)).one()
    assert found[0] == {"product": "NEWS"}
    assert found[1] == found[2] == found[3]


def test_what_an_older_form_can_not_say_is_left_out_on_the_way_down(old, look):
    with closing(Database(old)) as database, database.transaction() as connection:
        row = {"subscription_id": 1, "code": "ADD_SERVICE", "details": {}, "state": "SCHEDULED"}
        connection.execute(insert(schema.actions), row)
    migrate(old, FIRST)
    assert len(look(old, contents)["actions"]) == 1


def test_a_database_of_a_newer_engine_is_refused_in_a_sentence(empty):
    Database(empty).close()
    sql = create(empty)
    with altering(sql) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    sql.dispose()
    for opening in (Database, migrate):
        with pytest.raises(InvalidError, match=f"form 0999; wanted is {HEAD} or an older one") as refusal:
            opening(empty)
        assert refusal.value.field == "database"


def test_by_hand_only_forms_that_there_are_can_be_asked_for(empty):
    with pytest.raises(UnknownError, match=f"Unknown revision '0999'; known: {', '.join(REVISIONS)}"):
        migrate(empty, "0999")
    with pytest.raises(InvalidError, match="has no tables"):
        migrate(empty)


def test_a_migration_that_fails_has_changed_nothing(old, look, monkeypatch):
    before = look(old, contents), look(old, form)

    def fail(connection):
        raise ZeroDivisionError

    monkeypatch.setattr(revisions, "check_foreign_keys", fail)
    with pytest.raises(ZeroDivisionError):
        Database(old)
    monkeypatch.undo()
    assert (look(old, contents), look(old, form)) == before
    assert look(old, revisions.found) == FIRST
    Database(old).close()


KILLED = """
import os, sys
from engine.store import revisions
from engine.store.database import Database
revisions.check_foreign_keys = lambda _connection: os._exit(9)
Database(sys.argv[1])
"""


def test_killed_during_a_migration_nothing_has_changed(old, look):
    before = look(old, contents), look(old, form)
    ended = subprocess.run([sys.executable, "-c", KILLED, old], check=False)
    assert ended.returncode == 9
    assert (look(old, contents), look(old, form)) == before
    Database(old).close()
    assert look(old, differences) == []


@pytest.mark.parametrize("kind", ["empty", "old"])
def test_of_engines_that_start_together_one_makes_the_tables_and_all_go_on(kind, request, look):
    url = request.getfixturevalue(kind)
    start = "import sys; from engine.store.database import Database; Database(sys.argv[1]).close()"
    started = [subprocess.Popen([sys.executable, "-c", start, url], stderr=subprocess.PIPE) for _ in range(3)]
    assert [(one.communicate()[1], one.returncode) for one in started] == [(b"", 0)] * 3
    assert look(url, differences) == []


@pytest.mark.sqlite("which does not look at foreign keys while tables are copied")
def test_a_row_that_names_one_that_is_not_there_is_not_migrated(old, look):
    with closing(sqlite3.connect(old.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute("INSERT INTO services VALUES (99, 1, 'NEWS', 'effective', NULL, NULL, NULL, NULL, NULL)")
    with pytest.raises(InvalidError, match="rows of services name rows that are not there"):
        Database(old)
    assert look(old, revisions.found) == FIRST


def test_an_ordinary_start_does_without_alembic(empty):
    start = (
        "import sys; from engine.bootstrap import Engine; Engine(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    said = [subprocess.run([sys.executable, "-c", start, empty], capture_output=True, check=True) for _ in range(2)]
    assert [one.stdout.strip() for one in said] == [b"False"] * 2
