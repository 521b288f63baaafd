"""The API reference: what /_fake/openapi.json says, to read."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, NamedTuple

from flask import current_app, request

from fake_studio.web.control import dialect_of
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.incoming import dialect, studio
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.showing import drawn
from fake_studio.web.urls import public_url

Data = Dict[str, Any]


class Entry(NamedTuple):
    """One operation: where it is, what is told of it, and a line for the shell."""

    method: str
    path: str
    told: Data
    curl: str


@pages.get("/api-reference")
def reference_page() -> str:
    from fake_studio.web.openapi import described  # as control.openapi does it

    name = request.args.get("dialect", dialect().name)
    document = described(current_app, dialect_of(name), public_url())
    by_audience: Dict[str, List[Entry]] = {tag["name"]: [] for tag in document["tags"]}
    for entry in _entries(document):
        by_audience[entry.told["tags"][0]].append(entry)
    return drawn("reference.html", document=document, by_audience=by_audience, dialect=name, dialects=list(DIALECTS))


def _entries(document: Data) -> Iterator[Entry]:
    from fake_studio.web.openapi import curl

    token = studio().users[0].token
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield Entry(method, path, told, curl(method, path, told, public_url(), token))
