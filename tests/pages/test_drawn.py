"""What the pages say, without a browser."""

from __future__ import annotations

import re
import time
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from fake_studio.core.model import Question
from fake_studio.findings.declared import store_losses
from fake_studio.web.pages.filters import as_json, plural, size
from fake_studio.web.pages.question_view import question_view
from support.chefs_driver import CHANNEL, Chef, an_id, exercise_data, file_data, node_data, question_data
from support.zips import folder_of, preview_of, with_zip, zip_of

TREE = f"/channels/{CHANNEL}"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_an_empty_studio_says_what_to_do_next(client: FlaskClient) -> None:
    assert "No channel yet" in client.get("/").text
    assert "export STUDIO_URL=http://localhost" in client.get("/").text
    assert "No requests yet" in client.get("/requests").text
    assert "No fault is on" in client.get("/faults").text


@pytest.mark.parametrize("link", ["edit", "staging"])
def test_landing(documented: Chef, link: str) -> None:
    documented.create()
    assert documented.client.get(f"{TREE}/{link}").headers["Location"] == TREE


def test_looking_leaves_no_trace(documented: Chef) -> None:
    documented.create()
    before = len(documented.studio.journal.entries())
    for path in ("/", TREE, "/requests", "/pulse", "/static/pages.css", f"{TREE}/compare"):
        assert documented.client.get(path, buffered=True).status_code == 200
    documented.studio.faults.add(status=500)
    assert documented.client.get("/").status_code == 200
    assert len(documented.studio.journal.entries()) == before


def test_the_pulse_beats_when_something_happens(documented: Chef) -> None:
    beats = [documented.client.get("/pulse").json["pulse"]]
    for do in (documented.create, lambda: documented.studio.faults.add(status=500), documented.studio.reset):
        do()
        beats.append(documented.client.get("/pulse").json["pulse"])
    assert len(set(beats)) == len(beats)


def test_deploy_now_with_nothing_staged_is_told_in_words(documented: Chef) -> None:
    documented.create()
    answer = documented.client.post(f"{TREE}/deploy")
    assert answer.status_code == 400
    assert "has no staging tree to deploy" in answer.text


def test_a_rule_of_ones_own_that_is_wrong_is_told_in_words(client: FlaskClient) -> None:
    assert "not valid JSON" in client.post("/faults", data={"rule": "{"}).text
    assert "Request rejected" in client.post("/faults", data={"rule": '{"sleep": 1}'}).text


@pytest.mark.parametrize("data", [{}, {"snapshot": (BytesIO(b"{"), "a.json")}, {"snapshot": (BytesIO(b"\xff"), "b")}])
def test_load_snapshot_now_with_no_snapshot_is_told_in_words(documented: Chef, data: Any) -> None:
    documented.create()
    assert "Request rejected" in documented.client.post("/snapshot", data=data).text
    assert documented.studio.channels


def test_a_node_is_known_by_both_its_ids(documented: Chef) -> None:
    documented.added(documented.create(), node_data("t"))
    node = next(node for node in documented.studio.state.nodes.values() if node.title == "Node t")
    for name in (node.id, node.node_id):
        assert ">Node t</h1>" in documented.client.get(f"{TREE}/nodes/{name}").text
    assert node.node_id == an_id("t")


def test_what_studio_changed_is_marked(documented: Chef) -> None:
    told = node_data("t", tags=["b", "a", "b"], description="a", nonsense=1)
    documented.added(documented.create(), told)
    text = " ".join(documented.client.get(f"{TREE}/nodes/{told['node_id']}").text.split())
    assert '<tr class="changed"> <th scope="row">tags</th>' in text
    assert '<tr class="removed"> <th scope="row">nonsense</th>' in text
    assert '<tr class=""> <th scope="row">description</th>' in text


def test_the_two_trees_stand_side_by_side(documented: Chef) -> None:
    for titles in (("one", "two"), ("two", "three")):
        documented.added(documented.create(), *(node_data(title, description=titles[0]) for title in titles))
        documented.finish()
        documented.studio.deploy_channel(CHANNEL)
    text = documented.client.get(f"{TREE}/compare?from=previous&to=main").text
    assert [word in text for word in ("1 added", "1 removed", "1 changed")] == [True] * 3
    assert "description" in text


def test_a_part_of_a_film_can_be_asked_for(documented: Chef) -> None:
    documented.studio.storage.put(b"0123456789", "a.mp4", "video/mp4")
    answer = documented.client.get(
        preview_of(documented, "media", name="a.mp4"), headers={"Range": "bytes=2-4"}, buffered=True
    )
    assert answer.status_code == 206
    assert answer.data == b"234"


def test_a_question_in_markdown_with_a_formula() -> None:
    question = Question("a" * 32, "input_question", "What is $$\\frac{1}{2}$$ of **4**?", [{"answer": "2"}])
    told = question_view(question)
    assert "<math" in told.html
    assert "<strong>4</strong>" in told.html
    assert told.accepted == ("2",)


def test_a_formula_that_cannot_be_read_stays_as_it_was_written() -> None:
    told = question_view(Question("a" * 32, "input_question", "$$<b>^$$"))
    assert "&lt;b&gt;" in told.html
    assert "cannot be read" in told.html


def test_an_image_of_a_question_comes_from_storage(documented: Chef) -> None:
    name = "0123456789abcdef0123456789abcdef.png"
    with documented.client.application.test_request_context():
        told = question_view(Question("a" * 32, "input_question", f"![A drop](${{☣ CONTENTSTORAGE}}/{name} =10x10)"))
    assert f'src="{preview_of(documented, "media", name=name)}"' in told.html


PERSEUS = """{"question": {"content": "Choose [[☃ radio 1]]", "widgets": {"radio 1": {"type": "radio", "options":
{"choices": [{"content": "right", "correct": true}, {"content": "wrong"}]}}}}, "hints": [{"content": "Think."}]}"""


@pytest.mark.parametrize("raw", ["{}", "[", "null", '{"question": 1}', '{"question": {"widgets": {"a": 1}}}'])
def test_perseus_that_cannot_be_read_is_shown_as_it_is(raw: str) -> None:
    assert question_view(Question("a" * 32, "perseus_question", raw_data=raw)).html == f"<pre>{raw}</pre>".replace(
        '"', "&#34;"
    )


def test_a_perseus_question() -> None:
    told = question_view(Question("a" * 32, "perseus_question", raw_data=PERSEUS))
    assert "<mark>radio 1</mark>" in told.html
    assert [right for _, right in told.choices] == [True, False]
    assert "Think." in told.hints[0]


def test_a_file_that_was_never_uploaded_is_told(documented: Chef) -> None:
    told = node_data("d", "document", files=[file_data(b"nowhere", "pdf", "document")])
    documented.added(documented.create(), told, exercise_data(question_data()))
    text = documented.client.get(f"{TREE}/nodes/{told['node_id']}").text
    assert "a.pdf (document) was never uploaded" in text


@pytest.mark.parametrize("path", ["/nothing", "/channels", "/channels/x/y/z", "/node/1", "/favicon.ico"])
def test_a_browser_that_is_lost_is_told_in_words_and_leaves_no_trace(chef: Chef, path: str) -> None:
    answer = chef.client.get(path, headers=BROWSER)
    assert answer.status_code == 404
    assert "<h1>Page or endpoint not found: " in answer.text
    assert "Go to <a" in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert chef.studio.journal.entries() == []


def test_a_browser_that_goes_the_wrong_way_is_told_in_words(chef: Chef) -> None:
    answer = chef.client.get("/reset", headers=BROWSER)
    assert answer.status_code == 405
    assert "Request rejected" in answer.text


@pytest.mark.parametrize("path", ["/api/nothing", "/content/nothing", "/_fake/nothing"])
def test_below_the_paths_of_the_api_a_browser_is_answered_as_everybody(chef: Chef, path: str) -> None:
    assert "Go to <a" not in chef.client.get(path, headers=BROWSER).text


def test_a_chef_that_is_lost_is_answered_as_ever(chef: Chef) -> None:
    answer = chef.client.get("/nothing", headers={"Accept": "*/*"})
    assert answer.status_code == 404
    assert "Go to <a" not in answer.text
    assert len(chef.studio.journal.entries()) == 1


def test_a_bug_of_ours_is_told_in_words(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fake_studio.web.pages.faults.PRESETS", 1)
    answer = client.get("/faults", headers=BROWSER)
    assert answer.status_code == 500
    assert "fake_studio itself failed: AttributeError" in answer.text


def test_what_is_not_in_a_frame_is_told_in_words(documented: Chef) -> None:
    path = with_zip(documented, zip_of({"index.html": "x"}))
    answer = documented.client.get(f"{folder_of(documented, path)}none.html", headers=BROWSER)
    assert answer.status_code == 404
    assert "&#39;none.html&#39; cannot be read from the zip" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert documented.client.get(f"{folder_of(documented, path)}none.html").is_json


def test_the_culprit_is_found_behind_what_is_no_node(deployed: Chef) -> None:
    root = deployed.create()
    deployed.add(root, node_data("a"), node_data("b"), "no node", node_data("c", kind=7))
    exchange = deployed.studio.journal.entries()[-1]
    exchange.refusal = {**(exchange.refusal or {}), "index": 3}
    text = " ".join(deployed.client.get(f"/requests/{exchange.number}").text.split())
    assert text.count("this one is the cause") == 1
    assert text.index("Node c") < text.index("this one is the cause")


def test_the_dialect_and_the_length_of_the_journal_are_changed(documented: Chef) -> None:
    client = documented.client
    assert "<option selected>documented</option>" in client.get("/settings").text
    changed = client.post("/settings", data={"dialect": "deployed", "max_journal": "3"})
    assert changed.headers["Location"] == "/settings"
    text = client.get("/settings").text
    assert "<option selected>deployed</option>" in text
    assert 'value="3"' in text
    assert client.get("/_fake/settings").json["max_journal"] == 3


@pytest.mark.parametrize("data", [{"max_journal": "0"}, {"max_journal": "x"}, {"dialect": "x"}, {"seed": "1"}])
def test_change_settings_now_says_what_cannot_be_and_changes_nothing(documented: Chef, data: dict[str, str]) -> None:
    before = documented.client.get("/_fake/settings").json
    answer = documented.client.post("/settings", data={"dialect": "deployed", **data})
    assert answer.status_code == 400
    assert "Request rejected" in answer.text
    assert documented.client.get("/_fake/settings").json == before


def test_publish_by_hand_is_as_strict_as_the_dialect(chef: Chef) -> None:
    file = file_data(b"x", "pdf", "document")
    chef.studio.storage.put(b"x", file["filename"], "application/pdf")
    chef.added(chef.create(), node_data("d", "document", files=[file]))
    chef.finish()
    chef.studio.deploy_channel(CHANNEL)
    chef.studio.get_channel_record(CHANNEL).trees["main"].children[0].files[
        0
    ].preset = None  # ends Studio's own publish
    by_control = chef.client.post(f"/_fake/channels/{CHANNEL}/publish").json["publishing"]["state"]
    chef.client.post(f"{TREE}/publish", data={"confirmed": "yes"})
    by_page = chef.studio.wait_until_published(CHANNEL).state
    expected = {"documented": ("done", "unchanged"), "deployed": ("failed", "failed")}
    assert (by_control, by_page) == expected[chef.dialect]


def test_what_never_arrived_is_told(documented: Chef) -> None:
    documented.added(documented.create(), node_data("t"))
    lost = {**node_data("l"), "children": [node_data("m")]}
    tree = {"id": CHANNEL, "name": "C", "children": [node_data("t"), lost]}
    before = documented.client.get("/pulse").json["pulse"]
    store_losses(documented.studio, [tree, {"id": "other", "children": []}], ())
    assert documented.client.get("/pulse").json["pulse"] != before
    assert "2 nodes missing" in documented.client.get("/").text
    text = " ".join(documented.client.get(TREE).text.split())
    lost = text[text.index('id="causes"') :]
    assert re.search(r"Its topic is missing too\.</p> <ul class=.lost.> <li><strong>Node l &gt; Node m</strong>", lost)
    assert 'finding=node-not-received"' not in text  # these are no nodes to search for
    documented.create()
    assert "missing</span>" not in documented.client.get(TREE).text


@pytest.mark.parametrize(("count", "words"), [(None, "unknown"), (0, "0 bytes"), (1024, "1.0 KB"), (5e6, "4.8 MB")])
def test_sizes(count: Any, words: str) -> None:
    assert size(count) == words


def test_numbers_and_data() -> None:
    assert plural(1200, "node") == "1,200 nodes"
    assert as_json(["a", "b"]) == '["a", "b"]'
    assert as_json("x" * 30_000).endswith("... and 10,000 more characters")


def test_three_thousand_nodes(documented: Chef, record_property: Any) -> None:
    """The times are printed (pytest -s) and kept in the report; a machine that is busy fails nothing."""
    topics = documented.added(documented.create(), *(node_data(f"topic {number}") for number in range(10)))
    for topic in topics.values():
        documented.added(topic, *(node_data(f"{topic} {number}", "document") for number in range(300)))
    first = next(node for node in documented.studio.state.nodes.values() if node.title == "Node topic 0")
    for path in ("/", TREE, f"{TREE}/nodes/{first.id}/children", f"{TREE}?q=topic", f"{TREE}/compare", "/requests"):
        began = time.perf_counter()
        answer = documented.client.get(path)
        seconds = time.perf_counter() - began
        print(f"\n{path}: {seconds:.3f} s, {len(answer.data):,} bytes", end="")
        record_property(path, seconds)
        assert answer.status_code == 200
        assert len(answer.data) < 500_000


NATIVE = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="item">'
    '<qti-response-declaration identifier="RESPONSE" cardinality="multiple"><qti-correct-response>'
    "<qti-value>b</qti-value></qti-correct-response></qti-response-declaration><qti-item-body><p>Read.</p>{body}"
    '</qti-item-body><qti-catalog-info><qti-catalog id="c"><qti-card support="ext:kolibri-hint"><qti-html-content>'
    "<p>Count</p></qti-html-content></qti-card></qti-catalog></qti-catalog-info></qti-assessment-item>"
)
CHOICES = (
    f'<qti-prompt>Which? <img alt="" src="{"0" * 32}.png"/></qti-prompt>'
    '<qti-simple-choice identifier="a"><b>one</b></qti-simple-choice>'
    '<qti-simple-choice identifier="b"><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    "</qti-simple-choice>"
)


def native(kind: str, inside: str = CHOICES) -> Question:
    body = f'<qti-{kind}-interaction response-identifier="RESPONSE">{inside}</qti-{kind}-interaction>'
    return Question("q", "QTI", raw_data=NATIVE.format(body=body))


def test_a_native_choice_is_read_as_a_learner_reads_it() -> None:
    drawn = question_view(native("choice"))
    assert "<p>Read.</p>" in drawn.html
    assert f'src="/previews/{"0" * 32}.png"' in drawn.html
    assert "one" not in drawn.html
    assert [("<b>one</b>" in html, right) for html, right in drawn.choices] == [(True, False), (False, True)]
    assert "<math><mi>x</mi></math>" in drawn.choices[1][0]
    assert drawn.several
    assert "Count" in drawn.hints[0]


def test_a_native_text_entry_says_what_is_accepted() -> None:
    drawn = question_view(native("text-entry", ""))
    assert (drawn.accepted, drawn.choices) == (("b",), ())
    assert "<mark>text entry interaction</mark>" in drawn.html


def test_another_native_item_is_shown_whole() -> None:
    drawn = question_view(native("order"))
    assert "<mark>order interaction</mark>" in drawn.html
    assert "<b>one</b>" in drawn.html
    assert "qti-" not in drawn.html
    assert (drawn.accepted, drawn.choices) == ((), ())


@pytest.mark.parametrize("raw", ["<not xml", "<x/>"])
def test_native_items_that_say_nothing(raw: str) -> None:
    assert question_view(Question("q", "QTI", raw_data=raw)).kind == "QTI"
