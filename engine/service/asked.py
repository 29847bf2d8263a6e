"""What is asked for: which utility, for which device, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.effects.ground import utc
from engine.domain.errors import InvalidError
from engine.domain.request import Priority
from engine.ports import Utility
from engine.service.addressee import DEVICE

MOMENT = "scheduled_date"


@dataclass(frozen=True)
class Asked:
    """What is asked for: the utility's name, what is said with it, for which device (or for all), at which provider.

    With a `protocol` it is asked only of providers that speak it. It is sent at once; or by the processing run: the
    next one, or the first after its moment.
    """

    utility: str
    said: Mapping[str, Any]
    serial_number: str = ""
    to_all: bool = False
    provider: str = ""
    protocol: str = ""
    process_immediately: bool | None = None
    scheduled_date: datetime | None = None
    priority: Priority = Priority.REGULAR

    @property
    def at_once(self) -> bool:
        """Whether it is not left to the processing run."""
        return self.scheduled_date is None if self.process_immediately is None else self.process_immediately


def check_whom(utility: Utility, asked: Asked) -> None:
    """Refuse what is for nobody, or for all where that can't be."""
    if asked.to_all:
        if asked.serial_number or not utility.to_all:
            wanted = "one of them" if utility.to_all else f"only {DEVICE}"
            raise InvalidError(f"{DEVICE} and to_all: wanted is {wanted}.", field="to_all")
    elif not asked.serial_number:
        raise InvalidError(f"{DEVICE} is wanted{', or to_all' if utility.to_all else ''}.", field=DEVICE)


def moment_of(asked: Asked, now: datetime) -> datetime | None:
    """The moment for which it is scheduled, in UTC. Raises InvalidError for one that has passed, or is not wanted."""
    if asked.scheduled_date is None:
        return None
    if asked.process_immediately:
        raise InvalidError(f"{MOMENT} goes with process_immediately false only.", field=MOMENT)
    moment = utc(asked.scheduled_date, MOMENT)
    if moment <= now:
        wanted = f"a moment after {now:%Y-%m-%dT%H:%M:%SZ}"
        raise InvalidError(f"{MOMENT} is {asked.scheduled_date.isoformat()}; {wanted} is wanted.", field=MOMENT)
    return moment
