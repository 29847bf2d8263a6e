"""The vocabulary, in suites of others: two tenses, a ground that must hold, files that say something else."""

import tomllib

import pytest

from engine.domain.errors import DomainError
from harness.lab.changed import merged
from harness.steps.actions import at
from harness.steps.tenses import Deed, meant
from tests.harness.suites import WITHOUT

SUITE = """
from pytest_bdd import scenarios
scenarios(".")
"""


@pytest.fixture
def played(pytester):
    """What becomes of a scenario of these steps."""

    def play(*steps):
        lines = "\n".join(f"    {step}" for step in steps)
        pytester.path.joinpath("a.feature").write_text(f"Feature: A\n  Scenario: B\n{lines}\n")
        pytester.makeconftest('pytest_plugins = ["harness.steps"]')
        pytester.makepyfile(SUITE)
        return pytester.runpytest_inprocess(*WITHOUT)

    return play


GROUND = 'Given an effective subscription to "Sport" on tucano'


def test_an_action_is_told_in_the_past_or_in_the_present(played):
    steps = ('And service "Sport" was stopped', 'When service "Sport" is started', "Then the subscription is EFFECTIVE")
    played(GROUND, *steps).assert_outcomes(passed=1)


@pytest.mark.parametrize("step", ['And service "Sport" is stopped', 'When service "Sport" was stopped'])
def test_the_other_tense_is_no_step(step, played):
    result = played(GROUND, step)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Step definition is not found*"])


def test_ground_that_can_not_be_laid_fails_the_scenario(played):
    result = played(GROUND, 'And service "Cinema" was stopped', "When the subscription is terminated")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the scenario's ground can't be laid: Unknown service*"])


WHEN = 'When service "Sport" is stopped'


def test_wrong_effects_are_shown_beside_those_that_are_expected_both_whole(played):
    wrong = ("Then the effects are:", "  | tucano | +option Cinema |", "  | tucano | -option Sport |")
    result = played(GROUND, WHEN, *wrong)
    result.assert_outcomes(failed=1)
    lines = ("expected:", "  tucano +option Cinema", "  tucano -option Sport", "found:", "  tucano -option Sport")
    result.stdout.fnmatch_lines([f"*{line}" for line in lines], consecutive=True)


def test_effects_where_there_must_be_none_are_shown(played):
    result = played(GROUND, WHEN, "Then there are no effects")
    result.assert_outcomes(failed=1)
    lines = ("expected:", "  nothing", "found:", "  tucano -option Sport")
    result.stdout.fnmatch_lines([f"*{line}" for line in lines], consecutive=True)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (
            ("tucano receives exactly:", "| command | colour |", "| SUSPEND_OPTIONS | red |"),
            "*unknown column: colour; known of what was received: account, options",
        ),
        (
            ("the requests are:", "| type | colour |", "| SUSPEND_OPTIONS | red |"),
            "*unknown column: colour; known: *type*",
        ),
        (
            ("the actions are:", "| action | colour |", "| STOP_SERVICE | red |"),
            "*unknown column: colour; known: action*",
        ),
    ],
)
def test_an_unknown_column_is_named_with_those_that_are_known(then, said, played):
    first, *table = then
    result = played(GROUND, WHEN, f"Then {first}", *table)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([said])


@pytest.mark.parametrize(
    ("words", "deed"),
    [
        ('service "Sport" is stopped', Deed("STOP_SERVICE", {"service": "Sport"})),
        ("the subscription is rested until 2999-01-01", Deed("REST_SUBSCRIPTION", {"until": "2999-01-01"})),
        ("the subscription is deactivated for a while", Deed("SHORT_TERM_DEACTIVATION", {"days": 3})),
        (
            'STB "A" is moved to S2',
            Deed("MOVE_INSTALLED_ITEM", {"item": "A", "to_subscription": "S2", "distributors": []}),
        ),
        ('STB "A" is removed', Deed("REMOVE_INSTALLED_ITEM", {"item": "A"})),
    ],
)
def test_a_sentence_means_an_action(words, deed):
    assert meant(words) == deed


@pytest.mark.parametrize("words", ['service "Sport" was stopped', "it rains"])
def test_what_is_no_sentence_about_an_action_can_not_be_scheduled(words):
    with pytest.raises(AssertionError, match="no sentence about an action"):
        meant(words)


def test_a_day_begins_at_midnight_utc():
    assert at("2999-02-01").isoformat() == "2999-02-01T00:00:00+00:00"
    assert at("2999-02-01T06:30:00+02:00").isoformat() == "2999-02-01T06:30:00+02:00"


@pytest.mark.parametrize(
    ("old", "new", "then"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ([{"code": "A", "name": "a"}], [{"code": "A", "tier": 1}], [{"code": "A", "name": "a", "tier": 1}]),
        ([{"product": "A"}], [{"product": "B"}], [{"product": "A"}, {"product": "B"}]),
        (({"code": "A"}, {"code": "B"}), [{"code": "B", "x": 1}], [{"code": "A"}, {"code": "B", "x": 1}]),
        ([{"maximum": 1}], [{"minimum": 2}], [{"minimum": 2}]),
        (["A"], ["B"], ["B"]),
        ([{"code": "A"}], [], [{"code": "A"}]),
        (None, {"a": 1}, {"a": 1}),
    ],
)
def test_files_are_merged_entry_by_entry(old, new, then):
    assert merged(old, new) == then


def test_a_lab_is_changed_alone_and_for_itself(lab):
    tucano = '[[providers]]\ncode = "tucano"\n'
    lab.reconfigure(f'{tucano}[[providers.distributors]]\ncode = "TUCANO_MAIN"\nallowed_services = ["SPORT"]')
    main, *others = lab.engine.context.provider("tucano").distributors
    assert (main.name, main.allowed_services, len(others)) == ("Main", ("SPORT",), 3)
    assert others[0].required_distributor == "TUCANO_MAIN"
    assert "SPORT" in lab.engine.context.catalogue.products
    lab.reconfigure(f'[[products]]\ncode = "SPORT"\ntier = 7\n\n{tucano}effective = false')
    assert lab.engine.context.catalogue.products["SPORT"].tier == 7
    assert "tucano" not in {one.code for one in lab.engine.context.effective_providers}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("[[providers]]\ncode = 'tucano'\n[[providers.distributors]]\ncode = 'X'\nteir = 1", DomainError, "teir"),
        ("[[distributors]]\ncode = 'X'", ValueError, r"found distributors; wanted: \[\[products"),
        ("[providers]\neffective = true", ValueError, r"found providers; wanted: \[\[products"),
        ("what?", tomllib.TOMLDecodeError, "Expected"),
    ],
)
def test_what_files_can_not_say_a_scenario_can_not_say(text, kind, said, lab):
    with pytest.raises(kind, match=said):
        lab.reconfigure(text)
