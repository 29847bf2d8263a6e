"""Testing the connection to a platform that takes files: what is there, and what is to blame where it is not."""

import pytest

from engine.domain.errors import InvalidError
from engine.ports import FoldersError
from engine.service.breaker import Breakers
from engine.transports.ftp import FtpTransport
from tests.engine.at_conax import add_conax
from tests.engine.transports.ftp_servers import PASSWORD, USER, serving

FOLDERS = ["/op/autreq/req", "/op/autreq/ok", "/op/autreq/err"]
LOST = FoldersError("CONNECTION_LOST", "They hung up.")


@pytest.fixture
def site(engine, tmp_path):
    return add_conax(engine, tmp_path)


def test_each_folder_is_looked_into_and_nothing_is_changed(engine, site, dump):
    before = dump(engine)
    engine.context.breakers = Breakers()
    found = engine.test_connection("conax")
    assert (found.provider, found.reachable, found.credentials_hold, found.code, found.field) == (
        "conax",
        True,
        True,
        "",
        "",
    )
    assert [path for operation, path in site.journal if operation == "names"] == FOLDERS
    assert {operation for operation, _path in site.journal} == {"connect", "names", "size", "read"}
    assert site.open == 0
    assert dump(engine) == before
    assert engine.context.breakers.health == {}


@pytest.mark.parametrize(
    ("error", "reachable", "holds"),
    [
        (FoldersError("CONNECTION_REFUSED", "Nobody.", "host_name, port"), False, None),
        (FoldersError("TLS_FAILED", "Not he.", "certificate_file"), False, None),
        (FoldersError("NO_FTPS", "None.", "ftps", refused=True), True, None),
        (FoldersError("LOGIN_REFUSED", "No.", "user_name, password", refused=True), True, False),
    ],
)
def test_who_does_not_come_in_is_told_what_is_to_blame(error, reachable, holds, engine, site):
    site.fail("connect", error)
    found = engine.test_connection("conax")
    assert (found.reachable, found.credentials_hold) == (reachable, holds)
    assert (found.code, found.description, found.field) == (error.code, error.description, error.field)


def test_all_folders_that_are_missing_are_named(engine, site):
    del site.folders[FOLDERS[1]], site.folders[FOLDERS[2]]
    found = engine.test_connection("conax")
    assert (found.reachable, found.credentials_hold, found.code) == (True, True, "NOT_FOUND")
    assert found.field == "home_directory"
    assert FOLDERS[0] not in found.description
    assert all(folder in found.description for folder in FOLDERS[1:])


@pytest.mark.parametrize("operation", ["names", "size", "read"])
def test_a_connection_that_is_lost_meanwhile_is_told(operation, engine, site):
    site.fail(operation, LOST)
    found = engine.test_connection("conax")
    assert (found.reachable, found.credentials_hold) == (True, True)
    assert (found.code, found.field) == ("CONNECTION_LOST", "host_name, port")
    assert site.open == 0


def test_the_time_it_takes_is_told(engine, site, clock):
    site.before = lambda _operation, _path: clock.sleep(0.01)
    assert engine.test_connection("conax").milliseconds == 10 * len(site.journal)


@pytest.fixture
def home(tmp_path):
    for name in ("req", "ok", "err"):
        (tmp_path / "home/autreq" / name).mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def real(engine, tmp_path):
    """An engine that reaches whole servers."""
    add_conax(engine, tmp_path)
    engine.context.folders = FtpTransport()
    return engine


def at(engine, site, **connection):
    known = {"host_name": site.host, "port": str(site.port), "user_name": USER, "password": PASSWORD}
    engine.point("conax", **(known | {"home_directory": ""} | connection))
    found = engine.test_connection("conax")
    assert PASSWORD not in found.description
    return found.reachable, found.credentials_hold, found.code, found.field


def test_a_real_server_is_tested(real, home):
    with serving(home) as site:
        assert at(real, site) == (True, True, "", "")
        (home / "autreq/err/errors.txt").write_bytes(b"ps000001.emm:\r\nERR_CARDNUM 10\r\n")
        assert at(real, site) == (True, True, "", "")
        assert at(real, site, password="wrong") == (True, False, "LOGIN_REFUSED", "user_name, password")
        assert at(real, site, home_directory="/op") == (True, True, "NOT_FOUND", "home_directory")
        assert at(real, site, ftps="true") == (True, None, "NO_FTPS", "ftps")
        assert at(real, site, character_encoding="ascii", home_directory="/ö") == (
            True,
            True,
            "UNSENDABLE",
            "character_encoding",
        )
    assert at(real, site) == (False, None, "CONNECTION_REFUSED", "host_name, port")


def test_a_list_of_errors_that_may_not_be_read_is_told(real, home):
    (home / "autreq/err/errors.txt").write_bytes(b"ps000001.emm:\r\n")
    with serving(home, perm="elw") as site:
        assert at(real, site) == (True, True, "REFUSED", "user_name")


def test_such_a_platform_is_pointed_at_by_an_ftp_url_and_no_other(real, home):
    with serving(home) as site:
        real.point_at("conax", f"ftp://127.0.0.1:{site.port}")
        assert real.context.provider("conax").connection["host_name"] == "127.0.0.1"
        assert real.test_connection("conax").code == "LOGIN_REFUSED"
    for code, url, wanted in (
        ("conax", "http://127.0.0.1:1/", "an ftp URL"),
        ("tv", "ftp://127.0.0.1:1/", "an http URL"),
    ):
        with pytest.raises(InvalidError, match=wanted):
            real.point_at(code, url)
