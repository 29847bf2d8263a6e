"""The audit of one subscription."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.audit import AuditDifference, Difference
from engine.domain.errors import InvalidError
from engine.domain.provider import Provider
from engine.service import findings
from engine.service.act import find
from engine.service.auditing import cards
from engine.service.auditing.questions import UnansweredError, load, look
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.files.upload import send_files
from engine.service.reading import check_filters
from engine.service.send import in_turn
from engine.store import audits, batches, requests
from engine.store.audits import Process

WHO = {"run": findings.RUN, "audit": findings.ONE}


@dataclass(frozen=True)
class AuditedAt:
    """What an audit has come to at a provider.

    `asked`: of how many accounts or devices; `waits`: of how many of these in files, which are answered later. `error`:
    why not all is known.
    """

    provider: str
    asked: int = 0
    differences: int = 0
    settled: int = 0
    waits: int = 0
    error: str = ""


@dataclass(frozen=True)
class Audited:
    """What the audit of a subscription, by its number, has come to; the differences are those of all providers."""

    audit: int
    subscription: str
    providers: list[AuditedAt] = field(default_factory=list)
    differences: list[AuditDifference] = field(default_factory=list)


@dataclass(frozen=True)
class Differences:
    """A page of what audits have found, in its order; and how much there is in all, by difference."""

    total: int
    counts: dict[str, int]
    results: list[AuditDifference]


def audit(context: Context, number: str, provider_code: str | None = None) -> Audited:
    """Ask what the platform (every effective one, unless one is named) holds, and believe that. Raises DomainError."""
    refresh(context)
    providers = context.configuration.sent_to(provider_code)
    with context.database.transaction() as connection:
        key, _subscription = find(connection, number)
        process = Process(findings.ONE, requests.next_utility(connection))
    found = [audit_at(context, key, provider, process) for provider in providers]
    with context.database.reading() as connection:
        known = {"process_name": process.name, "process_id": process.id}
        total = sum(one.differences for one in found)
        return Audited(process.id, number, found, audits.find(connection, known, limit=total, offset=0))


def audit_at(context: Context, key: int, provider: Provider, process: Process) -> AuditedAt:
    """The same at one provider: asked now, or in files."""
    if context.adapter(provider).takes_files:
        return ask_in_files(context, key, provider, process)
    with in_turn(context, provider, [key]):
        with context.database.reading() as connection:
            (whose,) = load(context, connection, provider, [key])
        try:
            looked = look(context, provider, whose)
        except UnansweredError as error:
            return AuditedAt(provider.code, error=str(error))
        with context.database.transaction() as connection:
            findings.take_down(context, connection, provider, [looked], process)
    return AuditedAt(provider.code, looked.asked, len(looked.comparison.findings), looked.comparison.settled)


def ask_in_files(context: Context, key: int, provider: Provider, process: Process) -> AuditedAt:
    """Ask for all devices in files; what the answers say is taken down by the error-handling run."""
    with context.database.transaction() as connection:
        batches.lock(connection, [key])
        (whose,) = load(context, connection, provider, [key])
        asked = cards.prepare(context, connection, provider, whose)
        made = cards.make(context, connection, provider, process, [asked])
    chosen = requests.keys_of(process.id, process.name)
    left = [one.left for one in send_files(context, provider, until=context.clock.now(), only=chosen) if one.left]
    return AuditedAt(provider.code, made, waits=made, error=" ".join((*asked.unfit, *left)))


def list_differences(context: Context, filters: Mapping[str, Any], limit: int, offset: int) -> Differences:
    """A page of what audits have found; `run` and `audit` say what by, one of them at most. Raises DomainError."""
    who = [name for name in WHO if name in filters]
    if len(who) > 1:
        raise InvalidError("run and audit: wanted is one of them.", field="audit")
    known = {name: value for name, value in filters.items() if name not in WHO}
    check_filters(known, (*audits.FILTERS, *WHO), "difference", Difference)
    if "provider" in known:
        context.provider(known["provider"])
    for name in who:
        known |= {"process_name": WHO[name], "process_id": filters[name]}
    with context.database.reading() as connection:
        if "subscription" in known:
            find(connection, known["subscription"])
        counts = audits.count(connection, known)
        found = audits.find(connection, known, limit=limit, offset=offset)
    return Differences(sum(counts.values()), counts, found)
