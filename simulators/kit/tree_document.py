"""Files as values, and as a JSON document has them: as text where they are text."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TOO_LATE = datetime(9900, 1, 1, tzinfo=UTC)  # later than clocks go, and with room behind it to wait


class File(NamedTuple):
    """A file: what is in it, when that was written, and when it came to stand where it stands."""

    content: bytes
    written: datetime
    came: datetime


class Later(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What will come to stand at a path, or be added to the file there, once it is time."""

    at: Instant
    path: str
    content: bytes
    added: bool = False


class FileDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file in a document: as text, or else in base64."""

    text: str | None = None
    base64: bytes | None = None
    written: Instant = LONG_AGO
    came: Instant = LONG_AGO

    def file(self) -> File:
        """The file itself. Raises ValueError."""
        if (self.text is None) is (self.base64 is None):
            raise ValueError("a file has text, or else base64")
        if max(self.written, self.came) >= TOO_LATE:
            raise ValueError("a file is of a year before 9900")
        return File((self.text or "").encode() if self.base64 is None else self.base64, self.written, self.came)


class TreeDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tree in a document."""

    folders: list[str] = []
    files: Mapping[str, FileDocument] = {}
    later: list[Later] = []
    again: dict[str, bytes] = {}


def shown(file: File) -> dict[str, Any]:
    """A file as a document has it: as text, and where it is none in base64."""
    try:
        told = {"text": file.content.decode()}
    except UnicodeDecodeError:
        told = {"base64": b64encode(file.content).decode()}
    return {**told, "written": file.written, "came": file.came}
