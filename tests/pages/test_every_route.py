"""Every route for people, asked for what is there and for what is not: a page or a redirect, never a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from fake_studio import create_app
from fake_studio.web.openapi.examples import CHANNEL_ID, FILE, NODE_ID
from support.openapi_guest import Guest, settled

THERE = {
    "channel_id": CHANNEL_ID,
    "node_id": NODE_ID,
    "number": "1",
    "fault_id": "1",
    "name": FILE,
    "filename": "pages.css",
    "path": "index.html",
}
MISSING = ("0", "no-such-thing", "\N{SNOWMAN}", "%00", "..%2f..", "a" * 3000)
DOCS = "pages.docs_page"
FORMS: dict[str, Any] = {
    "switch_on_fault": {"preset": "slow-studio"},
    "settings_form": {"dialect": "deployed", "max_journal": "500"},
}
# The node of the example is a document: it has no zip.
NOT_THERE = {"zip_member", "h5p", "frames"}


def routes_for_people(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Each of their methods, with its rule."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("pages.", "previews.")):
            yield from ((method, rule) for method in sorted((rule.methods or set()) & {"GET", "POST"}))


ROUTES = list(routes_for_people(create_app()))


@pytest.fixture(scope="module")
def settled_guest() -> Iterator[Guest]:
    guest = settled("documented")
    yield guest
    guest.studio.close()


@pytest.fixture
def guest(settled_guest: Guest) -> Guest:
    """Somebody before a Studio in which each example is there."""
    settled_guest.go_back()
    for name in ("info", "add_faults"):  # the exchange and the fault of number 1
        settled_guest.example(name)
    return settled_guest


def visit(guest: Guest, method: str, rule: Rule, pieces: dict[str, str]) -> Any:
    """Ask for a page as a browser does, or press its button."""
    client, name = guest.app.test_client(), rule.endpoint.partition(".")[2]
    form = FORMS.get(name, {})
    if name == "load_snapshot_form":
        form = {"snapshot": (BytesIO(client.get("/_fake/snapshot").get_data()), "studio.json")}
    path = path_of(guest, rule, pieces)
    data = form if method == "POST" else None
    return client.open(path, method=method, data=data, headers={"Accept": "text/html"}, buffered=True)


def path_of(guest: Guest, rule: Rule, pieces: dict[str, str]) -> str:
    """The address; that of a preview has a key, which only the app can make."""
    if "key" in rule.arguments and "key" not in pieces:
        with guest.app.test_request_context():
            return url_for(rule.endpoint, **{name: pieces[name] for name in rule.arguments - {"key"}})
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda piece: pieces[piece[1]], rule.rule)


@pytest.mark.parametrize(("method", "rule"), ROUTES, ids=str)
def test_what_is_there_is_shown(guest: Guest, method: str, rule: Rule) -> None:
    answer = visit(guest, method, rule, {**THERE, **({"name": "findings"} if rule.endpoint == DOCS else {})})
    expected = 404 if rule.endpoint.partition(".")[2] in NOT_THERE else 200
    assert answer.status_code in (expected, 302), answer.get_data(as_text=True)[:500]
    assert method == "GET" or answer.status_code == 302, "a form leads to a page that can be loaded again"


@pytest.mark.parametrize("missing", MISSING, ids=lambda text: text[:9])
@pytest.mark.parametrize(
    ("method", "rule"), [route for route in ROUTES if route[1].arguments and not route[1].defaults], ids=str
)
def test_what_is_not_there_is_refused(guest: Guest, method: str, rule: Rule, missing: str) -> None:
    answer = visit(guest, method, rule, dict.fromkeys(rule.arguments, missing))
    assert answer.status_code in (302, 400, 404), answer.get_data(as_text=True)[:500]
    assert answer.status_code == 302 or answer.mimetype == "text/html"
