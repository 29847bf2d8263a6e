"""Tokens of subscribers: whose they are, until when, and whether it is so. No HTTP, no memory, no clock of its own."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

import jwt
import msgspec

from simulators.tucano.codes import TokenCode

ALGORITHM, TYPE = "HS256", "JWT"
SHORTEST_SECRET_BYTES = 32  # as long as the hash: RFC 7518, section 3.2
LAST_SECOND = 253_402_300_799  # of the year 9999
_BEARER = re.compile(r"bearer(?: +(.*))?", re.IGNORECASE)
_THREE_PARTS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
_SIGNATURES = jwt.PyJWS(algorithms=[ALGORITHM])


class TokenError(Exception):
    """A token that opens nothing: the platform's code, and what is wrong. The token is never in it."""

    def __init__(self, code: TokenCode, detail: str) -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail


class SecretError(ValueError):
    """Why tokens can't be checked with what was configured. The secret is never in it."""


class Claims(msgspec.Struct, frozen=True):
    """What a token says; whatever else it says is passed over."""

    exp: Annotated[int, msgspec.Meta(ge=0, le=LAST_SECOND)]
    userid: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    apip: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Token(msgspec.Struct, frozen=True):
    """A token that is what it says: the account that it is for, and the second with which it ends."""

    account: str
    end_s: int

    def check(self, at: datetime) -> None:
        """Raise TokenError from the token's end on; there is no leeway."""
        if at.timestamp() >= self.end_s:
            end = datetime.fromtimestamp(self.end_s, UTC).isoformat().replace("+00:00", "Z")
            raise TokenError(TokenCode.TOKEN_EXPIRED, end)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who makes the tokens: the secret that is shared with them, and the API provider that they write."""

    secret: str = field(repr=False)
    provider: str

    def __post_init__(self) -> None:
        """Raise SecretError where no token could ever be taken."""
        if not self.secret or not self.provider:
            raise SecretError("a JWT secret and an API provider come together, or neither does")
        if len(self.secret.encode()) < SHORTEST_SECRET_BYTES:
            raise SecretError(f"a JWT secret has at least {SHORTEST_SECRET_BYTES} bytes")
        try:
            _SIGNATURES.encode(b"", self.secret, ALGORITHM)
        except jwt.InvalidKeyError as error:
            raise SecretError(f"the JWT secret is none: {error}") from error


def issuer(secret: str | None, provider: str | None) -> Issuer | None:
    """Who makes the tokens, if somebody does. Raises SecretError."""
    return None if secret is None and provider is None else Issuer(secret or "", provider or "")


def token(authorization: str, by: Issuer | None) -> Token:
    """The token in an Authorization header, its end not looked at. Raises TokenError."""
    if by is None:
        raise TokenError(TokenCode.NO_SECRET, "no JWT secret and no API provider are configured: no order is taken")
    claims = _claims(_signed(_borne(authorization), by.secret))
    if claims.apip != by.provider:
        raise TokenError(TokenCode.TOKEN_FOREIGN, claims.apip)
    return Token(claims.userid, claims.exp)


def _borne(authorization: str) -> str:
    """The header's token: three parts, the signature perhaps empty."""
    found = _BEARER.fullmatch(authorization)
    if not found or not found[1]:
        raise TokenError(TokenCode.TOKEN_MISSING, "an order wants the header Authorization: Bearer and a token")
    if not _THREE_PARTS.fullmatch(found[1]):
        raise TokenError(TokenCode.TOKEN_MALFORMED, "a token has three parts in base64url, with dots between them")
    return found[1]


def _signed(token: str, secret: str) -> bytes:
    """The payload, if the token is signed with the secret."""
    try:
        read = _SIGNATURES.decode_complete(token, secret, algorithms=[ALGORITHM])
    except jwt.InvalidSignatureError as error:
        raise TokenError(TokenCode.TOKEN_FORGED, "the signature is not of this secret") from error
    except jwt.InvalidAlgorithmError as error:
        raise TokenError(TokenCode.TOKEN_FORGED, f"the header's alg is not {ALGORITHM}") from error
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise TokenError(TokenCode.TOKEN_MALFORMED, "a part is no base64url, or the header no JSON") from error
    if read["header"].get("typ") != TYPE:
        raise TokenError(TokenCode.TOKEN_FORGED, f"the header's typ is not {TYPE}")
    payload: bytes = read["payload"]
    return payload


def _claims(payload: bytes) -> Claims:
    try:
        return msgspec.json.decode(payload, type=Claims)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TokenError(TokenCode.TOKEN_MALFORMED, f"the payload is wrong: {error}") from error
