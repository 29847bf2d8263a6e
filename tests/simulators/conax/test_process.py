"""`python -m simulators conax`: a process of its own, with FTP on its port."""

import ftplib
import io
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from simulators.__main__ import _parser, _platform
from simulators.kit.catalogue_file import CatalogueFileError
from simulators.kit.platform import Platform
from simulators.kit.program import CallError
from tests.simulators.conax.files import CARDS, PRODUCT, subscription
from tests.simulators.test_process import Process

CARD = CARDS[0]
FAR = {"start": "202001010000", "end": "209912312359"}


@pytest.fixture
def start():
    started: list[Process] = []

    def process(*arguments: str, **environment: str) -> Process:
        started.append(Process(*arguments, platform="conax", **environment))
        return started[-1]

    yield process
    for each in started:
        each.popen.kill()
        each.popen.communicate()


def put(process: Process, number: str, home: str = "", login=("headend", "headend"), kind=ftplib.FTP, **right) -> None:
    address = urlsplit(process.url)
    with kind(timeout=5) as ftp:
        ftp.connect(address.hostname, address.port)
        ftp.login(*login)
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
        ftp.cwd(f"{home}/autreq/req")
        ftp.storbinary("STOR x.tmp", io.BytesIO(subscription(number, CARD, **{**FAR, **right})))
        ftp.rename("x.tmp", f"ps{number}.emm")


def state(process: Process) -> dict:
    return requests.get(f"{process.control}/platforms/conax/state", timeout=5).json()


def test_all_that_can_be_said_of_it_is(start, tmp_path):
    cards = tmp_path / "cards"
    cards.write_text(f"{CARD}5\n")
    process = start(
        *("--product", "7", "--cards", str(cards), "--home", "/sas", "--user", "crm", "--password-env", "SECRET"),
        *("--processing", "when-told", "--tls", "required"),
        SECRET="word",
    )
    assert process.url.startswith("ftp://127.0.0.1:")
    with pytest.raises(ftplib.error_perm):
        put(process, "000001", "/sas", ("crm", "word"))
    with pytest.raises(ftplib.error_perm, match="530"):
        put(process, "000001", "/sas", kind=secret)
    put(process, "000001", "/sas", ("crm", "word"), kind=secret, product="00000007")
    assert state(process)["holdings"] == {}
    requests.post(f"{process.control}/platforms/conax/process", timeout=5).raise_for_status()
    assert state(process)["holdings"] == {CARD: ["product 00000007 until 2099-12-31"]}
    assert state(process)["catalogue"] == {"products": ["00000007"], "cards": [CARD]}
    assert process.stop() == 0


def secret(**how) -> ftplib.FTP_TLS:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return ftplib.FTP_TLS(context=trusting, **how)  # noqa: S321 - what the platform speaks


def called(*arguments: str) -> Platform[Any]:
    """The platform that a call would serve."""
    return _platform(_parser("simulators").parse_args(["conax", *arguments]))


def test_it_starts_with_a_sample_catalogue_and_a_file_of_ones_own_takes_its_place(tmp_path):
    file = tmp_path / "products.toml"
    file.write_text('products = ["7"]')
    assert PRODUCT in called().catalogue.products
    assert called("--products", str(file), "--product", "8").catalogue.products == {"00000007", "00000008"}


def test_data_connections_lead_to_the_ports_that_are_let_through(start):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = urlsplit(start("--passive-ports", f"{port}-{port}").url)
    with ftplib.FTP(timeout=5) as ftp:  # noqa: S321 - what the platform speaks
        ftp.connect(address.hostname, address.port)
        ftp.login("headend", "headend")
        assert ftp.sendcmd("EPSV").endswith(f"(|||{port}|).")
        assert ftp.nlst() == ["autreq"]


# fmt: off
WRONG = [
    (["--passive-ports", "8459-8450"],      "ports are such as 8450-8459, and not 8459-8450"),
    (["--passive-ports", "1-65536"],        "and not 1-65536"),
    (["--passive-ports", "0-9"],            "and not 0-9"),
    (["--passive-ports", "8450"],           "and not 8450"),
    (["--product", "123456789"],            "up to 8 digits"),
    (["--cards", "/nowhere"],               "the cards /nowhere can't be read"),
    (["--home", "autreq"],                  "a home directory is zero or more names"),
    (["--processing", "-1"],                "files are taken 0 to 86400 seconds later, not -1"),
    (["--processing", "soon"],              "'soon'"),
]
# fmt: on


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_a_wrong_call_is_said(capsys, arguments, said):
    with pytest.raises((SystemExit, CallError, CatalogueFileError)) as stopped:
        called(*arguments)
    assert said in f"{stopped.value}{capsys.readouterr().err}"


def test_files_are_taken_so_many_seconds_later():
    delays = [called(*how).drop.delay_s for how in ((), ("--processing", "90"), ("--processing", "when-told"))]
    assert delays == [0, 90, None]
