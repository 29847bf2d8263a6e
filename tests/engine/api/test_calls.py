"""The calls as they should be: what goes in, what comes out, in the one envelope."""

import pytest

NUMBER = "S0000000001"
ADA = {"first_name": "Ada", "last_name": "Lovelace"}
BODY = {
    "subscriber": ADA,
    "services": [{"product": "CHOICE", "components": ["NEWS", "SPORT"], "distributors": ["MAIN"]}],
    "items": [{"product": "STB", "serial_number": "B-1", "distributors": ["MAIN"], "ca_ids": {"tv": "C-1"}}],
}
LATER = "2999-12-31"
PLACED = {"distributor": "MAIN", "provider": "tv", "since": "2030-06-15T12:00:00Z", "until": None, "awaiting": ""}


@pytest.fixture
def subscribed(client):
    """A subscription with a bundle and a box."""
    assert client.post("/subscriptions/become_subscriber", json=BODY).status_code == 200


def test_becoming_a_subscriber_answers_with_the_number_and_what_was_sent(client):
    answer = client.post("/subscriptions/become_subscriber", json=BODY)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json["status"] == {"code": "OK", "description": "", "message": ""}
    data = answer.json["data"]
    assert (data["action"], data["subscription"]) == ("BECOME_SUBSCRIBER", NUMBER)
    assert [(one["type"], one["life_cycle_state"]) for one in data["requests"]] == [
        ("CREATE_ACCOUNT", "COMPLETED"),
        ("ADD_MATERIAL", "COMPLETED"),
        ("ACTIVATE_OPTIONS", "COMPLETED"),
    ]


USAGE = {"product": "MATCH", "start": "2999-01-01T20:00:00+01:00", "end": "2999-01-01T22:00:00Z"}
# fmt: off
STORY = (
    # call                             body                                            the subscription then
    ("add_service",                    {"product": "KIDS", "distributors": ["MAIN"]},  "EFFECTIVE"),
    ("stop_service",                   {"service": "KIDS"},                            "EFFECTIVE"),
    ("start_service",                  {"service": "Kids"},                            "EFFECTIVE"),
    ("swap_service",                   {"service": "KIDS", "product": "SPORT"},        "EFFECTIVE"),
    ("regret_swap",                    {"service": "5"},                               "EFFECTIVE"),
    ("remove_service",                 {"service": "KIDS", "mode": "regret"},          "EFFECTIVE"),
    ("amend_bundle_services",          {"service": "CHOICE", "add": ["KIDS"]},         "EFFECTIVE"),
    ("add_service_usage",              USAGE | {"distributors": ["MAIN"]},             "EFFECTIVE"),
    ("cancel_service_usage",           {"service": "MATCH"},                           "EFFECTIVE"),
    ("add_installed_item",             {"product": "STB", "serial_number": "B-2"},     "EFFECTIVE"),
    ("change_distribution",            {"items": ["B-2"], "put_on": ["TWIN1"]},        "EFFECTIVE"),
    ("swap_installed_item",            {"item": "B-2", "serial_number": "B-3"},        "EFFECTIVE"),
    ("remove_installed_item",          {"item": "B-3"},                                "EFFECTIVE"),
    ("rest_subscription",              {"until": LATER},                               "IN_RESTING"),
    ("end_subscription_resting",       {},                                             "EFFECTIVE"),
    ("short_term_deactivation",        {"days": 3},                                    "SHORT_TERM_NOT_EFFECTIVE"),
    ("end_short_term_deactivation",    {},                                             "EFFECTIVE"),
    ("deactivate_subscription",        {},                                             "NOT_EFFECTIVE"),
    ("short_term_activation",          {"until": LATER},                               "SHORT_TERM_EFFECTIVE"),
    ("end_short_term_activation",      {},                                             "NOT_EFFECTIVE"),
    ("activate_subscription",          {},                                             "EFFECTIVE"),
    ("terminate_subscription",         {"mode": "cancel"},                             "CANCELLED"),
)
# fmt: on


@pytest.mark.usefixtures("subscribed")
def test_every_action_is_a_call(call, client):
    for action, body, then in STORY:
        answer = call(action, body)
        assert answer.status_code == 200, (action, answer.json)
        assert answer.json["data"]["action"] == action.upper()
        shown = client.get(f"/subscriptions/show?number={NUMBER}").json["data"]
        assert (shown["state"], shown["providers"]["tv"]["in_sync"]) == (then, True), action


@pytest.mark.usefixtures("subscribed")
def test_a_subscription_is_shown_whole(client):
    shown = client.get(f"/subscriptions/show?number={NUMBER}").json["data"]
    assert shown["subscriber"] == ADA | {
        "email": "",
        "phone": "",
        "language": "en",
        "address": {"street": "", "postal_code": "", "city": "", "region": "", "country": ""},
    }
    assert shown["services"][1] == {
        "number": 2,
        "product": "NEWS",
        "name": "News",
        "state": "EFFECTIVE",
        "bundle": 1,
        "replaces": None,
        "window": None,
        "distributors": ["MAIN"],
        "authorised": [PLACED],
        "cancelled": [],
    }
    assert shown["installed_items"] == [
        {
            "serial_number": "B-1",
            "product": "STB",
            "name": "Set-top Box",
            "state": "EFFECTIVE",
            "distributors": ["MAIN"],
            "ca_ids": {"tv": "C-1"},
            "initialised": [PLACED],
        }
    ]
    assert shown["providers"]["tv"]["account"] == "T1"
    assert client.get("/subscriptions/list").json["data"] == {"total": 1, "results": [shown]}


@pytest.mark.usefixtures("subscribed")
def test_requests_are_listed_by_what_is_asked_for(client):
    def listed(query):
        path = "/provisioning/provisioning_requests/list"
        return [one["id"] for one in client.get(f"{path}?{query}").json["data"]["results"]]

    assert listed("") == [1, 2, 3]
    assert listed("number_of_results=2") == [1, 2]
    assert listed("number_of_results=2&offset=2") == [3]
    assert listed("type=ADD_MATERIAL") == listed("id=2") == [2]
    assert listed(f"subscription={NUMBER}&provider=tv&life_cycle_state=COMPLETED") == [1, 2, 3]
    assert listed("life_cycle_state=PENDING") == listed("reference_number=TX-9") == listed("id=9") == []
    assert client.get("/provisioning/provisioning_requests/show?id=2").json["data"]["type"] == "ADD_MATERIAL"


@pytest.mark.usefixtures("subscribed")
def test_a_reset_is_a_call_for_one_provider_or_all(client):
    body = {"subscription_identifier": {"number": NUMBER}}
    for named in ({}, {"provisioning_provider_identifier": {"alternative_code": "tv"}}):
        answer = client.post("/provisioning/subscriptions/reset", json=body | named)
        assert (answer.status_code, answer.json["data"]["requests"]) == (200, [])


def test_providers_are_listed_without_what_is_secret(client):
    (provider,) = client.get("/provisioning/providers/list").json["data"]
    assert provider["code"] == "tv"
    assert set(provider) == {"code", "name", "protocol", "effective", "circuit", "distributors", "services"}


def test_the_process_says_that_it_is_there(client):
    assert client.get("/health").json["data"] == {"healthy": True}
    assert client.get("/ready").json["data"] == {"ready": True, "providers": ["tv"]}
