"""The filters of each kind of run: what they may say, and what is meant where they say nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.archive import CREATED_TO, OLDER_THAN_DAYS
from engine.domain.errors import InvalidError
from engine.domain.request import Priority
from engine.domain.run import Definition, RunKind
from engine.service import selecting

YES, NO = "true", "false"
AT_ONCE = "at_once"
SO_MANY = tuple(map(str, range(1, 65)))


@dataclass(frozen=True)
class Filter:
    """What a filter may say: one of a few words, or any text where no words are given."""

    words: tuple[str, ...] = ()
    default: str = ""
    mandatory: bool = False

    @property
    def wanted(self) -> str:
        """What it may say, in words."""
        if self.words == SO_MANY:
            return f"a number from {SO_MANY[0]} to {SO_MANY[-1]}"
        return f"one of {', '.join(self.words)}" if self.words else "a text that is not empty"

    def allows(self, value: str) -> bool:
        """Whether it may say this."""
        return value in self.words if self.words else bool(value.strip())


OF_MANY = {**dict.fromkeys(selecting.NAMES, Filter()), AT_ONCE: Filter(SO_MANY, "8")}
FILTERS: Mapping[RunKind, Mapping[str, Filter]] = {
    RunKind.MAINTENANCE: {},
    RunKind.PROCESS: {},
    RunKind.MAIL: {
        "external_system": Filter(mandatory=True),
        "priority": Filter(tuple(Priority), Priority.REGULAR),
        "process_immediately": Filter((YES, NO), YES),
    },
    RunKind.ERROR_HANDLING: {},
    RunKind.ARCHIVE: {CREATED_TO: Filter(), OLDER_THAN_DAYS: Filter()},
    RunKind.RESET: OF_MANY,
    RunKind.AUDIT: OF_MANY,
}
"""By kind of run, and by name. What else may be said of a message is known to the platform."""
ENTRY = "text"  # what is told, which the entry says, and not the definition

Words = Mapping[str, tuple[str, ...]]
"""What may be said of a message at a platform, by name: any of these words, or any text where there are none."""


def known_to(kind: RunKind, words: Words) -> dict[str, Filter]:
    """The filters of a kind of run; without one of a platform's that has words, the first of these is meant."""
    of_platform = {name: Filter(one, one[0] if one else "") for name, one in words.items() if name != ENTRY}
    return {**FILTERS[kind], **of_platform}


def check(definition: Definition, where: str, words: Words) -> None:
    """Refuse filters that the kind of run does not know, that say what can't be, or that are missing.

    `words` are those of the provider's platform.
    """
    known = known_to(definition.kind, words)
    for name, value in definition.filters.items():
        if name not in known:
            wanted = f"one of {', '.join(known)}" if known else "none"
            raise InvalidError(f"{where}: found {name!r}; wanted: {wanted}.", field=where)
        if not known[name].allows(value):
            path = f"{where}.{name}"
            raise InvalidError(f"{path}: found {value!r}; wanted: {known[name].wanted}.", field=path)
    for name, one in known.items():
        if one.mandatory and name not in definition.filters:
            path = f"{where}.{name}"
            raise InvalidError(f"{path}: found nothing; wanted: {one.wanted}.", field=path)
    if known.keys() >= set(selecting.NAMES):
        selecting.selection(definition.filters, f"{where}.")


def values(definition: Definition, words: Words) -> dict[str, str]:
    """What the filters of a definition say, and what is meant where they say nothing, if anything is."""
    found = {name: definition.filters.get(name, one.default) for name, one in known_to(definition.kind, words).items()}
    return {name: value for name, value in found.items() if value}
