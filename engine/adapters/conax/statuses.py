"""What Conax answers where the status of cards was asked for."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from lxml import etree

from engine.adapters.answers import once
from engine.adapters.conax.dates import LAST_MINUTE
from engine.adapters.conax.forms import WIRE_DIGITS
from engine.adapters.xml import read
from engine.domain.audit import Told
from engine.domain.rights import Held, Kind


class ByCard(Mapping[str, Any]):
    """Answers by card: each is found by the 12 digits that are printed on it as well as by those that are sent."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers

    def __getitem__(self, card: str) -> Any:
        return self.answers[card[:WIRE_DIGITS]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)


def answers(content: bytes) -> ByCard:
    """Products and the days on which they end, by card. Raises ValueError, with a sentence, for what can't be read."""
    try:
        root = read(content)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error.msg}") from error
    if root.tag != "AuthorisationStatuses":
        raise ValueError(f"found {root.tag!r}; wanted: AuthorisationStatuses")
    found: dict[str, Any] = {}
    for card in root.findall("AuthorisationStatus"):
        number, status = card.get("cardNo", "")[:WIRE_DIGITS], {"PRODUCTS": products(card)}
        if not number or found.setdefault(number, status) != status:
            raise ValueError(f"card {number!r} is told of twice, not alike" if number else "a status has no cardNo")
    return ByCard(found)


def products(card: etree._Element) -> dict[str, str]:
    """The day on which each product of a card ends, each once. Raises ValueError."""
    found = card.findall("Product")
    if "" in once([one.get("id", "") for one in found]):
        raise ValueError("a product has no id")
    return {one.get("id", ""): end_of(one).isoformat() for one in found}


def end_of(product: etree._Element) -> date:
    """The day on which a product ends. Raises ValueError."""
    end = product.find("AuthorisationEnd")
    said = ["" if end is None else end.get(part, "") for part in ("year", "month", "day")]
    try:
        return date(*map(int, said))
    except ValueError as error:
        found = "-".join(said)
        raise ValueError(f"product {product.get('id')!r} ends on {found!r}; wanted: year, month and day") from error


def holdings(card: str, answer: Mapping[str, Any]) -> Told:
    """What is held on a card by its answer: products, each until the last minute of its day. Pairs are not told."""
    ends = {product: date.fromisoformat(day) for product, day in answer["PRODUCTS"].items()}
    return Told(
        tuple(
            Held(Kind.SERVICE, product, place=card, until=datetime.combine(end, LAST_MINUTE))
            for product, end in ends.items()
        )
    )
