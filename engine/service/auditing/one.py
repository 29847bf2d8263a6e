"""The audit of one subscription."""

from dataclasses import dataclass, field

from engine.domain.audit import AuditDifference
from engine.domain.provider import Provider
from engine.service import findings
from engine.service.act import find
from engine.service.auditing import cards
from engine.service.auditing.questions import UnansweredError, load, look
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.files.upload import send_files
from engine.service.send import in_turn
from engine.store import audits, batches, requests
from engine.store.audits import Process


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
        asked = cards.prepare(context, provider, whose)
        made = cards.make(context, connection, provider, process, [asked])
    chosen = requests.keys_of(process.id, process.name)
    left = [one.left for one in send_files(context, provider, until=context.clock.now(), only=chosen) if one.left]
    return AuditedAt(provider.code, made, waits=made, error=" ".join((*asked.unfit, *left)))
