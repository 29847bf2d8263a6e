"""What Icareus says that a subscriber has."""

import json
from collections.abc import Mapping
from typing import Any

from engine.adapters.answers import once
from engine.adapters.icareus.replies import said
from engine.domain.audit import Told
from engine.domain.rights import Held, Kind
from engine.ports import Reply


def holdings(reply: Reply, subscription: str, _subject: str) -> Told:
    """The account with its devices and products. Raises ValueError, with a sentence."""
    user = json.loads(reply.body).get("user")
    if not isinstance(user, dict) or user.get("screenName") != subscription:
        raise ValueError(f"the answer shows no user {subscription!r}")
    account = said(user, "userId")
    if not (account and account.isprintable()):
        raise ValueError(f"the user {subscription!r} comes without a userId")
    return Told(
        (
            Held(Kind.ACCOUNT, account),
            *(Held(Kind.ITEM, device) for device in listed(user, "devices")),
            *(Held(Kind.SERVICE, product) for product in listed(user, "products")),
        )
    )


def listed(user: Mapping[str, Any], name: str) -> list[str]:
    """A list of ids that the user has, each once. JSON may hold what no database can."""
    found = user.get(name)
    if not isinstance(found, list) or not all(isinstance(one, str) and one and one.isprintable() for one in found):
        raise ValueError(f"the user comes without a list of {name}")
    return once(found)
