"""HTTP Basic credentials, compared in constant time."""

from base64 import b64encode
from hmac import compare_digest


def basic(user: str, password: str) -> str:
    """The Authorization header's value for a user and a password."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def same(found: str, wanted: str) -> bool:
    """Whether two secrets are one, in a time that doesn't tell how much of them is."""
    return compare_digest(found.encode("utf-8", "surrogateescape"), wanted.encode())
