"""What audits have found, as users see it: by the page, and counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.audit import AuditDifference, Difference
from engine.domain.errors import InvalidError, UnknownError
from engine.service import findings
from engine.service.act import find
from engine.service.context import Context
from engine.service.reading import check_filters
from engine.service.views import Page
from engine.store import audits, runs

WHO = {"run": findings.RUN, "audit": findings.ONE}


@dataclass(frozen=True)
class Counted:
    """How many differences there are: in all, and of each kind that there is."""

    total: int
    differences: dict[str, int]


def list_differences(
    context: Context, filters: Mapping[str, Any], limit: int, offset: int = 0, *, after: int = 0
) -> Page[AuditDifference]:
    """A page of what audits have found, in its order, after one of these. Raises DomainError.

    `run` and `audit` say by what, by the key of the run or the number of the audit of one subscription.
    """
    known = by_process(context, filters)
    with context.database.reading() as connection:
        total = sum(audits.count(connection, known).values())
        return Page(total, audits.find(connection, known, limit=limit, offset=offset, after=after))


def count_differences(context: Context, filters: Mapping[str, Any]) -> Counted:
    """How many there are of each kind. Raises DomainError."""
    known = by_process(context, filters)
    with context.database.reading() as connection:
        counts = audits.count(connection, known)
    return Counted(sum(counts.values()), counts)


def by_process(context: Context, filters: Mapping[str, Any]) -> dict[str, Any]:
    """The filters as they are kept, checked. Raises DomainError."""
    who = [name for name in WHO if name in filters]
    if len(who) > 1:
        raise InvalidError("run and audit: wanted is one of them.", field="audit")
    known = {name: value for name, value in filters.items() if name not in WHO}
    check_filters(known, audits.FILTERS, "difference", Difference)
    if "provider" in known:
        context.provider(known["provider"])
    with context.database.reading() as connection:
        if "subscription" in known:
            find(connection, known["subscription"])
        if "run" in filters and runs.load(connection, filters["run"]) is None:
            raise UnknownError("run", str(filters["run"]))
    return known | {field: value for name in who for field, value in process(name, filters[name]).items()}


def process(name: str, number: int) -> dict[str, Any]:
    """What asked, as it is kept."""
    return {"process_name": WHO[name], "process_id": number}
