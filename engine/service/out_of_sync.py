"""Who is out of sync, as users see it: by the page, and counted by provider."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from engine.domain.provider import Provider
from engine.service.context import Context
from engine.service.question import question
from engine.service.selecting import selection
from engine.service.show import UnderWay, view
from engine.service.views import OutOfSyncCount, OutOfSyncPage, OutOfSyncView
from engine.store import beliefs, out_of_sync, pages
from engine.store.planning import last_key
from engine.store.selection import Selection


def page(context: Context, provider: str | None, said: Mapping[str, str], *, after: int, limit: int) -> OutOfSyncPage:
    """The first so many subscriptions after an id that are out of sync, at all providers or one. Raises DomainError."""
    providers, meant = context.configuration.sent_to(provider), selection(said)
    with context.database.reading() as connection:
        at = {one.code: keys(context, connection, one, meant, after=after, limit=limit) for one in providers}
        some = sorted({key for found in at.values() for key in found})
        now = some[:limit]
        return OutOfSyncPage(
            list(views(context, connection, now, at)), after=now[-1] if len(some) >= limit and now else None
        )


def keys(
    context: Context, connection: Connection, provider: Provider, meant: Selection, *, after: int, limit: int
) -> list[int]:
    """The keys of the first so many at a provider."""
    asked, now = question(context.adapter(provider), provider), context.clock.now()
    return out_of_sync.page(connection, asked, now, meant, after=after, limit=limit)


def views(
    context: Context, connection: Connection, some: list[int], at: Mapping[str, Iterable[int]]
) -> Iterable[OutOfSyncView]:
    """How each of these stands, where it is out of sync."""
    found = pages.find(connection, [pages.with_key(some)], limit=len(some))
    held, under_way = beliefs.load_many(connection, some), UnderWay.of(connection, some)
    for key, one in found.items():
        shown = view(context, key, one, held, under_way)
        for code in (code for code, there in at.items() if key in there):
            standing = shown.providers[code]
            yield OutOfSyncView(one.number, key, code, standing.since, standing.pending, standing.differences)


def count(
    context: Context, provider: str | None, said: Mapping[str, str], *, first: int = 1, last: int | None = None
) -> OutOfSyncCount:
    """How many are out of sync at each provider, of all, or of those with these ids. Raises DomainError."""
    providers, meant, now = context.configuration.sent_to(provider), selection(said), context.clock.now()
    with context.database.reading() as connection:
        numbers = {
            one.code: out_of_sync.count(
                connection, question(context.adapter(one), one), now, meant, first=first, last=last
            )
            for one in providers
        }
        return OutOfSyncCount(numbers, last_key(connection))
