"""The documentation as the running Studio shows it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from flask.testing import FlaskClient

from fake_studio import create_app
from fake_studio.findings.codes import CODES
from fake_studio.web.pages.docs import DOCS

NAMES = [path.relative_to(DOCS).with_suffix("").as_posix() for path in sorted(DOCS.rglob("*.md"))]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().test_client()


def links_of(html: str) -> set[str]:
    article = html.partition('<article class="docs">')[2]
    return {link for link in re.findall(r'(?:href|src)="([^"]*)"', article) if "://" not in link}


@pytest.mark.parametrize("name", ["", *[name for name in NAMES if name != "README"]])
def test_links_and_pictures_lead_somewhere(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/docs/{name}")
    assert answer.status_code == 200
    for link in links_of(answer.get_data(as_text=True)):
        address, anchor = urldefrag(urljoin(f"/docs/{name}", link))
        with client.get(address) as there:
            assert there.status_code == 200, link
            assert not anchor or f'id="{anchor}"' in there.get_data(as_text=True), link


def test_every_page_is_reached_from_the_index(client: FlaskClient) -> None:
    reached = {urljoin("/docs/", link).removeprefix("/docs/") for link in links_of(client.get("/docs/").text)}
    assert set(NAMES) - reached == {"README"}


def test_every_finding_has_an_anchor(client: FlaskClient) -> None:
    page = client.get("/docs/findings").text
    assert [code for code in CODES if f'<tr id="{code}">' not in page] == []


@pytest.mark.parametrize(
    "name", ["nothing", "../README", "%2e%2e/setup", "howto/../README", "..%2f..%2fsetup.cfg", "x.png"]
)
def test_what_is_no_page(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/docs/{name}", headers={"Accept": "text/html"})
    assert answer.status_code in (404, 308), name
    assert "[metadata]" not in answer.text


def test_it_is_where_the_package_has_it() -> None:
    assert (Path(DOCS) / "findings.md").is_file()
