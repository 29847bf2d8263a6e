"""Answers as bytes: the entry in the log, and what takes the place of a question."""

from collections.abc import Iterable
from datetime import datetime

from simulators.conax.codes import Wrong


def logged(name: str, wrong: Wrong) -> bytes:
    """The entry in errors.txt for a file that was refused."""
    return f"{name}:\r\n{wrong.code} {wrong.line}\r\n".encode()


def statuses(held: Iterable[tuple[str, Iterable[tuple[str, datetime]]]]) -> bytes:
    """The answer to a question: cards, with their products and when each ends."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<AuthorisationStatuses>"]
    for card, products in held:
        lines.append(f'  <AuthorisationStatus cardNo="{card}">')
        lines.extend(f'    <Product id="{product}">{_end(at)}</Product>' for product, at in products)
        lines.append("  </AuthorisationStatus>")
    return "\r\n".join([*lines, "</AuthorisationStatuses>", ""]).encode()


def _end(at: datetime) -> str:
    return f'<AuthorisationEnd day="{at.day}" month="{at.month}" year="{at.year}"/>'
