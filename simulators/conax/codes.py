"""Conax's words as this simulator has them: kinds of files, refusals, priorities, and the literals of files."""

from enum import StrEnum
from typing import NamedTuple


class Operation(StrEnum):
    """What can be asked for. Adding and renewing look the same on the wire."""

    ADD_SUBSCRIPTIONS = "ADD_SUBSCRIPTIONS"
    CANCEL_SUBSCRIPTIONS = "CANCEL_SUBSCRIPTIONS"
    CREATE_PAIRING = "CREATE_PAIRING"
    SEND_MAIL_MESSAGE_TO_CLIENT = "SEND_MAIL_MESSAGE_TO_CLIENT"
    SEND_BARK_MESSAGE_TO_CLIENT = "SEND_BARK_MESSAGE_TO_CLIENT"
    QUERY_STATUS = "QUERY_STATUS"


MALFORMED = "MALFORMED"
"""In place of an operation: a file that doesn't tell what it asks for."""


class Kind(StrEnum):
    """The two letters that a file's name begins with."""

    SUBSCRIBE = "ps"
    CANCEL = "cs"
    PAIR = "vp"
    MESSAGE = "gp"
    STATUS = "sc"


# fmt: off
OPERATIONS = {
    # a message is mail or bark, as its duration says
    Kind.SUBSCRIBE: Operation.ADD_SUBSCRIPTIONS,
    Kind.CANCEL:    Operation.CANCEL_SUBSCRIPTIONS,
    Kind.PAIR:      Operation.CREATE_PAIRING,
    Kind.STATUS:    Operation.QUERY_STATUS,
}
# fmt: on


class Code(StrEnum):
    """Why a file was refused."""

    ERR_NAME = "ERR_NAME"
    ERR_CAMODE = "ERR_CAMODE"
    ERR_TRANSNUM = "ERR_TRANSNUM"
    ERR_PRODUCT = "ERR_PRODUCT"
    ERR_DATES = "ERR_DATES"
    ERR_PRIORITY = "ERR_PRIORITY"
    ERR_NUMOFCARDS = "ERR_NUMOFCARDS"
    ERR_CARDNUM = "ERR_CARDNUM"
    ERR_ENDREQ = "ERR_ENDREQ"


class Wrong(NamedTuple):
    """What is wrong with a file: the code, the number of the line, and a sentence for who reads the journal."""

    code: Code
    line: int
    message: str


class Priority(StrEnum):
    """What stands in a file for how soon it is to be taken."""

    REGULAR = "U"
    EXPRESS = "01"


NONE = "U"
"""Where a file has no value."""

EMM = "EMM"
END = "ZZZ"
PAIRING = "00000001"
TEXT_MESSAGE = "00000002"
"""In place of a product."""
