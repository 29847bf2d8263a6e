import typing
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from engine.api.app import api
from engine.api.envelope import Status
from engine.api.route import REFUSALS
from engine.api.routes import ROUTES
from engine.api.site import site_of

TOKEN = "the caller's token"
BY_CALL = {(route.method, route.path): route for route in ROUTES}


class Truthful(FlaskClient):
    """A client that holds every answer against the row of its call."""

    def open(self, *arguments, **options):
        answer = super().open(*arguments, **options)
        route = BY_CALL.get((answer.request.method, answer.request.path))
        if route is None:
            assert answer.status_code in {401, 404, 405}
            check_refusal(answer)
        elif answer.status_code >= 400:
            assert answer.status_code in route.statuses, (route.path, answer.status_code, answer.text)
            check_refusal(answer)
        elif isinstance(route.answer, str):
            assert answer.mimetype == route.answer
        else:
            check_answer(route, answer)
        return answer


def check_refusal(answer):
    status = whole(answer.data, dict[str, Any])["status"]
    assert set(status) == {"code", "description", "message"}
    codes = REFUSALS[answer.status_code].codes
    assert not codes or status["code"] in codes
    assert status["message"]
    assert answer.json["data"] == {}


def check_answer(route, answer):
    kind = {200: route.answer, 202: route.later}[answer.status_code]
    assert kind is not None
    fields = answer.request.args.get("fields_set")
    if fields:
        kind = in_part(kind, route.result, fields.split(","))
    envelope = msgspec.defstruct("Envelope", [("status", Status), ("data", kind)], forbid_unknown_fields=True)
    assert whole(answer.data, envelope).status == Status("OK", "", "")


def in_part(kind, result, names):
    """The type of a result with these fields only."""
    hints = typing.get_type_hints(result, include_extras=True)
    part = msgspec.defstruct("Part", [(name, hints[name]) for name in names], forbid_unknown_fields=True)
    return msgspec.defstruct("Parts", [("total", int), ("results", list[part])]) if kind is not result else part


def whole(data, kind):
    """The document as this type, which must say all of it, and nothing besides."""
    found = msgspec.json.decode(data, type=kind)
    assert msgspec.json.decode(msgspec.json.encode(found)) == msgspec.json.decode(data)
    return found


@pytest.fixture
def site(engine):
    return site_of(engine, TOKEN)


@pytest.fixture
def headers():
    """With which a caller is let in."""
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="session")
def served():
    """The Web API, made once, because that takes longer than most tests; and its site, which each test changes."""
    place = SimpleNamespace()
    app = api(place)
    app.test_client_class = Truthful
    return app, place


@pytest.fixture
def stranger(served, site):
    """A client without a token."""
    app, place = served
    vars(place).update(vars(site))
    return app.test_client()


@pytest.fixture
def client(stranger, headers):
    stranger.environ_base["HTTP_AUTHORIZATION"] = headers["Authorization"]
    return stranger


@pytest.fixture
def call(client):
    """An action called over the Web API, on the subscription that `subscribe` makes unless said otherwise."""

    def post(action, body, *, identifier=True):
        named = {"subscription_identifier": {"number": "S0000000001"}} if identifier else {}
        return client.post(f"/subscriptions/{action}", json=named | body)

    return post
