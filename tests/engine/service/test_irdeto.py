"""The engine at Irdeto: services on boxes, cards beside them, boxes that are forgotten, PINs that nobody is shown."""

import logging
from collections import deque

import pytest

from engine.api.app import api
from engine.api.site import site_of
from engine.domain.errors import NotAllowedError
from engine.ports import Failure, Reply
from engine.service.asked import Asked
from tests.engine.both import accepted, call_of, refused

NUMBER = "S0000000001"
CONFIGURATION = """
products = [{ code = "CARD", name = "Card", classification = "physical_good", traceable = true }]

[[providers]]
code = "tv"
name = "TV"
protocol = "irdeto"
effective = true
connection = { end_point = "http://kms.test/irdeto", user_name = "us", password = "hush", default_pin = "4711" }
distributors = [{ code = "MAIN", name = "1" }, { code = "TWIN1", name = "2" }, { code = "TWIN2", name = "3" }]
services = [
    { product = "NEWS", ca_id = "O_NEWS" },
    { product = "SPORT", ca_id = "O_SPORT" },
    { product = "KIDS", ca_id = "O_KIDS" },
    { product = "MATCH", ca_id = "O_MATCH" },
]
hardware = [{ product = "STB", type = "STB" }, { product = "CARD", type = "SMARTCARD" }]
retry = { attempts = 3, first_pause_s = 1.0, longest_pause_s = 4.0, total_s = 100.0 }
"""
FEWER, UNPAIR, OUT, INTO, PAIR, MORE = (
    "REMOVE_ENTITLEMENTS",
    "UNPAIR",
    "DEREGISTER_SECURE_CLIENT",
    "REGISTER_SECURE_CLIENT",
    "PAIR",
    "ADD_ENTITLEMENTS",
)
LOST = Failure("REPLY_LOST", "They hung up.", sent=True)


def answered(message, value):
    said = f"<section><kind>BASIC</kind><property><name>said</name><value>{value}</value></property></section>"
    return accepted(message, said)


class FakeIrdeto:
    """A transport that answers as it was told, and says yes otherwise. Calls are what was said, in order."""

    def __init__(self):
        self.answers = deque()
        self.calls = []

    def send(self, message, _timeouts):
        name, _reference, said = call_of(message)
        self.calls.append((name, *said))
        answer = self.answers.popleft() if self.answers else accepted
        return answer(message) if callable(answer) else answer

    def close(self):
        pass

    @property
    def names(self):
        return [call[0] for call in self.calls]


@pytest.fixture
def irdeto(engine, tmp_path):
    """The engine's provider, at Irdeto, with Main and two TWINs, boxes and cards."""
    (tmp_path / "irdeto.toml").write_text(CONFIGURATION, encoding="utf-8")
    engine.configure(tmp_path / "irdeto.toml")
    platform = FakeIrdeto()
    engine.context.transport = platform
    return platform


def item(serial_number, *distributors):
    product = "CARD" if serial_number.startswith("CARD") else "STB"
    return {"product": product, "serial_number": serial_number, "distributors": list(distributors)}


@pytest.fixture
def begin(engine, irdeto):
    """A subscription with News on Main and Sport on Main and TWIN1, and these items."""

    def begun(*items):
        ada = {"first_name": "Ada", "last_name": "Lovelace"}
        services = [
            {"product": "NEWS", "distributors": ["MAIN"]},
            {"product": "SPORT", "distributors": ["MAIN", "TWIN1"]},
        ]
        return engine.act("BECOME_SUBSCRIBER", subscriber=ada, services=services, items=items)

    return begun


@pytest.fixture
def subscribed(engine, irdeto, begin):
    """That with a box and a card on Main, in sync, and nothing to look at yet."""
    assert begin(item("STB-1", "MAIN"), item("CARD-1", "MAIN")).in_sync
    irdeto.calls.clear()
    return engine


def test_a_provider_that_requests_were_made_for_keeps_its_protocol(subscribed, tmp_path):
    text = CONFIGURATION.replace('protocol = "irdeto"', 'protocol = "tucano"').replace(', default_pin = "4711"', "")
    (tmp_path / "tucano.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NotAllowedError, match=r"providers\[tv\]\.protocol: found 'tucano', and requests in irdeto;"):
        subscribed.configure(tmp_path / "tucano.toml")
    assert subscribed.reset(NUMBER).requests == ()


def test_who_subscribes_has_his_box_registered_paired_and_entitled(irdeto, begin):
    assert begin(item("STB-1", "MAIN"), item("CARD-1", "MAIN")).in_sync
    assert irdeto.calls == [
        (INTO, "STB-1", NUMBER, "MAIN"),
        (PAIR, "STB-1", "CARD-1"),
        (MORE, "STB-1", "O_NEWS", "O_SPORT"),
    ]


def test_each_viewing_point_has_its_box_its_card_and_its_services(irdeto, begin):
    items = [item("STB-1", "MAIN"), item("CARD-1", "MAIN"), item("CARD-2", "TWIN1"), item("STB-2", "TWIN1")]
    assert begin(*items, item("STB-3", "TWIN2")).in_sync
    assert irdeto.calls == [
        (INTO, "STB-1", NUMBER, "MAIN"),
        (INTO, "STB-2", NUMBER, "TWIN1"),
        (INTO, "STB-3", NUMBER, "TWIN2"),
        (PAIR, "STB-1", "CARD-1"),
        (PAIR, "STB-2", "CARD-2"),
        (MORE, "STB-1", "O_NEWS", "O_SPORT"),
        (MORE, "STB-2", "O_SPORT"),
    ]


def test_a_replaced_box_takes_over_card_and_services(subscribed, irdeto):
    assert subscribed.act("SWAP_INSTALLED_ITEM", NUMBER, item="STB-1", serial_number="STB-9").in_sync
    assert irdeto.calls == [
        (FEWER, "STB-1", "O_NEWS", "O_SPORT"),
        (UNPAIR, "STB-1", "CARD-1"),
        (OUT, "STB-1"),
        (INTO, "STB-9", NUMBER, "MAIN"),
        (PAIR, "STB-9", "CARD-1"),
        (MORE, "STB-9", "O_NEWS", "O_SPORT"),
    ]


def test_a_replaced_card_leaves_the_services(subscribed, irdeto):
    assert subscribed.act("SWAP_INSTALLED_ITEM", NUMBER, item="CARD-1", serial_number="CARD-9").in_sync
    assert irdeto.calls == [(UNPAIR, "STB-1", "CARD-1"), (PAIR, "STB-1", "CARD-9")]


def test_a_box_that_moves_to_another_viewing_point_is_registered_there_and_leaves_its_card(subscribed, irdeto):
    moved = {"put_on": ["TWIN1"], "take_off": ["MAIN"]}
    assert subscribed.act("CHANGE_DISTRIBUTION", NUMBER, items=["STB-1"], **moved).in_sync
    assert irdeto.calls == [
        (FEWER, "STB-1", "O_NEWS"),
        (UNPAIR, "STB-1", "CARD-1"),
        (INTO, "STB-1", NUMBER, "TWIN1"),
    ]
    irdeto.calls.clear()
    assert subscribed.act("CHANGE_DISTRIBUTION", NUMBER, items=["CARD-1"], **moved).in_sync
    assert irdeto.calls == [(PAIR, "STB-1", "CARD-1")]


def test_a_box_that_moves_with_its_card_stays_paired(subscribed, irdeto):
    moved = {"put_on": ["TWIN1"], "take_off": ["MAIN"]}
    assert subscribed.act("CHANGE_DISTRIBUTION", NUMBER, items=["CARD-1", "STB-1"], **moved).in_sync
    assert irdeto.calls == [(FEWER, "STB-1", "O_NEWS"), (INTO, "STB-1", NUMBER, "TWIN1")]


def test_a_box_on_two_viewing_points_has_the_services_of_both_and_loses_those_of_the_one_it_leaves(
    irdeto, begin, engine
):
    assert begin(item("STB-1", "MAIN", "TWIN1")).in_sync
    irdeto.calls.clear()
    assert engine.act("CHANGE_DISTRIBUTION", NUMBER, items=["STB-1"], take_off=["MAIN"]).in_sync
    assert irdeto.calls == [(FEWER, "STB-1", "O_NEWS"), (INTO, "STB-1", NUMBER, "TWIN1")]


def test_the_card_of_a_box_that_leaves_goes_to_the_next_box_there(irdeto, begin, engine):
    assert begin(item("STB-1", "MAIN"), item("STB-2", "MAIN"), item("CARD-1", "MAIN")).in_sync
    irdeto.calls.clear()
    assert engine.act("REMOVE_INSTALLED_ITEM", NUMBER, item="STB-1").in_sync
    assert irdeto.calls == [
        (FEWER, "STB-1", "O_NEWS", "O_SPORT"),
        (UNPAIR, "STB-1", "CARD-1"),
        (OUT, "STB-1"),
        (PAIR, "STB-2", "CARD-1"),
    ]


def test_boxes_and_cards_come_together_in_the_order_said_and_stay_so(irdeto, begin, engine):
    items = [item("STB-2", "MAIN"), item("STB-1", "MAIN"), item("CARD-3", "MAIN"), item("CARD-4", "MAIN")]
    assert begin(*items).in_sync
    assert [call for call in irdeto.calls if call[0] == PAIR] == [(PAIR, "STB-1", "CARD-4"), (PAIR, "STB-2", "CARD-3")]
    irdeto.calls.clear()
    for serial_number in ("STB-0", "CARD-0"):
        added = {"product": "STB" if serial_number == "STB-0" else "CARD", "distributors": ["MAIN"]}
        assert engine.act("ADD_INSTALLED_ITEM", NUMBER, serial_number=serial_number, **added).in_sync
    assert irdeto.calls[-1] == (PAIR, "STB-0", "CARD-0")
    assert UNPAIR not in irdeto.names


def test_a_box_that_leaves_does_not_part_the_others(irdeto, begin, engine):
    assert begin(item("STB-1", "MAIN"), item("STB-2", "MAIN"), item("CARD-1", "MAIN"), item("CARD-2", "MAIN")).in_sync
    irdeto.calls.clear()
    assert engine.act("REMOVE_INSTALLED_ITEM", NUMBER, item="STB-1").in_sync
    assert [call for call in irdeto.calls if call[0] in {PAIR, UNPAIR}] == [(UNPAIR, "STB-1", "CARD-1")]
    assert engine.reset(NUMBER).requests == ()


def test_who_stops_keeps_his_box_and_his_card(subscribed, irdeto):
    assert subscribed.act("DEACTIVATE_SUBSCRIPTION", NUMBER).in_sync
    assert irdeto.calls == [(FEWER, "STB-1", "O_NEWS", "O_SPORT")]


def test_who_ends_his_subscription_keeps_nothing(subscribed, irdeto):
    assert subscribed.act("TERMINATE_SUBSCRIPTION", NUMBER, mode="cancel").in_sync
    assert irdeto.names == [FEWER, UNPAIR, OUT]
    assert subscribed.reset(NUMBER).requests == ()


def test_a_box_that_could_not_be_registered_gets_nothing(irdeto, begin, ends):
    irdeto.answers.append(refused("SECURE_CLIENT_IN_USE"))
    done = begin(item("STB-1", "MAIN"), item("CARD-1", "MAIN"))
    assert ends(done) == [
        (INTO, "REJECTED", "SECURE_CLIENT_IN_USE"),
        (PAIR, "REJECTED", "NO_DEVICE"),
        (MORE, "REJECTED", "NO_DEVICE"),
    ]
    assert irdeto.names == [INTO]


def test_a_forgotten_box_may_leave(subscribed, irdeto, ends):
    irdeto.answers.extend([refused("UNKNOWN_SECURE_CLIENT")] * 3)
    done = subscribed.act("TERMINATE_SUBSCRIPTION", NUMBER, mode="cancel")
    assert {state for _type, state, _code in ends(done)} == {"COMPLETED"}
    assert done.in_sync


@pytest.mark.parametrize(
    ("action", "said", "state"),
    [
        ("STOP_SERVICE", {"service": "NEWS"}, "COMPLETED"),
        ("ADD_SERVICE", {"product": "KIDS", "distributors": ["MAIN"]}, "REJECTED"),
    ],
)
def test_a_box_that_is_found_to_be_forgotten_is_registered_again_by_the_reset(action, said, state, subscribed, irdeto):
    irdeto.answers.append(refused("UNKNOWN_SECURE_CLIENT"))
    done = subscribed.act(action, NUMBER, **said)
    assert [one.life_cycle_state for one in done.requests] == [state]
    assert not done.in_sync
    irdeto.calls.clear()
    assert subscribed.reset(NUMBER).in_sync
    assert irdeto.names == [INTO, PAIR, MORE]
    assert subscribed.reset(NUMBER).requests == ()


def test_a_pair_that_is_none_is_unpaired(subscribed, irdeto, ends):
    irdeto.answers.append(refused("NOT_PAIRED"))
    done = subscribed.act("REMOVE_INSTALLED_ITEM", NUMBER, item="CARD-1")
    assert ends(done) == [(UNPAIR, "COMPLETED", "")]
    assert done.in_sync


def test_a_lost_registration_is_repeated_by_the_reset_and_what_hangs_on_it_is_sent_all_the_same(irdeto, begin, engine):
    irdeto.answers.extend([LOST] * 3)
    assert not begin(item("STB-1", "MAIN"), item("CARD-1", "MAIN")).in_sync
    assert irdeto.names == [INTO, INTO, INTO, PAIR, MORE]
    irdeto.calls.clear()
    assert engine.reset(NUMBER).in_sync
    assert irdeto.names == [INTO]


def test_a_card_that_is_paired_elsewhere_leaves_it_out_of_sync(irdeto, begin, ends):
    irdeto.answers.extend([accepted, refused("ALREADY_PAIRED")])
    done = begin(item("STB-1", "MAIN"), item("CARD-1", "MAIN"))
    assert ends(done)[1] == (PAIR, "REJECTED", "ALREADY_PAIRED")
    assert not done.in_sync


@pytest.mark.parametrize(("code", "holds"), [("UNKNOWN_SECURE_CLIENT", True), ("MALFORMED", True), (None, False)])
def test_the_connection_is_tested_with_a_harmless_question(code, holds, engine, irdeto):
    irdeto.answers.append(refused(code) if code else Reply(401, "Unauthorized"))
    found = engine.test_connection("tv")
    assert (found.reachable, found.credentials_hold) == (True, holds)
    assert irdeto.calls == [("QUERY_SECURE_CLIENT", "CONNECTION-TEST", "BASIC")]


SHOWN = (
    "<section><kind>BASIC</kind><property><name>secureClient</name><value>STB-1</value></property></section>"
    "<section><kind>DEVICE_DOMAIN</kind><property><name>member</name><value>STB-1</value></property>"
    "<property><name>member</name><value>STB-2</value></property></section>"
)


def shown(message):
    return accepted(message, SHOWN)


def test_what_was_asked_about_a_box_is_kept_with_the_request(subscribed, irdeto):
    irdeto.answers.append(shown)
    asked = Asked("query", {"kinds": ["BASIC", "DEVICE_DOMAIN"]}, "STB-1")
    assert subscribed.ask(asked).answer == {
        "BASIC": {"secureClient": "STB-1"},
        "DEVICE_DOMAIN": {"member": ["STB-1", "STB-2"]},
    }
    assert irdeto.calls == [("QUERY_SECURE_CLIENT", "STB-1", "BASIC", "DEVICE_DOMAIN")]
    assert subscribed.reset(NUMBER).requests == ()


def test_a_message_is_kept_as_it_was_written_and_sent_as_its_mode_wants_it(subscribed, irdeto):
    said = {"message_type": "MAIL", "text_mode": "UNICODE", "text": "王"}
    done = subscribed.ask(Asked("send_message", said, "STB-1"))
    assert done.parameters_set == {"secure_client": "STB-1", "type": "MAIL", "text_mode": "UNICODE", "text": "王"}
    assert irdeto.calls == [("SEND_MESSAGE", "STB-1", "MAIL", "UNICODE", "738B")]


def test_a_message_whose_answer_is_lost_is_sent_again_as_the_same_transaction(subscribed, irdeto):
    irdeto.answers.append(LOST)
    done = subscribed.ask(Asked("send_message", {"message_type": "MESSAGE", "text": "x"}, "STB-1"))
    assert (done.life_cycle_state, done.attempts) == ("COMPLETED", 2)
    assert irdeto.calls[0] == irdeto.calls[1]


def test_a_utility_finds_out_that_a_box_was_forgotten(subscribed, irdeto):
    irdeto.answers.append(refused("UNKNOWN_SECURE_CLIENT"))
    assert subscribed.ask(Asked("reauthorise_sector", {}, "STB-1")).error_code == "UNKNOWN_SECURE_CLIENT"
    irdeto.calls.clear()
    assert subscribed.reset(NUMBER).in_sync
    assert irdeto.names == [INTO, PAIR, MORE]


ECHOES = {
    "consent": accepted,
    "refusal": refused("INVALID_PIN"),
    "body": lambda _message: Reply(200, "OK", {}, b"<!-- <pin>4711</pin> hush -->"),
    "header": lambda _message: Reply(500, "Oh", {"X-You-Said": "<pin>4711</pin> hush"}),
    "reason": lambda _message: Reply(401, "No &lt;pin&gt;4711&lt;/pin&gt;, hush"),
    "failure": Failure("REPLY_LOST", "They hung up on <pin>4711</pin> hush", sent=True),
    "words": lambda _message: Reply(401, "The PIN 4711 of hush"),
    "another prefix": lambda _message: Reply(200, "OK", {}, b"<k:pin xmlns:k='x'>4711</k:pin>"),
}


@pytest.mark.parametrize("way", ECHOES)
@pytest.mark.parametrize(("utility", "said"), [("set_pin", {"new_pin": "4711"}), ("reset_pin", {})])
def test_neither_a_pin_nor_the_password_is_kept_shown_or_logged(way, utility, said, subscribed, irdeto, dump, caplog):
    caplog.set_level(logging.DEBUG)
    irdeto.answers.extend([ECHOES[way]] * 3)
    done = subscribed.ask(Asked(utility, said, "STB-1"))
    assert done.parameters_set == {"secure_client": "STB-1", "pin": "***"}
    assert "***</" in done.request
    assert irdeto.calls[0][-1] == "4711"
    rows = [
        str(value) for name, rows in dump(subscribed).items() if name != "providers" for row in rows for value in row
    ]
    client = api(site_of(subscribed, "t")).test_client()
    calls = ["/subscriptions/list", "/provisioning/provisioning_requests/list", "/provisioning/providers/list"]
    answers = [client.get(call, headers={"Authorization": "Bearer t"}).get_data(as_text=True) for call in calls]
    assert all('"OK"' in answer for answer in answers)
    told = "\n".join([*rows, *answers, caplog.text, str(done)])
    assert [secret for secret in ("4711", "hush") if secret in told] == []


def test_a_pin_that_is_still_to_be_sent_is_not_shown(subscribed, irdeto):
    made = subscribed.ask(Asked("set_pin", {"new_pin": "4711"}, "STB-1", process_immediately=False))
    assert irdeto.calls == []
    assert made.life_cycle_state == "PENDING"
    assert "4711" not in str([made, subscribed.requests()])


def test_digits_that_are_no_pin_are_kept(subscribed, irdeto):
    irdeto.answers.append(refused("INVALID_PIN"))
    done = subscribed.ask(Asked("set_pin", {"new_pin": "0001"}, "STB-1"))
    assert "<transactionId>" in done.request
    assert "***" not in done.request.partition("<transactionId>")[2].partition("</transactionId>")[0]


def test_the_answer_to_a_query_holds_no_password(subscribed, irdeto):
    irdeto.answers.append(lambda message: answered(message, "hush"))
    done = subscribed.ask(Asked("query", {"kinds": ["BASIC"]}, "STB-1"))
    assert done.answer == {"BASIC": {"said": "***"}}
