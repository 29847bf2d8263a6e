"""The calls about cards at Conax: what they make is PENDING, and goes there in files."""

import pytest

from tests.engine.at_conax import accept_all, add_conax, card, lines, subscribe_at_conax

CARD, STB = "01234567890", "09000000000"
SMARTCARD = {"installed_item_identifier": {"serial_number": CARD}}
NEWS, SPORT = {"alternative_code": "NEWS"}, {"alternative_code": "Sport"}


@pytest.fixture
def folders(engine, subscribe, tmp_path):
    """A subscription with a card and an STB at Conax, and one without, at another platform."""
    folders = add_conax(engine, tmp_path)
    subscribe(engine)
    subscribe_at_conax(engine, "C1", card(CARD), card(STB, "STB"))
    return folders


@pytest.fixture
def ask(client):
    """Make a call about the card."""
    path = "/conax_sms_sas/provisioning_requests"
    return lambda name, **body: client.post(f"{path}/{name}", json=SMARTCARD | body)


def test_each_product_is_a_request_which_the_processing_run_sends(ask, folders, engine):
    answer = ask("add_subscriptions", product_identifiers=[NEWS, SPORT], priority="EXPRESS")
    assert (answer.status_code, folders.journal) == (202, [])
    made = answer.json["data"]["requests"]
    assert [(one["type"], one["parameters_set"]["service"]) for one in made] == [
        ("ADD_SUBSCRIPTIONS", "10001001"),
        ("ADD_SUBSCRIPTIONS", "10001002"),
    ]
    assert {(one["life_cycle_state"], one["priority"], one["process_immediately"]) for one in made} == {
        ("PENDING", "EXPRESS", False)
    }
    engine.run("SEND")
    assert {lines(content)[2] for content in folders.waiting.values()} >= {"10001001", "10001002"}


def test_a_cancellation_has_its_own_start_date_in_any_offset(ask, folders):
    said = {"product_identifiers": [NEWS], "start_date": "2030-07-01T01:30:00+02:00", "process_immediately": True}
    answer = ask("cancel_subscriptions", **said)
    assert answer.status_code == 202
    ((name, content),) = folders.waiting.items()
    assert (name[:2], lines(content)[3:5]) == ("cs", ["203006302330", "203007302359"])


def test_what_is_given_from_later_on_is_not_held_until_then_and_is_given_anew_if_wanted_now(ask, folders, engine):
    engine.run("SEND")
    accept_all(engine, folders)
    ask("add_subscriptions", product_identifiers=[NEWS], start_date="2031-01-01T00:00:00Z", process_immediately=True)
    accept_all(engine, folders)
    shown = engine.show("C1")
    assert shown.providers["conax"].differences == [f"+product 10001001 on {CARD}"]
    assert (shown.services[0].authorised, shown.providers["conax"].in_sync) == ([], False)
    engine.run("SEND")
    accept_all(engine, folders)
    assert engine.show("C1").providers["conax"].in_sync
    assert engine.show("C1").services[0].authorised[0].since <= engine.context.clock.now()


def test_a_second_one_for_the_same_card_and_service_is_refused_with_the_number_of_the_first(ask, folders):
    number = ask("add_subscriptions", product_identifiers=[NEWS]).json["data"]["requests"][0]["number"]
    answer = ask("cancel_subscriptions", product_identifiers=[NEWS])
    assert (answer.status_code, answer.json["status"]["code"]) == (409, "NOT_ALLOWED")
    assert f"Request {number} of conax" in answer.json["status"]["message"]


@pytest.mark.parametrize(("body", "stb"), [({}, STB), ({"stb_identifier": {"serial_number": STB}}, STB)])
def test_a_pair_is_made_of_the_stb_that_is_named_or_beside_the_card(body, stb, ask, folders):
    answer = ask("create_pairing", **body)
    assert (answer.status_code, answer.json["data"]["parameters_set"]["stb"]) == (202, stb)


@pytest.mark.parametrize(
    ("name", "body", "payload"),
    [
        ("send_mail_message", {"text": "Hello"}, "010548656c6c6f0201ff04020000"),
        ("send_bark_message", {"text": "Hello"}, "010548656c6c6f0201ff04020014"),
        ("send_bark_message", {"text": "Hello", "sequence": 1, "duration": 65535}, "010548656c6c6f0201010402ffff"),
    ],
)
def test_a_message_is_put_there_at_once_and_has_not_ended_yet(name, body, payload, ask, folders):
    answer = ask(name, **body)
    assert (answer.status_code, answer.json["data"]["file"]) == (202, "gp000001")
    assert [lines(content)[3] for content in folders.waiting.values()] == [payload]


def test_a_query_is_put_there_at_once(ask, folders):
    assert ask("query_status").status_code == 202
    assert list(folders.waiting) == ["sc000001.emm"]


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("send_bark_message", {"text": "x" * 130}, "text"),
        ("send_mail_message", {"text": "x" * 142}, "text"),
        ("send_mail_message", {"text": "Hi", "duration": 20}, "duration"),
        ("send_bark_message", {"text": "Hi", "sequence": 0}, "sequence"),
        ("send_bark_message", {"text": "Hi", "duration": 65536}, "duration"),
        ("send_bark_message", {"text": "Ж\tЖ"}, "text"),
        ("add_subscriptions", {"product_identifiers": []}, "product_identifiers"),
        ("add_subscriptions", {"product_identifiers": [NEWS, NEWS]}, "product_identifiers"),
        ("add_subscriptions", {"product_identifiers": [NEWS, {"number": "1"}]}, "product_identifiers[1]"),
        ("add_subscriptions", {"product_identifiers": [{"alternative_code": "KIDS"}]}, "product_identifiers"),
        ("add_subscriptions", {"product_identifiers": [NEWS], "start_date": "2030-07-01T00:00:00"}, "start_date"),
        ("add_subscriptions", {"product_identifiers": [NEWS], "start_date": "2029-07-01T00:00:00Z"}, "start_date"),
        ("create_pairing", {"stb_identifier": {"serial_number": CARD}}, "stb_identifier"),
    ],
)
def test_what_is_out_of_range_is_refused_by_its_field(name, body, field, ask, folders, engine, dump):
    before = dump(engine)
    answer = ask(name, **body)
    assert (answer.status_code // 100, answer.json["status"]["description"]) == (4, field)
    assert (folders.journal, dump(engine)) == ([], before)


def test_requests_of_other_platforms_are_not_shown_here(ask, client, folders):
    mine = ask("query_status").json["data"]["id"]
    here, all_of_them = "/conax_sms_sas/provisioning_requests", "/provisioning/provisioning_requests"
    assert client.get(f"{here}/show?id={mine}").json["data"]["provider"] == "conax"
    other = client.get(f"{all_of_them}/list?provider=tv&number_of_results=1").json["data"]["results"][0]["id"]
    assert client.get(f"{all_of_them}/show?id={other}").status_code == 200
    assert client.get(f"{here}/show?id={other}").status_code == 404
    listed = client.get(f"{here}/list?number_of_results=5").json["data"]
    assert (listed["total"], [one["provider"] for one in listed["results"]]) == (1, ["conax"])
    assert client.get(f"{here}/list?provider=conax&life_cycle_state=COMPLETED").json["data"]["total"] == 0


def test_the_calls_of_one_platform_are_not_for_providers_of_another(client, folders):
    body = SMARTCARD | {"text": "Hi", "provisioning_provider_identifier": {"alternative_code": "conax"}}
    answer = client.post("/irdeto/provisioning_requests/send_message", json=body)
    assert (answer.status_code, answer.json["status"]["code"]) == (409, "NOT_ALLOWED")
    assert "conax is of protocol conax; wanted: one of protocol irdeto" in answer.json["status"]["message"]
