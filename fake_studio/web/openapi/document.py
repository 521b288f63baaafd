"""The whole description: every route of the app, with what the audiences say of it and what the dialect answers."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Optional, Tuple

from flask import Flask

from fake_studio import refusals as no
from fake_studio.version import __version__
from fake_studio.web.dialects import Dialect
from fake_studio.web.openapi import paths, refusing, sent, state, told, vocabulary
from fake_studio.web.openapi.control import CONTROL
from fake_studio.web.openapi.describing import Route, operation
from fake_studio.web.openapi.internal import INTERNAL
from fake_studio.web.openapi.operation import Audience
from fake_studio.web.openapi.pages import PAGES, PREVIEWS
from fake_studio.web.openapi.public import PUBLIC
from fake_studio.web.openapi.shapes import Schema
from fake_studio.web.openapi.uploads import STORAGE, UPLOADS

AUDIENCES = (INTERNAL, UPLOADS, STORAGE, PUBLIC, CONTROL, PAGES, PREVIEWS)
ASKED_FOR_ITSELF = ("storage_file", "database")  # chefs and Kolibri send HEAD there; elsewhere it is GET, cut short

_ABOUT = """Every route of a fake Kolibri Studio that speaks the dialect {dialect}.

A path that is here answers {method} to a method that is not; the endpoints that need a token look at that first.
Any other path answers {path}. Faults that were switched on may answer anything.
"""
_TOKEN = "The word Token and a user's token. The default user has a fixed one: fake-studio serve prints it."


def described(app: Flask, dialect: Dialect, url: str) -> Dict[str, Any]:
    """The OpenAPI 3.1 document of an app in a dialect. A route that no audience describes is not in it."""
    told_paths: Dict[str, Dict[str, Any]] = {}
    for route in routes(app):
        audience = audience_of(route.endpoint)
        if audience is not None:
            told_paths.setdefault(paths.template(route.rule), {})[route.method.lower()] = operation(
                route, audience, dialect
            )
    _name(told_paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "fake_studio", "version": __version__, "description": _about(dialect)},
        "servers": [{"url": url}],
        "tags": [{"name": each.name, "description": each.description} for each in AUDIENCES],
        "paths": told_paths,
        "components": {
            "schemas": components(dialect),
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization", "description": _TOKEN}
            },
        },
    }


def _about(dialect: Dialect) -> str:
    statuses = [dialect.row(kind, None).status.partition(" ")[0] for kind in (no.MethodNotAllowed, no.PathUnknown)]
    return _ABOUT.format(dialect=dialect.name, method=statuses[0], path=statuses[1])


def _name(told_paths: Dict[str, Dict[str, Any]]) -> None:
    """Give every operation an id: its endpoint's name, with a number where one endpoint has several."""
    counts: Dict[str, int] = {}
    for each in (each for methods in told_paths.values() for each in methods.values()):
        name = each["operationId"]
        counts[name] = counts.get(name, 0) + 1
        if counts[name] > 1:
            each["operationId"] = f"{name}_{counts[name]}"


def components(dialect: Dialect) -> Dict[str, Schema]:
    """Every shape that has a name."""
    return {
        "Error": refusing.ERROR,
        **sent.components(dialect),
        **told.components(dialect),
        **state.components(),
        **vocabulary.components(),
    }


def audience_of(endpoint: str) -> Optional[Audience]:
    """The audience that describes an endpoint."""
    return next((each for each in AUDIENCES if endpoint in each.operations), None)


def routes(app: Flask) -> Iterator[Route]:
    """Every route of an app, a method at a time, by audience: in the order in which they are described."""
    yield from sorted(_routes(app), key=_place)


def _routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        name = rule.endpoint.rpartition(".")[2]
        allowed = getattr(app.view_functions[rule.endpoint], "allowed_methods", None) or rule.methods or ()
        hidden = {"OPTIONS"} if name in ASKED_FOR_ITSELF else {"HEAD", "OPTIONS"}
        yield from (Route(method, rule.rule, name) for method in sorted(set(allowed) - hidden))


def _place(route: Route) -> Tuple[int, int]:
    for place, audience in enumerate(AUDIENCES):
        if route.endpoint in audience.operations:
            return place, list(audience.operations).index(route.endpoint)
    return len(AUDIENCES), 0
