"""How a platform keeps what a subscription has there: on an account, or on the subscription's devices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a physical good is to a platform that keeps services on devices."""

    ENTITLED = "entitled"
    PAIRED = "paired"
    PLAIN = "plain"


@dataclass(frozen=True)
class Keeping:
    """How a platform keeps what a subscription has.

    `roles`: for hardware types in the platform's words, which are seats (services sit on those that are ENTITLED), and
    which are PAIRED with a seat, unless the provider's hardware says otherwise. Without roles, services and items hang
    on an account. `account_ends`: the account is un-registered for good when its subscription ends. `windows`: whether
    the platform knows from when until when a usage service is watched. `account_first`: an action that only takes away
    is refused while no account is registered. `registers`: whether devices are registered there and pairs ended;
    without, they are simply there, and only what sits on them is given and taken.
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    account_ends: bool = False
    account_first: bool = False
    windows: bool = True
    registers: bool = True


ON_ACCOUNTS = Keeping()
