"""Steps in two tenses: in the present a When; in the past a Given, which must not be refused."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pytest_bdd import given, parsers, when

from harness.steps.story import Story

TENSE = re.compile(r"\((?P<present>\w+)\|(?P<past>\w+)\)")


class Deed(NamedTuple):
    """An action, and what is said with it."""

    action: str
    details: Mapping[str, Any]


class Words(parsers.re):
    """A step's words in one tense; `tenses` has them in both. What they say comes as one argument, `said`."""

    def __init__(self, pattern: str, tense: str) -> None:
        super().__init__(TENSE.sub(rf"\g<{tense}>", pattern))
        self.tenses = pattern

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """What is said, by name; nothing, where other words are meant."""
        said = super().parse_arguments(name)
        return None if said is None else {"said": said}


SENTENCES: list[tuple[Words, Callable[..., Deed]]] = []


def told(pattern: str, stacklevel: int = 2) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a Given and a When of a function: its words hold the tenses, as in `(is|was)`."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def now(story: Story, said: dict[str, Any]) -> None:
            function(story, **said)

        def before(story: Story, said: dict[str, Any]) -> None:
            function(story, **said)
            assert story.refusal is None, f"the scenario's ground can't be laid: {story.refusal}"

        now.__doc__ = before.__doc__ = function.__doc__
        given(Words(pattern, "past"), stacklevel=stacklevel)(before)
        when(Words(pattern, "present"), stacklevel=stacklevel)(now)
        return function

    return register


def sentence(pattern: str) -> Callable[[Callable[..., Deed]], Callable[..., Deed]]:
    """Make the same of a function that tells which action is meant; it can be scheduled, too."""

    def register(tell: Callable[..., Deed]) -> Callable[..., Deed]:
        def carry_out(story: Story, **said: Any) -> None:
            deed = tell(**said)
            story.act(deed.action, **deed.details)

        carry_out.__doc__ = tell.__doc__
        SENTENCES.append((Words(pattern, "present"), tell))
        told(pattern, stacklevel=3)(carry_out)
        return tell

    return register


def meant(words: str) -> Deed:
    """The action that a sentence in the present speaks of."""
    for known, tell in SENTENCES:
        found = known.parse_arguments(words)
        if found is not None:
            return tell(**found["said"])
    raise AssertionError(f"no sentence about an action: {words}")
