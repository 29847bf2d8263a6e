"""What Irdeto does, operation by operation, and what it refuses."""

import pytest

UNKNOWN = {
    "DEREGISTER_SECURE_CLIENT": lambda caller, client: caller.deregister(client),
    "PAIR": lambda caller, client: caller.pair(client),
    "UNPAIR": lambda caller, client: caller.unpair(client),
    "ADD_ENTITLEMENTS": lambda caller, client: caller.add("CA_SPORT", client=client),
    "REMOVE_ENTITLEMENTS": lambda caller, client: caller.remove("CA_SPORT", client=client),
    "SEND_MESSAGE": lambda caller, client: caller.send("Hello", client),
    "SET_PIN": lambda caller, client: caller.set_pin("1234", client),
    "RESET_PIN": lambda caller, client: caller.reset_pin("1234", client),
    "QUERY_SECURE_CLIENT": lambda caller, client: caller.query("BASIC", client=client),
    "REAUTHORISE_SECTOR": lambda caller, client: caller.reauthorise(client),
}


def effects(workspace) -> list[str]:
    return [entry.effect for entry in workspace.journal.find()]


@pytest.mark.parametrize("operation", UNKNOWN)
def test_every_operation_but_the_first_wants_a_secure_client_that_is_registered(caller, workspace, operation):
    caller.register("SC-1")
    answer = UNKNOWN[operation](caller, "SC-9")
    assert (answer.fault, answer.code) == ("Client", "UNKNOWN_SECURE_CLIENT")
    assert answer.sentence == "there is no such secure client: SC-9"
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.subject, entry.effect, entry.code) == (
        operation,
        "SC-9",
        "rejected",
        "UNKNOWN_SECURE_CLIENT",
    )
    assert workspace.holdings() == {"SC-1": ["client SC-1 sector MAIN"]}


def test_a_secure_client_is_registered_to_a_subscription_in_a_sector(caller, workspace):
    answer = caller.register()
    assert (answer.done, answer.transaction, answer.reference) == (True, "T1", "KMS-1")
    assert workspace.holdings() == {"SC-1": ["client SC-1 sector MAIN"]}
    assert workspace.journal.find()[0].parameters == {"secureClient": "SC-1", "subscription": "S1", "sector": "MAIN"}


def test_registered_again_it_stays_and_to_another_sector_it_moves_with_all_that_is_on_it(caller, workspace, held):
    caller.register()
    caller.add("CA_SPORT")
    assert caller.register().done
    assert caller.register(sector="TWIN1").done
    assert effects(workspace)[2:] == ["unchanged", "applied"]
    assert workspace.journal.find()[-1].difference == ["-client SC-1 sector MAIN", "+client SC-1 sector TWIN1"]
    assert held() == ["client SC-1 sector TWIN1", "entitlement CA_SPORT"]


@pytest.mark.parametrize("sector", ["MAIN", "TWIN1"])
def test_a_secure_client_of_another_subscription_is_in_use_until_it_is_taken_out_there(caller, held, sector):
    caller.register()
    answer = caller.register(subscription="S2", sector=sector)
    assert (answer.code, answer.sentence[-13:]) == ("SECURE_CLIENT_IN_USE", "SC-1 is on S1")
    assert held() == ["client SC-1 sector MAIN"]
    caller.deregister()
    assert caller.register(subscription="S2").done


def test_taken_out_it_leaves_nothing_behind_and_its_card_is_free(caller, workspace, held):
    caller.register()
    caller.pair()
    caller.add("CA_SPORT")
    caller.send("Hello")
    caller.set_pin("1234")
    caller.reauthorise()
    assert caller.deregister().done
    assert workspace.holdings() == {}
    assert workspace.journal.find()[-1].difference == [
        "-client SC-1 sector MAIN",
        "-entitlement CA_SPORT",
        '-mail "Hello"',
        "-paired C-1",
        "-pin set",
        "-reauthorised 1",
    ]
    caller.register("SC-2")
    assert caller.pair("SC-2", "C-1").done
    caller.register("SC-1")
    assert held() == ["client SC-1 sector MAIN"]


def test_a_box_and_a_card_are_paired_and_unpaired(caller, workspace, held):
    caller.register()
    assert caller.pair().done
    assert "paired C-1" in held()
    assert caller.pair().done
    assert caller.unpair().done
    assert held() == ["client SC-1 sector MAIN"]
    assert effects(workspace) == ["applied", "applied", "unchanged", "applied"]
    assert caller.pair(card="C-2").done
    caller.register("SC-2")
    assert caller.pair("SC-2", "C-1").done


@pytest.mark.parametrize(
    ("client", "card", "said"), [("SC-1", "C-2", "SC-1 with C-1"), ("SC-2", "C-1", "C-1 with SC-1")]
)
def test_neither_a_box_nor_a_card_is_paired_with_a_second(caller, workspace, client, card, said):
    caller.register("SC-1")
    caller.register("SC-2")
    caller.pair("SC-1", "C-1")
    before = workspace.holdings()
    answer = caller.pair(client, card)
    assert (answer.code, answer.sentence) == ("ALREADY_PAIRED", f"one of the two is paired already: {said}")
    assert workspace.holdings() == before
    assert caller.pair("SC-2", "C-2").done


@pytest.mark.parametrize(("client", "card"), [("SC-1", "C-9"), ("SC-2", "C-1")])
def test_what_is_not_a_pair_can_not_be_unpaired(caller, workspace, client, card):
    caller.register("SC-1")
    caller.register("SC-2")
    caller.pair("SC-1", "C-1")
    assert caller.unpair(client, card).code == "NOT_PAIRED"
    assert "paired C-1" in workspace.holdings()["SC-1"]


def test_where_stock_is_counted_devices_and_cards_must_be_in_it(caller, workspace):
    workspace.seed({"secure_clients": ["SC-1"], "smartcards": ["C-1"]})
    assert caller.register("SC-1").done
    refused = caller.register("SC-2")
    assert (refused.code, refused.sentence[-4:]) == ("UNKNOWN_SECURE_CLIENT", "SC-2")
    assert caller.pair(card="C-1").done
    caller.unpair()
    refused = caller.pair(card="C-2")
    assert (refused.code, refused.sentence) == ("UNKNOWN_SMARTCARD", "there is no such smartcard: C-2")
    assert workspace.holdings() == {"SC-1": ["client SC-1 sector MAIN"]}


def test_entitlements_are_added_and_removed_as_a_set(caller, workspace, held):
    caller.register()
    assert caller.add("CA_SPORT", "CA_CINEMA").done
    assert caller.remove("CA_CINEMA").done
    assert held() == ["client SC-1 sector MAIN", "entitlement CA_SPORT"]
    assert [entry.difference for entry in workspace.journal.find()[1:]] == [
        ["+entitlement CA_CINEMA", "+entitlement CA_SPORT"],
        ["-entitlement CA_CINEMA"],
    ]
    assert workspace.journal.find()[1].parameters == {"secureClient": "SC-1", "caIds": ["CA_CINEMA", "CA_SPORT"]}
    assert workspace.journal.find()[2].parameters == {"secureClient": "SC-1", "caIds": ["CA_CINEMA"]}


def test_a_set_of_entitlements_is_verified_in_any_order(caller, workspace):
    caller.register()
    caller.add("CA_CINEMA", "CA_SPORT")
    step = {"operation": "ADD_ENTITLEMENTS", "parameters": {"caIds": ["CA_SPORT", "CA_CINEMA"]}}
    assert workspace.verify("at_least", [step]).passed


@pytest.mark.parametrize("operation", ["add", "remove"])
def test_one_unknown_product_in_a_set_changes_nothing_and_is_named(caller, workspace, operation):
    caller.register()
    caller.add("CA_SPORT")
    before = workspace.memory()["clients"]
    answer = getattr(caller, operation)("CA_SPORT", "CA_X", "CA_CINEMA", "CA_Y")
    assert (answer.code, answer.sentence) == ("UNKNOWN_PRODUCT", "there is no such CA ID: CA_X")
    assert workspace.memory()["clients"] == before


def test_adding_what_is_there_and_removing_what_is_not_change_nothing(caller, workspace):
    caller.register()
    caller.add("CA_SPORT")
    assert caller.add("CA_SPORT").done
    assert caller.remove("CA_CINEMA").done
    assert effects(workspace)[2:] == ["unchanged", "unchanged"]


WINDOW = 'start="2026-01-01T18:00:00Z" end="2026-01-01T20:00:00Z"'
WINDOWED = "entitlement CA_PPV 2026-01-01T18:00:00Z/2026-01-01T20:00:00Z"


def test_an_entitlement_with_a_window_is_held_with_it_and_until_its_end(caller, workspace, held, new_year):
    caller.register()
    caller.add("CA_PPV", window=WINDOW)
    assert WINDOWED in held()
    workspace.clock.advance(20 * 3600 - 1)
    assert WINDOWED in held()
    workspace.clock.advance(1)
    assert held() == ["client SC-1 sector MAIN"]
    assert caller.query("ENTITLEMENTS").sections == [("ENTITLEMENTS", [])]


def test_the_window_given_last_counts_and_the_same_again_changes_nothing(caller, workspace, new_year):
    caller.register()
    caller.add("CA_PPV")
    caller.add("CA_PPV", window=WINDOW)
    assert workspace.journal.find()[-1].difference == ["-entitlement CA_PPV", f"+{WINDOWED}"]
    assert workspace.journal.find()[-1].parameters["windows"] == {
        "CA_PPV": ["2026-01-01T18:00:00Z", "2026-01-01T20:00:00Z"]
    }
    caller.add("CA_PPV", window=WINDOW)
    assert workspace.journal.find()[-1].effect == "unchanged"
    workspace.clock.advance(86_400)
    caller.add("CA_PPV", window=WINDOW)
    assert workspace.journal.find()[-1].effect == "unchanged"
    caller.add("CA_PPV")
    assert workspace.journal.find()[-1].difference == ["+entitlement CA_PPV"]


def test_reauthorising_is_counted_and_shown_with_its_moment(caller, workspace, held, new_year):
    caller.register()
    caller.reauthorise()
    workspace.clock.advance(60)
    assert caller.reauthorise().done
    assert workspace.journal.find()[-1].difference == ["-reauthorised 1", "+reauthorised 2"]
    assert caller.query("SECTOR").sections == [
        ("SECTOR", [("sector", "MAIN"), ("reauthorised", "2"), ("reauthorisedAt", "2026-01-01T00:01:00Z")])
    ]
    assert "reauthorised 2" in held()


def test_what_was_forgotten_behind_the_crms_back_is_unknown_and_its_card_is_free(caller, workspace):
    caller.register("SC-1")
    caller.pair("SC-1", "C-1")
    assert workspace.forget("SC-1")
    assert not workspace.forget("SC-1")
    assert caller.pair("SC-1", "C-1").code == "UNKNOWN_SECURE_CLIENT"
    caller.register("SC-2")
    assert caller.pair("SC-2", "C-1").done


def test_done_is_numbered_and_refused_is_not(caller):
    answers = [caller.register("SC-1"), caller.pair("SC-9"), caller.post("<junk/>"), caller.register("SC-2")]
    assert [answer.reference for answer in answers] == ["KMS-1", None, None, "KMS-2"]
