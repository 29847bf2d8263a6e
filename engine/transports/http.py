"""HTTP by `requests`: one POST, one answer, or the reason why there is none."""

import ssl

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
FAILURES: tuple[tuple[type[BaseException], str, bool], ...] = (
    #  what happened         our code              may the platform have got it?
    (NameResolutionError,         "HOST_UNKNOWN",       False),
    (LocationParseError,          "HOST_UNKNOWN",       False),
    (NewConnectionError,          "CONNECTION_REFUSED", False),
    (NoConnectionError,           "CONNECT_TIMEOUT",    False),
    (ssl.SSLCertVerificationError, "TLS_FAILED",        False),
    (ssl.SSLError,                "TLS_FAILED",         True),
    (ReadTimeoutError,            "REPLY_LOST",         True),
    (HTTPError,                   "REPLY_LOST",         True),
    (requests.Timeout,            "REPLY_LOST",         True),
    (requests.ConnectionError,    "REPLY_LOST",         True),
    (requests.RequestException,   "UNSENDABLE",         False),
)
# fmt: on


class HttpTransport:
    """Sends messages through one session, whose pool keeps connections open; safe for many threads."""

    def __init__(self, session: requests.Session | None = None, pool_size: int = 32) -> None:
        self._session = session or requests.Session()
        self._session.trust_env = False
        if session is None:
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=pool_size))

    def send(self, message: Message, timeouts: Timeouts) -> Reply | Failure:
        """One attempt. A reply that breaks off, or is longer than 1 MiB, is a failure after sending."""
        try:
            prepared = self._prepare(message)
            response = self._session.send(
                prepared, timeout=(timeouts.connect_s, timeouts.read_s), stream=True, allow_redirects=False
            )
        except (requests.RequestException, HTTPError) as error:
            return failure(error)
        with response:
            return read(response)

    def _prepare(self, message: Message) -> requests.PreparedRequest:
        user, password = message.credentials
        auth = HTTPBasicAuth(user.encode(), password.encode())
        request = requests.Request("POST", message.url, headers=dict(message.headers), data=message.body, auth=auth)
        return self._session.prepare_request(request)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()


def read(response: requests.Response) -> Reply | Failure:
    """The whole answer, in bounded memory."""
    try:
        body = response.raw.read(LONGEST_REPLY_BYTES + 1, decode_content=True)
    except (HTTPError, OSError) as error:
        return Failure("UNREADABLE_REPLY", f"The answer broke off: {error}", sent=True)
    if len(body) > LONGEST_REPLY_BYTES:
        return Failure("UNREADABLE_REPLY", f"The answer is longer than {LONGEST_REPLY_BYTES} bytes.", sent=True)
    return Reply(response.status_code, response.reason or "", dict(response.headers), body)


def failure(error: requests.RequestException | HTTPError) -> Failure:
    """What the exception says about the fate of the request."""
    cause = root_cause(error)
    for kind, code, sent in FAILURES:
        if isinstance(cause, kind):
            return Failure(code, f"{type(cause).__name__}: {cause}", sent)
    return Failure("REPLY_LOST", str(error), sent=True)


def root_cause(error: requests.RequestException | HTTPError) -> BaseException:
    """The urllib3 exception inside, where there is one; inside that of TLS, what TLS itself says."""
    inner = error.args[0] if error.args else None
    if isinstance(inner, MaxRetryError) and inner.reason is not None:
        inner = inner.reason
    if isinstance(inner, SSLError) and inner.args and isinstance(inner.args[0], ssl.SSLError):
        return inner.args[0]
    return inner if isinstance(inner, HTTPError) else error
