"""Ids that Conax can read."""

import re

from engine.domain.keeping import Role

PRODUCT_DIGITS = 8
PRODUCT, DEVICE = re.compile(r"[0-9]{1,8}"), re.compile(r"[0-9]{11,12}")


def product(ca_id: str) -> str:
    """What is wanted instead of an id that no product has."""
    return "" if PRODUCT.fullmatch(ca_id) else "a product id of 1 to 8 digits"


def product_there(ca_id: str) -> str:
    """The product's id as it is in files."""
    return ca_id.zfill(PRODUCT_DIGITS)


def device(role: Role, ca_id: str) -> str:
    """What is wanted instead of an id that no card and no STB has."""
    return "" if role is Role.PLAIN or DEVICE.fullmatch(ca_id) else "11 or 12 digits"
