"""How a provider at Conax is worked with: whole numbers, each with its range, and what is made of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from engine.adapters.conax import dates
from engine.domain.provider import Provider
from engine.ports import ProviderParameter

FREQUENCY = "renewal_frequency_months"


class Number(NamedTuple):
    """A whole number that may be configured: its ends, and what it is by default."""

    least: int
    most: int
    default: int


def whole(least: int, most: int) -> Callable[[str], str]:
    """What is wanted instead of a value that is no whole number in this range."""

    def wanted(value: str) -> str:
        short = value.isascii() and value.isdecimal() and len(value) <= len(str(most))
        return "" if short and least <= int(value) <= most else f"a whole number from {least} to {most}"

    return wanted


OPERATIONS: Mapping[str, Number] = MappingProxyType(
    {
        "maximum_records": Number(1, 20_000, 20_000),
        "add_end_period_months": Number(1, 36, 1),
        FREQUENCY: Number(1, 35, 1),
        "renew_end_period_months": Number(1, 36, 1),
        "cancel_end_period_months": Number(1, 36, 1),
        "overdue_after_hours": Number(1, 8_760, 24),
    }
)
OPERATION_PARAMETERS: Mapping[str, ProviderParameter] = MappingProxyType(
    {name: ProviderParameter(whole_number=True, wanted=whole(one.least, one.most)) for name, one in OPERATIONS.items()}
)


def operation(provider: Provider, name: str) -> int:
    """An operation parameter, as it is configured or by default."""
    return int(provider.operations.get(name, OPERATIONS[name].default))


def overdue_after(provider: Provider) -> timedelta:
    """How long an answer may take."""
    return timedelta(hours=operation(provider, "overdue_after_hours"))


def renewed_before(provider: Provider, now: datetime) -> datetime:
    """What was authorised before this moment is to be renewed."""
    return dates.renewed_before(now, operation(provider, FREQUENCY))


def warnings(provider: Provider) -> Iterator[str]:
    """What is allowed and hardly meant: rights that end before they are renewed, or just on that day."""
    months, where = operation(provider, FREQUENCY), f"providers[{provider.code}].operations"
    for name in ("add_end_period_months", "renew_end_period_months"):
        until = operation(provider, name)
        if months >= until:
            then = "on the day they are renewed" if months == until else "before they are renewed"
            yield f"{where}: {FREQUENCY} {months} is not below {name} {until}: rights end {then}."
