"""The step vocabulary, as a writer of scenarios reads it: patterns made readable, with the words that they take."""

import re
from typing import NamedTuple

from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

import harness.steps

EITHER = "given or when"
KINDS = ("given", EITHER, "when", "then")
WORD = r"(?:\[[^\]]*\]|\\\w)[+*]"
READABLE = (
    # a pattern's part                                 as it is read
    (re.compile(rf"\(\?P<(\w+)>{WORD}\)"), r"<\1>"),
    (re.compile(r"\(\?P<\w+>([^()|]*)\)\?"), r"[\1]"),
    (re.compile(r"\(\?P<(\w+)>[^()]*\)"), r"<\1>"),
    (re.compile(r"\{(\w+)\}"), r"<\1>"),
    (re.compile(r"\(([^()|]{2,})\)\?"), r"[\1]"),
    (re.compile(r"s\?"), "(s)"),
)
CHOICE = re.compile(r"\(\?P<(\w+)>([^()]*\|[^()]*)\)")


class Vocable(NamedTuple):
    """One step: how it is written, what it means, and the words that a place in it takes, where they are few."""

    kind: str
    text: str
    meaning: str
    choices: tuple[tuple[str, tuple[str, ...]], ...]


def vocables() -> list[Vocable]:
    """Every step of the vocabulary, in the order of its making; one of two tenses is one step."""
    contexts = [one for one in step_function_context_registry.values() if is_ours(one)]
    found = dict.fromkeys(vocable(one) for one in contexts)
    return [one for kind in KINDS for one in found if one.kind == kind]


def is_ours(context: StepFunctionContext) -> bool:
    """Whether the step is of the vocabulary, and not of a suite that uses it."""
    return context.step_func.__module__.startswith(f"{harness.steps.__name__}.")


def vocable(context: StepFunctionContext) -> Vocable:
    """The step as it is read."""
    tenses = getattr(context.parser, "tenses", "")
    pattern = tenses or str(context.parser.name)
    meaning = (context.step_func.__doc__ or "").strip()
    return Vocable(EITHER if tenses else str(context.type), readable(pattern), meaning, choices(pattern))


def readable(pattern: str) -> str:
    """The pattern with `<name>` where something is to be filled in, and `[…]` around what can be left out."""
    for part, words in READABLE:
        pattern = part.sub(words, pattern)
    return pattern


def choices(pattern: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The words that a place takes, where the pattern lists them."""
    return tuple((name, tuple(words.split("|"))) for name, words in CHOICE.findall(pattern))
