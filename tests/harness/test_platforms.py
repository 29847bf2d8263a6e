"""The command line, where there are several platforms."""

import itertools
import json
from datetime import datetime, timedelta

import pytest

from harness.cli.told import bounded, holdings, journal_table

SERIALS = itertools.count(1)
PLATFORMS = ("tucano", "icareus", "irdeto")


@pytest.fixture
def become(headend):
    """Subscribe to Sport with a box on these places; gives the subscription's number and the box's."""

    def subscribe(*places):
        serial = f"STB-{next(SERIALS)}"
        on = ",".join(places)
        done = headend(
            *("act", "BECOME_SUBSCRIBER", "--json", "subscriber.first_name=Ada", "subscriber.last_name=Lovelace"),
            *("services.0.product=Sport", f"services.0.distributors={on}", "items.0.product=STB"),
            *(f"items.0.serial_number={serial}", f"items.0.distributors={on}"),
        )
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)["subscription"], serial

    return subscribe


def test_the_journal_of_each_platform_says_what_was_asked_for_in_few_words(headend, become):
    _number, serial = become("ICAREUS_MAIN", "IRDETO_MAIN")
    by_operation = {}
    for platform in ("icareus", "irdeto"):
        for line in headend("journal", platform).stdout.splitlines()[1:]:
            _seq, operation, *words = line.split()
            by_operation[operation] = words
    assert by_operation["addDeviceToUser"][1] == serial
    assert by_operation["activateProducts"][1] == "SVOD_SPORT"
    assert by_operation["REGISTER_SECURE_CLIENT"][:2] == [serial, "IRDETO_MAIN"]
    assert by_operation["ADD_ENTITLEMENTS"][:2] == [serial, "CA_SPORT"]


def test_what_is_held_is_shown_by_account_or_by_device(headend, become):
    _number, serial = become("ICAREUS_MAIN", "IRDETO_MAIN")
    assert f"{serial}: client {serial} sector IRDETO_MAIN, entitlement CA_SPORT" in headend("state", "irdeto").stdout
    assert f"device {serial}, product SVOD_SPORT" in headend("state", "icareus").stdout


def test_only_providers_that_have_to_do_with_a_subscription_are_shown_and_accounts_where_there_are_any(headend, become):
    number, _serial = become("IRDETO_MAIN")
    shown = headend("show", number).stdout
    assert "irdeto: in sync\n" in shown
    assert "tucano:" not in shown
    assert set(json.loads(headend("show", number, "--json").stdout)["providers"]) == {*PLATFORMS, "conax"}


@pytest.mark.parametrize("down", PLATFORMS)
def test_an_outage_of_one_platform_leaves_the_others_alone(down, headend, become):
    number, _serial = become(*(f"{platform.upper()}_MAIN" for platform in PLATFORMS))
    assert headend("outage", down).exit_code == 0
    try:
        assert headend("act", "STOP_SERVICE", number, "service=Sport").exit_code == 1
    finally:
        assert headend("outage", down, "--over").exit_code == 0
    standings = json.loads(headend("show", number, "--json").stdout)["providers"]
    assert [name for name, one in standings.items() if not one["in_sync"]] == [down]
    assert headend("reset", number).exit_code == 0


def test_an_outage_comes_and_goes_by_its_schedule(headend, become):
    number, _serial = become("IRDETO_MAIN")
    at = datetime.fromisoformat(json.loads(headend("clock", "--json").stdout)["simulators"]) + timedelta(hours=1)
    said = headend("outage", "irdeto", "--from", at.isoformat(), "--for", "2h", "--every", "24h")
    assert said.stdout == f"irdeto refuses connections from {at.isoformat()} for 7200 s, every 86400 s.\n"
    deeds = (("STOP_SERVICE", 0), ("START_SERVICE", 1), ("STOP_SERVICE", 0), ("START_SERVICE", 1))
    for (action, status), span in zip(deeds, ("90m", "22h", "2h", "1s"), strict=True):
        assert headend("act", action, number, "service=Sport").exit_code == status
        headend("clock", "advance", span)
    assert headend("outage", "irdeto", "--over").exit_code == 0
    assert headend("reset", number).exit_code == 0


def test_a_platform_goes_back_to_an_older_memory_and_the_others_do_not(headend, become):
    assert headend("snapshot", "tucano").stdout == "No snapshots.\n"
    _number, first = become("TUCANO_MAIN")
    assert headend("snapshot", "tucano", "before").stdout == "tucano has kept before.\n"
    _number, second = become("TUCANO_MAIN", "IRDETO_MAIN")
    assert headend("snapshot", "tucano", "before", "--restore").stdout == "tucano is back at before.\n"
    assert json.loads(headend("snapshot", "tucano", "--json").stdout) == ["before"]
    held = headend("state", "tucano").stdout
    assert (first in held, second in held, second in headend("state", "irdeto").stdout) == (True, False, True)


def test_a_platform_forgets_a_box_or_some_of_what_is_on_it(headend, become):
    _number, serial = become("IRDETO_MAIN")
    told = headend("forget", "irdeto", serial, "CA_SPORT", "CA_NOTHING").stdout
    assert told == "irdeto has forgotten: entitlement CA_SPORT\n"
    assert headend("forget", "irdeto", serial).stdout == f"irdeto has forgotten: client {serial} sector IRDETO_MAIN\n"
    again = headend("forget", "irdeto", serial, "CA_SPORT")
    assert (again.exit_code, again.stdout) == (2, "")
    assert f"irdeto holds nothing of CA_SPORT of {serial}" in again.stderr


def test_a_fault_is_put_before_the_platform_that_is_named(headend, become):
    number, serial = become("TUCANO_MAIN", "IRDETO_MAIN")
    put = headend("fault", "refuse", "code=UNKNOWN_PRODUCT", f"subject={serial}", "times=1", "--platform", "irdeto")
    assert "platform=irdeto" in put.stdout
    acted = headend("act", "ADD_SERVICE", number, "product=Cinema", "distributors=IRDETO_MAIN", "--json")
    assert [one["error_code"] for one in json.loads(acted.stdout)["requests"]] == ["UNKNOWN_PRODUCT"]
    headend("fault", "--clear")
    assert headend("reset", number).exit_code == 0


def test_time_passes_for_the_engine_and_all_platforms_so_that_tokens_stay_good(headend, become):
    number, _serial = become("ICAREUS_MAIN")
    assert headend("clock", "advance", "31d").exit_code == 0
    assert headend("act", "STOP_SERVICE", number, "service=Sport").exit_code == 0


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_table_of_each_platform_is_printed(platform, headend):
    rows = json.loads(headend("table", platform, "--json").stdout)
    assert len({row["request"] for row in rows}) == len(rows) > 4


def test_a_long_text_pushes_no_column_of_the_journal_away():
    text = "a word\n" + "more " * 500
    entry = {"seq": 1, "operation": "SEND_MESSAGE", "subject": "STB-1", "outcome": "answered", "effect": "applied"}
    many = {"parameters": {"text": text}, "difference": [f"+mail {text}", "-pin set"]}
    few = {"parameters": {"caIds": ["CA_SPORT"]}}
    lines = journal_table([{**entry, **many}, {**entry, **few, "effect": "unchanged"}]).splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) < 250
    assert "a word more more" in lines[1]
    assert lines[1].endswith("…, -pin set")
    assert lines[2].split() == ["1", "SEND_MESSAGE", "STB-1", "CA_SPORT", "answered", "unchanged", "-"]


CARDS = [f"{number:011d}" for number in range(100)]
FILE = {"seq": 1, "operation": "ADD_SUBSCRIPTIONS", "subject": "", "outcome": "answered", "effect": "applied"}
ON_FTP = {**FILE, "channel": "ftp", "path": "/contego/autreq/req/ps000004.emm"}
ADDED = {"product": "10001006", "end": "2031-09-30T23:59:00Z"}


@pytest.mark.parametrize(
    ("found", "said"),
    [(CARDS[:1], ""), (CARDS[1:3], "00000000001, 00000000002"), ([*CARDS, "… and 19,900 more"], "20,000 cards")],
)
def test_a_file_is_told_by_its_name_and_its_cards_by_their_number_where_there_are_many(found, said):
    changed = [f"+{card}: product 10001006" for card in found]
    line = journal_table([{**ON_FTP, "parameters": {**ADDED, "cards": found}, "difference": changed}]).splitlines()[1]
    assert f"  ps000004 10001006 until 2031-09-30 23:59 {said}".rstrip() + "  answered" in line
    assert len(line) < 400


def test_of_very_many_changes_and_holders_the_first_are_told_and_how_many_more_there_are():
    assert bounded(["a", "b"], 2) == ["a", "b"]
    assert bounded(["a", "b", "c", "d"], 2) == ["a", "b", "… and 2 more"]
    assert bounded(["a", "b", "c", "… and 19,900 more"], 2) == ["a", "b", "… and 19,901 more"]
    held = holdings({"holdings": {card: ["paired 1"] for card in [*CARDS, "last"]}}).splitlines()
    assert (len(held), held[0], held[-1]) == (101, "00000000000: paired 1", "… and 1 more")


def test_the_files_that_stand_at_a_platform_are_told_with_what_it_holds():
    files = {f"/contego/autreq/ok/ps{number:06d}.emm": {} for number in range(9)}
    told = holdings({"holdings": {}, "tree": {"files": {"/contego/autreq/err/errors.txt": {}, **files}}}).splitlines()
    assert told[:2] == ["Nothing is held.", "/contego/autreq/err: errors.txt"]
    assert told[2].endswith("ps000007.emm, … and 1 more")
