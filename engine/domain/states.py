"""Life-cycle states, and what each means for the signal."""

from enum import StrEnum


class State(StrEnum):
    """State of a subscription, of a service, or of a bundle component."""

    DRAFT = "DRAFT"
    EFFECTIVE = "EFFECTIVE"
    SHORT_TERM_EFFECTIVE = "SHORT_TERM_EFFECTIVE"
    NOT_EFFECTIVE = "NOT_EFFECTIVE"
    SHORT_TERM_NOT_EFFECTIVE = "SHORT_TERM_NOT_EFFECTIVE"
    IN_RESTING = "IN_RESTING"
    CANCELLED = "CANCELLED"
    REGRETTED = "REGRETTED"
    SWAPPED = "SWAPPED"
    REMOVED = "REMOVED"


class ItemState(StrEnum):
    """State of an installed item: effective from the first time that its subscription is on."""

    EFFECTIVE = "EFFECTIVE"
    NOT_EFFECTIVE = "NOT_EFFECTIVE"


ON = frozenset({State.EFFECTIVE, State.SHORT_TERM_EFFECTIVE})
FINAL = frozenset({State.CANCELLED, State.REGRETTED, State.SWAPPED, State.REMOVED})
LIVE = frozenset(State) - FINAL
SUBSCRIPTION_STATES = frozenset(State) - {State.SWAPPED, State.REMOVED}
