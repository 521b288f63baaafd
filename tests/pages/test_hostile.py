"""Chefs that mean harm: what they send stays text, or stays in its sandbox."""

from __future__ import annotations

import json
import threading
import time
from importlib import import_module
from typing import Any

import pytest
from flask.testing import FlaskClient

from fake_studio.core.model import Question
from fake_studio.web.pages.question_view import question_view
from support.chefs_driver import CHANNEL, Chef, exercise_data, file_data, md5, node_data, question_data
from support.zips import folder_of, library, package, player_of, preview_of, with_zip, zip_of

HOSTILE = '"><script>window.pwned=1</script><img src=x onerror=window.pwned=1>'
SLASHES = "../../etc/passwd"
SCRIPT = b"<script>try { parent.document.title = 'pwned' } catch (e) {} document.title = self.origin</script>"
MEMBERS = {"index.html": SCRIPT, "../up.html": b"up", "/etc/passwd": b"root", "a b/ü.html": b"<p>deep", "x.js": b"1"}


PERSEUS = json.dumps({"question": {"content": HOSTILE, "widgets": {}}, "hints": [{"content": HOSTILE}]})


def pages_of(chef: Chef) -> list[str]:
    nodes = [f"/channels/{CHANNEL}/nodes/{node.id}" for node in chef.studio.state.nodes.values()]
    numbers = [f"/requests/{each.number}" for each in chef.studio.journal.entries()]
    tree = f"/channels/{CHANNEL}"
    return ["/", tree, f"{tree}?q=script", f"{tree}/compare", "/requests", *nodes, *numbers]


@pytest.fixture
def hostile(documented: Chef) -> Chef:
    """A channel in which every text that a chef may choose is an attack."""
    texts = dict.fromkeys(("title", "description", "author", "license_description", "source_id"), HOSTILE)
    root = documented.create(name=HOSTILE, description=HOSTILE, tagline=HOSTILE)
    file = file_data(b"x", "pdf", "document", original_filename=HOSTILE, source_url="javascript:alert(1)")
    question = question_data("p", "perseus_question", question="", answers="[]", raw_data=PERSEUS)
    nodes = node_data("t", **texts, tags=[HOSTILE[:29]]), node_data("d", "document", **texts, files=[file])
    documented.added(root, *nodes, exercise_data(question, **texts))
    documented.add(root, node_data("w", "document", title=HOSTILE, categories=[HOSTILE]))
    return documented


def test_hostile_texts_stay_texts(hostile: Chef) -> None:
    for path in pages_of(hostile):
        answer = hostile.client.get(path)
        assert answer.status_code == 200, path
        assert "<script>window" not in answer.text, path
        assert "<img src=x" not in answer.text, path
        assert 'href="javascript:' not in answer.text, path


def test_texts_that_cannot_be_sent_do_no_harm(documented: Chef) -> None:
    root = documented.create()
    assert documented.add(root, node_data("t", title="half \ud800 pair")).status_code == 400
    documented.add(root, node_data("d", "document", node_id="\ud800", title="\ud800", license="\ud800"))
    for path in pages_of(documented):
        assert documented.client.get(path).status_code == 200, path


def test_a_book_in_an_unknown_encoding_is_a_broken_book(documented: Chef) -> None:
    for encoding in ("nonsense", "utf-32", "base64"):
        container = f'<?xml version="1.0" encoding="{encoding}"?><a/>'
        documented.studio.reset()
        page = with_zip(documented, zip_of({"META-INF/container.xml": container}), "epub", "document")
        answer = documented.client.get(page)
        assert answer.status_code == 200
        assert "cannot be read" in answer.text


def test_a_package_of_endless_json_is_not_read(documented: Chef) -> None:
    content = "[" + "[]," * 3_000_000 + "[]]"
    packed = zip_of({"h5p.json": {"title": "T", "mainLibrary": "H5P.Main"}, "content/content.json": content})
    page = with_zip(documented, packed, "h5p", "h5p")
    began = time.thread_time()
    answer = documented.client.get(page)
    assert (answer.status_code, "too many" in answer.text) == (200, True)
    assert documented.client.get(player_of(documented, page)).status_code == 404
    assert time.thread_time() - began < 2


def a_nested_item(levels: int) -> str:
    inside = "<div>" * levels + "</div>" * levels
    root = '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a" title="t">'
    return f"{root}<qti-item-body>{inside}</qti-item-body></qti-assessment-item>"


def test_an_item_is_nested_as_deep_as_studio_reads(chef: Chef) -> None:
    root = chef.create()
    for levels, status in ((254, 200), (255, 400), (50_000, 400)):
        item = question_data(str(levels), "QTI", question="", answers="[]", raw_data=a_nested_item(levels))
        assert chef.add(root, exercise_data(item, node_id=f"{levels:032x}")).status_code == status


def test_an_item_that_is_nested_without_end_is_shown_as_it_was_written() -> None:
    view = question_view(Question("a" * 32, "QTI", raw_data=a_nested_item(5000)))
    assert view.html.startswith("<pre>&lt;qti-assessment-item")


@pytest.mark.parametrize("kind", ["exercise", "book"])
def test_what_is_slow_to_show_is_made_without_the_lock(
    documented: Chef, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    studio, is_free = documented.studio, []

    def ask_for_lock() -> None:
        is_free.append(studio.lock.acquire(timeout=1))
        studio.lock.release() if is_free[-1] else None

    def slow(*arguments: Any) -> Any:
        other = threading.Thread(target=ask_for_lock)
        other.start()
        other.join()
        return original(*arguments)

    file, name = ("previews", "question_view") if kind == "exercise" else ("node_previews", "open_zip")
    module = import_module(f"fake_studio.web.pages.{file}")
    original = getattr(module, name)
    monkeypatch.setattr(module, name, slow)
    if kind == "exercise":
        documented.added(documented.create(), exercise_data())
        node = next(node for node in studio.state.nodes.values() if node.questions)
        path = preview_of(documented, "exercise", channel_id=CHANNEL, node_id=node.id)
    else:
        path = with_zip(documented, zip_of({"a": "b"}), "epub", "document")
    assert documented.client.get(path).status_code == 200
    assert is_free == [True]


def test_every_page_has_a_strict_policy(hostile: Chef) -> None:
    for path in [*pages_of(hostile), "/faults", "/settings", "/channels/none"]:
        policy = hostile.client.get(path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self'; script-src http://localhost/static/;")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy


def test_no_page_has_script_or_style_of_its_own(hostile: Chef) -> None:
    for path in pages_of(hostile):
        text = hostile.client.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert text.count("<script") == 1


@pytest.mark.parametrize("path", ["/channels/none", f"/channels/{CHANNEL}/nodes/none", "/requests/77"])
def test_what_is_not_there_is_told_in_words(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Channel not found:" in answer.text or "Request not found: 77" in answer.text


FOREIGN = [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
POSTS = ["/reset", "/requests/clear", "/faults", "/faults/1/off", f"/channels/{CHANNEL}/deploy"]


@pytest.mark.parametrize("headers", [*FOREIGN, {"Host": "evil.example"}])
def test_a_foreign_page_gets_nothing(documented: Chef, headers: dict[str, str]) -> None:
    documented.create()
    for path in POSTS:
        assert documented.client.post(path, headers=headers).status_code == 403
    answer = documented.client.get("/", headers=headers)
    assert answer.status_code == 403
    assert "c0ffee" not in answer.text
    assert documented.studio.channels


def test_another_machine_gets_nothing(documented: Chef) -> None:
    previews = preview_of(documented, "media", name="a.pdf"), folder_of(documented, "/x") + "index.html"
    for path in ("/", f"/channels/{CHANNEL}", *previews):
        assert documented.client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 403


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_comes_from_the_zip_and_from_nowhere_else(documented: Chef, name: str) -> None:
    path = with_zip(documented, zip_of(MEMBERS))
    answer = documented.client.get(f"{folder_of(documented, path)}{name}")
    if answer.status_code == 200:
        assert answer.data.endswith(MEMBERS[name])  # in front of HTML stands a script of ours
        assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-scripts; default-src http://local")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    else:
        assert name.startswith(("..", "/"))  # a client cannot even ask for these


@pytest.mark.parametrize("name", [SLASHES, "/etc/passwd", "none.html", "", "%2e%2e/x", "\\..\\x"])
def test_what_the_zip_has_not_is_not_there(documented: Chef, name: str) -> None:
    path = with_zip(documented, zip_of({"index.html": b"x"}))
    answer = documented.client.get(f"{folder_of(documented, path)}{name}")
    assert answer.status_code == 404
    assert b"root:" not in answer.data


def test_an_app_may_load_from_its_own_zip_only(documented: Chef) -> None:
    path = with_zip(documented, zip_of({"index.html": SCRIPT}))
    policy = documented.client.get(f"{folder_of(documented, path)}index.html").headers["Content-Security-Policy"]
    directives = dict(each.strip().partition(" ")[::2] for each in policy.split(";"))
    assert directives["sandbox"] == "allow-scripts"
    assert f"http://localhost{folder_of(documented, path)}" in directives["default-src"].split()
    assert "'self'" not in policy
    assert directives["form-action"] == "'none'"


def test_a_book_runs_no_script(documented: Chef) -> None:
    path = with_zip(documented, zip_of({"x.xhtml": b"<html/>"}), "epub", "document")
    policy = documented.client.get(f"{folder_of(documented, path)}x.xhtml").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; ")
    assert "script-src 'none'" in policy


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
BROKEN = [b"no zip at all", zip_of({"a.txt": b"x"}), zip_of({"META-INF/container.xml": BOMB, "h5p.json": b"["})]


@pytest.mark.parametrize(("extension", "kind"), [("zip", "html5"), ("epub", "document"), ("h5p", "h5p")])
@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_zip_is_told_in_words(documented: Chef, content: bytes, extension: str, kind: str) -> None:
    answer = documented.client.get(with_zip(documented, content, extension, kind))
    assert answer.status_code == 200
    assert "cannot be" in answer.text or "no HTML page" in answer.text


def test_a_member_that_grows_without_end_is_refused(documented: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fake_studio.content.zips.MEMBER_LIMIT", 1000)
    path = with_zip(documented, zip_of({"index.html": b"0" * 2000}))
    assert documented.client.get(f"{folder_of(documented, path)}index.html").status_code == 404


def test_questions_load_nothing_from_elsewhere(hostile: Chef) -> None:
    node = next(node for node in hostile.studio.state.nodes.values() if node.questions)
    answer = hostile.client.get(preview_of(hostile, "exercise", channel_id=CHANNEL, node_id=node.id))
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy.replace("style-src", "")


def test_only_what_plays_is_played(documented: Chef) -> None:
    name = f"{md5(b'<script>')}.pdf"
    documented.studio.storage.put(b"<script>", name, "text/html")
    answer = documented.client.get(preview_of(documented, "media", name=name), buffered=True)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for other in ("a.html", "../a.pdf", name.replace(".pdf", ".html")):
        assert documented.client.get(preview_of(documented, "media", name=other)).status_code == 404


def test_a_question_runs_nothing_in_a_real_browser(page: Any, kitchen: Any) -> None:
    studio = kitchen.fake.studio
    node = next(node for node in studio.state.nodes.values() if node.title == "Quiz")
    node.questions[0].type, node.questions[0].raw_data = "perseus_question", PERSEUS
    page.goto(kitchen.fake.url + f"/channels/{node.channel_id}/nodes/{node.id}")
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_load_state()
    assert frame.query_selector("script")
    assert frame.evaluate("window.pwned") is None


def test_nothing_escapes_in_a_real_browser(page: Any, kitchen: Any) -> None:
    studio = kitchen.fake.studio
    content = zip_of({"index.html": SCRIPT})
    client = kitchen.fake.app.test_client()
    chef = Chef(client, studio, {}, kitchen.fake.token, "documented")
    path = with_zip(chef, content)
    page.goto(kitchen.fake.url + path)
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_load_state()
    assert frame.title() == "null"
    assert "pwned" not in page.title()
    assert page.evaluate("window.pwned") is None


LIBRARY = """
H5P.Evil = function () {
  this.attach = async ($to) => {
    const tried = ["parent.document.title = 'pwned'", "top.location = '/settings'", "document.domain = 'localhost'"]
    for (const each of tried) try { eval(each) } catch {}
    for (const url of ["/_fake/channels", "/", "http://192.0.2.1/", "/_fake/reset"])
      for (const method of ["GET", "POST"]) await fetch(url, { method, mode: "no-cors" }).catch(() => {})
    new Image().src = "http://192.0.2.1/x.png"
    $to.text(`tried all, ${self.origin}`)
  }
}"""


def test_a_hostile_package_changes_nothing_outside_its_frame(page: Any, kitchen: Any) -> None:
    studio = kitchen.fake.studio
    chef = Chef(kitchen.fake.app.test_client(), studio, {}, kitchen.fake.token, "documented")
    title = "</script><script>parent.postMessage('pwned', '*')</script>"
    hostile = library("H5P.Evil", LIBRARY)
    path = with_zip(chef, package({"text": title, "<x>": HOSTILE}, hostile, main="H5P.Evil"), "h5p", "h5p")
    known, calls = set(studio.state.channels), len(studio.journal.entries())
    page.goto(kitchen.fake.url + path)
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector("text=tried all, null")
    assert (set(studio.state.channels), len(studio.journal.entries())) == (known, calls)
    assert page.url == kitchen.fake.url + path
    assert "pwned" not in page.title()


def test_a_player_loads_only_the_members_that_its_zip_has(documented: Chef) -> None:
    bad = library("H5P.Evil", "")
    bad["H5P.Evil-1.0/library.json"]["preloadedJs"] = [{"path": "../../../../static/x.js"}, {"path": "../../main.js"}]
    path = with_zip(documented, package({"text": "</script>"}, bad, main="H5P.Evil"), "h5p", "h5p")
    answer = documented.client.get(player_of(documented, path))
    assert "static/x.js" not in answer.text
    assert answer.text.count("</script>") == answer.text.count("<script")
    policy = answer.headers["Content-Security-Policy"]
    own, ours = folder_of(documented, path), preview_of(documented, "frames", filename="")
    assert policy.startswith(f"sandbox allow-scripts; default-src http://localhost{own} http://localhost{ours}")
    assert "'self'" not in policy


def test_a_preview_cannot_be_guessed(documented: Chef) -> None:
    documented.studio.storage.put(b"0123456789", "a.mp4", "video/mp4")
    right = preview_of(documented, "media", name="a.mp4")
    other = preview_of(documented, "media", name="b.mp4")
    assert documented.client.get(right, buffered=True).status_code == 200
    for wrong in (
        "/previews/a.mp4",
        f"/previews/{'0' * 32}/a.mp4",
        other.replace("b.mp4", "a.mp4"),
        "/previews/é/a.mp4",
    ):
        assert documented.client.get(wrong).status_code == 404
