import pytest
import requests

from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from tests.simulators.conftest import OPTIONS, Answer, Caller
from tests.simulators.tucano.bearer import PROVIDER, SECRET, token


class Subscriber:
    """Orders as a subscriber's device would, with the token it has been given."""

    def __init__(self, session: requests.Session, crm: Caller) -> None:
        self.session = session
        self.url = f"{crm.url}/orders"

    def post(self, body: str | bytes, authorization: str | None = None, **how) -> Answer:
        headers = {"Content-Type": "text/xml; charset=UTF-8", **how.pop("headers", {})}
        if authorization is None:
            authorization = f"Bearer {token()}"

        def bear(request: requests.PreparedRequest) -> requests.PreparedRequest:
            if authorization:
                request.headers["Authorization"] = authorization
            return request

        return Answer(self.session.post(self.url, data=body, headers=headers, auth=bear, **{"timeout": 5, **how}))

    def order(self, content: str = "MOVIE-1", authorization: str | None = None, **how) -> Answer:
        return self.post(f'<order content="{content}"/>', authorization, **how)

    def bear(self, *made, **how) -> Answer:
        """Order with a token made otherwise."""
        return self.order(authorization=f"Bearer {token(*made, **how)}")


@pytest.fixture
def simulator() -> Simulator:
    """A Tucano that has been told who makes tokens."""
    return Simulator(tucano(options=OPTIONS, jwt_secret=SECRET, api_provider=PROVIDER))


@pytest.fixture
def subscriber(caller, new_year) -> Subscriber:
    """Whose account is T100001, at new year."""
    caller.create()
    return Subscriber(caller.session, caller)


@pytest.fixture
def any_subscriber(any_caller, new_year) -> Subscriber:
    """The same without sockets and with them."""
    any_caller.create()
    return Subscriber(any_caller.session, any_caller)
