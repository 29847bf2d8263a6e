import pytest

from engine.api.app import api
from engine.api.site import site_of

TOKEN = "the caller's token"


@pytest.fixture
def site(engine):
    return site_of(engine, TOKEN)


@pytest.fixture
def headers():
    """With which a caller is let in."""
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(site, headers):
    made = api(site).test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = headers["Authorization"]
    return made


@pytest.fixture
def call(client):
    """An action called over the Web API, on the subscription that `subscribe` makes unless said otherwise."""

    def post(action, body, *, identifier=True):
        named = {"subscription_identifier": {"number": "S0000000001"}} if identifier else {}
        return client.post(f"/subscriptions/{action}", json=named | body)

    return post
