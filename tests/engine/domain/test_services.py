"""Services come, go, start, stop and are swapped; bundles take their components along."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.errors import DomainError, InvalidError, NotAllowedError, UnknownError
from engine.domain.states import LIVE, State
from engine.domain.subscription import Window

REGRET = details.Mode.REGRET


@pytest.fixture
def act(subscription, ground):
    def carry_out(action, order):
        rules.act(subscription, Action(action), order, ground)

    return carry_out


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_new_service_takes_the_state_of_its_subscription(state, act, subscription):
    subscription.state = state
    act("ADD_SERVICE", details.NewService("KIDS", distributors=("TWIN1",)))
    added = subscription.services[-1]
    assert (added.number, added.product, added.state, added.distributors) == (8, "KIDS", state, {"TWIN1"})


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_service_added_as_a_draft_is_one_whatever_the_subscription_is(state, act, subscription):
    subscription.state = state
    act("ADD_SERVICE", details.NewService("KIDS", state=details.Start.DRAFT))
    assert subscription.services[-1].state is State.DRAFT


def test_a_fixed_bundle_brings_its_services_and_not_its_goods(act, subscription):
    act("ADD_SERVICE", details.NewService("PACK", distributors=("MAIN",)))
    assert [(one.product, one.bundle, one.distributors) for one in subscription.services[7:]] == [
        ("PACK", None, {"MAIN"}),
        ("NEWS", 8, {"MAIN"}),
        ("KIDS", 8, {"MAIN"}),
    ]


def test_components_have_distributors_of_their_own(act, subscription):
    act("ADD_SERVICE", details.NewService("PACK", distributors=("MAIN",)))
    bundle, part, _other = subscription.services[7:]
    part.distributors.add("TWIN1")
    assert bundle.distributors == {"MAIN"}


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ((), "CHOICE takes 1 to 2 components; found 0."),
        (("NEWS", "SPORT", "KIDS"), "CHOICE takes 1 to 2 components; found 3."),
        (("CINEMA",), "CINEMA not in the composition of CHOICE; allowed: NEWS, SPORT, KIDS."),
        (("NEWS", "News"), "NEWS named twice in CHOICE."),
    ],
)
def test_a_choice_outside_the_composition_is_refused(chosen, said, act):
    with pytest.raises(DomainError) as refusal:
        act("ADD_SERVICE", details.NewService("CHOICE", chosen))
    assert refusal.value.message == said
    assert refusal.value.field == "components"


@pytest.mark.parametrize(("mode", "then"), [(details.Mode.CANCEL, "CANCELLED"), (REGRET, "REGRETTED")])
def test_a_removed_bundle_takes_its_components_along(mode, then, act, subscription, states):
    before = states(subscription)
    act("REMOVE_SERVICE", details.ServiceEnding("Choice", mode))
    assert states(subscription) == before | {3: then, 4: then}


def test_components_that_had_left_the_bundle_stay_as_they_are(act, subscription, states):
    act("AMEND_BUNDLE_SERVICES", details.Amendment("CHOICE", add=("KIDS",), remove=("NEWS",)))
    act("REMOVE_SERVICE", details.ServiceEnding("CHOICE"))
    assert states(subscription)[4] == "REMOVED"
    assert states(subscription)[8] == "CANCELLED"


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("REMOVE_SERVICE", details.ServiceEnding("NEWS")),
        ("SWAP_SERVICE", details.Swap("NEWS", "KIDS")),
    ],
)
def test_a_component_is_no_service_that_stands_alone(action, order, act):
    with pytest.raises(NotAllowedError, match="NEWS is a component of a bundle"):
        act(action, order)


def test_stop_and_start_take_the_components_along(act, subscription, states):
    before = states(subscription)
    act("STOP_SERVICE", details.OneService("CHOICE"))
    assert states(subscription) == before | {3: "NOT_EFFECTIVE", 4: "NOT_EFFECTIVE"}
    act("START_SERVICE", details.OneService("CHOICE"))
    assert states(subscription) == before


def test_a_component_can_be_stopped_alone(act, subscription, states):
    before = states(subscription)
    act("STOP_SERVICE", details.OneService("NEWS"))
    assert states(subscription) == before | {4: "NOT_EFFECTIVE"}


def test_only_the_last_service_stopped_takes_the_subscription_along(act, subscription):
    for service in ("CHOICE", "DRAMA", "MATCH"):
        act("STOP_SERVICE", details.OneService(service))
        assert subscription.state is State.EFFECTIVE
    act("STOP_SERVICE", details.OneService("SPORT"))
    assert subscription.state is State.NOT_EFFECTIVE


def test_a_started_service_takes_a_subscription_that_was_off_along_and_no_other_service(act, subscription, states):
    subscription.state = State.NOT_EFFECTIVE
    for service in subscription.services:
        service.state = State.NOT_EFFECTIVE
    act("START_SERVICE", details.OneService("SPORT"))
    assert subscription.state is State.EFFECTIVE
    assert [number for number, state in states(subscription).items() if state == "EFFECTIVE"] == [1]


@pytest.mark.parametrize(
    ("action", "service", "wanted"),
    [
        ("START_SERVICE", "SPORT", "Service SPORT is EFFECTIVE; DRAFT or NOT_EFFECTIVE is wanted."),
        ("STOP_SERVICE", "CINEMA", "Service CINEMA is NOT_EFFECTIVE; EFFECTIVE is wanted."),
        ("REGRET_SWAP", "CINEMA", "Service CINEMA is NOT_EFFECTIVE; EFFECTIVE is wanted."),
        ("REGRET_SWAP", "SPORT", "Service SPORT did not come by a swap; nothing to regret."),
        ("CANCEL_SERVICE_USAGE", "SPORT", "SPORT is no usage service."),
    ],
)
def test_a_service_in_another_state_is_refused(action, service, wanted, act):
    with pytest.raises(NotAllowedError) as refusal:
        act(action, details.OneService(service))
    assert refusal.value.message == wanted
    assert refusal.value.field == "service"


@pytest.mark.parametrize(
    "action", ["REMOVE_SERVICE", "START_SERVICE", "STOP_SERVICE", "REGRET_SWAP", "CANCEL_SERVICE_USAGE"]
)
@pytest.mark.parametrize("service", ["KIDS", "5", "OPERA", "", "0"])
def test_a_service_that_is_final_or_never_was_is_unknown(action, service, act):
    order = details.ServiceEnding(service) if action == "REMOVE_SERVICE" else details.OneService(service)
    with pytest.raises(UnknownError) as refusal:
        act(action, order)
    assert refusal.value.field == "service"


def test_of_two_services_of_one_product_one_is_named_by_its_number(act, subscription, states):
    act("ADD_SERVICE", details.NewService("SPORT"))
    with pytest.raises(NotAllowedError, match="S1 has 2 services SPORT; name one by its number: 1, 8"):
        act("STOP_SERVICE", details.OneService("SPORT"))
    act("STOP_SERVICE", details.OneService("8"))
    assert (states(subscription)[1], states(subscription)[8]) == ("EFFECTIVE", "NOT_EFFECTIVE")


def test_the_new_service_of_a_swap_takes_the_distributors_of_the_old(act, subscription, states):
    subscription.services[2].distributors = {"MAIN", "TWIN1"}
    act("SWAP_SERVICE", details.Swap("CHOICE", "PACK"))
    assert [states(subscription)[number] for number in (3, 4, 8, 9, 10)] == ["SWAPPED"] * 2 + ["EFFECTIVE"] * 3
    bundle, *parts = subscription.services[7:]
    assert bundle.replaces == 3
    assert all(one.distributors == {"MAIN", "TWIN1"} for one in (bundle, *parts))
    assert [part.bundle for part in parts] == [8, 8]


def test_a_regretted_swap_brings_back_the_old_service_with_the_components_that_left_with_it(act, subscription, states):
    act("AMEND_BUNDLE_SERVICES", details.Amendment("CHOICE", add=("KIDS",)))
    act("AMEND_BUNDLE_SERVICES", details.Amendment("CHOICE", remove=("NEWS",)))
    before = states(subscription)
    act("SWAP_SERVICE", details.Swap("CHOICE", "PACK"))
    act("REGRET_SWAP", details.OneService("PACK"))
    assert states(subscription) == before | {9: "REGRETTED", 10: "REGRETTED", 11: "REGRETTED"}
    assert before[4] == "REMOVED"


def test_swaps_are_regretted_one_by_one(act, subscription, states):
    act("SWAP_SERVICE", details.Swap("DRAMA", "CINEMA"))
    act("REGRET_SWAP", details.OneService("8"))
    assert states(subscription)[6] == "EFFECTIVE"
    act("REGRET_SWAP", details.OneService("DRAMA"))
    assert (states(subscription)[5], states(subscription)[6]) == ("EFFECTIVE", "REGRETTED")


def test_a_swap_for_what_is_no_termed_service_is_refused(act):
    with pytest.raises(NotAllowedError, match="MATCH is a usage service; a termed one is wanted"):
        act("SWAP_SERVICE", details.Swap("SPORT", "MATCH"))


def test_an_amended_bundle_gains_in_its_own_state_and_place(act, subscription, states):
    act("STOP_SERVICE", details.OneService("CHOICE"))
    subscription.services[2].distributors = {"TWIN1"}
    act("AMEND_BUNDLE_SERVICES", details.Amendment("CHOICE", add=("Kids",), remove=("News",)))
    gained = subscription.services[-1]
    assert (gained.product, gained.state, gained.distributors, gained.bundle) == (
        "KIDS",
        State.NOT_EFFECTIVE,
        {"TWIN1"},
        3,
    )
    assert states(subscription)[4] == "REMOVED"


@pytest.mark.parametrize(
    ("order", "field", "said"),
    [
        (details.Amendment("CHOICE"), "add", "are wanted"),
        (details.Amendment("SPORT", add=("NEWS",)), "service", "SPORT is flat; a flexible_bundle is wanted"),
        (details.Amendment("CHOICE", add=("NEWS",)), "components", "NEWS named twice"),
        (details.Amendment("CHOICE", add=("CINEMA",)), "components", "not in the composition"),
        (details.Amendment("CHOICE", add=("SPORT", "KIDS")), "components", "1 to 2 components; found 3"),
        (details.Amendment("CHOICE", remove=("NEWS",)), "components", "1 to 2 components; found 0"),
        (details.Amendment("CHOICE", remove=("KIDS",)), "remove", "Unknown component of CHOICE 'KIDS'"),
        (details.Amendment("CHOICE", add=("STB",)), "add", "STB is a physical good"),
    ],
)
def test_a_bundle_can_not_be_amended_beyond_its_composition(order, field, said, act, subscription):
    before = deepcopy(subscription)
    with pytest.raises(DomainError, match=said) as refusal:
        act("AMEND_BUNDLE_SERVICES", order)
    assert refusal.value.field == field
    assert subscription == before


def test_a_usage_service_has_its_window_in_utc_and_whole_seconds(act, subscription):
    east = timezone(timedelta(hours=2))
    order = details.NewUsage(
        "Match",
        datetime(2030, 7, 2, 20, 0, 0, 999_999, tzinfo=east),
        datetime(2030, 7, 2, 23, 30, tzinfo=east),
        ("MAIN",),
    )
    act("ADD_SERVICE_USAGE", order)
    added = subscription.services[-1]
    assert added.window == Window(datetime(2030, 7, 2, 18, tzinfo=UTC), datetime(2030, 7, 2, 21, 30, tzinfo=UTC))
    assert (added.state, added.distributors) == (State.EFFECTIVE, {"MAIN"})


NOON = datetime(2030, 7, 2, 12, tzinfo=UTC)
FIRST = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
LAST = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (NOON, NOON, "end"),
        (NOON, NOON - timedelta(seconds=1), "end"),
        (NOON, NOON + timedelta(microseconds=1), "end"),
        (NOON.replace(tzinfo=None), NOON, "start"),
        (NOON, NOON.replace(tzinfo=None), "end"),
        (FIRST, NOON, "start"),
        (NOON, LAST, "end"),
    ],
)
def test_a_window_that_can_not_be_meant_is_refused(start, end, field, act):
    with pytest.raises(InvalidError) as refusal:
        act("ADD_SERVICE_USAGE", details.NewUsage("MATCH", start, end))
    assert refusal.value.field == field


def test_a_termed_service_has_no_window(act):
    with pytest.raises(NotAllowedError, match="SPORT is a termed service; a usage one is wanted"):
        act("ADD_SERVICE_USAGE", details.NewUsage("SPORT", NOON, NOON + timedelta(hours=1)))


def test_a_usage_called_off_is_cancelled(act, subscription, states):
    before = states(subscription)
    act("CANCEL_SERVICE_USAGE", details.OneService("MATCH"))
    assert states(subscription) == before | {7: "CANCELLED"}
