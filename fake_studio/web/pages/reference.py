"""The API reference: what /_fake/openapi.json says, to read."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, NamedTuple

from fake_studio.web.access import public_url
from fake_studio.web.control.state import asked_dialect, openapi
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import drawn
from fake_studio.web.request import studio

Data = Dict[str, Any]


class Entry(NamedTuple):
    """One operation: where it is, what is told of it, and a line for the shell."""

    method: str
    path: str
    told: Data
    curl: str


@pages.get("/api-reference")
def reference_page() -> str:
    document = openapi()
    by_audience: Dict[str, List[Entry]] = {tag["name"]: [] for tag in document["tags"]}
    for entry in _entries(document):
        by_audience[entry.told["tags"][0]].append(entry)
    told = {"document": document, "dialect": asked_dialect().name, "dialects": list(DIALECTS)}
    return drawn("reference.html", by_audience=by_audience, **told)


def _entries(document: Data) -> Iterator[Entry]:
    from fake_studio.web.openapi import curl

    token = studio().users[0].token
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield Entry(method, path, told, curl(method, path, told, public_url(), token))
