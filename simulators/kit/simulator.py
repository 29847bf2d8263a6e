"""The simulator: one platform, any number of workspaces, and the port's WSGI app."""

import re
import threading
from collections.abc import Iterable
from functools import partial
from typing import Any, Generic

import msgspec

from simulators.kit.callbacks import Callback, Callbacks
from simulators.kit.delivery import Delivery
from simulators.kit.exchange import exchange
from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.gateway import (
    WORKSPACE_KEY,
    Environ,
    StartResponse,
    headers_of,
    plain_reply,
    request_of,
    status_line,
)
from simulators.kit.platform import Platform, Reply, Request, S
from simulators.kit.workspace import Surroundings, Workspace

DEFAULT_WORKSPACE = "default"
MOST_WORKSPACES = 1_000
NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)
_PREFIX = re.compile(r"/w/([^/]+)(/.*)")
_AROUND = Surroundings()


class WorkspaceError(LookupError):
    """A workspace that can't be: its name is none."""

    status = 404


class WorkspacesFullError(WorkspaceError):
    """One workspace too many."""

    status = 507


class Simulator(Generic[S]):
    """One platform as an object; several may live in one process."""

    def __init__(self, platform: Platform[S], around: Surroundings = _AROUND) -> None:
        self.platform = platform
        self._around = around
        self._lock = threading.Lock()
        self._workspaces: dict[str, Workspace[S]] = {}
        self._watches: dict[str, Callbacks] = {}

    def workspace(self, name: str = DEFAULT_WORKSPACE) -> Workspace[S]:
        """The workspace of this name, made when first asked for. Raises WorkspaceError."""
        return self._workspaces.get(name) or self._made(name)

    def found(self, name: str) -> Workspace[S] | None:
        """The workspace of this name if there is one."""
        return self._workspaces.get(name)

    def workspaces(self) -> list[Workspace[S]]:
        """All workspaces, oldest first."""
        with self._lock:
            return list(self._workspaces.values())

    def drop(self, name: str) -> None:
        """Let a workspace go, with all it holds; the next to ask for it gets a fresh one."""
        with self._lock:
            workspace = self._workspaces.pop(name, None)
        if workspace:
            workspace.close()
            self._changed(name)
        with self._lock:
            if not self._watches.get(name):
                self._watches.pop(name, None)

    def close(self) -> None:
        """End every wait on every workspace."""
        for workspace in self.workspaces():
            workspace.close()

    def watch(self, name: str, changed: Callback) -> Callback:
        """Call `changed` whenever a fault of this workspace may have begun or ended; gives back what ends that."""
        with self._lock:
            return self._watches.setdefault(name, Callbacks()).add(changed)

    def answer(self, request: Request, bound: str = DEFAULT_WORKSPACE) -> Delivery:
        """Answer one request, in the workspace its path names, else in the one its line is bound to."""
        started = self._around.timer()
        try:
            workspace, request = self._addressed(request, bound)
        except WorkspaceError as error:
            return Delivery(plain_reply(error.status, f"{error}."))
        if workspace.faults.down():
            return Delivery(line="outage")
        call = self.platform.read(request)
        return Delivery(call) if isinstance(call, Reply) else exchange(workspace, request, call, started)

    def wsgi(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The platform's port. Gives back a Delivery: a server that knows it can also break the line."""
        delivery = self.answer(request_of(environ), environ.get(WORKSPACE_KEY, DEFAULT_WORKSPACE))
        if delivery.reply is not None:
            start_response(status_line(delivery.reply.status), headers_of(delivery.reply))
        return delivery

    def _addressed(self, request: Request, bound: str) -> tuple[Workspace[S], Request]:
        found = _PREFIX.fullmatch(request.path) if request.path.startswith("/w/") else None
        if found is None:
            return self.workspace(bound), request
        origin = f"{request.origin}/w/{found[1]}"
        return self.workspace(found[1]), msgspec.structs.replace(request, path=found[2], origin=origin)

    def _made(self, name: str) -> Workspace[S]:
        if not NAME.fullmatch(name):
            raise WorkspaceError("a workspace is named by 1 to 64 letters, digits, dots, dashes and underscores")
        with self._lock:
            if name not in self._workspaces and len(self._workspaces) >= MOST_WORKSPACES:
                raise WorkspacesFullError(
                    f"there are {MOST_WORKSPACES} workspaces already, which is the most there may be"
                )
            if name not in self._workspaces:
                changed, watch = partial(self._changed, name), partial(self.watch, name)
                kind: Any = FileWorkspace if self.platform.drop else Workspace
                self._workspaces[name] = kind(name, self.platform, self._around, changed, watch)
            return self._workspaces[name]

    def _changed(self, name: str) -> None:
        watches = self._watches.get(name)
        if watches:
            watches.call()
