"""What Tucano says that a subscriber has."""

from collections.abc import Iterator

from lxml import etree

from engine.adapters.answers import once, window
from engine.adapters.xml import read
from engine.domain.audit import Told
from engine.domain.rights import Held, Kind
from engine.ports import Reply

STATES = frozenset({"ACTIVE", "SUSPENDED", "EXPIRED"})


def holdings(reply: Reply, subscription: str, _subject: str) -> Told:
    """The account with its materials and options; suspended ones are not held. Raises ValueError, with a sentence."""
    account = read(reply.body).find("account")
    whose = "" if account is None else account.get("subscriber", "")
    if account is None or whose != subscription:
        raise ValueError(f"found an account of {whose!r}; wanted: that of {subscription!r}")
    options = list(each(account, "options", "option"))
    return Told(
        held=(
            Held(Kind.ACCOUNT, named(account)),
            *(Held(Kind.ITEM, named(one)) for one in each(account, "materials", "material")),
            *(option(one) for one in options if state(one) == "ACTIVE"),
        ),
        over=tuple(option(one) for one in options if state(one) == "EXPIRED"),
    )


def each(account: etree._Element, several: str, one: str) -> Iterator[etree._Element]:
    """What the account has of a kind, each once."""
    parent = account.find(several)
    if parent is None:
        raise ValueError(f"the account comes without its {several}")
    found = parent.findall(one)
    once([named(element) for element in found])
    yield from found


def option(element: etree._Element) -> Held:
    """The right to an option."""
    ends = [element.get("start", ""), element.get("end", "")]
    return Held(Kind.SERVICE, named(element), window=window(*ends) if any(ends) else None)


def state(element: etree._Element) -> str:
    """How an option stands, which must be one of the ways that are known."""
    found = element.get("state", "")
    if found not in STATES:
        raise ValueError(f"option {named(element)} is {found!r}; wanted: one of {', '.join(sorted(STATES))}")
    return found


def named(element: etree._Element) -> str:
    """The id of an element, which must have one."""
    found = element.get("id", "")
    if not found:
        raise ValueError(f"{element.tag} has no id")
    return found
