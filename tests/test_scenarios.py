"""The scenarios keep the rules of their README, and tell of every action of the manual's."""

import itertools
import re
from pathlib import Path

import pytest
from pytest_bdd.parser import FeatureParser
from pytest_bdd.steps import step_function_context_registry

from engine.domain import rules
from engine.domain.distribution import RULES
from harness.docs.vocabulary import is_ours, vocable
from harness.steps.tenses import SENTENCES

ROOT = Path(__file__).parent.parent / "features"
LATER = re.compile(r"it (?:is|was) scheduled for \S+ that (.+)")


def scenarios():
    """Every scenario, with each line of its examples."""
    for path in sorted(ROOT.rglob("*.feature")):
        for template in FeatureParser(str(ROOT), str(path.relative_to(ROOT))).parse().scenarios.values():
            lines = [line for examples in template.examples for line in examples.as_contexts()]
            yield from (template.render(line) for line in lines or [{}])


ALL = list(scenarios())


def steps(kind):
    return [step.name for scenario in ALL for step in scenario.steps if step.type == kind]


def told(sentences):
    """The codes of the actions that the sentences speak of."""
    found = ((tell, words.parse_arguments(one)) for one in sentences for words, tell in SENTENCES)
    return {tell(**said["said"]).action for tell, said in found if said}


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.name)
def test_a_scenario_has_one_when_after_what_is_given_and_before_what_is_so(scenario):
    kinds = [kind for kind, _steps in itertools.groupby(scenario.steps, key=lambda step: step.type)]
    assert kinds in (["given", "when", "then"], ["when", "then"])
    assert sum(step.type == "when" for step in scenario.steps) == 1


def test_every_action_is_what_a_scenario_is_about():
    assert told(steps("when")) == {rule.action.value for rule in rules.ROWS} - {"BECOME_SUBSCRIBER"}
    assert any(one.startswith("someone subscribes") for one in steps("when"))


def test_every_action_that_may_be_scheduled_is_scheduled_and_every_other_is_refused():
    given, when = ([found[1] for found in map(LATER.fullmatch, steps(kind)) if found] for kind in ("given", "when"))
    later = {rule.action.value for rule in rules.ROWS if rule.schedulable}
    assert told(given) == later
    assert told(when) >= {rule.action.value for rule in rules.ROWS} - later - {"BECOME_SUBSCRIBER"}


@pytest.mark.parametrize("rule", [*RULES, "mandatory hardware"])
def test_every_rule_of_a_distributor_is_broken_in_a_scenario(rule):
    assert any(f", {rule}: found " in one for one in steps("then") if one.startswith("the action is refused"))


def test_every_action_that_keeps_the_rules_is_refused_in_a_scenario_where_one_is_broken():
    about = [
        next(step.name for step in scenario.steps if step.type == "when")
        for scenario in ALL
        if any(re.match(r"the action is refused: .*: found .*; wanted: ", step.name) for step in scenario.steps)
    ]
    checked = {rule.action.value for rule in rules.ROWS if rule.checked}
    assert told(about) == checked - {"BECOME_SUBSCRIBER"}
    assert any(one.startswith("someone subscribes") for one in about)


def test_every_step_of_the_vocabulary_is_used():
    ours = [context for context in step_function_context_registry.values() if is_ours(context)]
    used = {vocable(one).text for one in ours if any(map(one.parser.is_matching, steps(one.type)))}
    assert used == {vocable(one).text for one in ours}
