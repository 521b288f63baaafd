"""The API reference: what /_fake/openapi.json says, to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fake_studio.core.model import JsonDict
from fake_studio.web.access import public_url
from fake_studio.web.control.state import openapi, requested_dialect
from fake_studio.web.dialects import DIALECTS
from fake_studio.web.pages.filters import render
from fake_studio.web.request import studio


class ListedOperation(NamedTuple):
    """One operation: where it is, what is told of it, and a line for the shell."""

    method: str
    path: str
    operation: JsonDict
    curl: str


def reference_page() -> str:
    document = openapi()
    by_audience: dict[str, list[ListedOperation]] = {tag["name"]: [] for tag in document["tags"]}
    for entry in _entries(document):
        by_audience[entry.operation["tags"][0]].append(entry)
    details = {"document": document, "dialect": requested_dialect().name, "dialects": list(DIALECTS)}
    return render("reference.html", by_audience=by_audience, **details)


def _entries(document: JsonDict) -> Iterator[ListedOperation]:
    from fake_studio.web.openapi import curl

    token = studio().users[0].token
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield ListedOperation(method, path, operation, curl(method, path, operation, public_url(), token))
