"""What Conax answers to a file that it refuses: its list of errors."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from engine.adapters.conax.forms import FORMS
from engine.domain.file import RequestFile
from engine.ports import Refusal

SUFFIX = ".emm"
ABOUT_A_RECORD = "ERR_CARDNUM"
# What each code says of the line that stands behind it. The first error of a file is the only one that is told.
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "ERR_NAME": "the file's name",
        "ERR_CAMODE": "what always stands there",
        "ERR_TRANSNUM": "the transaction number, as in the file's name",
        "ERR_PRODUCT": "the product id",
        "ERR_DATES": "start or end",
        "ERR_PRIORITY": "the priority",
        "ERR_NUMOFCARDS": "the number of cards",
        "ERR_CARDNUM": "a card, or an STB",
        "ERR_ENDREQ": "the last line",
    }
)
# A line that is not ended may still be written.
ENTRY = re.compile(
    rb"^([^\r\n]+?):[ \t]*\r?\n(?:[ \t]*\r?\n)*([A-Z][A-Z0-9_]*)[ \t]+([0-9]{1,9})[ \t]*\r?\n", re.MULTILINE
)


def refusals(errors: bytes) -> list[Refusal]:
    """All whole entries of the list of errors, oldest first, names without the suffix; what is no entry is passed."""
    return [
        Refusal(name.decode("latin-1").removesuffix(SUFFIX), code.decode("ascii"), int(line))
        for name, code, line in ENTRY.findall(errors)
    ]


def record_of(file: RequestFile, refusal: Refusal) -> int | None:
    """The position of the record that a refusal is about; none, where it is about the file as a whole."""
    form = FORMS[file.type]
    position = (refusal.line - len(form.head) - 1) // form.lines_of_a_record
    return position if refusal.code == ABOUT_A_RECORD and 0 <= position < file.records else None
