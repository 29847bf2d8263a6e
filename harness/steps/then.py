"""Then: what must be so, exactly."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from pytest_bdd import parsers, then

from engine.domain.audit import AuditDifference
from engine.domain.request import ProvisioningRequest
from engine.service.jobs import Foreseen
from engine.service.schedule import Recorded
from engine.service.views import OutOfSyncView
from harness.platforms import DEVICE_PARAMETERS, PLATFORMS, SEVERAL
from harness.should import held, should_hold
from harness.steps.story import Story, listed, rows, sent


@then(parsers.re(r"(?P<platform>\w+) receives exactly:"))
def a_platform_receives_exactly(story: Story, platform: str, datatable: list[list[str]]) -> None:
    """These requests in this order and no other; columns are `command` and any of the command's parameters."""
    sequence = [(row.pop("command"), parameters(story, platform, row)) for row in rows(datatable)]
    verification = story.lab.received(*sequence, platform=platform)
    assert verification.passed, f"{never_received(story, platform, sequence)}{verification.report}"


def never_received(story: Story, platform: str, sequence: list[tuple[str, dict[str, Any]]]) -> str:
    """The columns that no request had which the platform received, and those that some had."""
    known = {name for entry in story.lab.exchanges(platform) for name in entry.parameters}
    unknown = {name for _command, filled in sequence for name in filled} - known
    if not known or not unknown:
        return ""
    return f"unknown column: {listing(unknown)}; known of what was received: {listing(known)}\n"


def listing(names: Iterable[str]) -> str:
    """Names in their order."""
    return ", ".join(sorted(names))


def parameters(story: Story, platform: str, row: dict[str, str]) -> dict[str, Any]:
    """The cells that are filled, in the platform's words."""
    filled: dict[str, Any] = {name: cell for name, cell in row.items() if cell}
    services = PLATFORMS[platform].services
    for name, cell in filled.items():
        if name == services or name in DEVICE_PARAMETERS:
            find = story.ca_id if name == services else sent
            found = sorted(find(platform, one) for one in listed(cell))
            filled[name] = found if name in SEVERAL else found[0]
    return filled


@then("the effects are:")
def the_effects_are(story: Story, datatable: list[list[str]]) -> None:
    """What changed at the platforms, signed; in any order, and nothing else."""
    expected = sorted(tuple(row) for row in datatable)
    found = sorted(story.effects())
    assert found == expected, both(story, map(" ".join, expected), map(" ".join, found))


def both(story: Story, expected: Iterable[object], found: Iterable[object]) -> str:
    """What was expected and what was found, whole, one a line; and why nothing was done, where it was refused."""
    why = [f"refused: {story.refusal}"] if story.refusal else []
    lists = (f"  {one}" for one in [*expected] or ["nothing"]), (f"  {one}" for one in [*found] or ["nothing"])
    return "\n".join([*why, "expected:", *lists[0], "found:", *lists[1]])


class Listed(NamedTuple):
    """A list that the engine gives: its entries, of which kind they are, and which of them the scenario is about."""

    kind: type[Any]
    entries: Callable[[Story], Iterable[Any]]


def of_the_when(story: Story) -> Iterable[Recorded]:
    """The actions that the When did, and all that were scheduled."""
    return (one for one in story.actions() if one.scheduled_date or one.id not in story.done_before)


LISTS = {
    "requests": Listed(ProvisioningRequest, lambda story: story.requests),
    "actions": Listed(Recorded, of_the_when),
    "foreseen requests": Listed(Foreseen, lambda story: story.foreseen),
    "differences": Listed(AuditDifference, lambda story: story.differences),
    "subscriptions out of sync": Listed(OutOfSyncView, lambda story: story.out_of_sync),
}


@then(parsers.re(rf"the (?P<what>{'|'.join(LISTS)}) are:"))
def the_listed_are(story: Story, what: str, datatable: list[list[str]]) -> None:
    """What the engine has made of it, what the When did and what was scheduled; columns are fields of one of these."""
    expected, (kind, entries) = rows(datatable), LISTS[what]
    check_columns(expected[0], kind)
    found = [{name: in_a_cell(getattr(one, name)) for name in expected[0]} for one in entries(story)]
    assert found == expected, both(story, expected, found)


@then(parsers.re(rf"there are no (?P<what>effects|{'|'.join(LISTS)})"))
def there_are_none(story: Story, what: str) -> None:
    """Nothing changed at any platform; or one of the lists is empty."""
    found = [" ".join(one) for one in story.effects()] if what == "effects" else [*LISTS[what].entries(story)]
    assert found == [], both(story, [], found)


def in_a_cell(value: object) -> str:
    """A value as it stands in a table: what is not there is an empty cell."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def check_columns(names: Iterable[str], kind: type[Any]) -> None:
    """Fail for a column that is no field of these."""
    known = {one.name for one in dataclasses.fields(kind)}
    unknown = set(names) - known
    assert not unknown, f"unknown column: {listing(unknown)}; known: {listing(known)}"


@then(parsers.parse('the action is refused: "{message}"'))
def the_action_is_refused(story: Story, message: str) -> None:
    """Nothing was done, for this reason."""
    assert story.refusal is not None, "the action was executed"
    assert story.refusal.message == message


@then(parsers.re(r"the subscription is (?P<how>in|out of) sync"))
def the_subscription_is_in_sync(story: Story, how: str) -> None:
    """Whether the engine believes that the platforms hold what they should."""
    out = [standing for standing in story.standings.values() if not standing.in_sync]
    assert bool(out) == (how == "out of"), story.standings


@then(parsers.re(r'(the subscription|service "(?P<service>[^"]+)") is (?P<state>[A-Z_]+)'))
def it_has_state(story: Story, service: str | None, state: str) -> None:
    """The life-cycle state of the subscription, or of its newest service of this name."""
    shown = story.lab.engine.show(story.number)
    of_name = [one for one in shown.services if one.name == service]
    assert service is None or of_name, f"{story.number} never had {service}"
    assert (of_name[-1] if service is not None else shown).state == state


def receives_nothing(story: Story, platform: str) -> None:
    """No request at all."""
    verification = story.lab.received(platform=platform)
    assert verification.passed, verification.report


def holds_what_it_should(story: Story, platform: str) -> None:
    """The platform's own memory is what the subscription should have there."""
    there, should = memory_and_wish(story, platform)
    assert there == should


def holds_something_else(story: Story, platform: str) -> None:
    """It is not."""
    there, should = memory_and_wish(story, platform)
    assert there != should


def memory_and_wish(story: Story, platform: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The platform's own memory, beside what the subscription should have there."""
    engine, holdings = story.lab.engine, story.lab.platforms[platform].holdings()
    provider = engine.context.provider(platform)
    should = should_hold(engine.show(story.number), provider, story.lab.clock.now(), holdings)
    return held(holdings, provider), should


SEEN_THERE = {
    "receives nothing": receives_nothing,
    "holds what it should": holds_what_it_should,
    "holds something else than it should": holds_something_else,
}


@then(parsers.re(rf"(?P<platform>\w+) (?P<seen>{'|'.join(SEEN_THERE)})"))
def a_platform(story: Story, platform: str, seen: str) -> None:
    """No request came at all; or the platform's own memory holds, or does not, what the subscription should have."""
    SEEN_THERE[seen](story, platform)
