"""Pages, filters and parts of results; a page costs few statements, however long it is."""

import pytest

NUMBER = "S0000000001"
AT = "2030-06-15T12:00:00Z"


@pytest.fixture
def several(engine, subscribe):
    """Three subscriptions, the second of them to Kids and not effective, the third with nothing anywhere."""
    subscribe(engine, "A")
    subscribe(engine, "B", ("KIDS",))
    engine.act("DEACTIVATE_SUBSCRIPTION", "B")
    subscribe(engine, "C", (), 0)


@pytest.fixture
def listed(client):
    def numbers(query):
        data = client.get(f"/subscriptions/list?{query}").json["data"]
        return [one["number"] for one in data["results"]], data["total"]

    return numbers


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("query", "numbers", "total"),
    [
        ("", "ABC", 3),
        ("number_of_results=2", "AB", 3),
        ("number_of_results=2&offset=2", "C", 3),
        ("offset=9223372036854775807", "", 3),
        ("state=NOT_EFFECTIVE", "B", 1),
        ("product=KIDS", "B", 1),
        ("product=set-top%20box", "AB", 2),
        ("serial_number=B-B-1", "B", 1),
        ("serial_number=B-B-9", "", 0),
        ("provider=tv", "AB", 2),
        ("provider=tv&product=NEWS&state=EFFECTIVE&serial_number=B-A-1", "A", 1),
        ("provider=tv&state=IN_RESTING", "", 0),
    ],
)
def test_subscriptions_are_listed_by_what_is_asked_for(query, numbers, total, listed):
    assert listed(query) == (list(numbers), total)


@pytest.mark.usefixtures("several")
def test_a_subscription_is_shown_alike_by_number_by_id_and_in_the_list(client):
    shown = [client.get(f"/subscriptions/show?{query}").json["data"] for query in ("number=B", "id=2")]
    assert shown[0] == shown[1] == client.get("/subscriptions/list").json["data"]["results"][1]
    assert (shown[0]["id"], shown[0]["number"]) == (2, "B")


def test_a_page_costs_as_many_statements_as_one_subscription(client, engine, subscribe, statements):
    said = []
    for number in range(3):
        subscribe(engine, f"X{number}")
        with statements(engine.context.database) as found:
            assert client.get("/subscriptions/list").json["data"]["total"] == number + 1
        said.append(len(found))
    assert len(set(said)) == 1
    assert said[0] <= 10


@pytest.mark.usefixtures("several")
def test_only_the_fields_that_are_asked_for_are_given(client):
    page = client.get("/subscriptions/list?fields_set=state,number&number_of_results=1").json["data"]
    assert page == {"total": 3, "results": [{"state": "EFFECTIVE", "number": "A"}]}
    assert client.get("/subscriptions/show?number=A&fields_set=id").json["data"] == {"id": 1}
    path = "/provisioning/provisioning_requests"
    assert client.get(f"{path}/show?id=1&fields_set=type").json["data"] == {"type": "CREATE_ACCOUNT"}
    some = client.get(f"{path}/list?fields_set=id,type&type=ADD_MATERIAL&subscription=A").json["data"]
    assert some == {"total": 1, "results": [{"id": 2, "type": "ADD_MATERIAL"}]}


@pytest.mark.usefixtures("several")
def test_requests_are_counted_with_their_filters(client):
    def total(query):
        return client.get(f"/provisioning/provisioning_requests/list?{query}").json["data"]["total"]

    assert total("number_of_results=1") == total("provider=tv") == 7
    assert (total("subscription=A"), total("subscription=C"), total("type=SUSPEND_OPTIONS")) == (3, 0, 1)


def test_an_item_is_shown_at_its_provider_by_its_serial_number_or_its_id_there(client, engine, subscribe):
    subscribe(engine)
    engine.act("ADD_INSTALLED_ITEM", NUMBER, product="STB", serial_number="B-2", ca_ids={"tv": "C-2"})
    path = "/provisioning/installed_items/show?provisioning_provider_identifier=tv"
    found = [client.get(f"{path}&{by}").json["data"] for by in ("serial_number=B-1-1", "ca_id=B-1-1")]
    assert found[0] == found[1]
    assert found[0] == {
        "serial_number": "B-1-1",
        "product": "STB",
        "name": "Set-top Box",
        "state": "EFFECTIVE",
        "subscription_id": 1,
        "subscription": NUMBER,
        "provider": "tv",
        "ca_id": "B-1-1",
        "distributors": ["MAIN"],
        "initialised": True,
        "in_doubt": False,
        "since": AT,
    }
    other = client.get(f"{path}&ca_id=C-2").json["data"]
    assert other == client.get(f"{path}&serial_number=B-2").json["data"]
    assert (other["serial_number"], other["distributors"], other["initialised"], other["since"]) == (
        "B-2",
        [],
        False,
        None,
    )
    assert client.get(f"{path}&ca_id=B-2").status_code == 404
