"""The question by which the gap of many subscriptions is seen at a provider."""

from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.domain.rights import Kind
from engine.ports import Adapter, Row
from engine.store.gaps.question import Question


def question(adapter: Adapter, provider: Provider) -> Question:
    """What must be known of the provider and its platform to see the gap."""
    kinds, keeping = (Kind.SERVICE, Kind.PAIR), adapter.keeping
    return Question(
        provider=provider.code,
        distributors=tuple(one.code for one in provider.distributors),
        seats=products(adapter, provider, Role.ENTITLED),
        paired=products(adapter, provider, Role.PAIRED),
        gives=tuple((kind, types_of(adapter.table, kind, gives=True)) for kind in kinds),
        takes=tuple((kind, types_of(adapter.table, kind, gives=False)) for kind in kinds),
        changing=adapter.changing,
        on_accounts=not keeping.roles,
        account_ends=keeping.account_ends,
        windows=keeping.windows,
        registers=keeping.registers,
    )


def products(adapter: Adapter, provider: Provider, role: Role) -> tuple[str, ...]:
    """The physical goods that have this role at the provider."""
    known = (good.product for good in provider.hardware)
    return tuple(product for product in known if provider.role(product, adapter.keeping.roles) is role)


def types_of(table: tuple[Row, ...], kind: Kind, *, gives: bool) -> tuple[str, ...]:
    """The request types that give what is of this kind, or take it."""
    return tuple(row.request for row in table if row.on_completed.kind is kind and row.on_completed.gives is gives)
