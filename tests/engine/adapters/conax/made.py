"""Files of requests as the engine makes them, for the adapter to write."""

from datetime import UTC, datetime

from engine.adapters.conax import CONAX
from engine.domain.file import FileState, RequestFile
from engine.domain.provider import Provider
from engine.domain.request import Priority
from engine.ports import Record

NOW = datetime(2026, 11, 22, 9, 26, 33, tzinfo=UTC)
PROVIDER = Provider("conax", "Conax", "conax")


def made(type_, number=1, records=1, *, ca_id="", detail="", priority=Priority.REGULAR, provider=PROVIDER, now=NOW):
    """A file of this type, with the dates that it gets at this moment."""
    name = f"{CONAX.files.letters[type_]}{number:06d}"
    period = CONAX.files.period(provider, type_, detail, now)
    of_it = (1, "conax", number, name, type_, ca_id, detail, priority, records, FileState.MADE, now, period)
    return RequestFile(*of_it)


def written(file, *records):
    """The file's bytes."""
    return b"".join(CONAX.files.pack(PROVIDER, file, (Record(*record) for record in records)))


def sent(row, parameters):
    """The name and the bytes of the file in which a request goes alone."""
    about = CONAX.files.about(row.request, parameters)
    file = made(row.request, ca_id=about.ca_id, detail=about.detail)
    return file.name, written(file, (about.place, about.ca_id))
