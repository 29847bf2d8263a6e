"""`python -m engine`: called wrongly it is a sentence, and nothing has been sent."""

import io
import json
import signal
import socket
import subprocess
import sys
import threading

import pytest
from sqlalchemy import make_url

from engine.__main__ import main
from engine.bootstrap import Engine
from engine.clock import SystemClock
from engine.commands.serve import run
from engine.domain.errors import InvalidError
from engine.settings import Settings
from tests.engine.at_conax import CONFIGURATION

PATIENCE_S = 30


def ended(*arguments):
    """What became of an engine that nobody holds by its leash."""
    command = [sys.executable, "-m", "engine", "--leashed", *map(str, arguments)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def refused(*arguments):
    """The one sentence in which it is refused."""
    done = ended(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("engine: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture
def refused_here(monkeypatch, capsys):
    """The same of an engine that is called in this process. If it does begin, it ends at once, and well."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def said(*arguments):
        status = main(["--leashed", *map(str, arguments)])
        told = capsys.readouterr()
        assert (status, told.out) == (2, "")
        assert told.err.startswith("engine: ")
        assert told.err.count("\n") == 1
        return told.err

    return said


@pytest.fixture
def database(make_database):
    return make_database()


@pytest.fixture
def pending(database, configuration, subscribe):
    """A database in which an engine, killed while sending, left a request PENDING."""

    class KilledError(BaseException):
        pass

    class Dying:
        def send(self, _message, _timeouts):
            raise KilledError

        def close(self):
            pass

    engine = Engine(database)
    engine.configure(configuration)
    engine.context.transport = Dying()
    with pytest.raises(KilledError):
        subscribe(engine)
    left = engine.requests(life_cycle_state="PENDING")
    engine.close()
    assert left
    return left


@pytest.fixture
def platform_port():
    """A port at which a platform would be called, and that must not happen."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        yield listener


def test_where_the_port_is_taken_nothing_is_sent(database, configuration, pending, platform_port):
    address = f"tv=http://127.0.0.1:{platform_port.getsockname()[1]}/tucano"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--database", database, "--configuration", configuration, "--port", port, "--end-point", address)
    assert f"Port {port} can't be had" in said
    with pytest.raises(BlockingIOError):
        platform_port.accept()
    engine = Engine(database)
    assert engine.requests(life_cycle_state="PENDING") == pending
    engine.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # cheroot forgets to close its socket
def test_the_recovery_begins_when_the_port_is_had_and_ends_with_the_serving(monkeypatch):
    seen, stop = [], threading.Event()

    def recover(_engine, stopped):
        seen.append(stopped())
        assert stop.wait(PATIENCE_S)

    def fail(_warnings, _url):
        raise ValueError("nobody can be told")

    monkeypatch.setattr(Engine, "recover", recover)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InvalidError, match="can't be had"):
        run(Settings(port=taken.getsockname()[1]), [], SystemClock(), stop)
    assert (seen, stop.is_set()) == ([], False)
    monkeypatch.setattr("engine.commands.serve.say", fail)
    with pytest.raises(ValueError, match="nobody can be told"):
        run(Settings(), [], SystemClock(), stop)
    assert (seen, stop.is_set()) == ([False], True)


def test_what_is_configured_and_hardly_meant_is_told_with_the_address_and_logged(
    monkeypatch, configuration, tmp_path, caplog
):
    (tmp_path / "conax.toml").write_text(CONFIGURATION, encoding="utf-8")
    said, stop = [], threading.Event()
    monkeypatch.setattr("engine.commands.serve.say", lambda warnings, _url: (said.extend(warnings), stop.set()))
    run(Settings(configuration=(configuration, tmp_path)), [], SystemClock(), stop)
    assert [one.partition(": rights end ")[2] for one in said] == ["on the day they are renewed."] * 2
    assert [record.message for record in caplog.records] == said


@pytest.mark.parametrize(
    "pair",
    [
        *("tv", "tv=", "=http://127.0.0.1/", "tv=127.0.0.1:8442", "tv=sftp://127.0.0.1/", "tv=http://"),
        *("tv=http://[::1", "tv=http://127.0.0.1:99999/", "tv=http://127.0.0.1:0/"),
    ],
)
def test_an_end_point_that_can_not_be_one_is_a_sentence(refused_here, pair, configuration):
    said = refused_here("--configuration", configuration, "--end-point", pair)
    assert f"--end-point is {pair!r}; wanted is PROVIDER=URL" in said


def test_the_end_point_of_another_kind_of_platform_is_a_sentence(refused_here, configuration):
    said = refused_here("--configuration", configuration, "--end-point", "tv=ftp://127.0.0.1/")
    assert "tv can't be reached at 'ftp://127.0.0.1/'; an http URL is wanted." in said


@pytest.mark.parametrize("after", [[], ["--end-point", "tv=http://127.0.0.1/"]])
def test_the_end_point_of_a_provider_that_there_is_not_is_a_sentence(refused_here, after, configuration):
    said = refused_here("--configuration", configuration, "--end-point", "irdeto=http://127.0.0.1/", *after)
    assert "Unknown provider 'irdeto'; known: tv" in said


@pytest.mark.sqlite("about its files")
def test_a_database_that_can_not_be_used_is_a_sentence(tmp_path, configuration):
    file = tmp_path / "engine.sqlite"
    (tmp_path / "text").write_text("no database " * 1000)
    assert ended("--database", f"sqlite:///{file}", "--configuration", configuration).returncode == 0
    for path, why in (
        (tmp_path / "text", "file is not a database"),
        (tmp_path, "unable to open database file"),
        (tmp_path / "nowhere" / "x", "unable to open database file"),
        (f"file:{file}?mode=ro&uri=true", "attempt to write a readonly database"),
    ):
        said = refused("--database", f"sqlite:///{path}", "--configuration", configuration)
        assert said.startswith("engine: The database can't be ")
        assert why in said


@pytest.mark.postgresql("about its server")
def test_a_server_that_can_not_be_used_is_a_sentence_without_the_password(database, configuration):
    whole = make_url(database)
    for parts, why in (
        ({"port": 1}, "Connection refused"),
        ({"host": "nowhere.invalid"}, "failed to resolve host 'nowhere.invalid'"),
        ({"database": "nowhere"}, 'database "nowhere" does not exist'),
        ({"password": "swordfish"}, "password authentication failed"),
        ({"query": {"sslmode": "never"}}, "sslmode"),
        ({"query": {"options": "-c default_transaction_read_only=on"}}, "cannot execute CREATE TABLE in a read-only"),
    ):
        url = whole.set(**parts).render_as_string(hide_password=False)
        said = refused("--database", url, "--configuration", configuration)
        assert said.startswith("engine: The database can't be opened: ")
        assert why in said
        assert "swordfish" not in said
        assert whole.password not in said


def test_it_says_where_it_is_and_ends_with_whoever_holds_it():
    done = ended()
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["engine"].startswith("http://127.0.0.1:")
