"""Irdeto's words as this simulator has them: operations, refusals, kinds of questions, and the defaults of devices."""

from enum import StrEnum


class Operation(StrEnum):
    """What can be asked for."""

    REGISTER_SECURE_CLIENT = "REGISTER_SECURE_CLIENT"
    DEREGISTER_SECURE_CLIENT = "DEREGISTER_SECURE_CLIENT"
    PAIR = "PAIR"
    UNPAIR = "UNPAIR"
    ADD_ENTITLEMENTS = "ADD_ENTITLEMENTS"
    REMOVE_ENTITLEMENTS = "REMOVE_ENTITLEMENTS"
    SEND_MESSAGE = "SEND_MESSAGE"
    SET_PIN = "SET_PIN"
    RESET_PIN = "RESET_PIN"
    QUERY_SECURE_CLIENT = "QUERY_SECURE_CLIENT"
    REAUTHORISE_SECTOR = "REAUTHORISE_SECTOR"


class Code(StrEnum):
    """Why it was refused."""

    UNKNOWN_SECURE_CLIENT = "UNKNOWN_SECURE_CLIENT"
    UNKNOWN_SMARTCARD = "UNKNOWN_SMARTCARD"
    UNKNOWN_PRODUCT = "UNKNOWN_PRODUCT"
    ALREADY_PAIRED = "ALREADY_PAIRED"
    NOT_PAIRED = "NOT_PAIRED"
    INVALID_PIN = "INVALID_PIN"
    INVALID_TEXT = "INVALID_TEXT"
    UNKNOWN_KIND = "UNKNOWN_KIND"
    SECURE_CLIENT_IN_USE = "SECURE_CLIENT_IN_USE"
    MALFORMED = "MALFORMED"
    TRANSACTION_REUSED = "TRANSACTION_REUSED"


# fmt: off
SENTENCES = {
    # what a fault says, before what it is about
    Code.UNKNOWN_SECURE_CLIENT: "there is no such secure client",
    Code.UNKNOWN_SMARTCARD:     "there is no such smartcard",
    Code.UNKNOWN_PRODUCT:       "there is no such CA ID",
    Code.ALREADY_PAIRED:        "one of the two is paired already",
    Code.NOT_PAIRED:            "these two are not paired",
    Code.INVALID_PIN:           "a PIN has four digits",
    Code.INVALID_TEXT:          "the text can't be sent",
    Code.UNKNOWN_KIND:          "there is nothing of this kind to ask for",
    Code.SECURE_CLIENT_IN_USE:  "the secure client is registered to another subscription",
    Code.MALFORMED:             "the contract is broken",
    Code.TRANSACTION_REUSED:    "this transactionId came before with another body",
}
# fmt: on


class Kind(StrEnum):
    """What can be asked of a secure client."""

    PAIRING = "PAIRING"
    ENTITLEMENTS = "ENTITLEMENTS"
    BASIC = "BASIC"
    SECURITY = "SECURITY"
    ANCHORING = "ANCHORING"
    TMS_ATTRIBUTE = "TMS_ATTRIBUTE"
    SECTOR = "SECTOR"
    PVR = "PVR"
    DEVICE_DOMAIN = "DEVICE_DOMAIN"


class MessageType(StrEnum):
    """Where a message goes: to the mailbox, or onto the screen."""

    MAIL = "MAIL"
    MESSAGE = "MESSAGE"


class TextMode(StrEnum):
    """How the text of a message is written."""

    ANSI = "ANSI"
    UNICODE = "UNICODE"
    RAW = "RAW"


ALL = "ALL"
"""In place of a secure client: every one that is registered."""

DEFAULT_PIN = "0001"
"""The PIN of a device before anybody sets one."""
