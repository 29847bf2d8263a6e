"""Tokens made by hand, so that they owe nothing to who reads them."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode

SECRET = "correct-horse-battery-staple-2026"
PROVIDER = "HEADEND"
ONE_O_CLOCK = 1_767_229_200  # 2026-01-01T01:00:00Z, an hour after new year
HEADER = {"alg": "HS256", "typ": "JWT"}
CLAIMS = {"exp": ONE_O_CLOCK, "userid": "T100001", "apip": PROVIDER}


def part(value: object) -> str:
    """One of a token's three parts."""
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(claims: object = CLAIMS, header: object = HEADER, secret: str = SECRET, digest=hashlib.sha256) -> str:
    """A token, signed."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part(hmac.digest(secret.encode(), signed.encode(), digest))}"
