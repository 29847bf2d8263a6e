"""The platform's own way, on real sockets: put a file under another name, rename it, look into ok and err."""

import ftplib
import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulators.kit.ftp_serving import FtpServer
from tests.programs import program
from tests.simulators.conax.conftest import made
from tests.simulators.conax.files import CARDS, PRODUCT, changed, golden

NAME, UNREADY = "ps000042.emm", "ps000042.tmp"
REFUSED = "cs000043.emm"
HELD = {card: [f"product {PRODUCT} until 2026-04-15"] for card in CARDS}
LOG = b"cs000043.emm:\r\nERR_PRIORITY 6\r\n"


@pytest.fixture
def server(simulator, folders) -> Iterator[FtpServer]:
    with FtpServer(simulator) as server:
        yield server


@pytest.fixture
def files(tmp_path):
    """A file in order and one that is not, on the CRM's disk."""
    (tmp_path / NAME).write_bytes(golden(NAME))
    (tmp_path / REFUSED).write_bytes(changed(REFUSED, 6, "02"))
    return tmp_path


@contextmanager
def logged_in(server: FtpServer, user: str = "headend", password: str = "headend") -> Iterator[ftplib.FTP]:  # noqa: S107
    with ftplib.FTP(timeout=5) as ftp:  # noqa: S321 - what the platform speaks
        ftp.connect("127.0.0.1", server.port)
        ftp.login(user, password)
        yield ftp


def put(ftp: ftplib.FTP, name: str, body: bytes) -> None:
    ftp.storbinary("STOR autreq/req/x.tmp", io.BytesIO(body))
    ftp.rename("autreq/req/x.tmp", f"autreq/req/{name}")


def got(ftp: ftplib.FTP, path: str) -> bytes:
    blocks: list[bytes] = []
    ftp.retrbinary(f"RETR autreq/{path}", blocks.append)
    return b"".join(blocks)


def told(name: str, *arguments: str, **how) -> bytes:
    return subprocess.run((program(name), *arguments), check=True, capture_output=True, timeout=20, **how).stdout


def test_ftplib_puts_renames_looks_and_deletes(server, workspace):
    with logged_in(server) as ftp:
        ftp.storbinary(f"STOR autreq/req/{UNREADY}", io.BytesIO(golden(NAME)))
        assert (ftp.nlst("autreq/req"), workspace.holdings()) == ([UNREADY], {})
        ftp.rename(f"autreq/req/{UNREADY}", f"autreq/req/{NAME}")
        assert (ftp.nlst("autreq/req"), ftp.nlst("autreq/ok")) == ([], [NAME])
        assert got(ftp, f"ok/{NAME}") == golden(NAME)
        ftp.delete(f"autreq/ok/{NAME}")
        put(ftp, REFUSED, changed(REFUSED, 6, "02"))
        assert ftp.nlst("autreq/err") == [REFUSED, "errors.txt"]
        assert got(ftp, "err/errors.txt") == LOG
    assert workspace.holdings() == HELD


def test_curl_does(server, workspace, files):
    at = f"ftp://headend:headend@127.0.0.1:{server.port}/autreq"
    for name in (NAME, REFUSED):
        renamed = ("-Q", "-RNFR x.tmp", "-Q", f"-RNTO {name}")
        told("curl", "--silent", "--fail", "-T", name, f"{at}/req/x.tmp", *renamed, cwd=files)
    assert told("curl", "--silent", "--list-only", f"{at}/ok/").split() == [NAME.encode()]
    assert told("curl", "--silent", f"{at}/err/errors.txt") == LOG
    assert workspace.holdings() == HELD


def test_lftp_does(server, workspace, files):
    script = (
        f"cd autreq; put {NAME} -o req/{UNREADY}; mv req/{UNREADY} req/{NAME};"
        f"put {REFUSED} -o req/x.tmp; mv req/x.tmp req/{REFUSED}; cls -1 ok/ err/; cat err/errors.txt; bye"
    )
    said = told("lftp", "-u", "headend,headend", "-e", script, f"ftp://127.0.0.1:{server.port}", cwd=files)
    listed = said.removesuffix(LOG).decode().split()
    assert (said.endswith(LOG), sorted(listed)) == (True, [f"err/{REFUSED}", "err/errors.txt", f"ok/{NAME}"])
    assert workspace.holdings() == HELD


def test_a_question_is_answered_in_its_file(server, folders):
    with logged_in(server) as ftp:
        put(ftp, NAME, golden(NAME))
        put(ftp, "sc000047.emm", golden("sc000047.emm"))
        assert f'<Product id="{PRODUCT}"><AuthorisationEnd'.encode() in got(ftp, "ok/sc000047.emm")


def test_a_user_has_the_folders_of_a_workspace(server, simulator):
    simulator.workspace("other").clock.freeze(simulator.workspace().clock.now())
    with logged_in(server, "headend@other") as ftp:
        put(ftp, NAME, golden(NAME))
    assert (simulator.workspace().holdings(), simulator.workspace("other").holdings()) == ({}, HELD)
    with pytest.raises(ftplib.error_perm, match="530"), logged_in(server, password="wrong"):
        pass


def test_folders_are_under_the_home_directory():
    with FtpServer(made(home="/sas/in")) as server, logged_in(server) as ftp:
        ftp.cwd("/sas/in")
        put(ftp, NAME, golden(NAME))
        assert ftp.nlst("/sas/in/autreq/ok") == [NAME]
