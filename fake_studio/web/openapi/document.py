"""The whole description: every route for programs, with what the audiences say of it and what the dialect answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Flask

from fake_studio import __version__
from fake_studio.core import refusals
from fake_studio.web.dialects import DOCUMENTED, Dialect
from fake_studio.web.openapi import answers, document, requests, shapes, state, vocabulary
from fake_studio.web.openapi import responses as refusing
from fake_studio.web.openapi.control import CONTROL
from fake_studio.web.openapi.examples import CHANNEL_ID, FILE, NODE_ID, bodies
from fake_studio.web.openapi.internal import INTERNAL
from fake_studio.web.openapi.operation import Content, EndpointGroup, Operation, Parameter
from fake_studio.web.openapi.shapes import Schema
from fake_studio.web.openapi.uploads import PUBLIC, STORAGE, UPLOADS
from fake_studio.web.request import ALLOWED_METHODS

_PIECE = re.compile(r"<(?:(\w+):)?(\w+)>")
_PART: Schema = shapes.text(pattern="^[^/]+$")
_NUMBER: Schema = {**shapes.WHOLE, "minimum": 0}

PATH_PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        Parameter("channel_id", _PART, "The channel's id.", "path", example=CHANNEL_ID),
        Parameter("node_id", _PART, "A node's node_id, its id or its number.", "path", example=NODE_ID),
        Parameter("number", _NUMBER, "The exchange's number in the journal.", "path", example=1),
        Parameter("fault_id", _NUMBER, "The fault's number.", "path", example=1),
        Parameter("a", _PART, "The first character of the name.", "path", example=FILE[0]),
        Parameter("b", _PART, "Its second character.", "path", example=FILE[1]),
        Parameter("name", _PART, "The file's name, <checksum>.<extension>.", "path", example=FILE),
        Parameter("rest", _PART, "Any other path.", "path", example="elsewhere"),
        Parameter("version", shapes.one_of(["v1"]), "The version of the public API.", "path", example="v1"),
        Parameter("identifier", _PART, "A channel's id, or one of its tokens.", "path", example=CHANNEL_ID),
    )
}


def template(rule: str) -> str:
    """A path of Flask's as OpenAPI writes it."""
    return _PIECE.sub(r"{\2}", rule)


def names_in(rule: str) -> Iterator[str]:
    """The names of the pieces that vary."""
    yield from (name for _, name in _PIECE.findall(rule))


def parameters_of(rule: str) -> tuple[Parameter, ...]:
    """What is to be said of those pieces."""
    return tuple(PATH_PARAMETERS[name] for name in names_in(rule) if name in PATH_PARAMETERS)


class Route(NamedTuple):
    """A method of a path, and the name of the endpoint that answers it."""

    method: str
    rule: str
    endpoint: str


def operation(route: Route, audience: EndpointGroup, dialect: Dialect) -> dict[str, Any]:
    """What is to be said of a route."""
    described_operation = audience.operations[route.endpoint]
    data: dict[str, Any] = {
        "operationId": route.endpoint,
        "tags": [audience.name],
        "summary": described_operation.summary,
    }
    if described_operation.description:
        data["description"] = described_operation.description
    if described_operation.deprecated:
        data["deprecated"] = True
    parameters = {
        parameter.name: parameter.to_dict()
        for parameter in (*parameters_of(route.rule), *described_operation.parameters)
    }
    if parameters:
        data["parameters"] = list(parameters.values())
    if described_operation.body:
        data["requestBody"] = {
            "required": True,
            "content": _with_example(described_operation.body, route.endpoint, dialect),
        }
    data["security"] = [{"token": []}] if audience.needs_token else []
    data["responses"] = _responses(route, audience, described_operation, dialect)
    return data


def _with_example(body: Content, endpoint: str, dialect: Dialect) -> dict[str, Any]:
    examples = bodies(dialect)
    example = {"example": examples[endpoint]} if endpoint in examples else {}
    return {media_type: {"schema": schema, **example} for media_type, schema in body.items()}


def _responses(route: Route, audience: EndpointGroup, operation_row: Operation, dialect: Dialect) -> dict[str, Any]:
    spoken = DOCUMENTED if audience.is_look else dialect
    rows = refusing.rows((*audience.refuses, *operation_row.refuses), route.endpoint, spoken)
    if "<" in route.rule:  # what stands there may be such that it is no path of ours
        spoken = DOCUMENTED if route.rule.startswith("/_fake/") else dialect
        rows += refusing.rows([refusals.PathUnknown], None, spoken)
    responses = {**_success(operation_row), **refusing.responses(rows)}
    if route.method == "HEAD":  # has the headers, and no body
        return {status: {"description": response["description"]} for status, response in responses.items()}
    return responses


def _success(operation_row: Operation) -> dict[str, Any]:
    if operation_row.success is None:
        return {}
    content = {media_type: {"schema": schema} for media_type, schema in operation_row.answer.items()}
    return {operation_row.success: {"description": HTTPStatus(int(operation_row.success)).phrase, "content": content}}


AUDIENCES = (INTERNAL, UPLOADS, STORAGE, PUBLIC, CONTROL)
ASKED_FOR_ITSELF = ("storage_file", "database")  # chefs and Kolibri send HEAD there; elsewhere it is GET, cut short

_ABOUT = """Every route for programs of a fake Kolibri Studio that speaks the dialect {dialect}.

A path that is here answers {method} to a method that is not; the endpoints that need a token look at that first.
Any other path answers {path}. Faults that were switched on may answer anything.
"""
_TOKEN = "The word Token and a user's token. The default user has a fixed one: fake-studio serve prints it."


def describe_api(app: Flask, dialect: Dialect, url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an app in a dialect. A route that no audience describes is not in it: the pages."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes(app):
        audience = audience_of(route.endpoint)
        if audience is not None:
            paths.setdefault(document.template(route.rule), {})[route.method.lower()] = operation(
                route, audience, dialect
            )
    _name(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "fake_studio", "version": __version__, "description": _about(dialect)},
        "servers": [{"url": url}],
        "tags": [{"name": group.name, "description": group.description} for group in AUDIENCES],
        "paths": paths,
        "components": {
            "schemas": components(dialect),
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization", "description": _TOKEN}
            },
        },
    }


def _about(dialect: Dialect) -> str:
    statuses = [
        dialect.row(kind, None).status.partition(" ")[0] for kind in (refusals.MethodNotAllowed, refusals.PathUnknown)
    ]
    return _ABOUT.format(dialect=dialect.name, method=statuses[0], path=statuses[1])


def _name(paths: dict[str, dict[str, Any]]) -> None:
    """Give every operation an id: its endpoint's name, with a number where one endpoint has several."""
    counts: dict[str, int] = {}
    for method in (method for methods in paths.values() for method in methods.values()):
        name = method["operationId"]
        counts[name] = counts.get(name, 0) + 1
        if counts[name] > 1:
            method["operationId"] = f"{name}_{counts[name]}"


def components(dialect: Dialect) -> dict[str, Schema]:
    """Every shape that has a name."""
    return {
        "Error": refusing.ERROR,
        **requests.components(dialect),
        **answers.components(dialect),
        **state.components(),
        **vocabulary.components(),
    }


def audience_of(endpoint: str) -> EndpointGroup | None:
    """The audience that describes an endpoint."""
    return next((audience for audience in AUDIENCES if endpoint in audience.operations), None)


def routes(app: Flask) -> Iterator[Route]:
    """Every route of an app, a method at a time, by audience: in the order in which they are described."""
    yield from sorted(_routes(app), key=_place)


def _routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        name = rule.endpoint.rpartition(".")[2]
        allowed = ALLOWED_METHODS.get(rule.endpoint) or rule.methods or ()
        hidden = {"OPTIONS"} if name in ASKED_FOR_ITSELF else {"HEAD", "OPTIONS"}
        yield from (Route(method, rule.rule, name) for method in sorted(set(allowed) - hidden))


def _place(route: Route) -> tuple[int, int]:
    for place, audience in enumerate(AUDIENCES):
        if route.endpoint in audience.operations:
            return place, list(audience.operations).index(route.endpoint)
    return len(AUDIENCES), 0
