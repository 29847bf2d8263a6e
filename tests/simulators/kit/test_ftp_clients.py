"""Clients that know nothing of us work with the folders, in the clear and over TLS: curl, lftp and ftplib."""

import ftplib
import io
import ssl
import subprocess
from pathlib import Path

import pytest

from simulators.kit import tls
from simulators.kit.faults import Fault
from simulators.kit.ftp_serving import FtpServer
from tests.programs import program
from tests.simulators.kit.conftest import LETTER, PASSWORD

USER = f"ada:{PASSWORD}"
MANY = b"".join(b"%011d\r\n" % number for number in range(20_000))


@pytest.fixture(scope="module")
def self_made():
    """One certificate for all: making a key takes its time."""
    return tls.self_made()


@pytest.fixture
def trusted(self_made, tmp_path) -> Path:
    path = tmp_path / "trusted.pem"
    path.write_text(self_made.certificate)
    return path


@pytest.fixture
def server(request, post, self_made):
    """The folders, TLS on offer."""
    with FtpServer(post, tls=self_made) as server:
        yield server


@pytest.fixture
def letter(tmp_path) -> Path:
    path = tmp_path / "letter"
    path.write_bytes(LETTER)
    return path


def curl(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [program("curl"), "--silent", "--show-error", "--user", USER, "--max-time", "10", *map(str, arguments)],
        capture_output=True,
        check=False,
        timeout=20,
    )


def lftp(server: FtpServer, *commands: str) -> subprocess.CompletedProcess[str]:
    settings = "set net:max-retries 1; set net:timeout 5; set cmd:fail-exit yes"
    script = "; ".join((settings, *commands))
    script = script.replace("OPEN", f"open -u {USER.replace(':', ',')} ftp://127.0.0.1:{server.port}")
    return subprocess.run([program("lftp"), "-c", script], capture_output=True, check=False, text=True, timeout=20)


def secured(ca: Path) -> str:
    return f"set ftp:ssl-force yes; set ftp:ssl-protect-data yes; set ssl:ca-file {ca}; set ssl:check-hostname no"


@pytest.mark.parametrize("extra", [(), ("--disable-epsv",), ("--ftp-port", "127.0.0.1"), ("--ssl-reqd",)])
def test_curl_sends_renames_lists_fetches_and_deletes(server, office, letter, trusted, extra):
    how = (*extra, "--cacert", trusted)
    sent = curl(*how, "--upload-file", letter, f"{server.url}/in/a.tmp")
    assert (sent.returncode, sent.stderr) == (0, b"")
    renamed = curl(*how, "--quote", "RNFR /in/a.tmp", "--quote", "RNTO /in/a.emm", f"{server.url}/")
    assert renamed.returncode == 0
    assert office.holdings() == {"bob": ["tea"]}
    assert curl(*how, "--list-only", f"{server.url}/ok/").stdout == b"a.emm\n"
    assert curl(*how, f"{server.url}/ok/a.emm").stdout == LETTER
    assert curl(*how, "--quote", "DELE /ok/a.emm", f"{server.url}/").returncode == 0
    assert office.tree.names("/ok") == []
    assert curl(*how, f"{server.url}/ok/a.emm").returncode == 78  # there is no such file


@pytest.mark.parametrize("passive", ["yes", "no"])
@pytest.mark.parametrize("secure", [False, True])
def test_lftp_sends_renames_lists_fetches_and_deletes(server, office, letter, trusted, tmp_path, passive, secure):
    mode = secured(trusted) if secure else "set ftp:ssl-allow no"
    fetched = tmp_path / "fetched"
    done = lftp(
        server,
        f"{mode}; set ftp:passive-mode {passive}; OPEN",
        f"put {letter} -o /in/a.tmp",
        "mv /in/a.tmp /in/a.emm",
        "cls -1 /ok",
        f"get /ok/a.emm -o {fetched}",
        "rm /ok/a.emm",
        "cls -1 /",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["/ok/a.emm", "/err/", "/in/", "/ok/"]
    assert (fetched.read_bytes(), office.holdings(), office.tree.names("/ok")) == (LETTER, {"bob": ["tea"]}, [])


def test_a_file_of_many_cards_comes_as_it_was_sent_over_tls(server, office, trusted):
    with ftplib.FTP_TLS(context=ssl.create_default_context(cafile=str(trusted)), timeout=5) as ftp:  # noqa: S321
        ftp.connect("127.0.0.1", server.port)
        ftp.login("ada", PASSWORD)
        ftp.prot_p()
        ftp.storbinary("STOR /in/many.tmp", io.BytesIO(MANY))
        assert ftp.size("/in/many.tmp") == len(MANY)
        read = io.BytesIO()
        ftp.retrbinary("RETR /in/many.tmp", read.write)
    assert read.getvalue() == MANY == office.tree.read("/in/many.tmp")


@pytest.mark.parametrize("kind", ["upload_dropped", "disk_full", "rename_lost", "reset"])
def test_faults_break_a_line_that_is_encrypted_too(server, office, letter, trusted, kind):
    fields = {"operation": "UPLOAD"} if kind == "reset" else {}
    office.faults.put(Fault("f", kind, times=1, **fields))
    context = ssl.create_default_context(cafile=str(trusted))
    raised = (ftplib.error_temp if kind == "disk_full" else EOFError, OSError)  # TLS may hear the end before the answer
    ftp = ftplib.FTP_TLS(context=context, timeout=5)  # noqa: S321 - what is tested
    try:
        ftp.connect("127.0.0.1", server.port)
        ftp.login("ada", PASSWORD)
        ftp.prot_p()
        with pytest.raises(raised):
            _send(ftp)
    finally:
        ftp.close()
    assert [entry.fault for entry in office.journal.find() if entry.transfer] == ["f"]


def _send(ftp: ftplib.FTP_TLS) -> None:
    ftp.storbinary("STOR /in/a.tmp", io.BytesIO(LETTER * 99))
    ftp.rename("/in/a.tmp", "/in/a.emm")


def test_where_tls_is_required_nothing_goes_in_the_clear(post, office, trusted, self_made, letter):
    strict = tls.Tls(self_made.context, self_made.certificate, required=True)
    with FtpServer(post, tls=strict) as server:
        assert curl("--upload-file", letter, f"{server.url}/in/a.tmp").returncode == 67  # not let in
        refused = lftp(server, "set ftp:ssl-allow no; OPEN", "cls /in")
        assert refused.returncode != 0
        sent = curl("--ssl-reqd", "--cacert", trusted, "--upload-file", letter, f"{server.url}/in/a.tmp")
        assert sent.returncode == 0
        with ftplib.FTP_TLS(context=ssl.create_default_context(cafile=str(trusted)), timeout=5) as ftp:  # noqa: S321
            ftp.connect("127.0.0.1", server.port)
            ftp.login("ada", PASSWORD)
            with pytest.raises(ftplib.error_perm, match="TLS required"):
                ftp.nlst("/in")
    assert office.tree.names("/in") == ["a.tmp"]


def test_a_client_that_does_not_trust_the_certificate_goes_away_and_the_server_stays(server, letter):
    assert curl("--ssl-reqd", f"{server.url}/in/").returncode == 60
    assert curl("--ssl-reqd", "--insecure", "--upload-file", letter, f"{server.url}/in/a.tmp").returncode == 0


def test_a_certificate_may_be_given_with_its_key(post, tmp_path, letter):
    openssl = [
        program("openssl"),
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run([*openssl, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=20)
    with FtpServer(post, tls=tls.given(certificate, key)) as server:
        sent = curl("--ssl-reqd", "--cacert", certificate, "--upload-file", letter, f"{server.url}/in/a.tmp")
        assert sent.returncode == 0
    with pytest.raises(ValueError, match="are no certificate with its key"):
        tls.given(certificate, certificate)
