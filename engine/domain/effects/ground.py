"""What an effect may know besides the subscription."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from engine.domain.catalogue import Catalogue
from engine.domain.details import Mode
from engine.domain.errors import InvalidError, UnknownError
from engine.domain.provider import Provider
from engine.domain.states import State
from engine.domain.subscription import Subscription

ENDED = {Mode.CANCEL: State.CANCELLED, Mode.REGRET: State.REGRETTED}


@dataclass(frozen=True)
class Ground:
    """What is sold, on which providers it can be watched, and the present moment (UTC).

    `others` are subscriptions that the action concerns too, by number.
    """

    catalogue: Catalogue
    providers: Mapping[str, Provider]
    now: datetime
    others: Mapping[str, Subscription] = field(default_factory=dict)

    @cached_property
    def distributors(self) -> frozenset[str]:
        """Where anything can be watched."""
        return frozenset(one.code for provider in self.providers.values() for one in provider.distributors)

    @property
    def today(self) -> date:
        """The present day, UTC."""
        return self.now.date()

    def code(self, name: str) -> str:
        """The product code that this name stands for; the name itself, where it is no product's name."""
        return self.catalogue.codes_by_name.get(name.casefold(), name)

    def known_distributors(self, names: tuple[str, ...], field: str = "distributors") -> set[str]:
        """The names as a set. Raises UnknownError at the first that is no distributor."""
        for name in names:
            if name not in self.distributors:
                raise UnknownError("distributor", name, self.distributors, field=field)
        return set(names)


def utc(moment: datetime, field: str) -> datetime:
    """The moment in UTC, in whole seconds. A time without an offset can't be meant, nor one outside the calendar."""
    if moment.tzinfo is None:
        raise InvalidError(f"{field} is {moment}; a time with an offset is wanted, such as Z.", field=field)
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise InvalidError(f"{field} is {moment}; in UTC, years 1 to 9999 are wanted.", field=field) from error
