"""Who is out of sync, listed and counted by calls."""

from datetime import timedelta

import pytest

from tests.engine.fakes import rejected

LIST, COUNT = "/provisioning/out_of_sync/list", "/provisioning/out_of_sync/count"


@pytest.fixture
def throng(engine, subscribe, platform, clock):
    """Five subscriptions, a day apart; B and D were refused a service."""
    for number, kind in zip("ABCDE", "XYXYX", strict=True):
        subscribe(engine, number, customer_number="1", subscription_type=kind)
        clock.at += timedelta(days=1)
    for number in "BD":
        platform.answer_with(rejected("UNKNOWN_OPTION"))
        engine.act("ADD_SERVICE", number, product="KIDS", distributors=["MAIN"])


@pytest.mark.usefixtures("throng")
def test_who_is_out_of_sync_is_listed_by_the_page_with_what_differs(client):
    said = {"provider": "tv", "since": "2030-06-20T12:00:00Z", "pending": 0, "differences": ["+option O_KIDS"]}
    both = [{"subscription": "B", "subscription_id": 2, **said}, {"subscription": "D", "subscription_id": 4, **said}]
    assert client.get(LIST).json["data"] == {"results": both, "after": None}
    assert client.get(f"{LIST}?number_of_results=1").json["data"] == {"results": both[:1], "after": 2}
    assert client.get(f"{LIST}?number_of_results=1&after=2&provider=tv").json["data"]["results"] == both[1:]
    assert client.get(f"{LIST}?after=4").json["data"] == {"results": [], "after": None}


@pytest.mark.usefixtures("throng")
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),
        ("subscription_types=X", 0),
        ("subscription_types=Z,%20Y", 2),
        ("created_from=2030-06-17", 1),
        ("created_to=2030-06-16", 1),
        ("created_to=2030-06-16T12:00:00Z", 0),
        ("created_from=2030-06-16T14:00:00%2B02:00&created_to=2030-06-18&provider=tv", 2),
        ("first_id=3&last_id=4", 1),
        ("first_id=1&last_id=1", 0),
    ],
)
def test_how_many_are_out_of_sync_is_counted_by_provider(query, number, client):
    assert client.get(f"{COUNT}?{query}").json["data"] == {"providers": {"tv": number}, "newest_id": 5}


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("provider=radio", 404, "provider"),
        ("created_from=yesterday", 400, "created_from"),
        ("created_to=2030-06-16T12:00:00", 400, "created_to"),
        ("created_from=2030-06-17&created_to=2030-06-16", 400, "created_to"),
        ("subscription_types=,", 400, "subscription_types"),
        ("state=EFFECTIVE", 400, "state"),
    ],
)
@pytest.mark.parametrize("call", [LIST, COUNT])
def test_what_can_not_be_meant_is_refused_with_its_field(call, query, status, field, client):
    refused = client.get(f"{call}?{query}")
    assert (refused.status_code, refused.json["status"]["description"]) == (status, field)


def test_a_provider_that_is_not_effective_is_not_out_of_sync(client, engine, subscribe):
    engine.set_provider_effective("tv", effective=False)
    subscribe(engine)
    assert client.get(COUNT).json["data"] == {"providers": {}, "newest_id": 1}
    assert client.get(LIST).json["data"] == {"results": [], "after": None}
    assert client.get(f"{COUNT}?provider=tv").status_code == 409
