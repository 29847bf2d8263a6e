"""What Tucano does, command by command, and what it refuses."""

import pytest


def test_an_account_is_opened_for_a_subscriber_and_numbered_from_100001(caller, workspace):
    first, second = caller.create("S1"), caller.create("S2")
    assert first.accepted
    assert first.root.find("account").get("id") == "T100001"
    assert second.root.find("account").get("id") == "T100002"
    assert workspace.holdings() == {"T100001": ["account T100001"], "T100002": ["account T100002"]}


def test_a_subscriber_has_one_account_and_the_refusal_names_it(caller):
    caller.create("S1")
    assert caller.create("S1").error == ("ACCOUNT_EXISTS", "T100001")


def test_an_account_is_asked_for_by_its_subscriber_too_who_is_no_account(caller):
    caller.create("S1")
    caller.create("T100001")
    shown = caller.post(caller.command("GET_ACCOUNT", '<subscriber number="T100001"/>')).root.find("account")
    assert (shown.get("id"), shown.get("subscriber")) == ("T100002", "T100001")
    unknown = caller.post(caller.command("GET_ACCOUNT", '<subscriber number="T100002"/>'))
    assert unknown.error == ("UNKNOWN_ACCOUNT", "T100002")


@pytest.mark.parametrize("command", ["add", "remove", "activate", "suspend", "show"])
def test_every_command_but_the_first_wants_an_account_that_exists(caller, command):
    arguments = ["OPT_RELIGION"] if command in {"activate", "suspend"} else []
    assert getattr(caller, command)(*arguments, account="T9").error == ("UNKNOWN_ACCOUNT", "T9")


def test_a_material_is_registered_and_taken_off(caller, workspace):
    caller.create()
    caller.add("STB-1")
    assert workspace.holdings()["T100001"] == ["account T100001", "material STB-1"]
    caller.remove("STB-1")
    assert workspace.holdings()["T100001"] == ["account T100001"]


def test_a_material_on_another_account_is_in_use_until_it_is_taken_off_there(caller):
    caller.create("S1")
    caller.create("S2")
    caller.add("STB-1", "T100001")
    assert caller.add("STB-1", "T100002").error == ("MATERIAL_IN_USE", "STB-1")
    caller.remove("STB-1", "T100001")
    assert caller.add("STB-1", "T100002").accepted


def test_adding_what_is_there_and_removing_what_is_not_are_accepted_and_change_nothing(caller, workspace):
    caller.create()
    caller.add("STB-1")
    assert caller.add("STB-1").accepted
    assert caller.remove("STB-9").accepted
    assert [entry.effect for entry in workspace.journal.find()] == ["applied", "applied", "unchanged", "unchanged"]


def test_removing_a_material_from_an_account_that_lacks_it_leaves_its_holder_alone(caller, workspace):
    caller.create("S1")
    caller.create("S2")
    caller.add("STB-1", "T100001")
    assert caller.remove("STB-1", "T100002").accepted
    assert "material STB-1" in workspace.holdings()["T100001"]


def test_where_stock_is_counted_a_material_must_be_in_it(caller, workspace):
    workspace.seed({"materials": ["STB-1"]})
    caller.create()
    assert caller.add("STB-1").accepted
    assert caller.add("STB-2").error == ("UNKNOWN_MATERIAL", "STB-2")


def test_options_are_activated_and_suspended_as_a_set(caller, workspace):
    caller.create()
    caller.activate("OPT_RELIGION", "OPT_ENTERTAIN")
    caller.suspend("OPT_ENTERTAIN")
    assert workspace.holdings()["T100001"] == ["account T100001", "option OPT_RELIGION"]
    assert [entry.difference for entry in workspace.journal.find()] == [
        ["+account T100001"],
        ["+option OPT_ENTERTAIN", "+option OPT_RELIGION"],
        ["-option OPT_ENTERTAIN"],
    ]


@pytest.mark.parametrize("command", ["activate", "suspend"])
def test_one_unknown_option_in_a_set_changes_nothing_and_is_named(caller, workspace, command):
    caller.create()
    caller.activate("OPT_RELIGION")
    before = workspace.holdings()
    answer = getattr(caller, command)("OPT_RELIGION", "OPT_X", "OPT_ENTERTAIN", "OPT_Y")
    assert answer.error == ("UNKNOWN_OPTION", "OPT_X")
    assert workspace.holdings() == before


def test_activating_the_active_and_suspending_the_suspended_change_nothing(caller, workspace):
    caller.create()
    for command in (caller.activate, caller.activate, caller.suspend, caller.suspend):
        assert command("OPT_RELIGION").accepted
    effects = [entry.effect for entry in workspace.journal.find()]
    assert effects == ["applied", "applied", "unchanged", "applied", "unchanged"]


def test_suspending_what_was_never_active_leaves_no_trace(caller):
    caller.create()
    assert caller.suspend("OPT_RELIGION").accepted
    assert len(caller.show().root.find("account/options")) == 0


WINDOW = 'start="2026-01-01T18:00:00Z" end="2026-01-01T20:00:00Z"'
WINDOWED = "option OPT_PPV 2026-01-01T18:00:00Z/2026-01-01T20:00:00Z"


def test_an_option_with_a_window_is_held_with_it_and_until_its_end(caller, workspace, new_year):
    caller.create()
    caller.activate("OPT_PPV", window=WINDOW)
    assert WINDOWED in workspace.holdings()["T100001"]
    workspace.clock.advance(20 * 3600 - 1)
    assert WINDOWED in workspace.holdings()["T100001"]
    workspace.clock.advance(1)
    assert workspace.holdings()["T100001"] == ["account T100001"]
    assert caller.show().root.find("account/options/option").get("state") == "EXPIRED"


def test_the_window_given_last_counts(caller, workspace, new_year):
    caller.create()
    caller.activate("OPT_PPV")
    caller.activate("OPT_PPV", window=WINDOW)
    assert workspace.journal.find()[-1].difference == ["-option OPT_PPV", f"+{WINDOWED}"]


def test_suspending_the_expired_leaves_it_expired(caller, workspace, new_year):
    caller.create()
    caller.activate("OPT_PPV", window=WINDOW)
    workspace.clock.advance(86_400)
    caller.suspend("OPT_PPV")
    assert caller.show().root.find("account/options/option").get("state") == "EXPIRED"


def test_an_account_is_shown_with_all_that_is_on_it(caller, new_year):
    caller.create("S7")
    caller.add("STB-2")
    caller.activate("OPT_RELIGION", "OPT_GEOLOGICAL")
    caller.activate("OPT_PPV", window=WINDOW)
    caller.suspend("OPT_GEOLOGICAL")
    account = caller.show().root.find("account")
    assert dict(account.attrib) == {"id": "T100001", "subscriber": "S7"}
    assert [dict(option.attrib) for option in account.find("options")] == [
        {"id": "OPT_GEOLOGICAL", "state": "SUSPENDED"},
        {
            "id": "OPT_PPV",
            "state": "ACTIVE",
            "start": "2026-01-01T18:00:00Z",
            "end": "2026-01-01T20:00:00Z",
        },
        {"id": "OPT_RELIGION", "state": "ACTIVE"},
    ]
    assert [dict(material.attrib) for material in account.find("materials")] == [{"id": "STB-2", "type": "STB"}]


def test_the_profile_is_journalled_and_kept(caller, workspace):
    inner = (
        '<subscriber number="S1" first_name="Ása" last_name="Ö" email="a@b.is" phone="" language="is">'
        '<address street="Gata 1" postal_code="101" city="Reykjavík" region="" country="IS"/></subscriber>'
    )
    assert caller.send("CREATE_ACCOUNT", inner).accepted
    entry = workspace.journal.find()[0]
    assert entry.subject == "T100001"
    assert entry.parameters == {
        "subscriber": "S1",
        "first_name": "Ása",
        "last_name": "Ö",
        "email": "a@b.is",
        "language": "is",
        "street": "Gata 1",
        "postal_code": "101",
        "city": "Reykjavík",
        "country": "IS",
    }
    assert workspace.memory()["accounts"]["T100001"]["profile"]["city"] == "Reykjavík"


def test_the_journal_lists_a_set_sorted_and_its_windows_apart(caller, workspace):
    caller.create()
    caller.activate("OPT_RELIGION", "OPT_PPV", window=WINDOW)
    assert workspace.journal.find()[-1].parameters == {
        "account": "T100001",
        "options": ["OPT_PPV", "OPT_RELIGION"],
        "windows": {
            "OPT_PPV": ["2026-01-01T18:00:00Z", "2026-01-01T20:00:00Z"],
            "OPT_RELIGION": ["2026-01-01T18:00:00Z", "2026-01-01T20:00:00Z"],
        },
    }
