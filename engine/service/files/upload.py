"""Sending files: each is put into the platform's folder once. Whether it is there is looked up, never guessed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.domain.file import FileState, RequestFile
from engine.domain.provider import Provider
from engine.ports import Folders, FoldersError, Places, Record, Site
from engine.service.breaker import left_alone
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.files.filing import NOTHING, Filed, Queue, Unsendable, renumber
from engine.service.jobs import PAGE
from engine.service.retrying import attempts
from engine.store import files
from engine.store.filing import Keys

TURN = 0  # that of no subscription


@dataclass(frozen=True)
class SentFile:
    """A file that was sent, with what could not be in it; or why it, and all that is left, was not.

    `found`: it was at the platform already, sent by an attempt that had not come to know it.
    """

    file: RequestFile | None = None
    unsendable: tuple[Unsendable, ...] = ()
    found: bool = False
    left: str = ""


class Measured:
    """Blocks of bytes, and how many bytes have gone by."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self.size = 0
        self._blocks = iter(blocks)

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.size += len(block)
            yield block


@dataclass
class Reach:
    """A connection to a platform's folders, while it holds; and the names of what is there, without suffix."""

    context: Context
    names: set[str] = field(default_factory=set)
    _folders: Folders | None = None
    _site: Site | None = None

    def reach(self, provider: Provider, places: Places) -> Folders:
        """The folders, and what is in them now if they are reached anew. Raises FoldersError."""
        site = self.context.adapter(provider).files.site(provider)
        if self._folders is None or site != self._site:
            self.close()
            self._folders, self._site = self.context.folders.connect(site, provider.timeouts), site
            # In this order: a file that the platform takes meanwhile is in one of them all the same.
            for folder in (places.requests, places.accepted, places.refused):
                ready = (name for name in self._folders.names(folder) if name.endswith(places.ready))
                self.names.update(name.removesuffix(places.ready) for name in ready)
        return self._folders

    def close(self) -> None:
        """Hang up; what was there need not be there any more."""
        if self._folders is not None:
            self._folders.close()
        self._folders = None
        self.names.clear()


@dataclass
class Sender:
    """Sends a provider's files, one after the other: those that are left from before, then those that are made now.

    They are made of all that is due, or of that the requests with these keys; then nothing from before is sent.
    """

    context: Context
    provider: str
    until: datetime
    only: Keys | None = None
    _filed: Filed = NOTHING

    def __post_init__(self) -> None:
        self._reach = Reach(self.context)
        self._queue = Queue(self.context, self.provider, self.until, self.only)

    def next(self) -> SentFile | None:
        """Send one file. None, where there is none; after one that is `left` nothing more is to be tried for a while.

        Others may have their turn after each. Raises DomainError.
        """
        context, code = self.context, self.provider
        with context.turns.of((None, code)), context.database.turn(TURN, code):
            refresh(context)
            provider = context.provider(code)
            if not provider.effective:
                return SentFile(left=f"{code} is NOT_EFFECTIVE: nothing is sent to it.")
            if not self._is_anything():
                return None
            if not context.breakers.allows(code, provider.breaker, context.clock.now()):
                return SentFile(left=left_alone(code))
            return self._persist(provider)

    def close(self) -> None:
        """Hang up."""
        self._reach.close()

    def _is_anything(self) -> bool:
        """Whether there is a file to be sent, or may be one. One that was made before is taken in hand."""
        if self._filed.file is None and self.only is None:
            with self.context.database.reading() as connection:
                made = files.in_state(connection, self.provider, FileState.MADE, limit=1)
            self._filed = Filed(made[0]) if made else self._filed
        return self._filed.file is not None or not self._queue.is_empty()

    def _persist(self, provider: Provider) -> SentFile | None:
        """Try until the file is sent, or the provider's retry settings are used up."""
        why = ""
        for _ in attempts(self.context.clock, provider.retry):
            try:
                done = self._attempt(provider)
            except FoldersError as error:
                why = str(error)
                if not error.refused:
                    self._reach.close()
                if self._failed(provider, answered=error.refused):
                    break
            else:
                self._failed(provider, answered=True)
                return done
        return SentFile(*self._filed, left=f"{provider.code}: {why}")

    def _failed(self, provider: Provider, *, answered: bool) -> bool:
        """Note how an attempt went. Says whether the platform is to be left alone meanwhile."""
        now = self.context.clock.now()
        self.context.breakers.note(provider.code, provider.breaker, now, answered=answered)
        return self.context.breakers.is_open(provider.code, now)

    def _attempt(self, provider: Provider) -> SentFile | None:
        """Send the file that is in hand, or the next. Raises FoldersError."""
        places = self.context.adapter(provider).files.places(provider)
        folders = self._reach.reach(provider, places)
        if self._filed.file is None:
            self._filed = self._queue.next(provider, self._reach.names) or NOTHING
        file, unsendable = self._filed
        if file is None:
            self._filed = NOTHING
            return SentFile(unsendable=unsendable) if unsendable else None
        found = file.begun and file.name in self._reach.names
        if not found:
            if file.name in self._reach.names:  # that is somebody else's
                file = renumber(self.context, provider, file, self._reach.names)
            file = self._put(provider, folders, places, file)
        file = self._note(file, state=FileState.SENT, sent_date=self.context.clock.now())
        self._reach.names.add(file.name)
        self._filed = NOTHING
        return SentFile(file, unsendable, found=found)

    def _put(self, provider: Provider, folders: Folders, places: Places, file: RequestFile) -> RequestFile:
        """Put the file into the platform's folder; first it is on disk that a part of it may be there."""
        if not file.begun:
            errors_from = folders.size(places.errors)
            file = self._note(file, durable=True, begun=True, errors_from=errors_from)
        path = f"{places.requests}/{file.name}"
        words = self.context.adapter(provider).files
        content = Measured(words.pack(provider, file, records(self.context, file)))
        folders.write(path + places.unready, content)
        found = folders.size(path + places.unready)
        if found != content.size:
            raise FoldersError("HALF_A_FILE", f"Of {content.size} bytes {found} are there.", refused=True)
        folders.rename(path + places.unready, path + places.ready)
        return file

    def _note(self, file: RequestFile, *, durable: bool = False, **come: Any) -> RequestFile:
        """Write down how far the file has come; it stays in hand."""
        with self.context.database.transaction(durable=durable) as connection:
            files.change(connection, file.id, **come)
        come_so_far = replace(file, **come)
        self._filed = self._filed._replace(file=come_so_far)
        return come_so_far


def send_files(
    context: Context,
    provider: Provider,
    *,
    until: datetime,
    only: Keys | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[SentFile]:
    """Send a provider's files: all that is due, or of that the requests with these keys. Ends with what is `left`."""
    with closing(Sender(context, provider.code, until, only)) as sender:
        while not stop():
            done = sender.next()
            if done is None:
                return
            yield done
            if done.left:
                return


def records(context: Context, file: RequestFile) -> Iterator[Record]:
    """A file's records, a page at once."""
    after = ("", 0)
    while True:
        with context.database.reading() as connection:
            found, after = files.records(connection, file.id, after, PAGE)
        yield from found
        if len(found) < PAGE:
            return
