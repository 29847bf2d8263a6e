"""The engine at Icareus: accounts that end, tokens that are made anew, usage without windows, no secret kept."""

import json
import logging
from collections import deque
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from engine.api.app import api
from engine.api.site import site_of
from engine.domain.errors import InvalidError
from engine.ports import Failure, Reply
from tests.engine.fakes import NOON

NUMBER = "S0000000001"
KEY = 'k"ey<&> é\\'
CONNECTION = {"url": "http://icareus.test/delegate/account", "organization_id": "14806", "key": KEY}
USER, CANCEL, REMOVE, REMOVE_USER, ADD, ACTIVATE = (
    "addUser",
    "cancelProducts",
    "removeDeviceFromUser",
    "removeUser",
    "addDeviceToUser",
    "activateProducts",
)
LOST = Failure("REPLY_LOST", "They hung up.", sent=True)
TWIN = """
[[providers]]
code = "second"
name = "A second one"
protocol = "icareus"
connection = { url = "http://x", organization_id = 1, key = "k" }
"""


def answered(text):
    return Reply(200, "OK", {}, text.encode())


def said(**answer):
    return answered(json.dumps(answer))


def refused(code, **more):
    return said(status="error", code=code, message="why", **more)


def accepted(call):
    return said(status="ok", **({"userId": 100001} if call["action"] == USER else {}))


class FakeIcareus:
    """A transport that answers as it was told, and says yes otherwise; every new user is the same."""

    def __init__(self):
        self.answers = deque()
        self.calls = []

    def send(self, message, _timeouts):
        self.calls.append({name: values[0] for name, values in parse_qs(message.body.decode()).items()})
        answer = self.answers.popleft() if self.answers else accepted
        return answer(self.calls[-1]) if callable(answer) else answer

    def close(self):
        pass

    @property
    def actions(self):
        return [call["action"] for call in self.calls]


@pytest.fixture
def icareus(engine, change):
    """The engine's provider, at Icareus."""
    change(protocol="icareus", connection=CONNECTION)
    platform = FakeIcareus()
    engine.context.transport = platform
    return platform


@pytest.fixture
def subscribed(engine, subscribe, icareus):
    """A subscription to News and Sport with one box, and nothing to look at yet."""
    assert subscribe(engine).in_sync
    icareus.calls.clear()
    return engine


def test_who_subscribes_is_registered_with_his_device_and_his_products(engine, subscribe, icareus):
    assert subscribe(engine).in_sync
    assert icareus.actions == [USER, ADD, ACTIVATE]
    user, device, products = icareus.calls
    assert user["screenName"] == NUMBER
    assert (device["userId"], device["deviceId"]) == ("100001", "B-1-1")
    assert (products["userId"], products["productIds"]) == ("100001", "O_NEWS,O_SPORT")


def test_a_replaced_box_leaves_the_products(subscribed, icareus):
    subscribed.act("SWAP_INSTALLED_ITEM", NUMBER, item="B-1-1", serial_number="B-1-2")
    assert [(call["action"], call["deviceId"]) for call in icareus.calls] == [(REMOVE, "B-1-1"), (ADD, "B-1-2")]


@pytest.mark.parametrize("mode", ["cancel", "regret"])
def test_who_ends_his_subscription_is_un_registered_for_good(mode, subscribed, icareus, standing):
    assert subscribed.act("TERMINATE_SUBSCRIPTION", NUMBER, mode=mode).in_sync
    assert icareus.actions == [CANCEL, REMOVE, REMOVE_USER]
    assert not standing(subscribed).account
    assert subscribed.reset(NUMBER).requests == ()


def test_who_only_stops_stays_registered_with_his_device(subscribed, icareus, standing):
    assert subscribed.act("DEACTIVATE_SUBSCRIPTION", NUMBER).in_sync
    assert icareus.actions == [CANCEL]
    assert standing(subscribed).account == "100001"


def test_a_user_who_is_unknown_already_is_un_registered(subscribed, icareus, ends, standing):
    icareus.answers.extend([said(status="ok"), said(status="ok"), refused("UNKNOWN_USER")])
    done = subscribed.act("TERMINATE_SUBSCRIPTION", NUMBER, mode="cancel")
    assert ends(done)[-1] == ("REMOVE_USER", "COMPLETED", "")
    assert done.in_sync


def test_a_forgotten_user_may_end(subscribed, icareus, ends, standing):
    icareus.answers.extend([refused("UNKNOWN_USER")] * 3)
    done = subscribed.act("TERMINATE_SUBSCRIPTION", NUMBER, mode="cancel")
    assert [code for _type, _state, code in ends(done)] == ["UNKNOWN_USER", "UNKNOWN_USER", ""]
    assert done.in_sync
    assert not standing(subscribed).account


def test_a_forgotten_user_is_registered_again_by_the_reset_with_all_he_has(subscribed, icareus):
    icareus.answers.append(refused("UNKNOWN_USER"))
    assert not subscribed.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]).in_sync
    icareus.calls.clear()
    assert subscribed.reset(NUMBER).in_sync
    assert icareus.actions == [USER, ADD, ACTIVATE]
    assert icareus.calls[-1]["productIds"] == "O_KIDS,O_NEWS,O_SPORT"


def test_a_lost_removal_is_repeated_by_the_reset(subscribed, icareus, standing):
    icareus.answers.extend([said(status="ok"), said(status="ok"), LOST, LOST, LOST])
    assert not subscribed.act("TERMINATE_SUBSCRIPTION", NUMBER, mode="cancel").in_sync
    icareus.calls.clear()
    icareus.answers.append(refused("UNKNOWN_USER"))
    assert subscribed.reset(NUMBER).in_sync
    assert icareus.actions == [REMOVE_USER]
    assert not standing(subscribed).account


def test_a_user_whose_registration_was_lost_is_found_by_repeating_it(engine, subscribe, icareus, ends, standing):
    icareus.answers.extend([LOST, refused("USER_EXISTS", userId="100007")])
    done = subscribe(engine)
    assert done.in_sync
    assert icareus.actions == [USER, USER, ADD, ACTIVATE]
    assert ends(done)[0] == ("ADD_USER", "COMPLETED", "")
    assert standing(engine).account == "100007"


def test_a_user_whose_registration_was_lost_for_good_is_found_and_un_registered(
    engine, subscribe, icareus, ends, standing
):
    icareus.answers.extend([LOST] * 3)
    assert not subscribe(engine).in_sync
    assert (standing(engine).account, standing(engine).believed_held.in_doubt) == (None, ["account"])
    everything = {"services": ["NEWS", "SPORT"], "items": ["B-1-1"]}
    engine.act("CHANGE_DISTRIBUTION", NUMBER, **everything, take_off=["MAIN"])
    ended = engine.act("TERMINATE_SUBSCRIPTION", NUMBER, mode="cancel")
    assert ends(ended) == [("REMOVE_USER", "REJECTED", "NO_ACCOUNT")]
    assert not ended.in_sync
    icareus.calls.clear()
    icareus.answers.append(refused("USER_EXISTS", userId="100007"))
    assert engine.reset(NUMBER).in_sync
    assert [(call["action"], call.get("userId")) for call in icareus.calls] == [(USER, None), (REMOVE_USER, "100007")]
    assert engine.reset(NUMBER).requests == ()


@pytest.mark.parametrize("answer", [said(status="ok"), refused("USER_EXISTS")])
def test_a_user_without_an_id_is_no_user(answer, engine, subscribe, icareus, ends, standing):
    icareus.answers.extend([answer] * 3)
    assert ends(subscribe(engine))[0] == ("ADD_USER", "REJECTED", "UNREADABLE_REPLY")
    assert not standing(engine).account


def test_each_attempt_has_a_token_of_its_own_moment(engine, subscribe, icareus):
    icareus.answers.extend([Reply(503, "Busy"), Reply(503, "Busy")])
    subscribe(engine)
    moments = [int(call["token"][2:10], 16) - int(NOON.timestamp()) for call in icareus.calls]
    assert moments == [0, 1, 3, 3, 3]


@pytest.mark.parametrize("code", ["INVALID_TOKEN", "EXPIRED_TOKEN", "UNKNOWN_ORGANIZATION"])
def test_credentials_that_do_not_hold_leave_it_out_of_sync(code, subscribed, icareus, ends):
    icareus.answers.append(refused(code))
    done = subscribed.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"])
    assert ends(done) == [("ACTIVATE_PRODUCTS", "REJECTED", code)]
    assert not done.in_sync
    assert subscribed.reset(NUMBER).in_sync


@pytest.mark.parametrize(("answer", "holds"), [(refused("UNKNOWN_USER"), True), (refused("INVALID_TOKEN"), False)])
def test_the_connection_is_tested_with_a_question_that_is_signed(answer, holds, engine, icareus):
    icareus.answers.append(answer)
    found = engine.test_connection("tv")
    assert (found.reachable, found.credentials_hold) == (True, holds)
    (call,) = icareus.calls
    assert (call["action"], call["organizationId"], call["screenName"]) == ("getUser", "14806", "CONNECTION-TEST")
    assert len(call["token"]) == 42


def test_a_usage_service_is_held_without_a_window_until_its_end(subscribed, icareus, maintain, clock):
    window = {"start": NOON + timedelta(hours=1), "end": NOON + timedelta(hours=3)}
    subscribed.act("ADD_SERVICE_USAGE", NUMBER, product="MATCH", distributors=["MAIN"], **window)
    assert [(call["action"], call["productIds"]) for call in icareus.calls] == [(ACTIVATE, "O_MATCH")]
    icareus.calls.clear()
    assert subscribed.reset(NUMBER).requests == ()
    clock.sleep(4 * 3600)
    maintain()
    assert [(call["action"], call["productIds"]) for call in icareus.calls] == [(CANCEL, "O_MATCH")]
    assert subscribed.reset(NUMBER).requests == ()


def test_a_second_provider_is_refused(engine, configuration, tmp_path):
    (tmp_path / "first.toml").write_text(TWIN.replace("second", "first"), encoding="utf-8")
    engine.configure(tmp_path / "first.toml")
    (tmp_path / "second.toml").write_text(TWIN, encoding="utf-8")
    with pytest.raises(InvalidError, match="found 'icareus' a second time, beside first; wanted: once only"):
        engine.configure(tmp_path / "second.toml")


KEY_IN_JSON = json.dumps(KEY)[1:-1]
KEY_IN_A_FORM = "k%22ey%3C%26%3E+%C3%A9%5C"
IN_JSON = {"refusal", "status", "consent"}
WAYS = {
    "body": lambda secret: answered(f"<!-- {secret} -->"),
    "header": lambda secret: Reply(500, "Oh", {"X-You-Said": secret}),
    "reason": lambda secret: Reply(500, f"No {secret} here"),
    "busy": lambda secret: Reply(503, f"Tired of {secret}"),
    "refusal by HTTP": lambda secret: Reply(401, f"{secret} is wrong"),
    "refusal": lambda secret: answered(f'{{"status":"error","code":"{secret}","message":"you said {secret}"}}'),
    "status": lambda secret: answered(f'{{"status":"{secret}"}}'),
    "consent": lambda secret: answered(f'{{"status":"ok","message":"{secret}"}}'),
    "failure": lambda secret: Failure("REPLY_LOST", f"They hung up on {secret}", sent=True),
}


@pytest.mark.parametrize("way", WAYS)
def test_neither_the_key_nor_a_token_is_kept_shown_or_logged(way, subscribed, icareus, dump, caplog):
    caplog.set_level(logging.DEBUG)
    known = [KEY_IN_JSON, KEY_IN_A_FORM] if way in IN_JSON else [KEY, KEY_IN_JSON, KEY_IN_A_FORM]
    icareus.answers.extend([lambda call: WAYS[way](" ".join([*known, call["token"]]))] * 4)
    (request,) = subscribed.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]).requests
    tested = subscribed.test_connection("tv")
    assert "token=***" in request.request
    assert "*** ***" in request.response + request.error_code + request.error_description
    rows = [row for table, rows in dump(subscribed).items() if table != "providers" for row in rows]
    calls = ["/subscriptions/list", "/provisioning/provisioning_requests/list", "/provisioning/providers/list"]
    client = api(site_of(subscribed, "t")).test_client()
    shown = [client.get(call, headers={"Authorization": "Bearer t"}).get_data(as_text=True) for call in calls]
    assert all('"OK"' in answer for answer in shown)
    told = "\n".join([*(str(value) for row in rows for value in row), *shown, caplog.text, str(tested)])
    secrets = {KEY, KEY_IN_JSON, KEY_IN_A_FORM, *(call["token"] for call in icareus.calls)}
    assert [one for one in secrets if one in told or json.dumps(one)[1:-1] in told] == []
