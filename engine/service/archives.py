"""Archives, as users see them: listed, looked at, fetched, and deleted for good."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.domain.archive import Archive, ArchiveState
from engine.domain.errors import NotAllowedError, UnknownError
from engine.service import archive_files, archive_password
from engine.service.archive import drop
from engine.service.context import Context
from engine.service.views import Page
from engine.store import archives as store

FIELD = "archive_identifier"


@dataclass(frozen=True)
class Archives:
    """The archives of an engine."""

    context: Context

    def find(self, limit: int = 100, offset: int = 0) -> Page[Archive]:
        """A page of archives, the newest first."""
        with self.context.database.reading() as connection:
            found, total = store.find(connection, limit=limit, offset=offset)
        return Page(total, found)

    def show(self, name: str) -> Archive:
        """The archive of this name. Raises UnknownError."""
        with self.context.database.reading() as connection:
            found = store.load(connection, name)
        if found is None:
            raise UnknownError("archive", name, field=FIELD)
        return found

    def content(self, name: str) -> tuple[Archive, Iterator[bytes]]:
        """An archive, and what its file holds, block by block. Raises DomainError where there is none."""
        return self.show(name), archive_files.blocks(self.path(name))

    def delete(self, name: str, password: str) -> Archive:
        """Delete an archive for good. Raises DomainError, and then it is still there.

        Killed in between, it is listed no more, and the next deletion or archive run removes its file.
        """
        archive_password.check(self.context, password)
        found = self.show(name)
        self.path(name)
        with self.context.database.transaction() as connection:
            store.mark(connection, name)
        finish(self.context)
        return found

    def path(self, name: str) -> Path:
        """Where its file is. Raises DomainError where there is none."""
        path = self.context.archive_folder / self.show(name).name
        if not path.is_file():
            raise NotAllowedError(f"{name} is not in the archive folder {self.context.archive_folder}.", field=FIELD)
        return path


def finish(context: Context) -> None:
    """Finish all deletions that were begun. Raises DomainError where the folder can't be used."""
    with context.database.reading() as connection:
        left = [name for name, state, _run in store.unfinished(connection) if state is ArchiveState.DELETING]
    for name in left:
        with context.database.transaction() as connection:
            drop(context, connection, name, ArchiveState.DELETING)
