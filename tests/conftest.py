import itertools
from collections import Counter

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from harness.postgresql import PostgreSQL, PostgreSQLError
from tests.engine.convergence.tally import summary

pytest_plugins = ["harness.steps", "pytester"]

MARKERS = {
    "files": "the scenario's platform takes files: it is the same in process and where HTTP alone is answered for",
    "sqlite(why)": "the test is about SQLite itself, and is not run on PostgreSQL",
    "postgresql(why)": "the test is about PostgreSQL, or several processes on one database, and is not run on SQLite",
}
SERVER = pytest.StashKey[str | None]()


def pytest_addoption(parser):
    said = "what tests of the engine and features run on: sqlite, postgresql (one that is started for them), or the URL"
    parser.addoption("--database", default="sqlite", metavar="sqlite|postgresql|URL", help=f"{said} of a server")


def pytest_configure(config):
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    config.stash[SERVER] = server(config)


def server(config):
    """The URL of the server that databases are made on; None for SQLite. One is started by the first process only."""
    if hasattr(config, "workerinput"):
        return config.workerinput["database"]
    chosen = config.getoption("--database")
    if chosen != "postgresql":
        return None if chosen == "sqlite" else chosen
    try:
        started = PostgreSQL()
    except PostgreSQLError as error:
        raise pytest.UsageError(str(error)) from error
    config.add_cleanup(started.stop)
    return started.url


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["database"] = node.config.stash[SERVER]


def pytest_runtest_setup(item):
    other = "sqlite" if item.config.stash[SERVER] else "postgresql"
    for marker in item.iter_markers(other):
        pytest.skip(f"{other} only: {marker.args[0]}")


def pytest_terminal_summary(terminalreporter):
    """What random histories were made of, of all processes together."""
    counts = Counter()
    for report in itertools.chain(*(terminalreporter.stats.get(name, ()) for name in ("passed", "failed"))):
        counts.update(dict(report.user_properties).get("convergence", {}))
    if counts:
        terminalreporter.write_line(f"Convergence: {summary(counts)}")


class Databases:
    """Databases on the server, made empty, and dropped in the end."""

    def __init__(self, url, worker):
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._names = (f"{self._url.database}_{worker}_{number}" for number in itertools.count(1))
        self._made = []

    def make(self):
        name = next(self._names)
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE template0")
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self):
        while self._made:
            self._execute(f"DROP DATABASE {self._made.pop()} WITH (FORCE)")

    def _execute(self, *statements):
        administration = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with administration.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@pytest.fixture(scope="session")
def databases(request):
    """Databases on the server; None where tests run on SQLite."""
    url = request.config.stash[SERVER]
    made = Databases(url, getattr(request.config, "workerinput", {}).get("workerid", "main")) if url else None
    yield made
    if made and request.config.getoption("--database") != "postgresql":  # the one that was started is thrown away
        made.drop()


@pytest.fixture(scope="session")
def make_shared_database(databases):
    """Make databases that go on for many tests; each call gives the URL of another one."""
    return databases.make if databases else lambda: "sqlite://"


@pytest.fixture(scope="session")
def lab_database(make_shared_database):
    """That of all labs."""
    return make_shared_database()


@pytest.fixture
def make_database(databases, tmp_path):
    """Make empty databases that outlive their engine; each call gives the URL of another one."""
    numbers = itertools.count(1)
    return databases.make if databases else lambda: f"sqlite:///{tmp_path / f'engine-{next(numbers)}.sqlite'}"
