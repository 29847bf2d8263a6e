"""Tucano's own words, verbatim: its commands and its refusals."""

from enum import StrEnum


class Command(StrEnum):
    """What can be asked for."""

    CREATE_ACCOUNT = "CREATE_ACCOUNT"
    ADD_MATERIAL = "ADD_MATERIAL"
    REMOVE_MATERIAL = "REMOVE_MATERIAL"
    SUSPEND_OPTIONS = "SUSPEND_OPTIONS"
    ACTIVATE_OPTIONS = "ACTIVATE_OPTIONS"
    GET_ACCOUNT = "GET_ACCOUNT"


class Code(StrEnum):
    """Why it was refused; the error's text is what the comment says."""

    ACCOUNT_EXISTS = "ACCOUNT_EXISTS"  # the account the subscriber has already
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"  # the account asked for
    UNKNOWN_OPTION = "UNKNOWN_OPTION"  # the first option that isn't in the catalogue
    UNKNOWN_MATERIAL = "UNKNOWN_MATERIAL"  # the material that isn't in stock
    MATERIAL_IN_USE = "MATERIAL_IN_USE"  # the material registered to another account
    MALFORMED = "MALFORMED"  # what breaks the contract, and where
    UNSUPPORTED_ENCODING = "UNSUPPORTED_ENCODING"  # the character set asked for, and those there are
    REFERENCE_REUSED = "REFERENCE_REUSED"  # the reference that came before with another body


class OptionState(StrEnum):
    """How an option stands on an account."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
