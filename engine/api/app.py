"""The routes: each reads its call, asks the engine once, and answers."""

import logging
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from engine.api.envelope import answer, body, identified, number, only, refusal, refused, wanted
from engine.bootstrap import Engine
from engine.domain.actions import Action
from engine.domain.errors import DomainError, UnknownError

LARGEST_BODY_BYTES = 1 << 20
PAGE = ("number_of_results", "offset")
NUMBERS = ("id", "process_id")  # filters
HIGHEST_KEY = 2**63 - 1
log = logging.getLogger(__name__)


def api(engine: Engine) -> Flask:
    """The Web API of an engine, as a WSGI application."""
    app = Flask("engine", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    add_actions(app, engine)
    add_subscriptions(app, engine)
    add_provisioning(app, engine)
    add_health(app, engine)
    add_errors(app)
    return app


def add_actions(app: Flask, engine: Engine) -> None:
    """Calls that change something."""

    @app.post("/subscriptions/<action>")
    def act(action: str) -> Response:
        details = body()
        if action.upper() == Action.BECOME_SUBSCRIBER:
            return answer(engine.act(action, **details))
        return answer(engine.act(action, identified(details, "subscription_identifier", "number"), **details))

    @app.post("/provisioning/subscriptions/reset")
    def reset() -> Response:
        details = body()
        subscription = identified(details, "subscription_identifier", "number")
        provider = identified(details, "provisioning_provider_identifier", "alternative_code", mandatory=False)
        only(details)
        return answer(engine.reset(subscription, provider or None))


def add_subscriptions(app: Flask, engine: Engine) -> None:
    """Calls that look at subscriptions."""

    @app.get("/subscriptions/show")
    def show_subscription() -> Response:
        only(request.args, "number")
        return answer(engine.show(wanted("number")))

    @app.get("/subscriptions/list")
    def list_subscriptions() -> Response:
        only(request.args, *PAGE)
        return answer(engine.subscriptions(number("number_of_results", 100), number("offset", 0)))


def add_provisioning(app: Flask, engine: Engine) -> None:
    """Calls that look at what was sent, and to whom."""

    @app.get("/provisioning/provisioning_requests/show")
    def show_request() -> Response:
        only(request.args, "id")
        only(request.args, "id")
        found = engine.requests(id=number("id", 0, most=HIGHEST_KEY))
        if not found:
            raise UnknownError("provisioning request", request.args.get("id", ""), field="id")
        return answer(found[0])

    @app.get("/provisioning/provisioning_requests/list")
    def list_requests() -> Response:
        filters: dict[str, Any] = {name: value for name, value in request.args.items() if name not in PAGE}
        filters |= {name: number(name, 0, most=HIGHEST_KEY) for name in NUMBERS if name in filters}
        return answer(engine.requests(number("number_of_results", 100), number("offset", 0), **filters))

    @app.get("/provisioning/providers/list")
    def list_providers() -> Response:
        only(request.args)
        return answer(engine.providers())


def add_health(app: Flask, engine: Engine) -> None:
    """Calls for whoever watches over the process."""

    @app.get("/health")
    def health() -> Response:
        return answer({"healthy": True})

    @app.get("/ready")
    def ready() -> Response:
        return answer({"ready": True, "providers": [provider["code"] for provider in engine.providers()]})


def add_errors(app: Flask) -> None:
    """Every failure in the same envelope, and none with a stack trace."""

    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> Response:
        return refused(error)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return refusal(error.code or 500, error.name.upper().replace(" ", "_"), error.description or error.name)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.error("A call failed for a reason that nobody foresaw.", exc_info=error)
        said = "The engine failed; its log says why. What was executed stands; look at the subscription."
        return refusal(500, "INTERNAL_ERROR", said)
