"""Sending a file again that the platform has lost."""

from collections.abc import Mapping
from contextlib import closing

from engine.domain.errors import NotAllowedError
from engine.domain.file import FileState, RequestFile
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.files.filed import FIELD, find, view
from engine.service.files.found import Found, look
from engine.service.files.visit import Visit
from engine.service.views import FileView
from engine.store import files

WHERE: Mapping[str, str] = {
    "waits": "it waits there still",
    "accepted": "it was accepted, which the error-handling run takes down",
    "refused": "it was refused, which the error-handling run takes down",
}


def resend(context: Context, which: int | str, provider: str | None = None) -> FileView:
    """Let a file be sent again, under its number, by the next processing run: one that the platform has lost.

    Raises DomainError where it was not sent, was answered, is somewhere at the platform, or that can't be looked up.
    """
    refresh(context)
    with context.database.reading() as connection:
        file = find(context, connection, which, provider)
    check_sent(file)
    (where,) = context.configuration.sent_to(file.provider)
    with closing(Visit(context, where)) as visit:
        check_lost(*look(visit, [file]))
    with context.database.transaction() as connection:
        if not files.take_back(connection, file.id):
            check_sent(find(context, connection, file.id, None))
        return view(context, find(context, connection, file.id, None))


def check_sent(file: RequestFile) -> None:
    """Refuse a file that was not sent, or has been answered. Raises NotAllowedError."""
    if file.state is not FileState.SENT:
        raise NotAllowedError(f"File {file.name} is {file.state}; wanted: {FileState.SENT}.", field=FIELD)


def check_lost(found: Found) -> None:
    """Refuse a file that is somewhere at the platform. Raises NotAllowedError."""
    if found.is_there:
        where = WHERE[found.state]
        raise NotAllowedError(f"File {found.full_name} is at the platform: {where}.", field=FIELD)
