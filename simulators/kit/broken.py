"""The exceptions that `requests` raises when a line breaks, with the same causes inside, and no line."""

import http.client
import io

from requests import ConnectionError as RequestsConnectionError
from requests import PreparedRequest, ReadTimeout
from requests.exceptions import RequestException
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError
from urllib3.util import parse_url


def refused(request: PreparedRequest) -> RequestException:
    """Nobody listens."""
    pool = _pool(request)
    cause = ConnectionRefusedError(111, "Connection refused")
    said = f"Failed to establish a new connection: {cause}"
    reason = NewConnectionError(HTTPConnection(pool.host, pool.port), said)
    reason.__cause__ = cause
    return RequestsConnectionError(MaxRetryError(pool, request.path_url, reason), request=request)


def hung_up(request: PreparedRequest) -> RequestException:
    """The other side hung up without a word."""
    return _aborted(request, http.client.RemoteDisconnected("Remote end closed connection without response"))


def reset(request: PreparedRequest) -> RequestException:
    """The other side reset the connection."""
    return _aborted(request, ConnectionResetError(104, "Connection reset by peer"))


def timed_out(request: PreparedRequest, read_timeout_s: float | None) -> RequestException:
    """The answer didn't come in time; without a time to wait, at once all the same: nobody wants to wait for ever."""
    said = f"Read timed out. (read timeout={read_timeout_s})"
    return ReadTimeout(ReadTimeoutError(_pool(request), request.path_url, said), request=request)


class CutBody(io.BytesIO):
    """A body that ends before the length that was announced; urllib3 finds out by itself when it reads in parts."""

    def __init__(self, kept: bytes, announced: int) -> None:
        super().__init__(kept)
        self._lacking = announced - len(kept)

    def read(self, size: int | None = -1, /) -> bytes:
        """As a real response reads: asked for everything, it misses the rest."""
        data = super().read(size)
        if size is None or size < 0:
            raise http.client.IncompleteRead(data, self._lacking)
        return data


class StalledBody(io.BytesIO):
    """A body that doesn't come in time."""

    def read(self, _: int | None = -1, /) -> bytes:
        """Wait in vain, and at once."""
        raise TimeoutError("timed out")


def _aborted(request: PreparedRequest, cause: Exception) -> RequestException:
    return RequestsConnectionError(ProtocolError("Connection aborted.", cause), request=request)


def _pool(request: PreparedRequest) -> HTTPConnectionPool:
    url = parse_url(request.url or "")
    return HTTPConnectionPool(url.host or "", url.port or 80)
