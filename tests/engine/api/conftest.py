import pytest

from engine.api.app import api


@pytest.fixture
def client(engine):
    return api(engine).test_client()


@pytest.fixture
def call(client):
    """An action called over the Web API, on the subscription that `subscribe` makes unless said otherwise."""

    def post(action, body, *, identifier=True):
        named = {"subscription_identifier": {"number": "S0000000001"}} if identifier else {}
        return client.post(f"/subscriptions/{action}", json=named | body)

    return post
