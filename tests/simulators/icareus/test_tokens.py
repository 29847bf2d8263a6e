"""Which token is taken, until when, and what is said of all others."""

import logging
import time
from datetime import UTC, datetime, timedelta

import pytest

from simulators.icareus.app import icareus
from simulators.icareus.codes import Code
from simulators.icareus.tokens import Gate, token
from simulators.kit.control.app import control
from simulators.kit.faults import Fault
from simulators.kit.simulator import Simulator
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.icareus import signed
from tests.simulators.icareus.conftest import PRODUCTS, USER, simulator_client
from tests.simulators.icareus.signed import ADA, KEY, NEW_YEAR_S, ORGANIZATION, form

PUBLISHED = "0148de1dc07b011f04a63b03f32bcf9d9568784036"
PUBLISHED_VALUES = ["14806", "a", "a", "c", "1", "1", "a", "a", "1", "b@icareus.com"]
PUBLISHED_AT = datetime.fromtimestamp(0x48DE1DC0, UTC)
NAMES = ("firstName", "lastName", "screenName", "countryId", "regionId", "postalCode", "cityName", "phoneNumber")
GOOD = signed.token([ORGANIZATION, USER])


def show(shown: str, organization: str = ORGANIZATION) -> dict[str, str]:
    """A question about the user, with this token."""
    return {"action": "getUser", "organizationId": organization, "userId": USER, "token": shown}


# fmt: off
REFUSED = [
    # token                                                       code             said              a breach
    ("",                                                          "INVALID_TOKEN", "42 hexadecimal", True),
    ("x",                                                         "INVALID_TOKEN", "42 hexadecimal", True),
    (GOOD[:-1],                                                   "INVALID_TOKEN", "42 hexadecimal", True),
    (GOOD + "0",                                                  "INVALID_TOKEN", "42 hexadecimal", True),
    (GOOD + "\n",                                                 "INVALID_TOKEN", "42 hexadecimal", True),
    (" " + GOOD[1:],                                              "INVALID_TOKEN", "42 hexadecimal", True),
    (GOOD[:-1] + "g",                                             "INVALID_TOKEN", "42 hexadecimal", True),
    (GOOD.upper(),                                                "INVALID_TOKEN", "lower case",     True),
    (GOOD[:-1] + "\u0661",                                        "INVALID_TOKEN", "42 hexadecimal", True),
    (signed.token([ORGANIZATION, USER], version="02"),            "INVALID_TOKEN", "not 01",         True),
    (signed.token([ORGANIZATION, USER], version="00"),            "INVALID_TOKEN", "not 01",         True),
    (signed.token([ORGANIZATION, USER], key="secret"),            "INVALID_TOKEN", "with the key",   False),
    (signed.token([ORGANIZATION, "200002"]),                      "INVALID_TOKEN", "these values",   False),
    (signed.token([USER, ORGANIZATION]),                          "INVALID_TOKEN", "their order",    False),
    (signed.token([ORGANIZATION]),                                "INVALID_TOKEN", "these values",   False),
    (signed.token(["getUser", ORGANIZATION, USER]),               "INVALID_TOKEN", "these values",   False),
    (GOOD[:9] + "1" + GOOD[10:],                                  "INVALID_TOKEN", "with the key",   False),
    (GOOD[:10] + "0" * 32,                                        "INVALID_TOKEN", "with the key",   False),
    (signed.token([ORGANIZATION, USER], NEW_YEAR_S - 301),        "EXPIRED_TOKEN", "2025-12-31T23:54:59Z", False),
    (signed.token([ORGANIZATION, USER], NEW_YEAR_S + 301),        "EXPIRED_TOKEN", "2026-01-01T00:05:01Z", False),
    (signed.token([ORGANIZATION, USER], 0),                       "EXPIRED_TOKEN", "1970-01-01T00:00:00Z", False),
    (signed.token([ORGANIZATION, USER], 0xFFFFFFFF),              "EXPIRED_TOKEN", "2106-02-07T06:28:15Z", False),
]
# fmt: on


@pytest.fixture
def known(any_client):
    """A client with one user, without sockets and with them."""
    any_client.add()
    return any_client


def test_the_published_token_is_made_of_the_published_values():
    assert signed.token(PUBLISHED_VALUES, 0x48DE1DC0, "secret") == PUBLISHED
    gate = Gate("14806", "secret", 0)
    gate.check(token(PUBLISHED), PUBLISHED_VALUES, "14806", PUBLISHED_AT)


def test_the_published_call_registers_a_user(client, session):
    simulator = Simulator(icareus(products=[], key="secret"))
    simulator.workspace().clock.freeze(PUBLISHED_AT)
    session.adapters["http://icareus"]._simulator = simulator
    fields = dict(zip(("organizationId", *NAMES, "emailAddress"), PUBLISHED_VALUES, strict=True))
    answer = client.post({"action": "addUser", **fields, "token": PUBLISHED, "languageId": "en_US", "comments": "x"})
    assert answer.json == {"status": "ok", "userId": USER}


@pytest.mark.parametrize(("shown", "code", "said", "breach"), REFUSED, ids=range(len(REFUSED)))
def test_any_other_token_is_refused_and_changes_nothing(known, workspace, shown, code, said, breach):
    before = workspace.memory()
    answer = known.post(show(shown))
    assert (answer.status, answer.code, said in answer.json["message"]) == (200, code, True)
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.effect, entry.code, entry.difference) == ("getUser", "rejected", code, [])
    assert bool(entry.violations) is breach
    assert workspace.memory() == before


@pytest.mark.parametrize("name", ADA)
def test_a_token_is_for_every_one_of_its_values(client, workspace, name):
    other = {"countryId": "1", "regionId": "9", "emailAddress": "b@example.org"}.get(name, "Other")
    assert client.post({**form("addUser", **ADA), name: other}).code == "INVALID_TOKEN"
    assert workspace.holdings() == {}
    assert client.post({**form("addUser", **ADA), "languageId": "fi_FI", "comments": "unsigned"}).ok


def test_a_screen_name_takes_part_when_it_is_sent(client, workspace):
    nameless = {name: value for name, value in ADA.items() if name != "screenName"}
    assert client.post({**form("addUser", **nameless), "screenName": "S1"}).code == "INVALID_TOKEN"
    without = form("addUser", **ADA)
    del without["screenName"]
    assert client.post(without).code == "INVALID_TOKEN"
    assert workspace.holdings() == {}


def test_another_organisation_is_unknown_however_good_its_token(known, workspace):
    answer = known.post(show(signed.token(["14807", USER]), "14807"))
    assert (answer.code, answer.json["message"]) == ("UNKNOWN_ORGANIZATION", "there is no organisation 14807")
    assert known.post(show(signed.token(["14807", USER], key="other"), "14807")).code == "UNKNOWN_ORGANIZATION"
    assert known.post(show("x", "14807")).code == "INVALID_TOKEN"
    assert workspace.holdings() == {USER: ["account 200001"]}


def test_the_first_thing_wrong_is_the_one_that_is_said(known):
    expired = NEW_YEAR_S - 10_000
    assert known.post(show(signed.token([ORGANIZATION, USER], expired, "other"))).code == "INVALID_TOKEN"
    assert known.post({**show(signed.token([ORGANIZATION, "9"], expired)), "userId": "9"}).code == "EXPIRED_TOKEN"
    assert known.post({**show("x"), "userId": "x"}).code == "INVALID_PARAMETER"


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_a_token_is_good_for_the_window_before_and_after_its_time(known, seconds):
    assert known.post(show(signed.token([ORGANIZATION, USER], NEW_YEAR_S + seconds))).ok


def test_the_window_is_exact_and_by_the_virtual_clock(known, workspace):
    workspace.clock.freeze(NEW_YEAR + timedelta(seconds=300))
    assert known.post(show(GOOD)).ok
    workspace.clock.advance(0.000001)
    assert known.post(show(GOOD)).code == "EXPIRED_TOKEN"
    workspace.clock.freeze(NEW_YEAR)
    assert known.post(show(GOOD)).ok


def test_without_a_frozen_clock_a_token_of_now_is_good(session):
    simulator = Simulator(icareus(products=PRODUCTS, window_s=30))
    call = form("addUser", int(time.time()), **ADA)
    with simulator_client(simulator, session) as client:
        assert client.post(call).ok


def test_the_window_is_a_setting(session, new_year):
    simulator = Simulator(icareus(products=PRODUCTS, window_s=0))
    simulator.workspace().clock.freeze(new_year)
    with simulator_client(simulator, session) as client:
        assert client.add().ok
        assert client.post(show(signed.token([ORGANIZATION, USER], NEW_YEAR_S + 1))).code == "EXPIRED_TOKEN"


def test_a_token_may_come_again_because_it_names_a_second_and_not_a_call(known, workspace):
    call = form("activateProducts", userId=USER, productIds="SVOD_SPORT")
    assert [known.post(call).ok for _ in range(3)] == [True, True, True]
    assert [entry.effect for entry in workspace.journal.find()[1:]] == ["applied", "unchanged", "unchanged"]


@pytest.fixture
def strict(session, new_year):
    """A client of a platform that takes each token once."""
    simulator = Simulator(icareus(products=PRODUCTS, single_use_tokens=True))
    simulator.workspace().clock.freeze(new_year)
    with simulator_client(simulator, session) as client:
        client.add()
        yield client, simulator.workspace()


def test_where_tokens_are_for_once_a_second_time_is_refused_whatever_it_asks(strict):
    client, workspace = strict
    call = form("activateProducts", userId=USER, productIds="SVOD_SPORT")
    assert client.post(call).ok
    before = workspace.memory()
    for again in (call, {**call, "action": "cancelProducts"}):
        answer = client.post(again)
        assert (answer.code, answer.json["message"]) == ("INVALID_TOKEN", "the token was used before")
    assert workspace.memory() == before
    assert client.post(form("activateProducts", NEW_YEAR_S + 1, userId=USER, productIds="SVOD_SPORT")).ok


def test_what_was_refused_has_used_its_token_up_and_a_bad_token_is_not_remembered(strict):
    client, workspace = strict
    unknown = form("activateProducts", userId=USER, productIds="SVOD_X")
    assert [client.post(unknown).code for _ in range(2)] == ["UNKNOWN_PRODUCT", "INVALID_TOKEN"]
    remembered = workspace.memory()["used_tokens"]
    assert client.post(show(signed.token([ORGANIZATION, USER], 0))).code == "EXPIRED_TOKEN"
    assert client.post(show(GOOD[:-1] + "0")).code == "INVALID_TOKEN"
    assert workspace.memory()["used_tokens"] == remembered
    assert all(GOOD[10:] not in each for each in remembered)


def test_used_tokens_are_part_of_the_memory(strict):
    client, workspace = strict
    workspace.snapshot("before")
    assert client.post(show(GOOD)).ok
    used = workspace.memory()
    workspace.restore("before")
    assert client.post(show(GOOD)).ok
    workspace.remember(used)
    assert client.post(show(GOOD)).code == "INVALID_TOKEN"


def test_the_oldest_of_the_used_tokens_are_forgotten(strict, monkeypatch):
    client, workspace = strict
    monkeypatch.setattr("simulators.icareus.state.MOST_TOKENS", 2)
    for at in range(4):
        assert client.post(form("getUser", NEW_YEAR_S + at, userId=USER)).ok
    assert len(workspace.memory()["used_tokens"]) == 2
    assert client.post(form("getUser", NEW_YEAR_S + 3, userId=USER)).code == "INVALID_TOKEN"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"organization": "head"}, "the organisation is 1 to 18 digits"),
        ({"organization": ""}, "the organisation is 1 to 18 digits"),
        ({"key": ""}, "the key is empty"),
        ({"window_s": -1}, "less than no seconds"),
    ],
)
def test_settings_with_which_nobody_could_call_are_refused_at_once(settings, said):
    with pytest.raises(ValueError, match=said):
        icareus(products=[], **settings)


LEAKS = [
    {"data": {**form("getUser", userId=USER), "x": GOOD}},
    {"data": {**form("getUser", userId=USER), GOOD: "1"}},
    {"data": GOOD, "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    {"data": f"token={''.join(f'%{ord(each):02x}' for each in GOOD)}&action=getUser"},
    {"data": f"%74oken={GOOD}&comments=%ff"},
    {"data": b"token=" + GOOD.encode() + b"&x=\xff"},
    {"data": f"token=my+own+token&more={GOOD}"},
    {"json": {"token": GOOD}},
    {"files": {"token": GOOD}},
    {"data": f"token={GOOD}".encode("utf-16"), "headers": {"Content-Type": "text/plain; charset=utf-16"}},
]


def test_neither_tokens_nor_the_key_are_kept_or_told(any_client, simulator, workspace, caplog):
    caplog.set_level(logging.DEBUG)
    any_client.add()
    any_client.activate("SVOD_SPORT")
    for shown, *_ in REFUSED:
        any_client.post(show(shown.strip()))
    for leak in LEAKS:
        any_client.session.post(any_client.url, **{"headers": {}, **leak})
    any_client.session.put(any_client.url, data=f"token={GOOD}")
    web = control({"icareus": simulator}).test_client()
    told = [web.get(f"/requests?format={name}").text for name in ("json", "jsonl", "har", "mermaid")]
    told += [web.get(path).text for path in ("/platforms/icareus/state", "/metrics", "/faults")]
    told += [repr(simulator.platform), repr(workspace.journal.find()), caplog.text]
    assert len(workspace.journal.find()) == 3 + len(REFUSED) + len(LEAKS)
    assert "token=***" in told[1]
    percented = "".join(f"%{ord(each):02x}" for each in GOOD)
    for secret in (GOOD, GOOD[10:], GOOD.upper(), percented, "my+own", f"'{KEY}'", f'"{KEY}"'):
        assert [text for text in told if secret in text] == [], secret


@pytest.mark.parametrize("code", Code)
def test_the_platform_can_be_made_to_refuse_in_every_one_of_its_words(known, workspace, code):
    workspace.faults.put(Fault("f", "refuse", code=code.value, times=1, detail="because"))
    answer = known.show()
    assert answer.json == {"status": "error", "code": code.value, "message": "because"}
    entry = workspace.journal.find()[-1]
    assert (entry.effect, entry.code, entry.fault) == ("rejected", code.value, "f")
    assert known.show().ok


def test_a_refusal_without_a_text_of_its_own_names_whom_it_is_about(known, workspace):
    workspace.faults.put(Fault("f", "refuse", code="UNKNOWN_USER"))
    assert known.show().json["message"] == USER
    assert known.add("S2").json["message"] == "S2"
    assert known.post({"action": "getUser"}).code == "MISSING_PARAMETER"
