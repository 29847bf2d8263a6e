from contextlib import contextmanager
from dataclasses import asdict, replace

import pytest
from sqlalchemy import delete, event, insert, select

from engine.adapters import ADAPTERS
from engine.bootstrap import Engine
from engine.domain.run import Definition, RunKind
from engine.ports import Failure, Reply
from engine.service import configure
from engine.service.breaker import Breakers
from engine.service.running import Running
from engine.service.tally import Tally
from engine.service.turns import Turns
from engine.store import schema
from harness.lab.pristine import pristine
from tests.engine.fakes import FakeClock, FakePlatform, accepted, rejected

PASSWORD = "sw0rd<fish>&'\"é"
CONFIGURATION = """
products = [
    { code = "NEWS", name = "News" },
    { code = "SPORT", name = "Sport" },
    { code = "KIDS", name = "Kids" },
    { code = "CHOICE", name = "Choice", composition = "flexible_bundle", components = ["NEWS", "SPORT", "KIDS"] },
    { code = "MATCH", name = "Match", service_type = "usage" },
    { code = "STB", name = "Set-top Box", classification = "physical_good", traceable = true },
]

[[providers]]
code = "tv"
name = "TV"
protocol = "tucano"
effective = true
connection = { end_point = "http://tucano.test/tucano", user_name = "headend", password = PASSWORD }
distributors = [{ code = "MAIN", name = "Main" }, { code = "TWIN1", name = "Twin 1" }]
services = [
    { product = "NEWS", ca_id = "O_NEWS" },
    { product = "SPORT", ca_id = "O_SPORT" },
    { product = "KIDS", ca_id = "O_KIDS" },
    { product = "MATCH", ca_id = "O_MATCH" },
]
hardware = [{ product = "STB", type = "box" }]
retry = { attempts = 3, first_pause_s = 1.0, longest_pause_s = 4.0, total_s = 100.0 }
breaker = { failures = 1000, pause_s = 60.0 }
""".replace("PASSWORD", f'"""{PASSWORD}"""')


@pytest.fixture
def answers():
    """What may come of a request."""
    return {
        "accepted": accepted,
        "refused": rejected("UNKNOWN_OPTION"),
        "unknown account": rejected("UNKNOWN_ACCOUNT", "T1"),
        "rejected": rejected,
        "not sent": Failure("CONNECTION_REFUSED", "Nobody listens.", sent=False),
        "turned away": Reply(401, "Unauthorized"),
        "busy": Reply(503, "Service Unavailable"),
        "lost": Failure("REPLY_LOST", "They hung up.", sent=True),
        "unreadable": Reply(200, "OK", {}, b"<html>"),
    }


@pytest.fixture(scope="session")
def configuration(tmp_path_factory):
    file = tmp_path_factory.mktemp("configuration") / "operator.toml"
    file.write_text(CONFIGURATION, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def configured(configuration, make_shared_database):
    """An engine that all tests share, because making one takes longer than most of them; and what puts it back."""
    engine = Engine(make_shared_database())
    engine.configure(configuration)
    yield engine, pristine(engine.context.database)
    engine.close()


@pytest.fixture
def password():
    return PASSWORD


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def platform():
    return FakePlatform()


@pytest.fixture
def engine(configured, clock, platform):
    """A configured engine, fresh, in time of its own, at a platform that says yes."""
    shared, database = configured
    database.restore()
    shared.context = replace(
        shared.context,
        clock=clock,
        transport=platform,
        adapters=ADAPTERS,
        breakers=Breakers(),
        turns=Turns(),
        running=Running(),
        inherited=0,
        uncertain=set(),
        tally=Tally(),
        pointed={},
    )
    configure.load(shared.context)
    return shared


@pytest.fixture
def restart(configured, clock, platform):
    """Another engine on what the first one had on disk."""
    made = []

    def start(engine):
        made.append(Engine(configured[1].again(engine.context.database), clock=clock))
        made[-1].context.transport = platform
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.fixture
def change(engine):
    """Configure the provider differently, until the engine ends."""

    def changed(**parts):
        known = engine.context.configuration
        engine.context.configuration = replace(known, providers={"tv": replace(known.provider("tv"), **parts)})

    return changed


@pytest.fixture
def subscribe():
    """A subscription to News and Sport with one box, unless said otherwise."""

    def become(engine, number="", products=("NEWS", "SPORT"), boxes=1, **details):
        services = [{"product": product, "distributors": ["MAIN"]} for product in products]
        serials = [f"B-{number or 1}-{box}" for box in range(1, boxes + 1)]
        items = [{"product": "STB", "serial_number": serial, "distributors": ["MAIN"]} for serial in serials]
        ada = {"first_name": "Ada", "last_name": "Lovelace"}
        return engine.act("BECOME_SUBSCRIBER", subscriber=ada, services=services, items=items, number=number, **details)

    return become


@pytest.fixture
def define(engine):
    """Set the maintenance up, as it is said."""

    def defined(**said):
        definition = Definition("MAINTENANCE", "Maintenance", RunKind.MAINTENANCE, **{"effective": True, **said})
        known = engine.context.configuration
        engine.context.configuration = replace(known, definitions={"MAINTENANCE": definition})
        with engine.context.database.transaction() as connection:
            connection.execute(delete(schema.definitions))
            connection.execute(insert(schema.definitions).values(asdict(definition)))

    return defined


@pytest.fixture
def maintain(engine, define):
    """Run the maintenance that is set up; gives the run."""
    define()
    return lambda: engine.run("MAINTENANCE")


@pytest.fixture
def standing():
    """How a subscription stands at the provider."""
    return lambda engine, number="S0000000001": engine.show(number).providers["tv"]


@pytest.fixture
def ends():
    """What became of an action's requests: type, state, code."""

    def of(executed):
        return [(one.type, one.life_cycle_state.value, one.error_code) for one in executed.requests]

    return of


@pytest.fixture
def dump():
    """All rows of all tables, for comparing before and after."""

    def of(engine):
        with engine.context.database.reading() as connection:
            tables = schema.metadata.sorted_tables
            return {one.name: sorted(map(tuple, connection.execute(select(one))), key=str) for one in tables}

    return of


@pytest.fixture
def statements():
    """The statements that a database is asked meanwhile."""

    @contextmanager
    def watch(database):
        said = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("PRAGMA", "BEGIN", "SET ")):
                said.append(statement)

        event.listen(database.sql, "before_cursor_execute", note)
        try:
            yield said
        finally:
            event.remove(database.sql, "before_cursor_execute", note)

    return watch
