"""Calling an engine and a simulator's control port over HTTP."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

TIMEOUT_S = (5, 120)
SERVER_ERRORS = 500
PLATFORM_FAILED = 502  # the engine's own answer, when it could only ask
Json = Any

# Exceptions after which nobody can have got the call; what `requests` calls a ConnectionError may be of either kind.
UNSENT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)


class CallError(Exception):
    """A call that was refused, or not answered. `status` is the HTTP status, 0 where there was no answer.

    `in_doubt`: it may have been carried out all the same.
    """

    def __init__(self, message: str, status: int = 0, *, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.in_doubt = in_doubt


class Client:
    """JSON over HTTP, to one address."""

    def __init__(self, url: str, what: str) -> None:
        self._url = url.rstrip("/")
        self._what = what
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, path: str, **query: Any) -> Any:
        """Look."""
        return self.call("GET", path, params={name: value for name, value in query.items() if value is not None})

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Change something."""
        return self.call(method, path, json=body)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """One call, answered in JSON. Raises CallError."""
        response = self.exchange(method, path, **options)
        status = response.status_code
        if response.ok and not response.content:
            return None
        try:
            answer = response.json()
        except ValueError as error:
            in_doubt = response.ok or status >= SERVER_ERRORS
            raise CallError(f"The {self._what} at {self._url} answered no JSON.", status, in_doubt=in_doubt) from error
        if response.ok:
            return answer
        in_doubt = status >= SERVER_ERRORS and status != PLATFORM_FAILED
        raise CallError(self.reason(answer), status, in_doubt=in_doubt)

    def exchange(self, method: str, path: str, **options: Any) -> requests.Response:
        """One call, answered in whatever form. Raises CallError where there is no answer."""
        try:
            return self._session.request(method, f"{self._url}{path}", **{"timeout": TIMEOUT_S, **options})
        except requests.RequestException as error:
            why = f"The {self._what} at {self._url} does not answer ({type(error).__name__})"
            if may_have_been_sent(error):
                raise CallError(f"{why}.", in_doubt=True) from error
            raise CallError(f"{why}; is `headend up` running?") from error

    def reason(self, answer: Any) -> str:
        """Why the call was refused."""
        return str(answer)


def may_have_been_sent(error: requests.RequestException) -> bool:
    """Whether the connection stood, so that the call may have come through."""
    inner = error.args[0] if error.args else None
    refused = isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)
    return not (refused or isinstance(error, UNSENT))


def of_subscription(number: str, provider: str | None) -> Json:
    """What names a subscription in a call, and perhaps one provider."""
    named = {"provisioning_provider_identifier": {"alternative_code": provider}} if provider else {}
    return {"subscription_identifier": {"number": number}, **named}


class EngineClient(Client):
    """The engine's Web API, for the bearer of a token."""

    def __init__(self, url: str, token: str = "") -> None:
        super().__init__(url, "engine")
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def reason(self, answer: Any) -> str:
        """The sentence in the envelope."""
        status = answer.get("status") if isinstance(answer, dict) else None
        return str(status.get("message")) if isinstance(status, dict) else f"No engine answered: {answer}"

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Change something. Raises CallError, which says so where the engine may have done it."""
        try:
            return super().send(method, path, body)
        except CallError as error:
            if not error.in_doubt:
                raise
            looking = "The call may have been executed; look with `headend show`."
            raise CallError(f"{error} {looking}", error.status, in_doubt=True) from error

    def look(self, path: str, **query: Any) -> Json:
        """What a call that changes nothing gives."""
        return self._data(self.get(path, **query))

    def change(self, path: str, body: Mapping[str, Any]) -> Json:
        """What a call that changes something gives."""
        return self._data(self.send("POST", path, body))

    def act(self, action: str, subscription: str = "", **details: Any) -> Json:
        """Carry an action out."""
        identifier = {"subscription_identifier": {"number": subscription}} if subscription else {}
        return self.change(f"/subscriptions/{action.lower()}", {**identifier, **details})

    def reset(self, subscription: str, provider: str | None = None) -> Json:
        """Make platforms follow the engine."""
        return self.change("/provisioning/subscriptions/reset", of_subscription(subscription, provider))

    def preview_reset(self, subscription: str, provider: str | None = None) -> Json:
        """What a reset would send."""
        return self.look("/provisioning/subscriptions/preview_reset", subscription=subscription, provider=provider)

    def audit(self, subscription: str, provider: str | None = None) -> Json:
        """Ask platforms what they hold, and believe that."""
        return self.change("/provisioning/audit/submit", of_subscription(subscription, provider))

    def show(self, subscription: str) -> Json:
        """One subscription."""
        return self.look("/subscriptions/show", number=subscription)

    def subscriptions(self, limit: int, offset: int = 0) -> Json:
        """A page of subscriptions."""
        return self.look("/subscriptions/list", number_of_results=limit, offset=offset)["results"]

    def requests(self, limit: int, offset: int = 0, **filters: Any) -> Json:
        """A page of provisioning requests."""
        query = {"number_of_results": limit, "offset": offset, **filters}
        return self.look("/provisioning/provisioning_requests/list", **query)["results"]

    @staticmethod
    def _data(answer: Json) -> Json:
        return answer["data"]


class ControlClient(Client):
    """The simulators' control port."""

    def __init__(self, url: str) -> None:
        super().__init__(url, "simulator")

    def reason(self, answer: Any) -> str:
        """The sentence in the error."""
        error = answer.get("error") if isinstance(answer, dict) else None
        return str(error.get("message")) if isinstance(error, dict) else f"No simulator answered: {answer}"

    def journal(self, **filters: Any) -> Json:
        """What the platforms were asked and did, oldest first."""
        return self.get("/requests", **filters)["requests"]

    def text(self, path: str, **query: Any) -> str:
        """An answer as it comes, in a form that is not JSON."""
        known = {name: value for name, value in query.items() if value is not None}
        response = self.exchange("GET", path, params=known)
        if not response.ok:
            raise CallError(self.reason(response.json()), response.status_code)
        return response.text

    def events(self, platform: str) -> Iterator[Json]:
        """Entries of the journal that come from the call on, until the simulator ends."""
        response = self.exchange("GET", "/events", params={"platform": platform}, stream=True, timeout=None)
        if not response.ok:
            raise CallError(self.reason(response.json()), response.status_code)
        return self._read_events(response)

    @staticmethod
    def _read_events(response: requests.Response) -> Iterator[Json]:
        with response, suppress(requests.RequestException):  # that is how the line ends
            for line in response.iter_lines():
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))

    def verify(self, mode: str, sequence: list[dict[str, Any]], **more: Any) -> Json:
        """Whether the platforms received this."""
        return self.send("POST", "/requests/verify", {"mode": mode, "sequence": sequence, **more})

    def state(self, platform: str) -> Json:
        """What a platform holds."""
        return self.get(f"/platforms/{platform}/state")

    def forget(self, platform: str, subject: str, things: Iterable[str] = ()) -> Json:
        """Have a platform lose an account, a device or a card, or these of its things. Gives what is gone."""
        body = {"subject": subject, "things": list(things)}
        return self.send("POST", f"/platforms/{platform}/forget", body)["forgotten"]

    def snapshots(self) -> Json:
        """The names of the memories kept."""
        return self.get("/snapshots")["snapshots"]

    def snapshot(self, platform: str, name: str, do: str = "") -> Json:
        """Keep a platform's memory under a name, or do something else with the one that is kept."""
        return self.call("POST", f"/snapshots/{quote(name, safe='')}{do}", params={"platform": platform})

    def faults(self) -> Json:
        """The faults there are, spent ones too."""
        return self.get("/faults")["faults"]

    def put_fault(self, name: str, fault: Mapping[str, Any]) -> Json:
        """Put a fault before a platform."""
        return self.send("PUT", f"/faults/{name}", fault)

    def remove_fault(self, name: str) -> None:
        """Take a fault away."""
        self.send("DELETE", f"/faults/{name}")
