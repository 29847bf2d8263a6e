"""The tokens by which those who call the Web API are known: made, listed, revoked, recognised.

A token is 256 random bits, so that its SHA-256 tells nothing of it: no salt and no slow hash would add to that.
"""

import hmac
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.ports import Clock
from engine.store import tokens
from engine.store.database import Database

PREFIX = "hd_"  # so that a token is known for one wherever it is found
BYTES = 32
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
TRUSTED_FOR = timedelta(seconds=1)
TOUCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Token:
    """What is known of a caller's token; the token itself is known to the caller alone."""

    name: str
    created_date: datetime
    last_used_date: datetime | None
    revoked_date: datetime | None


def make() -> str:
    """A token that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()


def create(database: Database, clock: Clock, name: str) -> str:
    """A new token for the caller of this name: it is given here, and never again. Raises DomainError."""
    if not NAME.fullmatch(name):
        wanted = "1 to 64 letters, digits and . _ @ -, a letter or a digit first"
        raise InvalidError(f"name is {name[:100]!r}; wanted are {wanted}.", field="name")
    token = make()
    with database.transaction() as connection:
        found = tokens.find(connection, name)
        if found:
            state = "revoked already; choose another name" if found["revoked_date"] else "in use"
            raise NotAllowedError(f"There is a token {name}, {state}.", field="name")
        tokens.add(connection, name, digest(token), clock.now())
    return token


def everyone(database: Database) -> list[Token]:
    """All tokens that were ever made, revoked ones too."""
    with database.reading() as connection:
        return [
            Token(row["name"], row["created_date"], row["last_used_date"], row["revoked_date"])
            for row in tokens.everyone(connection)
        ]


def revoke(database: Database, clock: Clock, name: str) -> None:
    """Let a token be of no use any more, within a second, for good. Twice changes nothing. Raises UnknownError."""
    with database.transaction() as connection:
        if not tokens.find(connection, name):
            names = [row["name"] for row in tokens.everyone(connection)]
            raise UnknownError("token", name, names, field="name")
        tokens.revoke(connection, name, clock.now())


class Doorkeeper:
    """Knows the tokens that are valid: those in the database, and one that the process was given.

    What the database has said is trusted for a second, so that a caller who calls often costs it nothing. A token is
    looked up by its hash: how long that takes says nothing about any other.
    """

    def __init__(self, database: Database, clock: Clock, given: str = "") -> None:
        self._database = database
        self._clock = clock
        self._given = digest(given) if given else ""
        self._seen: dict[str, datetime] = {}
        self._guard = threading.Lock()

    def knows(self, token: str) -> bool:
        """Whether the token is valid now."""
        hashed = digest(token)
        if hmac.compare_digest(hashed, self._given):
            return True
        now = self._clock.now()
        seen = self._seen.get(hashed)
        if seen is not None and seen <= now < seen + TRUSTED_FOR:
            return True
        return self._look(hashed, now)

    def _look(self, hashed: str, now: datetime) -> bool:
        """Ask the database, and write down now and then that the token is used."""
        with self._database.reading() as connection:
            found = tokens.valid(connection, hashed)
        with self._guard:
            self._seen.pop(hashed, None)
            if found:
                self._seen[hashed] = now
        if found and (found[1] is None or now - found[1] >= TOUCHED_EVERY):
            with self._database.transaction(durable=False) as connection:
                tokens.touch(connection, found[0], now)
        return found is not None
