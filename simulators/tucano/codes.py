"""Tucano's own words, verbatim: its commands, the order of a subscriber, and its refusals."""

# ruff: noqa: S105 - the names of codes are no secrets

from enum import StrEnum


class Command(StrEnum):
    """What can be asked for."""

    CREATE_ACCOUNT = "CREATE_ACCOUNT"
    ADD_MATERIAL = "ADD_MATERIAL"
    REMOVE_MATERIAL = "REMOVE_MATERIAL"
    SUSPEND_OPTIONS = "SUSPEND_OPTIONS"
    ACTIVATE_OPTIONS = "ACTIVATE_OPTIONS"
    GET_ACCOUNT = "GET_ACCOUNT"


ORDER = "ORDER"
"""What a subscriber asks for, with a token of theirs and not with the CRM's password."""


class Code(StrEnum):
    """Why it was refused; the error's text is what the comment says."""

    ACCOUNT_EXISTS = "ACCOUNT_EXISTS"  # the account the subscriber has already
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"  # the account asked for, or the subscriber
    UNKNOWN_OPTION = "UNKNOWN_OPTION"  # the first option that isn't in the catalogue
    UNKNOWN_MATERIAL = "UNKNOWN_MATERIAL"  # the material that isn't in stock
    MATERIAL_IN_USE = "MATERIAL_IN_USE"  # the material registered to another account
    MALFORMED = "MALFORMED"  # what breaks the contract, and where
    UNSUPPORTED_ENCODING = "UNSUPPORTED_ENCODING"  # the character set asked for, and those there are
    REFERENCE_REUSED = "REFERENCE_REUSED"  # the reference that came before with another body


class TokenCode(StrEnum):
    """Why an order was refused for the token that came with it, or did not; the text likewise."""

    NO_SECRET = "NO_SECRET"  # that this Tucano has been told no secret to check tokens with
    TOKEN_MISSING = "TOKEN_MISSING"  # what is wanted
    TOKEN_MALFORMED = "TOKEN_MALFORMED"  # what is wrong, and never the token
    TOKEN_FORGED = "TOKEN_FORGED"  # likewise
    TOKEN_FOREIGN = "TOKEN_FOREIGN"  # the API provider that the token names
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # since when


CODES: tuple[str, ...] = (*Code, *TokenCode)
"""All of them."""


class OptionState(StrEnum):
    """How an option stands on an account."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
