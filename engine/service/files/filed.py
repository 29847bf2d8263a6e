"""Files of requests, as users see them: by the page, or one of them with its text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.file import FileState, RequestFile
from engine.domain.provider import Provider
from engine.service.context import Context
from engine.service.files.upload import records
from engine.service.reading import check_filters
from engine.service.views import FileView, Page
from engine.store import files

FILTERS = ("provider", "name", "type", "state", "overdue", "id")
FIELD = "file_identifier"


def list_files(context: Context, filters: Mapping[str, Any], limit: int, offset: int) -> Page[FileView]:
    """A page of files, in the order of their making. Raises DomainError for a filter or a provider not known."""
    check_filters(filters, FILTERS, "state", FileState)
    if "provider" in filters:
        context.provider(filters["provider"])
    conditions = {name: value for name, value in filters.items() if name != "overdue"}
    if "name" in filters:
        conditions["name"] = bare(filters["name"])
    if filters.get("overdue"):
        conditions |= {"state": FileState.SENT, "cleared": False, files.SENT_BEFORE: overdue_before(context)}
    with context.database.reading() as connection:
        total = files.count(connection, conditions)
        found = files.find(connection, conditions, limit=limit, offset=offset)
    return Page(total, [view(context, one) for one in found])


def overdue_before(context: Context) -> dict[str, datetime]:
    """The moments before which what was sent, and was not answered, is overdue; by provider."""
    found = ((code, provider, context.adapter(provider)) for code, provider in context.providers.items())
    now = context.clock.now()
    return {code: now - one.files.overdue_after(provider) for code, provider, one in found if one.takes_files}


def count_overdue(context: Context, connection: Connection, provider: str) -> int:
    """How many files of a provider are overdue."""
    moments = {provider: overdue_before(context)[provider]}
    late = {"provider": provider, "cleared": False, "state": FileState.SENT, files.SENT_BEFORE: moments}
    return files.count(connection, late)


def bare(name: str) -> str:
    """A file's name without a suffix."""
    return name.partition(".")[0]


def show_file(context: Context, which: int | str, provider: str | None = None, *, text: bool = False) -> FileView:
    """A file, by its id or its name, perhaps with its text, which is made again of its requests. Raises DomainError."""
    with context.database.reading() as connection:
        file = find(context, connection, which, provider)
        left = files.record_count(connection, file.id)
    if text and left < file.records:
        gone = f"{file.records - left} of its {file.records} requests went on to other files"
        raise NotAllowedError(f"The text of {file.name} can't be made again: {gone}.", field="text")
    return view(context, file, content(context, file) if text else None)


def find(context: Context, connection: Connection, which: int | str, provider: str | None) -> RequestFile:
    """The file of this id, or the newest of this name. Raises DomainError, also where two providers have one."""
    codes = [context.provider(provider).code] if provider else list(context.providers)
    if isinstance(which, int):
        found = files.load(connection, which)
        if found is None or found.provider not in codes:
            raise UnknownError("file", str(which), field=FIELD)
        return found
    newest = [one for code in codes for one in files.newest(connection, code, [bare(which)]).values()]
    if not newest:
        raise UnknownError("file", which, field=FIELD)
    if len(newest) > 1:
        wanted = " or ".join(one.provider for one in newest)
        raise InvalidError(f"{bare(which)} is a file of several providers; wanted: {wanted}.", field="provider")
    return newest[0]


def content(context: Context, file: RequestFile) -> str:
    """A file's text."""
    provider = context.provider(file.provider)
    words = context.adapter(provider).files
    encoding = words.site(provider).encoding
    return b"".join(words.pack(provider, file, records(context, file))).decode(encoding, "replace")


def view(context: Context, file: RequestFile, text: str | None = None) -> FileView:
    """A file as users see it."""
    provider = context.provider(file.provider)
    start, end = file.period or (None, None)
    return FileView(
        id=file.id,
        provider=file.provider,
        name=file.name + context.adapter(provider).files.places(provider).ready,
        type=file.type,
        ca_id=file.ca_id,
        priority=file.priority,
        records=file.records,
        state=file.state,
        start=start,
        end=end,
        made_date=file.made_date,
        sent_date=file.sent_date,
        answered_date=file.answered_date,
        reference_number=f"{file.number:06d}",
        code=file.code,
        line=file.line,
        overdue=is_overdue(context, provider, file),
        text=text,
    )


def is_overdue(context: Context, provider: Provider, file: RequestFile) -> bool:
    """Whether a file was sent longer ago than an answer may take."""
    if file.state is not FileState.SENT or file.sent_date is None:
        return False
    return file.sent_date < context.clock.now() - context.adapter(provider).files.overdue_after(provider)
