"""`headend configure` and `headend provider`, on an engine and a platform that run on sockets."""

import json
import re
from pathlib import Path

import pytest

from harness import operator_files
from harness.cli.configure import told

PRODUCT = '[[products]]\ncode = "OPERA"\nname = "Opera"\n'
TWIN = re.compile(r'\[\[providers.distributors\]\]\ncode = "TUCANO_TWIN1"[^\[]*(\[\{[^\[]*)?')


@pytest.fixture
def write(tmp_path):
    def file(content, name="new.toml"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    return file


@pytest.fixture
def tucano():
    return (operator_files.FOLDER / "tucano.toml").read_text(encoding="utf-8")


def test_what_would_change_is_shown_and_then_loaded_once(headend, write):
    path = write(PRODUCT)
    shown = headend("configure", path, "--preview")
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, "1 difference, not loaded.")
    assert "+       products[OPERA]" in shown.stdout
    assert headend("configure", path, "--preview").stdout == shown.stdout
    loaded = headend("configure", path)
    assert loaded.stdout.splitlines()[:-1] == shown.stdout.splitlines()[:-1]
    assert loaded.stdout.splitlines()[-1] == "1 difference, loaded."
    assert headend("configure", path).stdout == "No difference.\n"


def test_the_folder_that_the_engine_was_started_with_is_no_difference(headend):
    shown = headend("configure", str(operator_files.FOLDER), "--preview", "--json").stdout
    assert json.loads(shown)["differences"] == []


def test_the_engine_works_with_it_at_once_and_goes_on_where_the_platform_is(headend, write, subscribed, tucano):
    mapped = '[[providers.services]]\nproduct = "SPARE"\nca_id = "OPT_SPORT"\n'
    product = PRODUCT.replace("OPERA", "SPARE").replace("Opera", "Spare")
    changed = tucano + mapped
    assert headend("configure", write(product, "a.toml"), write(changed, "b.toml")).exit_code == 0
    acted = headend("act", "ADD_SERVICE", subscribed, "product=Spare", "distributors=TUCANO_MAIN")
    assert acted.exit_code == 0, acted.output
    assert headend("reset", subscribed).exit_code == 0
    assert headend("configure", write(tucano)).exit_code == 0


def test_a_secret_is_not_shown(headend, write, tucano):
    shown = headend("configure", write(tucano.replace("swordfish-42", "catfish-43")), "--preview")
    assert "providers[tucano].connection.password  ***    ***" in shown.stdout
    assert "fish" not in shown.output


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        ("[[produkts]]", 2, "Unknown field 'produkts', perhaps products was meant"),
        (PRODUCT.replace("OPERA", "BAD") + "tier = 'x'", 2, "products[0].tier: Expected `int | null`, got `str`"),
        ("no", 2, "not TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_with_its_name(headend, write, content, status, sentence):
    path = write(content)
    for options in ((), ("--preview",)):
        result = headend("configure", path, *options)
        assert result.exit_code == status
        assert f"Error: {path}: " in result.stderr
        assert sentence in result.stderr


def test_a_distributor_that_is_used_is_refused_with_the_status_of_a_refusal(headend, write, subscribed, tucano):
    put_on = headend("act", "CHANGE_DISTRIBUTION", subscribed, "services=Sport", "put_on=TUCANO_TWIN1")
    assert put_on.exit_code == 0, put_on.output
    without, count = TWIN.subn("", tucano)
    assert count == 1
    result = headend("configure", write(without))
    assert result.exit_code == 1
    assert "providers[tucano].distributors[TUCANO_TWIN1]: found on 1 subscription" in result.stderr
    headend("act", "CHANGE_DISTRIBUTION", subscribed, "services=Sport", "take_off=TUCANO_TWIN1")


def test_a_path_that_there_is_not_and_one_that_can_not_be_read_are_called_wrongly(headend, tmp_path, monkeypatch):
    missing = headend("configure", str(tmp_path / "missing"))
    assert missing.exit_code == 2
    assert "neither a TOML file nor a folder with TOML files" in missing.stderr
    assert headend("configure").exit_code == 2

    def deny(_path, **_options):
        raise PermissionError(13, "Permission denied", "secret.toml")

    (tmp_path / "secret.toml").write_text(PRODUCT)
    monkeypatch.setattr(Path, "read_text", deny)
    denied = headend("configure", str(tmp_path))
    assert (denied.exit_code, denied.stderr) == (2, "Error: secret.toml: Permission denied.\n")


def test_a_long_file_is_loaded_whole(headend, write):
    content = "# a long line\n" + "#" + " long" * 10_000 + "\n" + PRODUCT.replace("OPERA", "LONG").replace("Op", "Lo")
    assert headend("configure", write(content), "--preview").exit_code == 0


def test_differences_in_words():
    rows = [
        {"path": "products[A]", "change": "added", "found": None, "wanted": {"name": "A", "tier": None, "of": ["x"]}},
        {"path": "products[B].components", "change": "changed", "found": ["A", "C"], "wanted": []},
        {"path": "providers[C].effective", "change": "changed", "found": True, "wanted": False},
        {"path": "providers[C].services[D]", "change": "removed", "found": {"ca_id": "O_D"}, "wanted": None},
    ]
    warnings = ["Rights end on the day they are renewed."]
    assert told({"differences": rows, "warnings": warnings}, loaded=True).splitlines() == [
        "change  path                      found      wanted",
        "+       products[A]               -          name=A",
        "~       products[B].components    A, C       none",
        "~       providers[C].effective    yes        no",
        "-       providers[C].services[D]  ca_id=O_D  -",
        "4 differences, loaded.",
        "Warning: Rights end on the day they are renewed.",
    ]


def test_providers_are_listed_and_set_as_effective_and_not(headend, subscribed):
    assert "Effective" in headend("provider", "list").stdout
    assert "tucano" in [one["code"] for one in json.loads(headend("provider", "list", "--json").stdout)]
    assert "Not Effective" in headend("provider", "set-not-effective", "tucano").stdout
    box = ("act", "ADD_SERVICE", subscribed, "product=Cinema", "distributors=TUCANO_MAIN")
    assert "nothing to send" in headend(*box).stdout
    assert headend("provider", "test", "tucano").exit_code == 0
    effective = json.loads(headend("provider", "set-effective", "tucano", "--json").stdout)
    assert effective["effective"] is True
    assert "ACTIVATE_OPTIONS" in headend("reset", subscribed).stdout


def test_a_connection_is_tested(headend):
    fine = headend("provider", "test", "tucano")
    assert fine.exit_code == 0
    assert fine.stdout.startswith("tucano: reachable, the credentials hold (UNKNOWN_ACCOUNT CONNECTION-TEST; ")
    headend("outage", "tucano")
    down = headend("provider", "test", "tucano")
    assert down.exit_code == 1
    assert ".;" not in down.stdout
    assert "NOT REACHABLE, and whether the credentials hold is not known (CONNECTION_REFUSED" in down.stdout
    assert json.loads(headend("provider", "test", "tucano", "--json").stdout)["reachable"] is False
    headend("outage", "tucano", "--over")
    assert headend("provider", "test", "tucano").exit_code == 0


def test_credentials_that_do_not_hold_are_told(headend, write, tucano):
    assert headend("configure", write(tucano.replace("swordfish-42", "catfish-43"))).exit_code == 0
    wrong = headend("provider", "test", "tucano")
    assert wrong.exit_code == 1
    assert "reachable, the credentials do not hold (401" in wrong.stdout
    assert headend("configure", write(tucano)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("list", "tucano"), 2, "list takes no code"),
        (("test",), 2, "test takes the CODE of a provider"),
        (("test", "radio"), 2, "Unknown provider 'radio'; known: "),
        (("set-effective", "radio"), 2, "Unknown provider 'radio'; known: "),
        (("fly", "tucano"), 2, "'fly' is not one of 'list', 'set-effective', 'set-not-effective', 'test'"),
    ],
)
def test_what_can_not_be_done_to_a_provider_is_said(headend, arguments, status, sentence):
    result = headend("provider", *arguments)
    assert result.exit_code == status
    assert sentence in result.stderr


def test_what_a_provider_lacks_is_said_with_the_status_of_a_refusal(headend, write):
    radio = """
    [[providers]]
    code = "radio"
    name = "Radio"
    protocol = "tucano"
    connection = { end_point = "http://127.0.0.1:1", user_name = "us", password = "secret" }
    """
    assert headend("configure", write(radio)).exit_code == 0
    result = headend("provider", "set-effective", "radio")
    assert result.exit_code == 1
    assert "Provider radio can't be set as effective: found no distributor and no service mapping" in result.stderr
