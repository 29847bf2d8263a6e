"""HTTP by `requests`: one POST, one answer, or the reason why there is none."""

import ssl
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import ConnectTimeoutError as NoConnectionError
from urllib3.exceptions import (
    HTTPError,
    LocationParseError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from engine.domain.provider import Timeouts
from engine.ports import Failure, Message, Reply

LONGEST_REPLY_BYTES = 1 << 20

# What urllib3 says is told apart by type, never by text; `requests` alone merges "refused" and "hung up on us".
# A line that TLS breaks off looks the same before and after the request; only a certificate speaks before it.
# fmt: off
FAILURES: tuple[tuple[type[BaseException], str, bool, str], ...] = (
    #  what happened         our code        may the platform have got it?  our sentence
    (NameResolutionError,         "HOST_UNKNOWN",       False, "The host of {place} is unknown"),
    (LocationParseError,          "HOST_UNKNOWN",       False, "The host of {place} is unknown"),
    (NewConnectionError,          "CONNECTION_REFUSED", False, "{place} can't be connected to"),
    (NoConnectionError,           "CONNECT_TIMEOUT",    False, "{place} did not take the connection in time"),
    (ssl.SSLCertVerificationError, "TLS_FAILED",        False, "The certificate of {place} is not trusted"),
    (ssl.SSLError,                "TLS_FAILED",         True,  "TLS with {place} failed"),
    (ReadTimeoutError,            "REPLY_LOST",         True,  "{place} did not answer in time"),
    (HTTPError,                   "REPLY_LOST",         True,  "{place} hung up, or did not answer in HTTP"),
    (requests.Timeout,            "REPLY_LOST",         True,  "{place} did not answer in time"),
    (requests.ConnectionError,    "REPLY_LOST",         True,  "{place} hung up, or did not answer in HTTP"),
    (requests.RequestException,   "UNSENDABLE",         False, "The message can't be sent to {place}"),
)
# fmt: on
PORTS = {"http": 80, "https": 443}
MOST_HEADS = 64  # those of messages that are signed differ each time


class HttpTransport:
    """Sends messages through one session, whose pool keeps connections open; safe for many threads."""

    def __init__(self, session: requests.Session | None = None, pool_size: int = 32) -> None:
        self._session = session or requests.Session()
        self._session.trust_env = False
        self._heads: dict[tuple[Any, ...], requests.PreparedRequest] = {}
        if session is None:
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=pool_size))

    def send(self, message: Message, timeouts: Timeouts) -> Reply | Failure:
        """One attempt. A reply that breaks off, or is longer than 1 MiB, is a failure after sending."""
        try:
            response = self._answer(self._prepare(message), (timeouts.connect_s, timeouts.read_s))
        except (requests.RequestException, HTTPError) as error:
            return failure(error, message.url)
        with response:
            return read(response, message.url)

    def _answer(self, prepared: requests.PreparedRequest, timeout: tuple[float, float]) -> requests.Response:
        """Go past the session, which follows no redirect here, and takes as long for that as the way itself."""
        session = self._session
        trusted: dict[str, Any] = {"verify": session.verify, "cert": session.cert, "proxies": session.proxies}
        adapter = session.get_adapter(str(prepared.url))
        response = adapter.send(prepared, stream=True, timeout=timeout, **trusted)
        if response.cookies:
            session.cookies.update(response.cookies)
        return response

    def _prepare(self, message: Message) -> requests.PreparedRequest:
        if self._session.cookies:
            return self._head(message, message.body)
        known = (message.url, tuple(message.headers.items()), message.credentials)
        head = self._heads.get(known)
        if head is None:
            if len(self._heads) >= MOST_HEADS:
                self._heads.clear()
            head = self._heads[known] = self._head(message)
        prepared = head.copy()
        prepared.prepare_body(message.body, None)
        return prepared

    def _head(self, message: Message, body: bytes | None = None) -> requests.PreparedRequest:
        auth = HTTPBasicAuth(*(part.encode() for part in message.credentials)) if message.credentials else None
        request = requests.Request("POST", message.url, headers=dict(message.headers), data=body, auth=auth)
        return self._session.prepare_request(request)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()


def read(response: requests.Response, url: str) -> Reply | Failure:
    """The whole answer, in bounded memory."""
    try:
        body = response.raw.read(LONGEST_REPLY_BYTES + 1, decode_content=True)
    except (HTTPError, OSError) as error:
        return Failure("UNREADABLE_REPLY", f"The answer of {place(url)} broke off ({type(error).__name__}).", sent=True)
    if len(body) > LONGEST_REPLY_BYTES:
        longer = f"The answer of {place(url)} is longer than {LONGEST_REPLY_BYTES} bytes."
        return Failure("UNREADABLE_REPLY", longer, sent=True)
    return Reply(response.status_code, response.reason or "", dict(response.headers), body)


def failure(error: requests.RequestException | HTTPError, url: str) -> Failure:
    """What the exception says about the fate of the request."""
    cause = root_cause(error)
    row = next((row for row in FAILURES if isinstance(cause, row[0])), None)
    _, code, sent, sentence = row or (None, "REPLY_LOST", True, "{place} gave no answer")
    return Failure(code, f"{sentence.format(place=place(url))} ({reason(cause)}).", sent)


def place(url: str) -> str:
    """Host and port, and nothing else that an address may hold."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        host, port = None, None
    if host is None:
        return "an end point without host and port"
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reason(cause: BaseException) -> str:
    """The word of TLS or of the operating system for it; else the exception's name. Never an exception's own text."""
    words = (getattr(one, name, None) for one in (cause, cause.__cause__) for name in ("verify_message", "strerror"))
    return next((word for word in words if isinstance(word, str) and word), type(cause).__name__)


def root_cause(error: requests.RequestException | HTTPError) -> BaseException:
    """The urllib3 exception inside, where there is one; inside that of TLS, what TLS itself says."""
    inner = error.args[0] if error.args else None
    if isinstance(inner, MaxRetryError) and inner.reason is not None:
        inner = inner.reason
    if isinstance(inner, SSLError) and inner.args and isinstance(inner.args[0], ssl.SSLError):
        return inner.args[0]
    return inner if isinstance(inner, HTTPError) else error
