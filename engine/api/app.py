"""The Web API as a Flask app: reads, calls the row's function, answers; nothing else."""

import logging
import time
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from flask import Flask, Response, g, request
from msgspec import UNSET
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from engine.api import reading
from engine.api.about import NotReadyError
from engine.api.envelope import answer, refusal, refused
from engine.api.models import LARGEST_BODY_BYTES
from engine.api.route import Route
from engine.api.routes import ROUTES
from engine.api.site import Site
from engine.domain.errors import DomainError

OPEN = frozenset(route.path for route in ROUTES if route.open_to_all)
PATHS = tuple(dict.fromkeys(route.path for route in ROUTES))
SCHEME = "Bearer "
log = logging.getLogger(__name__)


def api(site: Site) -> Flask:
    """The Web API of a site, as a WSGI application."""
    app = Flask("engine", static_folder=None)
    # What nobody announced is cut where it gets too long: one byte more tells.
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES + 1
    app.url_map.merge_slashes = False
    for route in ROUTES:
        app.add_url_rule(
            route.path,
            route.operation,
            view(route, site),
            methods=[route.method],
            provide_automatic_options=False,
        )
    app.before_request(lambda: let_in(site))
    app.after_request(lambda response: metered(response, site))
    app.teardown_request(lambda _error: let_go(site))
    add_errors(app)
    return app


def view(route: Route, site: Site) -> Callable[[], Response]:
    """What Flask calls for a row of the table."""

    def call() -> Response:
        said = reading.said(request, route)
        fields = getattr(said[0], "fields_set", UNSET) if said else UNSET
        answered = answer(route.do(site, *said), None if fields is UNSET else fields)
        if answered.is_streamed and g.pop("in_hand", False):  # until the last of it has gone
            answered.call_on_close(site.gate.leave)
        return answered

    return call


def let_in(site: Site) -> Response | None:
    """Refuse whoever has no token, and everybody when the engine is stopping; those who watch are always let in."""
    g.began = time.perf_counter()
    if request.path in OPEN:
        return None
    token = borne()
    if not token or not site.doorkeeper.knows(token):
        code, found = ("TOKEN_UNKNOWN", "is not known") if token else ("TOKEN_WANTED", "is wanted")
        refused = refusal(401, code, f"A token {found}; wanted is the header Authorization: Bearer, with a valid one.")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    g.in_hand = site.gate.enter()
    if not g.in_hand:
        return refusal(503, "STOPPING", "The engine is stopping; it takes no more calls.")
    return None


def borne() -> str:
    """The token that the call bears: in its header; where there is none, in its body."""
    header = request.headers.get("Authorization")
    if header is not None:
        return header.removeprefix(SCHEME).strip() if header.startswith(SCHEME) else ""
    if request.mimetype != reading.JSON:
        return ""
    try:
        token = reading.document(request).get(reading.TOKEN)
    except (DomainError, HTTPException):
        return ""
    return token if isinstance(token, str) else ""


def let_go(site: Site) -> None:
    """The call is no more in hand."""
    if g.pop("in_hand", False):
        site.gate.leave()


def metered(response: Response, site: Site) -> Response:
    """Count the call."""
    path = request.url_rule.rule if request.url_rule else ""
    method = request.method if path else ""
    site.meter.called(method, path, response.status_code, time.perf_counter() - g.began)
    return response


def add_errors(app: Flask) -> None:
    """Every failure in the same envelope, in our own sentences, and none with a stack trace."""

    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> Response:
        return refused(error)

    @app.errorhandler(NotReadyError)
    def not_ready(error: NotReadyError) -> Response:
        return refusal(503, "NOT_READY", error.message, error.missing)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = error.name.upper().replace(" ", "_")
        answered = refusal(error.code or 500, code, sentence(error), FIELDS.get(error.code, ""))
        if isinstance(error, MethodNotAllowed):
            answered.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return answered

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.error("A call failed for a reason that nobody foresaw.", exc_info=error)
        said = "The engine failed; its log says why. What was executed stands; look at the subscription."
        return refusal(500, "INTERNAL_ERROR", said)


FIELDS: dict[Any, str] = {413: "body", 415: "Content-Type"}


def sentence(error: HTTPException) -> str:
    """What is wrong with the call, in our words."""
    match error.code:
        case NotFound.code:
            return (
                f"There is no call {request.path[:100]!r}{near(request.path[:100])}; /openapi.json lists what there is."
            )
        case MethodNotAllowed.code:
            wanted = " or ".join(sorted(getattr(error, "valid_methods", None) or ()))
            return f"The method is {request.method}; {wanted} is wanted."
        case 413:
            return f"The body is too long; at most {LARGEST_BODY_BYTES} bytes are wanted."
        case 415:
            return f"Content-Type is {request.mimetype[:100]!r}; {reading.JSON} is wanted."
    return "The call can't be understood as HTTP."


def near(path: str) -> str:
    """The call that may have been meant."""
    found = get_close_matches(path, PATHS, n=1)
    return f", perhaps {found[0]} was meant" if found else ""
