"""The simulator without sockets: mounted on a `requests` session, or as a callback for `responses`.

A fault becomes what `requests` would have raised, with the same causes inside, and without waiting: where the caller
would have waited longer than their timeout, they have; where less, virtual time passes if it stands still.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse

from simulators.kit import broken
from simulators.kit.delivery import Delivery, LineFault
from simulators.kit.gateway import PHRASES, headers_of, plain_reply
from simulators.kit.platform import BODY_LIMIT, Reply, Request
from simulators.kit.simulator import DEFAULT_WORKSPACE, Simulator

_NO_REPLY = plain_reply(500, "this fault leaves no answer")


class _Caller(NamedTuple):
    """Who asked, and how long they wait between two signs of life."""

    request: PreparedRequest
    read_timeout_s: float | None

    def waits(self, seconds: float) -> bool:
        return self.read_timeout_s is None or seconds <= self.read_timeout_s


class SimulatorAdapter(BaseAdapter):
    """Answers a session's requests out of one workspace: `session.mount("http://tucano", SimulatorAdapter(sim))`."""

    def __init__(self, simulator: Simulator[Any], workspace: str = DEFAULT_WORKSPACE) -> None:
        super().__init__()
        self._simulator = simulator
        self._workspace = workspace

    def send(  # noqa: PLR0917 - the signature is requests'
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002
        timeout: Any = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a prepared request to the simulator. Raises what a broken line would have raised."""
        del verify, cert, proxies  # without a line there is nothing to encrypt or to pass through
        reply, body = _received(self._simulator, self._workspace, request, timeout)
        response = _response(self, request, reply)
        if stream or type(body) is not io.BytesIO:
            response.raw = _raw(request, reply, body)
        else:  # whole, and to be read at once: a reader of urllib3's would take as long as all the rest
            response.raw, response._content = io.BytesIO(), reply.body  # noqa: SLF001
        return response

    def close(self) -> None:
        """Nothing is open."""


def answer_with(
    simulator: Simulator[Any], workspace: str = DEFAULT_WORKSPACE
) -> Callable[[PreparedRequest], tuple[int, list[tuple[str, str]], bytes]]:
    """A callback for `responses.add_callback`, where the session belongs to the code under test."""

    def callback(request: PreparedRequest) -> tuple[int, list[tuple[str, str]], bytes]:
        timeout = getattr(request, "req_kwargs", {}).get("timeout")
        reply, body = _received(simulator, workspace, request, timeout)
        if isinstance(body, broken.StalledBody):
            raise broken.timed_out(request, _read_timeout(timeout))
        return reply.status, headers_of(reply), body.getvalue()

    return callback


def _received(
    simulator: Simulator[Any], workspace: str, request: PreparedRequest, timeout: Any
) -> tuple[Reply, io.BytesIO]:
    delivery = simulator.answer(_request(request), workspace)
    caller = _Caller(request, _read_timeout(timeout))
    reply = delivery.reply or _NO_REPLY
    return reply, WITHOUT_LINE[delivery.line](caller, delivery, reply)


def _answer(_: _Caller, __: Delivery, reply: Reply) -> io.BytesIO:
    return io.BytesIO(reply.body)


def _late(caller: _Caller, delivery: Delivery, reply: Reply) -> io.BytesIO:
    if not caller.waits(delivery.delay_s):
        delivery.hung_up()
        raise broken.timed_out(*caller)
    delivery.passed(delivery.delay_s)
    return io.BytesIO(reply.body)


def _slowly(caller: _Caller, delivery: Delivery, reply: Reply) -> io.BytesIO:
    if not caller.waits(delivery.delay_s):
        delivery.hung_up()
        return broken.StalledBody()
    delivery.passed(delivery.total_delay_s)
    return io.BytesIO(reply.body)


def _cut(_: _Caller, delivery: Delivery, reply: Reply) -> io.BytesIO:
    return broken.CutBody(reply.body[: delivery.kept_bytes], len(reply.body))


def _held(caller: _Caller, _: Delivery, __: Reply) -> io.BytesIO:
    raise broken.timed_out(*caller)


def _hung_up(caller: _Caller, _: Delivery, __: Reply) -> io.BytesIO:
    raise broken.hung_up(caller.request)


def _reset(caller: _Caller, _: Delivery, __: Reply) -> io.BytesIO:
    raise broken.reset(caller.request)


def _refused(caller: _Caller, _: Delivery, __: Reply) -> io.BytesIO:
    raise broken.refused(caller.request)


# fmt: off
WITHOUT_LINE: dict[LineFault | None, Callable[[_Caller, Delivery, Reply], io.BytesIO]] = {
    None:           _answer,
    "latency":      _late,
    "slow_body":    _slowly,
    "truncated":    _cut,
    "hang":         _held,
    "lost_request": _hung_up,
    "lost_reply":   _hung_up,
    "reset":        _reset,
    "outage":       _refused,
}
# fmt: on


def _request(prepared: PreparedRequest) -> Request:
    url = urlsplit(prepared.url or "")
    body = _bytes(prepared.body)
    oversize = len(body) > BODY_LIMIT
    return Request(
        method=prepared.method or "GET",
        path=unquote(url.path or "/", "latin-1"),
        body=b"" if oversize else body,
        query=url.query,
        content_type=prepared.headers.get("Content-Type") or "",
        authorization=prepared.headers.get("Authorization") or "",
        origin=f"{url.scheme}://{url.netloc}",
        oversize=oversize,
    )


def _bytes(body: Any) -> bytes:
    """A prepared body: bytes, text, a file, or parts of either."""
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    parts: Iterable[bytes | str] = [body.read()] if hasattr(body, "read") else body
    return b"".join(_bytes(part) for part in parts)


def _read_timeout(timeout: Any) -> float | None:
    """The read half of what `requests` calls a timeout: a number, a pair, urllib3's own, or none."""
    read = timeout[1] if isinstance(timeout, tuple) else getattr(timeout, "read_timeout", timeout)
    return None if read is None else float(read)


def _raw(request: PreparedRequest, reply: Reply, body: io.BytesIO) -> HTTPResponse:
    return HTTPResponse(
        body=body,
        headers=HTTPHeaderDict(headers_of(reply)),
        status=reply.status,
        reason=PHRASES.get(reply.status, ""),
        preload_content=False,
        decode_content=False,
        request_method=request.method,
    )


def _response(adapter: BaseAdapter, request: PreparedRequest, reply: Reply) -> Response:
    response = Response()
    response.status_code = reply.status
    response.headers = CaseInsensitiveDict(headers_of(reply))
    response.encoding = get_encoding_from_headers(response.headers)
    response.reason = PHRASES.get(reply.status, "")
    response.url = request.url or ""
    response.request = request
    response.connection = adapter  # type: ignore[assignment] # requests' own adapter, the stubs say
    return response
