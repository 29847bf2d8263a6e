"""Filing: which requests share a file, under which name, and which wait for others."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.domain.request import Priority
from engine.service.files import filing
from engine.store import schema
from tests.engine.at_conax import lines
from tests.engine.desk import ADD, BARK, CANCEL, NEWS, PAIR, RENEW, SPORT, Desk

A, B, C = "01234567890", "01234567891", "01234567892"
STB, OTHER = "90000000001", "90000000002"


@pytest.fixture
def desk(engine, tmp_path):
    return Desk(engine, tmp_path)


def test_requests_that_agree_share_a_file_in_the_order_of_their_cards(desk):
    desk.ask(ADD, C, A, B)
    desk.ask(ADD, A, service=SPORT)
    desk.ask(CANCEL, B, service=SPORT)
    assert desk.send() == ["ps000001 3", "ps000002 1", "cs000003 1"]
    assert lines(desk.site.waiting["ps000001.emm"]) == [
        *("U", "000001", NEWS, "203006151200", "203007152359", "U", "EMM", "U", "00003"),
        *(A, B, C, "ZZZ", ""),
    ]
    assert [one.parameters_set["end"] for one in desk.engine.requests(type=ADD)] == ["2030-07-15T23:59:00+00:00"] * 4


def test_what_is_express_goes_first_and_then_what_is_older(desk):
    desk.ask(ADD, A, service=SPORT)
    desk.ask(RENEW, A)
    desk.ask(ADD, B, service=SPORT)
    desk.ask(CANCEL, C, priority=Priority.EXPRESS)
    assert desk.send() == ["cs000001 1", "ps000002 2", "ps000003 1"]
    assert lines(desk.site.waiting["cs000001.emm"])[5] == "01"


def test_a_file_has_so_many_records_and_the_rest_goes_in_the_next(desk):
    desk.limit(2)
    desk.ask(ADD, C, A, B)
    assert desk.send() == ["ps000001 2", "ps000002 1"]
    assert lines(desk.site.waiting["ps000001.emm"])[9:11] == [A, B]


def test_each_pair_has_a_file_of_its_own(desk):
    desk.ask(PAIR, A, stb=STB)
    desk.ask(PAIR, B, stb=OTHER)
    assert desk.send() == ["vp000001 1", "vp000002 1"]


def test_groups_are_gone_through_by_the_page(desk, monkeypatch):
    monkeypatch.setattr(filing, "PAGE", 1)
    for card in (C, A, B):
        desk.ask(PAIR, card, stb=f"9{card[1:]}")
    desk.ask(PAIR, "01234567899", stb=STB, priority=Priority.EXPRESS)
    assert len(desk.send()) == 4
    assert [lines(one)[9][1:] for one in desk.site.waiting.values()] == ["01234567899", C, A, B]


def test_what_is_for_later_waits_for_its_moment(desk):
    moment = desk.now + timedelta(hours=1)
    desk.ask(ADD, A, scheduled_date=moment)
    assert desk.send() == []
    assert desk.site.journal == []
    desk.clock.at = moment
    assert desk.send() == ["ps000001 1"]


def test_a_start_of_its_own_makes_a_file_of_its_own(desk):
    desk.ask(ADD, A)
    desk.ask(ADD, B, start_date="2030-08-31T10:00:00+02:00")
    assert desk.send() == ["ps000001 1", "ps000002 1"]
    assert lines(desk.site.waiting["ps000002.emm"])[3:5] == ["203008310800", "203009302359"]


@pytest.mark.parametrize("others", [(), (B, C)])
def test_what_can_not_be_in_a_file_is_rejected_and_keeps_nobody_waiting(others, desk):
    entry = desk.engine.queue_text(desk.subscription("0123"), "Hello", "CRM")
    desk.ask(ADD, "0123", *others)
    desk.tell_of("0123", entry.id)
    done = desk.send_all()
    assert [(one.type, one.subscription) for each in done for one in each.unsendable] == [
        (ADD, desk.subscription("0123"))
    ]
    assert [one.file.records for one in done if one.file] == ([2] if others else [])
    states = {one.parameters_set["smartcard"]: one.life_cycle_state.value for one in desk.engine.requests(type=ADD)}
    assert states == {"0123": "REJECTED"} | dict.fromkeys(others, "PENDING")
    (rejected,) = desk.engine.requests(life_cycle_state="REJECTED")
    assert rejected.error_description == "found 0123 10001001; wanted: a card of 11 or 12 digits."
    assert (rejected.file, rejected.executed_date, rejected.error_code) == ("", desk.now, "UNSENDABLE")
    assert desk.engine.entry(entry.id).state == "REJECTED"
    assert len(desk.files()) == len(others and [others])


def test_a_card_is_in_a_file_once(desk):
    for _ in range(2):
        desk.ask(BARK, A, payload="010548656c6c6f0201ff04020014")
    assert desk.send() == ["gp000001 1"]
    assert desk.send() == ["gp000002 1"]


OPPOSITES = [(CANCEL, ADD), (CANCEL, RENEW), (ADD, CANCEL), (RENEW, CANCEL)]


@pytest.mark.parametrize("priority", list(Priority))
@pytest.mark.parametrize(("first", "second"), OPPOSITES)
def test_a_request_never_overtakes_an_older_one_about_the_same_thing(first, second, priority, desk):
    desk.ask(second, B, priority=priority)  # so that the group of the younger one is the older one
    (older,) = desk.ask(first, A)
    desk.ask(second, A, priority=priority)
    assert [desk.cards(name) for name in desk.sent()] == [[B], [A]]
    assert desk.send() == []
    desk.end(older)
    assert [desk.cards(name) for name in desk.sent()] == [[A]]


def test_what_was_released_after_a_refusal_is_not_overtaken_either(desk):
    desk.ask(CANCEL, A)
    (name,) = desk.sent()
    desk.ask(ADD, A)
    assert desk.send() == []
    desk.release(name)
    assert [name[:2] for name in desk.sent()] == ["cs"]


def test_another_subscription_with_the_same_card_waits_too(desk):
    desk.ask(CANCEL, A)
    desk.ask(ADD, A, owner="S99")
    assert desk.send() == ["cs000001 1"]
    assert desk.send() == []


def test_a_request_for_later_keeps_nobody_waiting(desk):
    desk.ask(CANCEL, A, scheduled_date=desk.now + timedelta(hours=1))
    desk.ask(ADD, A)
    assert desk.send() == ["ps000001 1"]


def test_requests_about_other_services_or_cards_wait_for_nothing(desk):
    desk.ask(CANCEL, A)
    desk.ask(ADD, B)
    desk.ask(ADD, A, service=SPORT)
    assert len(desk.send()) == 3


@pytest.mark.parametrize(("second", "stb"), [(A, OTHER), (B, STB)])
def test_a_pair_never_overtakes_an_older_one_of_either_device(second, stb, desk):
    (older,) = desk.ask(PAIR, A, stb=STB)
    desk.ask(PAIR, second, stb=stb, priority=Priority.EXPRESS, owner="S1")
    desk.ask(PAIR, C, stb="90000000003")
    assert [lines(desk.site.waiting[name + ".emm"])[9:11] for name in desk.sent()] == [
        [f"S{A}", f"V{STB}"],
        [f"S{C}", "V90000000003"],
    ]
    assert desk.send() == []
    desk.end(older)
    assert len(desk.send()) == 1


def test_numbers_begin_again_after_the_last_one_with_those_that_are_free(desk):
    desk.set_last(999_998)
    desk.ask(ADD, A)
    desk.ask(ADD, A, service=SPORT)
    desk.site.folders["/op/autreq/ok"]["cs000001.emm"] = b""
    desk.site.folders["/op/autreq/err"]["ps000002.emm"] = b""
    desk.site.folders["/op/autreq/req"]["ps000003.tmp"] = b""
    assert desk.send() == ["ps999999 1", "ps000003 1"]


def test_the_number_of_a_file_that_is_not_cleared_is_not_given_again(desk):
    desk.ask(ADD, A)
    assert desk.send() == ["ps000001 1"]
    for folder in desk.site.folders.values():
        folder.clear()
    desk.set_last(0)
    desk.ask(ADD, B)
    assert desk.send() == ["ps000002 1"]
    desk.write(update(schema.files).where(schema.files.c.number == 1).values(cleared=True))
    desk.set_last(0)
    desk.ask(ADD, C)
    assert desk.sent() == ["ps000001"]


def test_only_what_is_chosen_is_sent(desk):
    desk.ask(ADD, A)
    (chosen,) = desk.ask(ADD, B)
    assert desk.send(only=[chosen]) == ["ps000001 1"]
    assert desk.cards("ps000001") == [B]
