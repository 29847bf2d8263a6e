"""The token with which a subscriber orders at Tucano."""

from datetime import datetime, timedelta

import jwt

from engine.adapters.tucano.connection import token_life_minutes
from engine.domain.errors import NotAllowedError
from engine.domain.provider import Provider

SIGNING = ("jwt_secret", "api_provider")


def subscriber_token(provider: Provider, account: str, now: datetime) -> str:
    """A JWT for the account: `exp`, `userid`, `apip`, signed with the provider's secret by HS256.

    Raises NotAllowedError where the provider has no secret, or no API provider.
    """
    connection = provider.connection
    missing = [name for name in SIGNING if not connection.get(name)]
    if missing:
        raise NotAllowedError(f"Provider {provider.code} takes no orders: connection.{missing[0]} is wanted.")
    life = timedelta(minutes=token_life_minutes(connection))
    payload = {"exp": int((now + life).timestamp()), "userid": account, "apip": connection["api_provider"]}
    return jwt.encode(payload, connection["jwt_secret"], algorithm="HS256", headers={"typ": "JWT"})
