"""What is sold, and which cards there are. Values, as they stand in files and as people write them."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

Card = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{11}$(?!\n)")]
Product = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{8}$(?!\n)")]
_PRODUCT = re.compile(r"[0-9]{1,8}")
_CARD = re.compile(r"([0-9]{11})[0-9]?")


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The products that exist; and the cards in stock, where somebody counts them (None: any is welcome)."""

    products: frozenset[Product] = frozenset()
    cards: frozenset[Card] | None = None


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same as people write it."""

    products: frozenset[str] = frozenset()
    cards: frozenset[str] | None = None


def catalogue(told: Mapping[str, Any]) -> Catalogue:
    """A catalogue of products without leading zeros and cards as they are printed. Raises ValueError."""
    try:
        known = msgspec.convert(told, _Told)
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no catalogue of Conax's: {error}") from error
    cards = None if known.cards is None else frozenset(map(_card, known.cards))
    return Catalogue(frozenset(map(_product, known.products)), cards)


def _product(id_: str) -> str:
    if not _PRODUCT.fullmatch(id_):
        raise ValueError(f"a product has up to 8 digits, and {id_!r} has not")
    return id_.zfill(8)


def _card(id_: str) -> str:
    found = _CARD.fullmatch(id_)
    if found is None:
        raise ValueError(f"a card has 12 digits, or the 11 before the check digit, and {id_!r} has not")
    return found[1]
