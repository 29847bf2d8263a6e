"""The control port as a Flask app: reads, calls the row's function, writes; nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from simulators.kit.control.journal import Events
from simulators.kit.control.openapi import docs, openapi
from simulators.kit.control.reading import body_of, query_of
from simulators.kit.control.reply import Text
from simulators.kit.control.routes import ROUTES, Route
from simulators.kit.control.scene import ControlError, Scene
from simulators.kit.credentials import same
from simulators.kit.gateway import SITE_KEY
from simulators.kit.platform import BODY_LIMIT
from simulators.kit.simulator import DEFAULT_WORKSPACE, Simulator, WorkspaceError, WorkspacesFullError
from simulators.kit.state_file import StateFileError
from simulators.kit.workspace import SnapshotError

OPEN_TO_ALL = frozenset({"/health", "/ready"})
PREFIX = "/w/<workspace>"

# fmt: off
REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (SnapshotError,       404, "unknown_snapshot"),
    (WorkspaceError,      404, "unknown_workspace"),
    (WorkspacesFullError, 507, "workspaces_full"),
    (StateFileError,      500, "state_file"),
    (ValueError,          400, "invalid"),
)
# fmt: on


def control(simulators: Mapping[str, Simulator[Any]], token: str | None = None) -> Flask:
    """The control port of some simulators; with a token, only for those who bear it."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT + 1  # what is longer is cut where nobody announced it: one byte tells
    for route in ROUTES:
        path, view = route.path.replace("{", "<").replace("}", ">"), _view(route, simulators)
        for prefix in ("", PREFIX):
            app.add_url_rule(prefix + path, f"{route.method} {prefix}{path}", view, methods=[route.method])
    app.add_url_rule("/openapi.json", "openapi", lambda: _json(openapi()))
    app.add_url_rule("/docs", "docs", docs)
    if token is not None:
        app.before_request(_bearer_of(token))
    for kind, status, code in REFUSALS:
        app.register_error_handler(kind, _saying(status, code))
    app.register_error_handler(ControlError, lambda error: _error(error.status, error.code, str(error)))
    app.register_error_handler(HTTPException, _http_error)
    return app


def _view(route: Route, simulators: Mapping[str, Simulator[Any]]) -> Callable[..., Response]:
    def view(workspace: str | None = None, **named: str) -> Response:
        scene = Scene(simulators, workspace or request.headers.get("X-Workspace") or DEFAULT_WORKSPACE)
        given = [query_of(request, route.query)] if route.query else []
        given += [body_of(request, route.body, named)] if route.body else []
        return _written(route.do(scene, *given, **named), route.status)

    return view


def _written(answer: Any, status: int) -> Response:
    if isinstance(answer, Text):
        return Response(answer.text, status, content_type=answer.content_type)
    if isinstance(answer, Events):
        return _streamed(answer)
    return Response(status=status) if answer is None else _json(answer, status)


def _streamed(events: Events) -> Response:
    """A stream that ends with the port it is on, or when its reader hangs up."""
    response = Response(iter(events), content_type="text/event-stream", headers={"Cache-Control": "no-store"})
    site = request.environ.get(SITE_KEY)  # another server than ours has none: there the stream ends with the simulator
    if site is not None:
        response.call_on_close(site.on_stop(events.follower.stop))
    return response


def _bearer_of(token: str) -> Callable[[], Response | None]:
    def check() -> Response | None:
        if request.path in OPEN_TO_ALL or same(request.headers.get("Authorization", ""), f"Bearer {token}"):
            return None
        refused = _error(401, "unauthorized", "this control port wants its token as Authorization: Bearer")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused

    return check


def _saying(status: int, code: str) -> Callable[[Exception], Response]:
    return lambda error: _error(status, code, str(error))


def _http_error(error: HTTPException) -> Response:
    return _error(error.code or 500, error.name.lower().replace(" ", "_"), _sentence(error))


def _sentence(error: HTTPException) -> str:
    match error:
        case NotFound():
            return f"there is nothing at {request.path}; /docs lists what there is"
        case MethodNotAllowed():
            return f"{request.path} takes {', '.join(error.valid_methods or ())}, not {request.method}"
        case RequestEntityTooLarge():
            return f"a body has at most {BODY_LIMIT} bytes"
    return error.description or error.name


def _error(status: int, code: str, message: str) -> Response:
    return _json({"error": {"code": code, "message": message}}, status)


def _json(answer: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(answer), status, content_type="application/json")
