"""`python -m engine`: the commands, the options and the settings, each wrong one a sentence."""

import io
import json
from contextlib import closing

import pytest

from engine.__main__ import main
from engine.bootstrap import Engine
from engine.service import archive_password


@pytest.fixture
def database(tmp_path):
    return f"sqlite:///{tmp_path / 'engine.sqlite'}"


@pytest.fixture
def said(capsys):
    """What a command prints, and its exit status."""

    def run(*arguments):
        status = main(arguments)
        found = capsys.readouterr()
        return status, found.out, found.err

    return run


def test_a_token_is_made_shown_once_listed_and_revoked(said, database):
    status, out, error = said("token", "create", "crm", "--database", database, "--json")
    made = json.loads(out)
    assert (status, made["name"], error) == (0, "crm", "")
    plain = said("token", "create", "other", "--database", database)[1]
    assert plain.startswith("hd_")
    assert said("token", "revoke", "crm", "--database", database)[1] == "crm is revoked.\n"
    listed = said("token", "list", "--database", database)[1]
    assert [line.split()[0] for line in listed.splitlines()] == ["crm", "other"]
    assert "revoked" in listed.splitlines()[0]
    assert made["token"] not in listed
    assert plain.strip() not in listed


def test_the_archive_password_is_read_from_standard_input_or_from_the_environment(said, database, monkeypatch):
    def is_known(password):
        with closing(Engine(database)) as engine:
            return archive_password.check(engine.context, password) is None

    monkeypatch.setattr("sys.stdin", io.StringIO("over and done\n"))
    assert said("archive-password", "--database", database) == (0, "The archive password is set.\n", "")
    assert is_known("over and done")
    monkeypatch.setenv("HEADEND_ARCHIVE_PASSWORD", "another one")
    assert said("archive-password", "--database", database)[0] == 0
    assert is_known("another one")
    monkeypatch.setenv("HEADEND_ARCHIVE_PASSWORD", "short")
    assert said("archive-password", "--database", database)[::2] == (
        2,
        "engine: The archive password has 5 characters; wanted: 8 to 200 characters that can be printed.\n",
    )


def test_the_database_of_the_environment_is_meant_where_none_is_named(said, database, monkeypatch):
    monkeypatch.setenv("HEADEND_DATABASE_URL", database)
    assert said("token", "list")[1] == "No tokens.\n"
    said("token", "create", "crm")
    (one,) = json.loads(said("token", "list", "--json", "--database", database)[1])
    assert (one["name"], one["last_used_date"], one["revoked_date"]) == ("crm", None, None)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("token", "revoke", "nobody"), "engine: Unknown token 'nobody'.\n"),
        (("token", "create", "a b"), "engine: name is 'a b'; wanted are 1 to 64 letters, digits and . _ @ -"),
        (("token", "list", "--database", "nonsense"), "engine: The database URL can't be read"),
        (("--configuration", "nowhere"), "engine: nowhere: neither a TOML file nor a folder with TOML files."),
    ],
)
def test_what_is_wrong_is_a_sentence(said, arguments, sentence):
    status, out, error = said(*arguments)
    assert (status, out) == (2, "")
    assert error.startswith(sentence)


@pytest.mark.parametrize(
    "arguments", [("token",), ("token", "create"), ("token", "list", "x"), ("token", "forge", "x")]
)
def test_a_command_that_is_not_understood_says_how_it_is_used(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: python -m engine token" in capsys.readouterr().err


def test_a_setting_that_is_wrong_is_a_sentence_unless_an_option_comes_before_it(said, monkeypatch):
    monkeypatch.setenv("HEADEND_PORT", "eighty")
    assert said() == (2, "", "engine: HEADEND_PORT is 'eighty'; a whole number from 0 to 65535 is wanted.\n")
