"""The calls of the engine's Web API, described from the table that serves them."""

from typing import Any

from msgspec import inspect

from engine.api.route import Route
from engine.api.routes import ROUTES
from harness.docs.markdown import code, codes, table


def calls() -> str:
    """Every call: what it is for, what it may say, and what it may be refused with besides what all are."""
    rows = [(code(f"{route.method} {route.path}"), route.title, said(route), refusals(route)) for route in ROUTES]
    return table(("call", "what for", "says", "refused with"), rows)


def said(route: Route) -> str:
    """The fields of the query or of the body, those that can be left out in brackets."""
    model = route.query or route.body
    fields: Any = inspect.type_info(model).fields if model else ()  # type: ignore[attr-defined]  # of a struct
    return codes(one.name if one.required else f"[{one.name}]" for one in fields)


def refusals(route: Route) -> str:
    """The statuses of refusals that are the call's own."""
    return codes(str(status) for status in sorted(route.refusals))
