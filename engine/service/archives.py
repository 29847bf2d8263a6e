"""Archives, as users see them: listed, looked at, fetched, and deleted for good."""

from collections.abc import Iterator
from pathlib import Path

from engine.domain.archive import Archive, ArchiveState
from engine.domain.errors import NotAllowedError, UnknownError
from engine.service import archive_files, archive_password
from engine.service.archive import drop
from engine.service.context import Context
from engine.service.views import Page
from engine.store import archives as store

FIELD = "archive_identifier"


def list_archives(context: Context, limit: int, offset: int) -> Page[Archive]:
    """A page of archives, the newest first."""
    with context.database.reading() as connection:
        found, total = store.find(connection, limit=limit, offset=offset)
    return Page(total, found)


def show(context: Context, name: str) -> Archive:
    """The archive of this name. Raises UnknownError."""
    with context.database.reading() as connection:
        found = store.load(connection, name)
    if found is None:
        raise UnknownError("archive", name, field=FIELD)
    return found


def path_of(context: Context, name: str) -> Path:
    """Where its file is. Raises DomainError where there is none."""
    path = context.archive_folder / show(context, name).name
    if not path.is_file():
        raise NotAllowedError(f"{name} is not in the archive folder {context.archive_folder}.", field=FIELD)
    return path


def content(context: Context, name: str) -> tuple[Archive, Iterator[bytes]]:
    """An archive, and what its file holds. Raises DomainError where there is none."""
    return show(context, name), archive_files.blocks(path_of(context, name))


def delete(context: Context, name: str, password: str) -> Archive:
    """Delete an archive for good. Raises DomainError, and then it is still there.

    Killed in between, it is listed no more, and the next deletion or archive run removes its file.
    """
    archive_password.check(context, password)
    found = show(context, name)
    path_of(context, name)
    with context.database.transaction() as connection:
        store.mark(connection, name)
    finish(context)
    return found


def finish(context: Context) -> None:
    """Finish all deletions that were begun. Raises DomainError where the folder can't be used."""
    with context.database.reading() as connection:
        left = [name for name, state, _run in store.unfinished(connection) if state is ArchiveState.DELETING]
    for name in left:
        with context.database.transaction() as connection:
            drop(context, connection, name, ArchiveState.DELETING)
