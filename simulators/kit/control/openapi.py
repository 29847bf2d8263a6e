"""The control port's description, made from its table of routes: OpenAPI for programs, a page for people."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

import msgspec

from simulators.kit.control.models import Error
from simulators.kit.control.routes import ROUTES, Route
from simulators.kit.faults import ANY_KIND, EACH_CALL, KINDS

_NAMED = re.compile(r"{(\w+)}")
_REFERENCE = "#/components/schemas/{name}"
WORKSPACE = {
    "name": "X-Workspace",
    "in": "header",
    "required": False,
    "description": "The workspace; the path prefix /w/{name} says the same.",
    "schema": {"type": "string", "default": "default"},
}


def openapi() -> dict[str, Any]:
    """The OpenAPI document."""
    models = [Error, *dict.fromkeys(model for route in ROUTES for model in _models(route))]
    references, components = msgspec.json.schema_components(models, ref_template=_REFERENCE)
    named = dict(zip(models, references, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Simulator control", "version": "1"},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
    }


def docs() -> str:
    """The same as a page: no scripts, nothing fetched from elsewhere."""
    rows = "\n".join(
        f"<tr><td><code>{route.method}</code></td><td><code>{escape(route.path)}</code></td>"
        f"<td>{escape(route.summary)}</td><td>{_called(route.query or route.body)}</td>"
        f"<td>{_called(route.reply)}</td></tr>"
        for route in ROUTES
    )
    kinds = "\n".join(_kind(name) for name in KINDS)
    return _PAGE.format(rows=rows, kinds=kinds, any_kind=", ".join(ANY_KIND), each_call=", ".join(EACH_CALL))


def _kind(name: str) -> str:
    row = KINDS[name]
    listed = (row.channels, row.steps, row.whens, row.needs, row.takes)
    cells = (name, row.does, *(", ".join(values) for values in listed))
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _models(route: Route) -> Iterable[type]:
    return (model for model in (route.body, route.query, route.reply) if isinstance(model, type))


def _operation(route: Route, named: dict[type, dict[str, Any]]) -> dict[str, Any]:
    parameters = [WORKSPACE, *(_in_path(name) for name in _NAMED.findall(route.path)), *_in_query(route)]
    operation: dict[str, Any] = {
        "operationId": route.do.__name__,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {str(route.status): _answer(route, named), "default": _json("What can't be done", named[Error])},
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": named[route.body]}}}
    return operation


def _answer(route: Route, named: dict[type, dict[str, Any]]) -> dict[str, Any]:
    if isinstance(route.reply, str):
        return {"description": route.summary, "content": {route.reply: {"schema": {"type": "string"}}}}
    return _json(route.summary, named[route.reply]) if route.reply else {"description": "Done"}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = msgspec.json.schema_components([route.query])[1][route.query.__name__]
    return [{"name": name, "in": "query", "schema": field} for name, field in schema["properties"].items()]


def _called(model: type | str | None) -> str:
    return escape(model.__name__ if isinstance(model, type) else model or "")


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Simulator control</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}}
table{{border-collapse:collapse}}td,th{{border-bottom:1px solid #ccc;padding:.3rem .8rem;text-align:left}}
</style></head>
<body><h1>Simulator control</h1>
<p>One workspace a call: by the path prefix <code>/w/{{name}}</code>, else by the header <code>X-Workspace</code>, else
<code>default</code>. Bodies are JSON. The models are in <a href="openapi.json">openapi.json</a>.</p>
<table><thead><tr><th>Method</th><th>Path</th><th>What for</th><th>Takes</th><th>Answers</th></tr></thead>
<tbody>
{rows}
</tbody></table>
<h2>Faults</h2>
<p>Every kind may have {any_kind}; every kind that hits calls, also {each_call}.</p>
<p>Over FTP, a kind with operations of the line's hits these; any other hits what the platform does about a file.</p>
<table><thead><tr><th>Kind</th><th>On the wire</th><th>Over</th><th>Operations of FTP's line</th><th>When</th>
<th>Needs</th><th>May have</th></tr></thead>
<tbody>
{kinds}
</tbody></table></body></html>
"""
