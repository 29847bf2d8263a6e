"""What Conax answers: its list of errors, and the status of cards."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.adapters.conax.forms import FORMS, WIRE_DIGITS
from engine.adapters.xml import read
from engine.domain.file import RequestFile
from engine.ports import Refusal

SUFFIX = ".emm"
ABOUT_A_RECORD = "ERR_CARDNUM"
# What each code says of the line that stands behind it. The first error of a file is the only one that is told.
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "ERR_NAME": "the file's name",
        "ERR_CAMODE": "what always stands there",
        "ERR_TRANSNUM": "the transaction number, as in the file's name",
        "ERR_PRODUCT": "the product id",
        "ERR_DATES": "start or end",
        "ERR_PRIORITY": "the priority",
        "ERR_NUMOFCARDS": "the number of cards",
        "ERR_CARDNUM": "a card, or an STB",
        "ERR_ENDREQ": "the last line",
    }
)
# A line that is not ended may still be written.
ENTRY = re.compile(
    rb"^([^\r\n]+?):[ \t]*\r?\n(?:[ \t]*\r?\n)*([A-Z][A-Z0-9_]*)[ \t]+([0-9]{1,9})[ \t]*\r?\n", re.MULTILINE
)


def refusals(errors: bytes) -> list[Refusal]:
    """All whole entries of the list of errors, oldest first, names without the suffix; what is no entry is passed."""
    return [
        Refusal(name.decode("latin-1").removesuffix(SUFFIX), code.decode("ascii"), int(line))
        for name, code, line in ENTRY.findall(errors)
    ]


def record_of(file: RequestFile, refusal: Refusal) -> int | None:
    """The position of the record that a refusal is about; none, where it is about the file as a whole."""
    form = FORMS[file.type]
    position = (refusal.line - len(form.head) - 1) // form.lines_of_a_record
    return position if refusal.code == ABOUT_A_RECORD and 0 <= position < file.records else None


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
    cards = root.findall("AuthorisationStatus")
    return ByCard({card.get("cardNo", "")[:WIRE_DIGITS]: {"PRODUCTS": products(card)} for card in cards})


def products(card: etree._Element) -> dict[str, str]:
    """The day on which each product of a card ends. Raises ValueError."""
    return {one.get("id", ""): end_of(one).isoformat() for one in card.findall("Product")}


def end_of(product: etree._Element) -> date:
    """The day on which a product ends. Raises ValueError."""
    end = product.find("AuthorisationEnd")
    said = ["" if end is None else end.get(part, "") for part in ("year", "month", "day")]
    try:
        return date(*map(int, said))
    except ValueError as error:
        found = "-".join(said)
        raise ValueError(f"product {product.get('id')!r} ends on {found!r}; wanted: year, month and day") from error
