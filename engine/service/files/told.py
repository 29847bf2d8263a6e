"""What the log of an error-handling run tells of files."""

from engine.domain.run import Counts, LogLine
from engine.service.files.found import Found
from engine.service.files.visit import Visit
from engine.service.jobs import Deed


def told(found: Found, said: str, counts: Counts | None = None, *, error: bool = False) -> Deed:
    """What is told of a file."""
    file, visit = found.file, found.visit
    what = " ".join(filter(None, (found.full_name, file.type, file.ca_id)))
    return line(visit, f"{what}: {file.records} {'record' if file.records == 1 else 'records'}, {said}", counts, error)


def wrong(found: Found, said: str) -> Deed:
    """What is told of a file that somebody should look after."""
    return told(found, said, Counts(errors=1), error=True)


def late(found: Found) -> str:
    """That a file's answer is overdue, where it is."""
    file, visit = found.file, found.visit
    limit = visit.adapter.files.overdue_after(visit.provider)
    if file.sent_date is None or visit.context.clock.now() - file.sent_date <= limit:
        return ""
    return f"; overdue, for it was sent {file.sent_date:%Y-%m-%d %H:%M} UTC"


def line(visit: Visit, said: str, counts: Counts | None = None, error: bool = False) -> Deed:  # noqa: FBT001, FBT002
    """A line of the log, with what it counts for."""
    at = visit.context.clock.now()
    return counts or Counts(), LogLine(at, "", f"{visit.provider.code}: {said}", error=error)
