"""One operation as OpenAPI has it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Dict, NamedTuple

from fake_studio import refusals as no
from fake_studio.web.dialects import DOCUMENTED, Dialect
from fake_studio.web.openapi import refusing
from fake_studio.web.openapi.examples import bodies
from fake_studio.web.openapi.operation import Audience, Content, Operation
from fake_studio.web.openapi.paths import parameters_of


class Route(NamedTuple):
    """A method of a path, and the name of the endpoint that answers it."""

    method: str
    rule: str
    endpoint: str


def operation(route: Route, audience: Audience, dialect: Dialect) -> Dict[str, Any]:
    """What is to be said of a route."""
    known = audience.operations[route.endpoint]
    told: Dict[str, Any] = {"operationId": route.endpoint, "tags": [audience.name], "summary": known.summary}
    if known.description:
        told["description"] = known.description
    if known.deprecated:
        told["deprecated"] = True
    parameters = {each.name: each.told() for each in (*parameters_of(route.rule), *known.parameters)}
    if parameters:
        told["parameters"] = list(parameters.values())
    if known.body:
        told["requestBody"] = {"required": True, "content": _with_example(known.body, route.endpoint, dialect)}
    told["security"] = [{"token": []}] if audience.needs_token else []
    told["responses"] = _responses(route, audience, known, dialect)
    return told


def _with_example(body: Content, endpoint: str, dialect: Dialect) -> Dict[str, Any]:
    examples = bodies(dialect)
    example = {"example": examples[endpoint]} if endpoint in examples else {}
    return {media_type: {"schema": schema, **example} for media_type, schema in body.items()}


def _responses(route: Route, audience: Audience, known: Operation, dialect: Dialect) -> Dict[str, Any]:
    speech = DOCUMENTED if audience.is_look else dialect
    rows = refusing.rows((*audience.refuses, *known.refuses), route.endpoint, speech)
    if audience.refuses_by_page:
        rows = refusing.by_page(rows)
    if "<" in route.rule:  # what stands there may be such that it is no path of ours
        speech = DOCUMENTED if route.rule.startswith("/_fake/") else dialect
        rows += refusing.rows([no.PathUnknown], None, speech)
    responses = {**_success(known), **refusing.responses(rows)}
    if route.method == "HEAD":  # has the headers, and no body
        return {status: {"description": told["description"]} for status, told in responses.items()}
    return responses


def _success(known: Operation) -> Dict[str, Any]:
    if known.success is None:
        return {}
    content = {media_type: {"schema": schema} for media_type, schema in known.answer.items()}
    return {known.success: {"description": HTTPStatus(int(known.success)).phrase, "content": content}}
