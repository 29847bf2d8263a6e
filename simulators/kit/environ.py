"""A request's head as a WSGI environment."""

import io
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import h11

from simulators.kit.gateway import SITE_KEY, WORKSPACE_KEY, Environ
from simulators.kit.line import Line
from simulators.kit.site import Site

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined] # only type checkers know it before Python 3.12

_NOT_PREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Body(io.RawIOBase):
    """A request's body, read off the line as the app asks for it."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self._left = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "Buffer") -> int:
        """Fill the buffer as far as one part of the body does."""
        view = memoryview(buffer)
        self._left = self._left or self._line.read_body()
        count = min(len(view), len(self._left))
        view[:count], self._left = self._left[:count], self._left[count:]
        return count


def environ_of(request: h11.Request, line: Line, site: Site, peer: str) -> Environ:
    """The environment of one request."""
    path, _, query = request.target.decode("latin-1").partition("?")
    environ: Environ = {
        "REQUEST_METHOD": request.method.decode("latin-1"),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": query,
        "SERVER_NAME": site.host,
        "SERVER_PORT": str(site.port),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version.decode()}",
        "REMOTE_ADDR": peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BufferedReader(Body(line)),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        WORKSPACE_KEY: site.workspace,
        SITE_KEY: site,
    }
    for name, value in request.headers:
        _add(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add(environ: Environ, name: str, value: str) -> None:
    if "_" in name:  # would be taken for the header with dashes
        return
    key = _NOT_PREFIXED.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
    environ[key] = f"{environ[key]},{value}" if key in environ else value
