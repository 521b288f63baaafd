"""The API reference, as people find and read it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from typing import Any

import pytest
from flask.testing import FlaskClient

from fake_studio import FakeStudio
from fake_studio.web.dialects import DIALECTS
from support.axe import serious

ONE_OF_EACH = "[0, 4, 6, 14].includes(n) || each.querySelector('#shape-SentNode') !== null"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_operation_and_shape_is_on_the_page(client: FlaskClient, dialect: str) -> None:
    document = client.get(f"/_fake/openapi.json?dialect={dialect}").get_json()
    page = client.get(f"/api-reference?dialect={dialect}").get_data(as_text=True)
    ids = set(re.findall(r'<div id="([^"]+)"', page))
    operations = {told["operationId"] for methods in document["paths"].values() for told in methods.values()}
    assert operations | {f"shape-{name}" for name in document["components"]["schemas"]} == ids
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids | set(re.findall(r'id="([^"]+)"', page))


def test_the_page_speaks_the_dialect_of_the_server_unless_it_is_asked(client: FlaskClient) -> None:
    def chosen(path: str) -> str:
        return re.findall(r'aria-current="true">(\w+)<', client.get(path).get_data(as_text=True))[0]

    assert chosen("/api-reference") == "documented"
    assert chosen("/api-reference?dialect=deployed") == "deployed"
    assert client.get("/api-reference?dialect=frisian").status_code == 400


def test_every_page_leads_there(client: FlaskClient) -> None:
    assert '<a href="/api-reference">API</a>' in client.get("/").get_data(as_text=True)


def test_its_lines_for_the_shell_work() -> None:
    with FakeStudio() as fake:
        page = fake.app.test_client().get("/api-reference", base_url=fake.url).get_data(as_text=True)
        lines = dict(re.findall(r'<div id="(\w+)">.*?<pre class="value">(curl .*?)</pre>', page, re.S))
        assert len(lines) >= 55
        for name in ("check_version", "create_channel", "file_diff", "upload_url", "lookup", "change_settings"):
            line = lines[name].replace("&#39;", "'").replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
            ran = subprocess.run([*shlex.split(line), "-sS"], capture_output=True, text=True)
            assert ran.returncode == 0, ran.stderr
            assert "error" not in json.loads(ran.stdout) or name == "lookup", ran.stdout


def test_an_operation_opens_and_leads_to_its_shapes(browser: Any) -> None:
    with FakeStudio() as fake:
        context = browser.new_context(viewport={"width": 360, "height": 700}, is_mobile=True)
        page = context.new_page()
        page.goto(f"{fake.url}/api-reference")
        page.click("summary:has-text('add_nodes')")
        page.click("#add_nodes a:text-is('SentNode')")
        assert page.is_visible("#shape-SentNode >> text=grade_levels")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        # axe looks at each thing that is seen: one of each kind will do
        page.evaluate(f"document.querySelectorAll('details').forEach((each, n) => {{ each.open = {ONE_OF_EACH} }})")
        assert serious(page) == []
        context.close()
