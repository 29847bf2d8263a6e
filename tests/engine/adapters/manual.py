"""What a platform's manual says of its requests, written out by hand, for the tests to hold beside the tables."""

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.domain.gap import Gap
from engine.domain.subscription import Subscriber, Subscription
from engine.ports import Row

SUBSCRIPTION = Subscription("S1", Subscriber("Ada", "Lovelace"))


class Request(NamedTuple):
    """One request: the platform's command, what alone calls for it, what each one concerns, and what it changes.

    `concerns` is said for the gap in which everything is missing and everything is too much.
    """

    command: str
    called_for_by: dict[str, Any]
    concerns: list[tuple[str, ...]]
    changes: str


class Manual(NamedTuple):
    """A platform's manual: its requests in the order of sending, and what each action sends where all is missing.

    `without_account` are the requests that need none. `command_of` finds the command's name in a message, or in a file:
    where the platform takes files, `sent(row, parameters)` gives the one in which a request goes alone.
    """

    everything: Gap
    requests: dict[str, Request]
    without_account: set[str]
    sequences: dict[str, list[str]]
    connection: dict[str, str]
    command_of: Callable[[Any], str]
    sent: Callable[[Row, dict[str, Any]], Any] | None = None
