"""Access tokens: by what a subscriber shows who he is. Kept as hashes; what is said is never repeated."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine.domain.errors import InvalidError, NotAllowedError, NotAuthenticatedError
from engine.service.act import find
from engine.service.context import Context
from engine.store import access

FIELD = "access_token_identifier"
WANTED = "wanted is {authentication_code}, or {identifier, pass_code}"
NOBODY = ("", "00", "00")  # is checked as well, so that an unknown identifier takes as long as a wrong pass code


@dataclass(frozen=True)
class AccessToken:
    """An authentication code alone, or an identifier with its pass code."""

    authentication_code: str = field(default="", repr=False)
    identifier: str = ""
    pass_code: str = field(default="", repr=False)

    def check(self) -> None:
        """Refuse any other combination. Raises InvalidError."""
        if bool(self.authentication_code) == bool(self.identifier):
            raise InvalidError(f"{FIELD}: exactly one is {WANTED.removeprefix('wanted is ')}.", field=FIELD)
        if bool(self.identifier) != bool(self.pass_code):
            raise InvalidError(f"{FIELD}: a pass code and an identifier go together; {WANTED}.", field=FIELD)


def grant(context: Context, number: str, token: AccessToken) -> None:
    """Let a token open a subscription. Twice changes nothing, but that a new pass code takes the place of the old.

    Raises NotAllowedError where another subscription has it.
    """
    token.check()
    with context.database.transaction() as connection:
        key, _subscription = find(connection, number, lock=True)
        try:
            access.put(connection, key, **hashed(token))
        except IntegrityError as error:
            raise NotAllowedError("Another subscription has this access token.", field=FIELD) from error


def hashed(token: AccessToken) -> dict[str, str]:
    """The columns that hold a token. An authentication code is looked up by its hash, so that this has no salt."""
    if token.authentication_code:
        return {"authentication_code_hash": code_hash(token.authentication_code)}
    salt = secrets.token_hex(16)
    return {
        "identifier": token.identifier,
        "pass_code_salt": salt,
        "pass_code_hash": pass_code_hash(token.pass_code, salt),
    }


def opened(connection: Connection, token: AccessToken) -> str:
    """The number of the subscription that the token opens. Raises NotAuthenticatedError."""
    token.check()
    if token.authentication_code:
        number = access.by_code(connection, code_hash(token.authentication_code))
    else:
        found, salt, kept = access.by_identifier(connection, token.identifier) or NOBODY
        number = found if hmac.compare_digest(pass_code_hash(token.pass_code, salt), kept) else None
    if not number:
        raise NotAuthenticatedError("The access token is not known, or its pass code is another.", field=FIELD)
    return number


def code_hash(code: str) -> str:
    """SHA-256: a code is long and random."""
    return hashlib.sha256(code.encode()).hexdigest()


def pass_code_hash(pass_code: str, salt: str) -> str:
    """Scrypt, about 50 ms: a pass code is short."""
    return hashlib.scrypt(pass_code.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
