"""Conax without lines, clock or faults: one file after the other, and what came of each."""

from datetime import datetime
from typing import NamedTuple

from simulators.conax.app import conax
from tests.simulators.conax.files import OTHER, PRODUCT

REQUESTS, DONE, REFUSED = "/autreq/req", "/autreq/ok", "/autreq/err"


class Came(NamedTuple):
    """What came of a file."""

    path: str
    content: bytes
    entry: bytes
    code: str | None
    difference: list[str]


class Desk:
    """A platform and its memory, at an instant that the test sets."""

    def __init__(self, at: datetime, **how) -> None:
        self.platform = conax(**{"products": [PRODUCT, OTHER], **how})
        self.state = self.platform.fresh(self.platform.catalogue)
        self.at = at

    def take(self, name: str, body: bytes) -> Came:
        deed = self.platform.drop.read(f"{REQUESTS}/{name}", body).perform(self.state, self.at)
        return Came(
            *(getattr(deed.answer, field) for field in ("path", "content", "entry")), deed.code, deed.difference
        )

    def held(self, card: str) -> list[str]:
        return sorted(self.state.holdings(card, self.at))
