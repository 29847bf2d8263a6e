"""What callers say, made into details: what is taken in which form, and what is not."""

from datetime import UTC, date, datetime

import pytest

from engine.domain import details
from engine.domain.actions import Action
from engine.domain.errors import DomainError, InvalidError, UnknownError, UnknownFieldError
from engine.domain.request import RequestState
from engine.service.reading import check_filters, read_action, read_details

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
NIGHT = {"product": "MATCH", "start": "2030-07-01T18:00:00Z", "end": "2030-07-02T01:00:00+02:00"}


@pytest.mark.parametrize("name", ["ADD_SERVICE", "add_service", "Add_Service"])
def test_an_action_is_known_in_any_case(name):
    assert read_action(name) is Action.ADD_SERVICE


@pytest.mark.parametrize("name", ["", "RESET", "add service", "ADD_SERVICE ", "x" * 10_000])
def test_what_is_no_action_is_refused(name):
    with pytest.raises(UnknownError) as refusal:
        read_action(name)
    assert (refusal.value.code, refusal.value.field) == ("UNKNOWN_ACTION", "action")


def test_an_order_is_read_in_depth_with_its_defaults():
    said = {"subscriber": ADA | {"address": {"city": "London"}}, "services": [{"product": "NEWS", "state": "DRAFT"}]}
    read = read_details(Action.BECOME_SUBSCRIBER, said)
    assert read.subscriber.address.city == "London"
    assert (read.subscriber.language, read.state, read.items) == ("en", details.Start.EFFECTIVE, ())
    assert read.services == (details.NewService("NEWS", state=details.Start.DRAFT),)


@pytest.mark.parametrize(
    ("action", "said", "read"),
    [
        ("REST_SUBSCRIPTION", {"until": "2030-07-01"}, details.Limit(date(2030, 7, 1))),
        ("REST_SUBSCRIPTION", {"until": date(2030, 7, 1)}, details.Limit(date(2030, 7, 1))),
        ("SHORT_TERM_DEACTIVATION", {"days": 3}, details.DateOrDays(days=3)),
        ("SHORT_TERM_DEACTIVATION", {"days": "3"}, details.DateOrDays(days=3)),
        ("SHORT_TERM_DEACTIVATION", {"days": None}, details.DateOrDays()),
        ("TERMINATE_SUBSCRIPTION", {"mode": "regret"}, details.Ending(details.Mode.REGRET)),
        ("TERMINATE_SUBSCRIPTION", {}, details.Ending(details.Mode.CANCEL)),
        ("STOP_SERVICE", {"service": "1"}, details.OneService("1")),
        ("DEACTIVATE_SUBSCRIPTION", {}, details.Nothing()),
    ],
)
def test_values_are_taken_in_the_form_in_which_a_file_or_a_command_line_has_them(action, said, read):
    assert read_details(Action(action), said) == read


def test_moments_keep_their_offset():
    read = read_details(Action.ADD_SERVICE_USAGE, NIGHT)
    assert (read.start, read.end) == (datetime(2030, 7, 1, 18, tzinfo=UTC), datetime(2030, 7, 1, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("action", "said", "field"),
    [
        ("BECOME_SUBSCRIBER", {}, "subscriber"),
        ("BECOME_SUBSCRIBER", {"subscriber": {"first_name": "Ada"}}, "subscriber.last_name"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA | {"age": 3}}, "subscriber.age"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA | {"address": {"town": "x"}}}, "subscriber.address.town"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA, "services": [{}]}, "services[0].product"),
        (
            "BECOME_SUBSCRIBER",
            {"subscriber": ADA, "services": [{"product": "A"}, {"product": 1}]},
            "services[1].product",
        ),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA, "services": [{"product": "A", "tv": 1}]}, "services[0].tv"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA, "services": [{"product": "A", "state": "ON"}]}, "services[0].state"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA, "state": "CANCELLED"}, "state"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA | {"email": "a\u0000"}}, "subscriber.email"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA | {"email": "\ud83d"}}, "subscriber.email"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA | {"email": "\ufffe"}}, "subscriber.email"),
        ("BECOME_SUBSCRIBER", {"subscriber": ADA | {"email": "x" * 201}}, "subscriber.email"),
        ("ADD_INSTALLED_ITEM", {"product": "STB", "serial_number": "1", "ca_ids": {"tv": 1}}, "ca_ids"),
        ("ADD_INSTALLED_ITEM", {"product": "STB", "serial_number": "1", "ca_ids": {"tv": "\u0001"}}, "ca_ids.tv"),
        ("ADD_INSTALLED_ITEM", {"product": "STB", "serial_number": 1}, "serial_number"),
        ("ADD_SERVICE", {"product": "NEWS", "distributors": "MAIN"}, "distributors"),
        ("ADD_SERVICE", {"product": "NEWS", "distributors": [1]}, "distributors[0]"),
        ("ADD_SERVICE", {"product": "NEWS", "distributors": None}, "distributors"),
        ("SHORT_TERM_DEACTIVATION", {"days": 1.5}, "days"),
        ("SHORT_TERM_DEACTIVATION", {"days": True}, "days"),
        ("SHORT_TERM_DEACTIVATION", {"days": "soon"}, "days"),
        ("REST_SUBSCRIPTION", {"until": "01.07.2030"}, "until"),
        ("REST_SUBSCRIPTION", {"until": "2030-02-30"}, "until"),
        ("REST_SUBSCRIPTION", {"until": 20300701}, "until"),
        ("REST_SUBSCRIPTION", {"until": None}, "until"),
        ("ADD_SERVICE_USAGE", NIGHT | {"start": 1893456000}, "start"),
        ("ADD_SERVICE_USAGE", NIGHT | {"start": 1893456000.5}, "start"),
        ("ADD_SERVICE_USAGE", NIGHT | {"start": "1893456000"}, "start"),
        ("ADD_SERVICE_USAGE", NIGHT | {"end": "-1.5e9"}, "end"),
        ("ADD_SERVICE_USAGE", NIGHT | {"end": "midnight"}, "end"),
        ("ADD_SERVICE_USAGE", NIGHT | {"end": None}, "end"),
        ("TERMINATE_SUBSCRIPTION", {"mode": "CANCEL"}, "mode"),
        ("TERMINATE_SUBSCRIPTION", {"mode": 1}, "mode"),
        ("DEACTIVATE_SUBSCRIPTION", {"self": 1}, "self"),
        ("DEACTIVATE_SUBSCRIPTION", {"": 1}, ""),
    ],
)
def test_what_can_not_be_meant_is_refused_with_the_path_of_the_field(action, said, field):
    with pytest.raises(DomainError) as refusal:
        read_details(Action(action), said)
    assert refusal.value.field.startswith(field)
    assert field.rpartition(".")[2] in refusal.value.message


@pytest.mark.parametrize("text", ["x" * 200, "tab\there", "two\nlines", "Łuk 王 😀", "\x7f", "\ud7ff\ue000\ufffd", ""])
def test_any_text_that_can_be_sent_is_taken(text):
    assert read_details(Action.BECOME_SUBSCRIBER, {"subscriber": ADA | {"phone": text}}).subscriber.phone == text


@pytest.mark.parametrize("name", ["x" * 10_000, "\u0000"])
def test_a_name_that_is_too_long_or_can_not_be_printed_is_not_repeated(name):
    with pytest.raises(InvalidError, match="a name in the whole") as refusal:
        read_details(Action.DEACTIVATE_SUBSCRIPTION, {name: 1})
    assert len(refusal.value.message) < 200


@pytest.mark.parametrize(
    ("filters", "error", "field", "why"),
    [
        ({"colour": "red"}, UnknownFieldError, "colour", "Unknown field 'colour'; known: id, life_cycle_state."),
        (
            {"life_cycle_state": "PENDINGS"},
            UnknownError,
            "life_cycle_state",
            "Unknown life cycle state 'PENDINGS', perhaps PENDING was meant; known: COMPLETED, PENDING, REJECTED.",
        ),
    ],
)
def test_what_nobody_can_look_for_is_refused_by_its_filter(filters, error, field, why):
    with pytest.raises(error) as refusal:
        check_filters(filters, {"id", "life_cycle_state"}, "life_cycle_state", RequestState)
    assert (refusal.value.field, refusal.value.message) == (field, why)


def test_filters_that_are_known_or_not_said_are_no_refusal():
    check_filters({"life_cycle_state": "PENDING"}, {"life_cycle_state"}, "life_cycle_state", RequestState)
    check_filters({}, {"life_cycle_state"}, "life_cycle_state", RequestState)
