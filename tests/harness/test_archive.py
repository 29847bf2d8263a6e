"""`headend archive`, and `headend run` with the archive password, on an engine that runs on sockets."""

import gzip
import hashlib
import json

import pytest
from click.testing import CliRunner

from harness.cli import archive
from harness.cli.main import main
from harness.clients import EngineClient

PASSWORD = {"HEADEND_ARCHIVE_PASSWORD": "over and done"}
DEFINITION = """definitions = [
    { code = "OLD", name = "Old", kind = "archive", effective = true, filters = { older_than_days = 0 } },
]"""


@pytest.fixture(autouse=True, scope="module")
def engine(stack):
    client = EngineClient(stack.addresses["engine"], stack.addresses["token"])
    client.change("/provisioning/configuration/load", {"files": {"old.toml": DEFINITION}})
    return client


@pytest.fixture
def made(headend, subscribed):
    """An archive of what a subscription's services were sent."""
    assert headend("archive", "password", **PASSWORD).stdout == "The archive password is set.\n"
    assert headend("run", "OLD", **PASSWORD).exit_code == 0
    return json.loads(headend("archive", "--json").stdout)["results"][0]


def test_requests_are_archived_fetched_and_deleted(headend, subscribed, made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = made["name"]
    assert name in headend("archive").stdout
    assert made["sha256"] in headend("archive", "show", name).stdout
    assert headend("archive", "download", name).exit_code == 0
    data = (tmp_path / name).read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (made["sha256"], made["size"])
    _head, *records = map(json.loads, gzip.decompress(data).splitlines())
    assert [one["type"] for one in records if one["subscription"] == subscribed] == ["CREATE_ACCOUNT", "ADD_MATERIAL"]
    again = headend("archive", "download", name)
    assert (again.exit_code, "is there already; it is not overwritten" in again.stderr) == (1, True)
    assert (tmp_path / name).read_bytes() == data
    wanted = headend("archive", "delete", name)
    assert (wanted.exit_code, "The archive password is wanted" in wanted.stderr) == (2, True)
    assert headend("archive", "delete", name, **PASSWORD).stdout == f"{name} is deleted for good.\n"
    assert headend("archive", "show", name).exit_code == 2


def test_what_did_not_come_as_it_was_written_is_not_kept(headend, made, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "fetched", lambda *_arguments: "another sum")
    refused = headend("archive", "download", made["name"], "-o", str(tmp_path / "old"))
    assert (refused.exit_code, "did not come as it was written" in refused.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_archives_is_previewed_by_everybody_and_begun_with_the_password(headend, made, subscribed, stack):
    assert "record in 1 archive" in headend("run", "OLD", "--preview").stdout.replace("records", "record")
    refused = headend("run", "OLD")
    assert (refused.exit_code, "at a terminal, by --password-stdin, or in" in refused.stderr) == (2, True)
    told = {"HEADEND_ENGINE": stack.addresses["engine"], "HEADEND_TOKEN": stack.addresses["token"]}
    for said, status, what in (
        ("a guess\n", 1, "This is not the archive password"),
        ("over\n", 1, "say it again in 1 s"),
    ):
        refused = CliRunner().invoke(main, ["run", "OLD", "--password-stdin"], input=said, env=told)
        assert (refused.exit_code, what in refused.stderr) == (status, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("archive", "show"), "show takes a NAME"),
        (("archive", "list", "x"), "list takes no NAME"),
        (("archive", "show", "x"), "Unknown archive 'x'"),
        (("archive", "password"), "at a terminal, by --password-stdin, or in HEADEND_ARCHIVE_PASSWORD"),
    ],
)
def test_what_is_wrong_is_a_sentence(headend, arguments, sentence):
    wrong = headend(*arguments)
    assert (wrong.exit_code, sentence in wrong.stderr) == (2, True)
