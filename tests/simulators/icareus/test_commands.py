"""What Icareus Suite does, action by action, and what it refuses."""

import pytest

from simulators.icareus.app import icareus
from simulators.kit.simulator import Simulator
from tests.simulators.icareus.conftest import PRODUCTS, USER
from tests.simulators.icareus.signed import ADA


@pytest.fixture
def known(client):
    """A client with one user."""
    client.add()
    return client


def last(workspace):
    return workspace.journal.find()[-1]


def test_a_user_is_registered_and_numbered_from_200001(client, workspace):
    assert client.add("S1").json == {"status": "ok", "userId": "200001"}
    assert client.add("S2").json == {"status": "ok", "userId": "200002"}
    assert workspace.holdings() == {"200001": ["account 200001"], "200002": ["account 200002"]}


def test_the_journal_tells_of_a_registration_by_screen_name_and_then_by_id(known, workspace):
    entry = last(workspace)
    assert (entry.operation, entry.subject, entry.effect) == ("addUser", USER, "applied")
    assert entry.difference == ["+account 200001"]
    assert entry.parameters == {"organizationId": "14806", **ADA}
    known.add()
    assert (last(workspace).subject, last(workspace).effect) == ("S1", "rejected")


def test_a_screen_name_is_taken_once_and_the_refusal_names_who_has_it(known, workspace):
    answer = known.add()
    assert (answer.status, answer.code, answer.json["userId"]) == (200, "USER_EXISTS", USER)
    assert answer.json["message"] == "the screen name S1 is user 200001's"
    assert workspace.holdings() == {USER: ["account 200001"]}


def test_users_without_a_screen_name_are_never_the_same(client, workspace):
    nameless = {name: value for name, value in ADA.items() if name != "screenName"}
    assert [client.send("addUser", **nameless).json["userId"] for _ in range(2)] == ["200001", "200002"]
    assert "screenName" not in client.show().json["user"]


def test_the_seed_moves_the_first_id_and_a_remembered_user_is_stepped_over(client, workspace):
    assert Simulator(icareus(products=[], seed=7)).workspace().memory()["next_user"] == 200_008
    workspace.remember({"users": {USER: {"screen_name": "S9"}}})
    assert client.add().json["userId"] == "200002"


def test_a_user_is_shown_with_all_that_is_known_of_them_sorted(client):
    client.add(languageId="fi_FI", comments="two\nlines")
    client.activate("SVOD_GEOLOGICAL", "SVOD_RELIGION")
    client.add_device("STB-2")
    client.add_device("STB-1")
    shown = {
        "userId": USER,
        **ADA,
        "languageId": "fi_FI",
        "comments": "two\nlines",
        "products": ["SVOD_GEOLOGICAL", "SVOD_RELIGION"],
        "devices": ["STB-1", "STB-2"],
    }
    assert client.show().json == {"status": "ok", "user": shown}
    assert client.send("getUser", screenName="S1").json == {"status": "ok", "user": shown}


def test_asking_by_screen_name_changes_nothing_and_is_about_the_user(known, workspace):
    known.send("getUser", screenName="S1")
    assert (last(workspace).subject, last(workspace).effect) == (USER, "unchanged")


@pytest.mark.parametrize("action", ["remove", "activate", "cancel", "add_device", "remove_device", "show"])
def test_every_action_but_the_first_wants_a_user_who_is_registered(known, workspace, action):
    arguments = ["SVOD_RELIGION"] if action in {"activate", "cancel"} else []
    before = workspace.memory()
    answer = getattr(known, action)(*arguments, user="9")
    assert (answer.code, answer.json["message"]) == ("UNKNOWN_USER", "there is no user 9")
    assert workspace.memory() == before


def test_a_screen_name_that_nobody_has_is_nobodys(known):
    assert known.send("getUser", screenName="S9").json["message"] == "there is no user S9"


def test_a_screen_name_can_be_asked_for_but_no_user_id_is_one(known):
    assert known.send("getUser", screenName="x200001").code == "UNKNOWN_USER"


def test_products_are_activated_and_cancelled_as_a_set(known, workspace):
    assert known.activate("SVOD_GEOLOGICAL", "SVOD_RELIGION").json == {"status": "ok"}
    assert last(workspace).difference == ["+product SVOD_GEOLOGICAL", "+product SVOD_RELIGION"]
    assert known.cancel("SVOD_GEOLOGICAL").json == {"status": "ok"}
    assert workspace.holdings()[USER] == ["account 200001", "product SVOD_RELIGION"]


@pytest.mark.parametrize("action", ["activate", "cancel"])
def test_a_set_with_an_unknown_product_is_done_not_at_all(known, workspace, action):
    known.activate("SVOD_SPORT")
    before = workspace.memory()
    answer = getattr(known, action)("SVOD_RELIGION", "SVOD_SPORT", "SVOD_X")
    assert (answer.code, answer.json["message"]) == ("UNKNOWN_PRODUCT", "there is no product SVOD_X")
    assert workspace.memory() == before


def test_the_user_is_looked_for_before_the_product(known):
    assert known.activate("SVOD_X", user="9").code == "UNKNOWN_USER"


def test_adding_what_is_there_and_taking_what_is_not_are_ok_and_change_nothing(known, workspace):
    known.activate("SVOD_SPORT")
    known.add_device("STB-1")
    for repeated in (
        lambda: known.activate("SVOD_SPORT"),
        lambda: known.cancel("SVOD_RELIGION"),
        lambda: known.add_device("STB-1"),
        lambda: known.remove_device("STB-9"),
    ):
        assert repeated().ok
        assert (last(workspace).effect, last(workspace).difference) == ("unchanged", [])


def test_a_device_on_another_user_is_in_use_until_it_is_taken_off_there(known, workspace):
    known.add("S2")
    known.add_device("STB-1")
    before = workspace.memory()
    assert known.add_device("STB-1", user="200002").code == "DEVICE_IN_USE"
    assert known.remove_device("STB-1", user="200002").ok
    assert workspace.memory() == before
    known.remove_device("STB-1")
    assert known.add_device("STB-1", user="200002").ok


def test_where_stock_is_counted_a_device_must_be_in_it(known, workspace):
    workspace.seed({"devices": ["STB-1"]})
    assert known.add_device("STB-1").ok
    assert known.add_device("STB-2").code == "UNKNOWN_DEVICE"
    assert known.remove_device("STB-2").ok
    assert workspace.holdings()[USER] == ["account 200001", "device STB-1"]


def test_replacing_the_box_keeps_the_products(known, workspace):
    known.activate("SVOD_SPORT")
    known.add_device("STB-1")
    known.remove_device("STB-1")
    known.add_device("STB-2")
    assert workspace.holdings()[USER] == ["account 200001", "device STB-2", "product SVOD_SPORT"]


def test_a_removed_user_is_gone_and_what_they_had_is_free_again(known, workspace):
    known.activate("SVOD_SPORT")
    known.add_device("STB-1")
    assert known.remove().json == {"status": "ok"}
    assert last(workspace).difference == ["-account 200001", "-device STB-1", "-product SVOD_SPORT"]
    assert known.remove().code == "UNKNOWN_USER"
    assert known.add("S1").json["userId"] == "200002"
    assert known.add_device("STB-1", user="200002").ok


def test_a_forgotten_user_is_unknown(known, workspace):
    known.add_device("STB-1")
    assert workspace.forget(USER)
    assert not workspace.forget(USER)
    assert known.show().code == "UNKNOWN_USER"
    assert known.add().json["userId"] == "200002"


def test_a_memory_is_the_same_after_it_was_told_and_remembered(known, workspace, new_year):
    known.activate("SVOD_SPORT")
    known.add_device()
    document, holdings = workspace.memory(), workspace.holdings()
    workspace.reset()
    assert workspace.holdings() == {}
    workspace.remember(document)
    workspace.clock.freeze(new_year)
    assert (workspace.memory(), workspace.holdings()) == (document, holdings)
    assert known.add_device(user="9").code == "UNKNOWN_USER"
    assert known.add().code == "USER_EXISTS"


def test_a_snapshot_is_not_changed_by_what_comes_after_it(known, workspace):
    workspace.snapshot("one")
    known.activate("SVOD_SPORT")
    known.add("S2")
    workspace.restore("one")
    assert workspace.holdings() == {USER: ["account 200001"]}
    assert known.add("S2").json["userId"] == "200002"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"users": {"1": {"screen_name": "S1"}, "2": {"screen_name": "S1"}}}, "screen name S1 is on 1 and on 2"),
        ({"users": {"1": {"devices": ["D"]}, "2": {"devices": ["D"]}}}, "device D is on 1 and on 2"),
        ({"users": {"x": {}}}, "no memory of Icareus"),
        ({"users": {"1": {"screen_name": "7"}}}, "no memory of Icareus"),
        ({"used_tokens": ["x"]}, "no memory of Icareus"),
        ({"more": 1}, "no memory of Icareus"),
    ],
)
def test_what_can_be_no_memory_is_refused_in_a_sentence(known, workspace, document, said):
    before = workspace.memory()
    with pytest.raises(ValueError, match=said):
        workspace.remember(document)
    assert workspace.memory() == before


def test_a_catalogue_is_replaced_in_parts_and_a_wrong_one_is_refused(known, workspace):
    workspace.seed({"products": ["P"]})
    assert known.activate("SVOD_SPORT").code == "UNKNOWN_PRODUCT"
    assert known.activate("P").ok
    with pytest.raises(ValueError, match="no catalogue of Icareus"):
        workspace.seed({"products": ["a,b"]})
    with pytest.raises(ValueError, match="no catalogue of Icareus"):
        workspace.seed({"options": []})


def test_products_can_be_verified_in_any_order(known, workspace):
    known.activate("SVOD_RELIGION", "SVOD_SPORT")
    step = {"operation": "activateProducts", "parameters": {"productIds": ["SVOD_SPORT", "SVOD_RELIGION"]}}
    assert workspace.verify("at_least", [step]).passed


def test_all_products_can_be_had_at_once(known, workspace):
    workspace.seed({"products": [f"P{number}" for number in range(1001)]})
    names = sorted(workspace.state.catalogue.products)
    assert known.activate(*names[:1000]).ok
    assert known.activate(*names).code == "INVALID_PARAMETER"
    assert len(workspace.holdings()[USER]) == 1001
    assert PRODUCTS[0] not in names
