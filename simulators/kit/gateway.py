"""Between WSGI and the simulator: an environment in, a request out; a reply in, a status line out."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from simulators.kit.platform import BODY_LIMIT, Reply, Request

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGI = Callable[[Environ, StartResponse], Iterable[bytes]]

WORKSPACE_KEY = "simulators.workspace"
"""Where a server that is bound to a workspace says so, for requests that don't name one themselves."""

SITE_KEY = "simulators.site"
"""Where a server tells an app of the port it is on, so that an endless answer can end with it."""

PHRASES = {status.value: status.phrase for status in HTTPStatus}


def request_of(environ: Environ) -> Request:
    """The request, its body read as far as the limit allows."""
    body = _body(environ)
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        body=body or b"",
        query=environ.get("QUERY_STRING", ""),
        content_type=environ.get("CONTENT_TYPE", ""),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        origin=f"{environ['wsgi.url_scheme']}://{_host(environ)}",
        oversize=body is None,
    )


def _host(environ: Environ) -> str:
    """The host as the caller names it; who speaks an HTTP without hosts hears of the port that was asked."""
    return environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"


def _body(environ: Environ) -> bytes | None:
    """The body; None when it is too long, and then unread where it said so itself."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        length = BODY_LIMIT + 1
    elif (length := int(environ.get("CONTENT_LENGTH") or 0)) > BODY_LIMIT:
        return None
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return None if len(body) > BODY_LIMIT else body


def headers_of(reply: Reply) -> list[tuple[str, str]]:
    """The reply's headers, its length among them."""
    return [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body))), *reply.headers]


def status_line(status: int) -> str:
    """A status with its phrase."""
    return f"{status} {PHRASES.get(status, 'Unnamed')}"


def plain_reply(status: int, sentence: str, *headers: tuple[str, str]) -> Reply:
    """An answer in plain text."""
    return Reply(status, f"{sentence}\n".encode(), "text/plain; charset=utf-8", headers)
