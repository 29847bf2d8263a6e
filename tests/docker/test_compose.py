"""The compose file: what it says is known to those who are told, and the whole of it completes an action."""

import itertools
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from engine.settings import SECRET, VARIABLES
from harness import operator_files, platforms
from harness.clients import CallError, Client, EngineClient
from harness.postgresql import PostgreSQL, found
from simulators.__main__ import _parser
from tests.docker.compose import MissingError, compose, environment, variables, words
from tests.docker.dockerfile import stages

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
FILE, DEVELOPMENT = DOCKER / "compose.yaml", DOCKER / "development.env"
BUILT_ELSEWHERE = {"postgresql"}
WANTED = {"POSTGRES_PASSWORD", "HEADEND_TOKEN", "OPERATOR"}
OF_POSTGRESQL = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
OF_PLATFORMS = {"TUCANO_PASSWORD", "TUCANO_JWT_SECRET", "ICAREUS_KEY", "IRDETO_PASSWORD", "CONAX_PASSWORD"}
SECRETS = {*SECRET, "POSTGRES_PASSWORD", "CONTROL_TOKEN", *OF_PLATFORMS}
ADA = {"first_name": "Ada", "last_name": "Lovelace"}
EVERYWHERE = [f"{name.upper()}_MAIN" for name in platforms.PLATFORMS]
SPORT = {"product": "Sport", "distributors": EVERYWHERE}
# By its serial number everywhere: Conax wants 12 digits, of which it is told 11, and a card beside.
STB, CARD = "020000000011", "010000000011"
BOX = {"product": "STB", "serial_number": STB, "distributors": EVERYWHERE}
SMARTCARD = {"product": "SMARTCARD", "serial_number": CARD, "distributors": ["CONAX_MAIN"]}
HELD = dict.fromkeys(platforms.PLATFORMS, (STB, "SPORT")) | {"conax": (STB[:11], "10001005")}


@pytest.fixture
def said():
    return compose(FILE, environment(DEVELOPMENT))


@pytest.fixture
def services(said):
    return said["services"]


@pytest.fixture
def ours(services):
    return {name: one for name, one in services.items() if name not in BUILT_ELSEWHERE}


def image_of(service):
    (file,) = (DOCKER / service["build"]["context"]).resolve().glob(service["build"]["dockerfile"])
    return stages(file)[-1]


def test_the_environment_for_development_says_all_that_is_asked_for_and_nothing_else():
    assert environment(DEVELOPMENT).keys() == variables(FILE)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_nothing_starts_without(name):
    rest = {one: value for one, value in environment(DEVELOPMENT).items() if one != name}
    with pytest.raises(MissingError, match=name):
        compose(FILE, rest)


def test_an_engine_alone_needs_no_more():
    alone = compose(FILE, dict.fromkeys(WANTED, "x"))["services"]["engine"]
    assert words(alone["command"]) == ["serve", "--end-point"]
    assert alone["depends_on"].keys() == {"postgresql"}


def test_no_secret_stands_in_the_file():
    secret = {}
    for service in compose(FILE, {name: f"<{name}>" for name in variables(FILE)})["services"].values():
        secret |= {name: value for name, value in service["environment"].items() if name in SECRETS}
    assert secret.keys() == SECRETS
    assert not [name for name, value in secret.items() if "<" not in value]


def test_programs_know_every_variable_that_they_are_given(services):
    assert services["postgresql"]["environment"].keys() == OF_POSTGRESQL
    assert services["engine"]["environment"].keys() <= VARIABLES.keys()
    assert set(SECRET) <= services["engine"]["environment"].keys()
    for service in services.values():
        if service["image"] == "headend-simulators":
            line = image_of(service).only("ENTRYPOINT").form + words(service["command"])
            named = [after for option, after in itertools.pairwise(line) if option.endswith("-env")]
            assert service["environment"].keys() == set(named)


def test_images_are_pinned_or_built_here(services, ours):
    assert {name for name, one in services.items() if "build" not in one} == BUILT_ELSEWHERE
    assert services["postgresql"]["image"].startswith("postgres:18.")
    assert all(image_of(one) for one in ours.values())


def test_ours_may_write_nowhere_and_do_nothing_special(ours):
    for one in ours.values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in one["security_opt"]
        assert "privileged" not in one
        assert "user" not in one


def test_ports_are_published_on_loopback_only_and_lead_to_ports_of_the_images(services, ours):
    published = []
    for one in ours.values():
        exposed = image_of(one).only("EXPOSE").text.split()
        address, outside, inner = zip(*(port.split(":") for port in one["ports"]), strict=True)
        assert set(address) == {"127.0.0.1"}
        assert list(inner[: len(exposed)]) == exposed
        for ports in inner[len(exposed) :]:  # of data connections: their numbers are said, and so must be the same
            assert ports in outside
            assert f"--passive-ports {ports}" in one["command"]
        published += [number for ports in outside for number in all_of(ports)]
    assert len(published) == len(set(published))
    assert "ports" not in services["postgresql"]


def all_of(ports):
    first, _, last = ports.partition("-")
    return range(int(first), int(last or first) + 1)


def test_services_wait_for_services_that_say_when_they_are_healthy(services):
    for one in services.values():
        for name, how in one.get("depends_on", {}).items():
            assert "healthcheck" in services[name]
            assert how == {"condition": "service_healthy"}


def test_what_is_mounted_exists(said, services):
    for one in services.values():
        for mount in one["volumes"]:
            source, *_ = mount.split(":")
            if source.startswith("."):
                assert (DOCKER / source).exists()
                assert mount.endswith(":ro")
            else:
                assert source in said["volumes"]


def asked_of(service):
    """What the simulator of this service is asked for, and what its environment tells it."""
    line = image_of(service).only("ENTRYPOINT").form[3:] + words(service["command"])
    return _parser("simulators").parse_args(line), service["environment"]


def test_every_platform_has_a_service(services):
    assert platforms.PLATFORMS.keys() <= services.keys()


def test_tucano_is_the_operators(services):
    asked, told = asked_of(services["tucano"])
    wanted = platforms.settings("tucano")
    assert wanted == {
        "options": wanted["options"],
        "user": asked.user,
        "password": told[asked.password_env],
        "jwt_secret": told[asked.jwt_secret_env],
        "api_provider": asked.api_provider,
    }
    assert operator_files.content(DOCKER / "tucano.toml") == {"options": sorted(wanted["options"])}


def test_icareus_is_the_operators(services):
    asked, told = asked_of(services["icareus"])
    wanted = platforms.settings("icareus")
    assert wanted == {
        "products": wanted["products"],
        "organization": asked.organization,
        "key": told[asked.key_env],
    }
    assert operator_files.content(DOCKER / "icareus.toml") == {"products": sorted(wanted["products"])}


def test_irdeto_is_the_operators(services):
    asked, told = asked_of(services["irdeto"])
    wanted = platforms.settings("irdeto")
    assert wanted == {"products": wanted["products"], "user": asked.user, "password": told[asked.password_env]}
    assert operator_files.content(DOCKER / "irdeto.toml") == {"products": sorted(wanted["products"])}


def test_conax_is_the_operators(services):
    asked, told = asked_of(services["conax"])
    wanted = platforms.settings("conax")
    said = {"home": asked.home, "user": asked.user, "password": told[asked.password_env]}
    assert wanted == {"products": wanted["products"], **said}
    assert operator_files.content(DOCKER / "conax.toml") == {"products": sorted(wanted["products"])}


def scheme(name):
    return "ftp" if platforms.platform(name).drop else "http"


def test_the_engine_reaches_every_platform_at_its_service(services):
    end_points = dict(word.split("=", 1) for word in words(services["engine"]["command"]) if "=" in word)
    wanted = {name: f"{scheme(name)}://{name}:8080{row.path}" for name, row in platforms.PLATFORMS.items()}
    assert end_points == wanted


@pytest.fixture(scope="module")
def postgresql():
    """A server as the image makes one: with the user, the password and the database that compose says."""
    server = PostgreSQL()
    url = make_url(server.url)
    said = compose(FILE, {**environment(DEVELOPMENT), "POSTGRES_PASSWORD": url.password})["services"]["postgresql"]
    assert url.username == said["environment"]["POSTGRES_USER"]
    sql = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with sql.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {said['environment']['POSTGRES_DB']}")
    sql.dispose()
    yield url
    server.stop()


class Composed:
    """The services that compose would start, one by one; the names of hosts are replaced by what stands for them."""

    def __init__(self, container, postgresql):
        self.environment = {**environment(DEVELOPMENT), "POSTGRES_PASSWORD": postgresql.password}
        self.services = compose(FILE, self.environment)["services"]
        self._container = container
        self._hosts = {"@postgresql:5432/": f"@127.0.0.1:{postgresql.port}/"}
        self.platforms = {name: self._service(name) for name in platforms.PLATFORMS}
        for name, one in self.platforms.items():
            self._hosts[f"//{name}:8080"] = one.url("8080").removeprefix("http:")
        self.engine = self._service("engine")

    def _service(self, name):
        one = self.services[name]
        mounts = {target: DOCKER / source for source, target, _ in (mount.split(":") for mount in one["volumes"])}
        told = {variable: self._here(value) for variable, value in one["environment"].items()}
        return self._container(Path(one["build"]["dockerfile"]).stem, mounts, **told)

    def _here(self, text):
        for name, here in self._hosts.items():
            text = text.replace(name, here)
        return text

    def running(self, name):
        one = self.platforms.get(name, self.engine)
        return one.running([self._here(word) for word in words(self.services[name]["command"])])

    @property
    def api(self):
        return EngineClient(self.engine.url("8440"), self.environment["HEADEND_TOKEN"])

    def held(self, name):
        """What a platform holds."""
        bearer = {"Authorization": f"Bearer {self.environment['CONTROL_TOKEN']}"}
        control = Client(self.platforms[name].url("8081"), "control")
        return str(control.call("GET", f"/platforms/{name}/state", headers=bearer)["holdings"])


@pytest.fixture
def composed(container, postgresql):
    return Composed(container, postgresql)


def test_the_check_of_postgresql_tells_whether_it_is_there(composed, postgresql):
    program, *arguments = composed.services["postgresql"]["healthcheck"]["test"][1:]

    def status(port):
        return subprocess.run(
            [found() / program, *arguments], env={"PGPORT": str(port)}, check=False, capture_output=True
        ).returncode

    assert status(postgresql.port) == 0
    assert status(composed.engine.ports["8440"]) != 0


def test_the_whole_completes_the_requests_of_a_new_subscriber_at_every_platform(composed):
    with ExitStack() as held:
        running = {name: held.enter_context(composed.running(name)) for name in composed.platforms}
        with composed.running("engine") as process:
            assert all(one.is_healthy() for one in (composed.engine, *composed.platforms.values()))
            made = composed.api.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[SPORT], items=[BOX, SMARTCARD])
            for definition in ("PROCESS_REQUESTS", "ERROR_HANDLING"):
                run(composed.api, definition)
            requests = composed.api.requests(100)
            assert {one["provider"] for one in requests} == set(composed.platforms)
            assert {one["life_cycle_state"] for one in requests} == {"COMPLETED"}
            for name, words_of_it in HELD.items():
                assert all(word in composed.held(name) for word in words_of_it)
            assert composed.engine.stop(process) == 0
            assert not composed.engine.is_healthy()
        with composed.running("engine"):  # on the database that the one before has left
            standings = composed.api.show(made["subscription"])["providers"]
            assert {name: one["in_sync"] for name, one in standings.items()} == dict.fromkeys(composed.platforms, True)
        for name, one in composed.platforms.items():
            assert one.stop(running[name]) == 0
            assert not one.is_healthy()


def run(api, definition):
    """Run what is set up; after the timetable's run, where that is just about it."""
    for _attempt in range(3):
        with suppress(CallError):
            found = api.change("/definitions/submit", {"definition_identifier": {"alternative_code": definition}})
            assert api.look("/runs/show", id=found["id"], within_s=30)["state"] == "COMPLETED"
            return
        last = api.look("/runs/list", definition=definition, number_of_results=1)["results"][0]
        api.look("/runs/show", id=last["id"], within_s=30)
    pytest.fail(f"{definition} could not be run.")


def test_a_call_without_the_token_is_refused(composed):
    with composed.running("engine"), pytest.raises(CallError) as refused:
        EngineClient(composed.engine.url("8440"), "another").act("BECOME_SUBSCRIBER", subscriber=ADA)
    assert refused.value.status == 401
