"""The archive password: without it nothing is moved into archives, and no archive is deleted.

It is kept in the database, so that all engines on it ask for the same, and count together what was said wrong.
"""

import hashlib
import hmac
import logging
import secrets
from datetime import timedelta

from engine.domain.errors import InvalidError, NotAllowedError, NotAuthenticatedError, TooEarlyError
from engine.domain.run import RunKind
from engine.service.context import Context
from engine.store import archive_password as store
from engine.store.database import Database

FIELD = "archive_password"
SHORTEST, LONGEST = 8, 200
LONGEST_PAUSE_S = 30
UNSET = "No archive password is set: `python -m engine archive-password` sets one."
log = logging.getLogger(__name__)


class WrongPasswordError(NotAuthenticatedError):
    """Someone who does not know the archive password."""

    code = "WRONG_PASSWORD"


def put(database: Database, password: str) -> None:
    """Set the archive password, or another one. Raises InvalidError."""
    if not (SHORTEST <= len(password) <= LONGEST and password.isprintable()):
        wanted = f"{SHORTEST} to {LONGEST} characters that can be printed"
        raise InvalidError(f"The archive password has {len(password)} characters; wanted: {wanted}.", field=FIELD)
    salt = secrets.token_hex(16)
    with database.transaction() as connection:
        store.put(connection, salt, digest(password, salt))


def digest(password: str, salt: str) -> str:
    """Scrypt, about 50 ms: people choose passwords."""
    return hashlib.scrypt(password.encode(errors="surrogatepass"), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def admit(context: Context, kind: RunKind, password: str) -> None:
    """Let a run of this kind be carried out, for which the password may be wanted. Raises as `check`."""
    if kind is RunKind.ARCHIVE:
        check(context, password)


def check(context: Context, password: str) -> None:
    """Refuse whoever does not know the archive password. Raises DomainError.

    After a failure nothing is looked at for a while, twice as long after each: one second, two, four, up to thirty.
    One password is looked at at a time, by all engines on the database; whoever comes meanwhile is too early.
    """
    if not password:
        raise WrongPasswordError("The archive password is wanted.", field=FIELD)
    refusal = None
    with context.database.transaction() as connection:
        kept, now = store.take(connection), context.clock.now()
        if kept is None:
            raise NotAllowedError(UNSET, field=FIELD)
        if kept["not_before"] and now < kept["not_before"]:
            wait_s = -((now - kept["not_before"]) // timedelta(seconds=1))
            raise TooEarlyError(f"The archive password was wrong; say it again in {wait_s} s.", field=FIELD)
        if hmac.compare_digest(digest(password, kept["salt"]), kept["hash"]):
            if kept["failures"]:
                store.note(connection, 0, None)
        else:
            failures = kept["failures"] + 1
            pause_s = min(2 ** min(failures - 1, 10), LONGEST_PAUSE_S)
            store.note(connection, failures, now + timedelta(seconds=pause_s))
            refusal = f"This is not the archive password; say it again in {pause_s} s."
    if refusal:
        context.tally.archive_password_failed()
        log.warning("The archive password was said wrong.")
        raise WrongPasswordError(refusal, field=FIELD)
