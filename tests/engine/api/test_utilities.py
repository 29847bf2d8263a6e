"""The calls about single devices at Irdeto, and those about the communication queue."""

import pytest

from tests.engine.both import add_irdeto, refused

NUMBER = "S0000000001"
DEVICE = {"installed_item_identifier": {"serial_number": "B-1-1"}}


@pytest.fixture
def irdeto(engine, subscribe, platform, tmp_path):
    """A subscription whose box is at Irdeto too; what Irdeto is asked from then on."""
    subscribe(engine)
    both = add_irdeto(engine, platform, tmp_path)
    engine.act("CHANGE_DISTRIBUTION", NUMBER, items=["B-1-1"], put_on=["CA_MAIN"])
    both.calls.clear()
    return both


@pytest.fixture
def ask(client):
    """Call a utility."""
    return lambda name, **body: client.post(f"/irdeto/provisioning_requests/{name}", json=body)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("set_pin", DEVICE | {"new_pin": "9876"}, ["B-1-1", "9876"]),
        ("reset_pin", DEVICE, ["B-1-1", "4711"]),
        ("reauthorise_sector", DEVICE, ["B-1-1"]),
        ("send_message", DEVICE | {"text": "Hi"}, ["B-1-1", "MAIL", "ANSI", "Hi"]),
        ("send_message", {"to_all": True, "text": "Hi" * 300}, ["ALL", "MAIL", "ANSI", "Hi" * 300]),
        ("query", DEVICE | {"kinds": ["BASIC"]}, ["B-1-1", "BASIC"]),
    ],
)
def test_a_call_is_one_request_and_gives_it(name, body, said, ask, irdeto):
    answer = ask(name, **body)
    assert (answer.status_code, answer.json["data"]["life_cycle_state"]) == (200, "COMPLETED")
    assert [words for _name, _reference, words in irdeto.calls] == [said]
    assert "9876" not in answer.text
    assert "4711" not in answer.text


def test_a_call_for_later_is_answered_as_one(ask, irdeto, client):
    answer = ask("set_pin", **DEVICE, new_pin="9876", process_immediately=False, priority="EXPRESS")
    assert (answer.status_code, irdeto.calls) == (202, [])
    found = client.get("/provisioning/provisioning_requests/list?process_name=UTILITY").json["data"]["results"]
    assert [one["life_cycle_state"] for one in found] == ["PENDING"]
    assert "9876" not in str(found)


def test_a_refusal_of_the_platform_is_in_the_request(ask, irdeto):
    irdeto.answers = [refused("INVALID_PIN")]
    data = ask("set_pin", **DEVICE, new_pin="9876").json["data"]
    assert (data["life_cycle_state"], data["error_code"]) == ("REJECTED", "INVALID_PIN")


def test_a_platform_that_takes_no_messages_is_named(ask, irdeto):
    answer = ask("send_message", **DEVICE, text="Hi", provisioning_provider_identifier={"alternative_code": "tv"})
    assert (answer.status_code, answer.json["status"]["message"]) == (409, "tucano takes no messages.")


def test_an_entry_is_queued_shown_listed_and_removed(client, irdeto):
    text = "Your invoice is due. " * 20
    added = client.post(
        "/communication_queue/entries/add",
        json={"subscription_identifier": {"number": NUMBER}, "text": text, "external_system": "CRM"},
    ).json["data"]
    assert (added["state"], added["text"]) == ("PENDING", text)
    shown = client.get(f"/communication_queue/entries/show?id={added['id']}&fields_set=state,text")
    assert shown.json["data"] == {"state": "PENDING", "text": text}
    listed = client.get("/communication_queue/entries/list?external_system=CRM&state=PENDING").json["data"]
    assert (listed["total"], listed["results"]) == (1, [added])
    removed = client.post("/communication_queue/entries/remove", json={"entry_identifier": {"id": added["id"]}})
    assert removed.json["data"] == added
    assert client.get(f"/communication_queue/entries/show?id={added['id']}").status_code == 404
    assert client.get("/communication_queue/entries/list").json["data"]["total"] == 0


def test_a_mail_run_is_previewed_and_its_requests_are_found_by_their_entry(engine, client, irdeto):
    entry = engine.queue_text(NUMBER, "Hi", "CRM")
    (foreseen,) = client.get("/definitions/preview?alternative_code=MAIL").json["data"]["results"]
    assert (foreseen["request"], foreseen["communication_entry"]) == ("SEND_MESSAGE", entry.id)
    engine.run("MAIL")
    found = client.get(f"/provisioning/provisioning_requests/list?communication_entry={entry.id}").json["data"]
    assert [one["process_name"] for one in found["results"]] == ["MAIL"]
