"""Time and platforms for tests of the engine: the one passes only by waiting, the others do as they were told."""

import re
import threading
from collections import deque
from datetime import UTC, datetime, timedelta

from engine.ports import FoldersError, Reply

NOON = datetime(2030, 6, 15, 12, tzinfo=UTC)


class FakeClock:
    """Time that passes only by waiting, and remembers each wait."""

    def __init__(self):
        self.at = NOON
        self.waits = []
        self._lock = threading.Lock()

    def now(self):
        return self.at

    def sleep(self, seconds):
        with self._lock:
            self.at += timedelta(seconds=seconds)
            if seconds:
                self.waits.append(seconds)


class FakePlatform:
    """A transport that answers as it was told, and says yes otherwise. Commands are `(name, reference)`."""

    def __init__(self):
        self.answers = deque()
        self.messages = []
        self.before_answer = lambda _message: None
        self._lock = threading.Lock()

    def answer_with(self, *answers):
        self.answers.extend(answers)

    @property
    def commands(self):
        return [self.read(message) for message in self.messages]

    @property
    def names(self):
        return [name for name, _reference in self.commands]

    @staticmethod
    def read(message):
        return re.search(r'<command name="(\w+)" reference="(\w+)"', message.body.decode()).groups()

    def send(self, message, _timeouts):
        self.before_answer(message)
        with self._lock:
            self.messages.append(message)
            answer = self.answers.popleft() if self.answers else accepted
        return answer(message) if callable(answer) else answer

    def close(self):
        pass


def accepted(message):
    name, reference = FakePlatform.read(message)
    account = '<account id="T1"/>' if name == "CREATE_ACCOUNT" else ""
    return Reply(
        200, "OK", {}, f'<response reference="{reference}" status="ACCEPTED" id="TX-1">{account}</response>'.encode()
    )


def rejected(code, text="why"):
    def answer(message):
        _name, reference = FakePlatform.read(message)
        error = f'<error code="{code}">{text}</error>'
        return Reply(
            200, "OK", {}, f'<response reference="{reference}" status="REJECTED" id="TX-2">{error}</response>'.encode()
        )

    return answer


LOST = FoldersError("CONNECTION_LOST", "They hung up.")
SAID_NO = FoldersError("REFUSED", "550 No.", refused=True)


class FakeSite:
    """A platform's folders, in memory; `journal` has what was done, as `(operation, path)`. It breaks as it was told.

    `before` is called with each operation and its path before it happens, wherever it breaks then, and `afterwards`
    when it has. `arrived` are the paths that have come to be by a rename, in order: each once for each time.
    """

    def __init__(self, home=""):
        self.home = f"{home}/autreq"
        self.folders = {f"{self.home}/{name}": {} for name in ("req", "ok", "err")}
        self.journal = []
        self.arrived = []
        self.sites = []
        self.open = 0
        self.before = self.afterwards = lambda _operation, _path: None
        self._faults = []
        self._lock = threading.RLock()

    def fail(self, operation, error=LOST, at=1, *, after=False, times=1):
        """Let the n-th operation of a kind from now on fail, and some that follow: before it happens, or after."""
        self._faults.append([operation, at, times, error, after])

    def connect(self, site, _timeouts):
        self.sites.append(site)
        self.do("connect", site.host, lambda: None)
        return FakeFolders(self)

    def do(self, operation, path, deed, half=lambda: None):
        self.before(operation, path)
        with self._lock:
            self.journal.append((operation, path))
            error, after = self._broken(operation)
            if error and not after:
                if not error.refused:
                    half()
                raise error
            done = deed()
            if error:
                raise error
            self.afterwards(operation, path)
            return done

    def _broken(self, operation):
        found = None, False
        for fault in [one for one in self._faults if one[0] == operation]:
            fault[1] -= 1
            if fault[1] <= 0 and found[0] is None:
                found = fault[3], fault[4]
                fault[2] -= 1
                if not fault[2]:
                    self._faults.remove(fault)
        return found

    def parent(self, path):
        folder, _slash, name = path.rpartition("/")
        if folder not in self.folders:
            raise FoldersError("NOT_FOUND", f"550 {folder}: no such folder.", "home_directory", refused=True)
        return self.folders[folder], name

    @property
    def waiting(self):
        """The files that wait for the platform, by name with the suffix."""
        return self.folders[f"{self.home}/req"]

    def uploads(self):
        """The paths that were renamed to what the platform takes, in order; once for each time."""
        return [path for operation, path in self.journal if operation == "rename"]

    def accept(self, name, content=None):
        """The platform takes a file that waits (with suffix), and says yes: perhaps with another content."""
        taken = self.waiting.pop(name)
        self.folders[f"{self.home}/ok"][name] = taken if content is None else content

    def refuse(self, name, code, line):
        """The platform takes a file that waits (with suffix), and says no."""
        err = self.folders[f"{self.home}/err"]
        err[name] = self.waiting.pop(name)
        err["errors.txt"] = err.get("errors.txt", b"") + f"{name}:\r\n{code} {line}\r\n".encode()


class FakeFolders:
    """A connection to a `FakeSite`: once it has broken, nothing more is to be asked of it."""

    def __init__(self, site):
        self._site = site
        self._broken = self._closed = False
        site.open += 1

    def _do(self, operation, path, *deeds):
        assert not self._closed, "It was closed."
        assert not self._broken, "It had broken."
        try:
            return self._site.do(operation, path, *deeds)
        except FoldersError as error:
            self._broken = not error.refused
            raise

    def names(self, folder):
        return self._do("names", folder, lambda: sorted(self._site.parent(f"{folder}/")[0]))

    def size(self, path):
        return self._do("size", path, lambda: len(self._content(path)))

    def read(self, path, start=0):
        return self._do("read", path, lambda: self._content(path)[start:])

    def write(self, path, blocks):
        files, name = self._site.parent(path)

        def half():
            files[name] = next(iter(blocks), b"")[:20]

        self._do("write", path, lambda: files.update({name: b"".join(blocks)}), half)

    def rename(self, path, new):
        (files, name), (others, other) = self._site.parent(path), self._site.parent(new)

        def move():
            if name not in files:
                raise FoldersError("NOT_FOUND", f"550 {path}: no such file.", refused=True)
            others[other] = files.pop(name)
            self._site.arrived.append(new)

        self._do("rename", new, move)

    def remove(self, path):
        files, name = self._site.parent(path)
        self._do("remove", path, lambda: files.pop(name, None))

    def close(self):
        self._site.open -= not self._closed
        self._closed = True

    def _content(self, path):
        files, name = self._site.parent(path)
        return files.get(name, b"")
