"""The Web API's description in OpenAPI 3.1, made from its table of calls."""

import typing
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from msgspec import inspect

from engine.api.envelope import Text
from engine.api.reading import JSON, TOKEN
from engine.api.route import REFUSALS, Refusal, Route
from engine.api.schemas import REFERENCE, Schema, Schemas
from engine.service.views import Page

OPENAPI = "3.1.0"
WORDS: Schema = {"type": "string"}
EMPTY: Schema = {"type": "object", "maxProperties": 0}
IN_BODY = "The caller's token, where no header Authorization bears it."
ABOUT = """A pay-TV provisioning engine: what happens to subscriptions, and what platforms are told of it.

Every answer has the same envelope. A token is wanted, as `Authorization: Bearer …` or as `token` in the body."""


@cache
def text(routes: tuple[Route, ...]) -> Text:
    """The description as JSON."""
    return Text(msgspec.json.encode(document(routes)), JSON)


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """The description."""
    schemas = Schemas()
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route, schemas)
    return {
        "openapi": OPENAPI,
        "info": {"title": "Headend", "version": release(), "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": {f"Refused{status}": refused(status, row) for status, row in REFUSALS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def release() -> str:
    """The version of what runs."""
    try:
        return version("headend")
    except PackageNotFoundError:
        return "0"


def operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    """One call."""
    described: dict[str, Any] = {"operationId": route.operation, "tags": [route.tag], "summary": route.title}
    if route.query:
        described["parameters"] = [parameter(one, route, schemas) for one in inspect.type_info(route.query).fields]  # type: ignore[attr-defined]
    if route.body:
        described["requestBody"] = body(route, schemas)
    if route.open_to_all:
        described["security"] = []
    answers = {"200": answered(route, schemas)}
    if route.later:
        answers["202"] = in_json(enveloped(schemas.answered(route.later)), "It will be done, and is not yet.")
    refusals = {str(status): {"$ref": f"#/components/responses/Refused{status}"} for status in route.statuses}
    return {**described, "responses": {**answers, **refusals}}


def parameter(field: inspect.Field, route: Route, schemas: Schemas) -> dict[str, Any]:
    """One field of the query."""
    described = {"name": field.name, "in": "query", "required": field.required}
    if field.name != "fields_set":
        return {**described, "schema": schemas.said_field(field)}
    names = {"type": "string", "enum": list(typing.get_type_hints(route.result))}
    return {**described, "style": "form", "explode": False, "schema": {"type": "array", "minItems": 1, "items": names}}


def body(route: Route, schemas: Schemas) -> dict[str, Any]:
    """What is said in the body, and the token, which may stand there."""
    name = schemas.said(route.body)["$ref"].removeprefix(REFERENCE)
    schema = schemas.components[name]
    if not route.open_to_all:
        schema["properties"][TOKEN] = {**WORDS, "writeOnly": True, "description": IN_BODY}
    return {"required": True, "content": {JSON: {"schema": {"$ref": f"{REFERENCE}{name}"}}}}


def answered(route: Route, schemas: Schemas) -> dict[str, Any]:
    """What is answered when all is well."""
    if isinstance(route.answer, str):
        return {
            "description": route.title,
            "content": {route.answer: {"schema": {} if route.answer == JSON else WORDS}},
        }
    return in_json(enveloped(data(route, schemas)), route.title)


def data(route: Route, schemas: Schemas) -> Schema:
    """The schema of the data; where the caller says which fields, it may be a part."""
    if not route.query or "fields_set" not in route.query.__struct_fields__:
        return schemas.answered(route.answer)
    whole = schemas.answered(route.result)
    names = typing.get_type_hints(route.result)
    part = {"type": "object", "properties": {name: {"$ref": f"{whole['$ref']}/properties/{name}"} for name in names}}
    either = {"anyOf": [whole, {**part, "description": "The fields that fields_set names.", "minProperties": 1}]}
    if typing.get_origin(route.answer) is not Page:
        return either
    return fixed({"total": {"type": "integer", "minimum": 0}, "results": {"type": "array", "items": either}})


def refused(status: int, row: Refusal) -> dict[str, Any]:
    """A refusal, with the codes that it may have."""
    code = {**WORDS, "enum": list(row.codes)} if row.codes else {**WORDS, "pattern": "^[A-Z][A-Z0-9_]*$"}
    schema = fixed(
        {"status": fixed({"code": code, "description": WORDS, "message": {**WORDS, "minLength": 1}}), "data": EMPTY}
    )
    described = in_json(schema, row.meaning)
    if status == HTTPStatus.UNAUTHORIZED:
        described["headers"] = {"WWW-Authenticate": {"schema": WORDS}}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        described["headers"] = {"Allow": {"schema": WORDS}}
    return described


def enveloped(schema: Schema) -> Schema:
    """The data in the envelope of what was done."""
    empty = {"const": ""}
    return fixed({"status": fixed({"code": {"const": "OK"}, "description": empty, "message": empty}), "data": schema})


def fixed(properties: Schema) -> Schema:
    """An object that has just these fields."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def in_json(schema: Schema, description: str) -> dict[str, Any]:
    """An answer in JSON."""
    return {"description": description, "content": {JSON: {"schema": schema}}}
