"""What is sent to keep the server busy: it takes no longer than it is long, or is refused; others are answered."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
import requests
from werkzeug.routing import Map, Rule

from fake_studio import FakeStudio
from fake_studio.content.garbled import find_garbled_markdown, find_garbling
from fake_studio.content.perseus import inspect_perseus
from fake_studio.core.model import Question
from fake_studio.findings import Finding
from fake_studio.findings.declared import parse_failed_files
from fake_studio.findings.question_texts import lost_part
from fake_studio.markdown import MarkdownTooSlow, html_of, render
from fake_studio.markdown.images import images_in
from fake_studio.publishing.context import ExportLog
from fake_studio.publishing.exercises.exercise import exercise_of
from fake_studio.publishing.exercises.numbers import number_of
from fake_studio.reports.causes import causes_of
from fake_studio.reports.consequences import without_repetitions
from fake_studio.rules import questions as rules
from fake_studio.web.lazy_rule import LazyBuilderRule
from support.chefs_driver import Chef, an_id, node_data


def seconds_of(deed: Any, *arguments: Any) -> float:
    began = time.thread_time()
    deed(*arguments)
    return time.thread_time() - began


def question(text: str = "Q", number: int = 0) -> dict[str, Any]:
    answers = json.dumps([{"answer": "1", "correct": True, "order": 1}])
    return {
        "assessment_id": f"{number:032x}",
        "type": "input_question",
        "question": text,
        "answers": answers,
        "hints": "[]",
        "files": [],
        "randomize": False,
    }


def exercise(*questions: dict[str, Any]) -> dict[str, Any]:
    mastery = json.dumps({"mastery_model": "m_of_n", "m": 1, "n": 1})
    return node_data("x", "exercise", questions=list(questions), extra_fields=mastery)


@pytest.mark.parametrize("text", ["![" * 40_000, "[" * 40_000, "*a " * 5000, "`" * 40_000, "<" * 10_000])
def test_markdown_is_read_in_the_time_of_its_length(text: str) -> None:
    html_of("warm $$x$$")
    assert seconds_of(html_of, text) < render.PATIENCE + 1


def test_markdown_that_takes_too_long_is_refused(chef: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "PATIENCE", 0.0)
    with pytest.raises(MarkdownTooSlow):
        html_of("*slow* text")
    answer = chef.add(chef.create(), exercise(question("*slow* text")))
    assert answer.status_code == 400
    assert "longer to read" in (chef.studio.journal.entries()[-1].refusal or {})["message"]


def test_health_is_answered_while_a_question_is_read() -> None:
    with FakeStudio() as fake:
        token = {"Authorization": f"Token {fake.token}"}
        channel = {"id": an_id("c"), "name": "n", "language": "en", "description": "", "source_domain": "d"}
        channel.update(source_id="s", thumbnail="", license=None, ricecooker_version="0.8.0", extra_fields="{}")
        made = requests.post(f"{fake.url}/api/internal/create_channel", json={"channel_data": channel}, headers=token)
        body = {"root_id": made.json()["root"], "content_data": [exercise(question("![" * 40_000))]}
        add = threading.Thread(
            target=requests.post, args=(f"{fake.url}/api/internal/add_nodes",), kwargs={"json": body, "headers": token}
        )
        add.start()
        worst = 0.0
        while add.is_alive():
            began = time.monotonic()
            assert requests.get(f"{fake.url}/_fake/health", timeout=5).status_code == 200
            assert requests.get(f"{fake.url}/_fake/channels", timeout=5).status_code == 200
            worst = max(worst, time.monotonic() - began)
        assert worst < 2


LONG_NUMBERS = ["1" * 40_000, "1" * 40_000 + "x/", "1,111" * 8000, "1." * 20_000 + "e", " " * 40_000 + "/"]
NUMBERS = [("1234,567.5", 234567.5), ("x-3/4", -0.75), ("5-3.5", -3.5), ("1 1/2", 1.5), ("12,34.5", 34.5)]


@pytest.mark.parametrize("text", LONG_NUMBERS)
def test_a_long_number_is_read_in_the_time_of_its_length(text: str) -> None:
    assert seconds_of(number_of, text) < 2


@pytest.mark.parametrize(("text", "number"), [*NUMBERS, ("1,2345.5", 2345.5)])
def test_numbers_are_found_where_they_were_before(text: str, number: float) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("line", ["\ta" * 5000, "\ta b" * 3000, "\ta: " * 3000, "\t" * 10_000, "\tword" + ": " * 5000])
def test_a_long_line_of_a_chefs_log_is_read_at_once(line: str) -> None:
    assert seconds_of(parse_failed_files, [line, "\t   why"] * 20) < 2


def test_the_lines_of_failed_files_are_found() -> None:
    lines = ["INFO \tDocument lost: /a: b.pdf  ", "\t   gone\x1b[0m", "\tQuestion: x.png", "\t   bad", "\tNo", "\t   x"]
    found = parse_failed_files(lines)
    assert [(each.owner, each.source_id, each.reason) for each in found] == [
        ("Document", "lost", "/a: b.pdf: gone"),
        ("Question", "", "x.png: bad"),
    ]


def test_images_without_an_end_are_searched_for_once() -> None:
    assert seconds_of(list, images_in("![" * 40_000 + "](${☣ CONTENTSTORAGE}/a" * 1000)) < 2


def test_many_questions_of_a_node_cost_as_many_times_more() -> None:
    few, many = (list(map(str, range(count))) for count in (2000, 40_000))
    assert seconds_of(rules._check_unique, many) < 60 * max(seconds_of(rules._check_unique, few), 0.005)


@pytest.mark.parametrize("kind", ["QTI", "perseus_question"])
def test_many_questions_are_packed_as_quickly(documented: Chef, kind: str) -> None:
    node = documented.studio.state.new_node("c")
    node.extra_fields = json.loads(exercise()["extra_fields"])
    node.questions = [
        Question(f"{number:032x}", kind, raw_data=f'<a identifier="i{number}"/>') for number in range(10_000)
    ]
    assert seconds_of(exercise_of, node, ExportLog(strict=True)) < 3


def test_many_findings_are_told_as_quickly() -> None:
    lost = [finding("node-not-received", number).due_to(f"request-{number}") for number in range(10_000)]
    alike = [finding("question-needs-qti", number) for number in range(10_000)]
    empty = [finding("topic-empty", number) for number in range(10_000)]
    assert seconds_of(causes_of, [alike], [], None, []) < 2
    assert seconds_of(without_repetitions, [*lost, *empty], [], "") < 2


def test_what_is_below_a_topic_that_was_lost_follows_from_it() -> None:
    lost = finding("node-not-received", 1).due_to("request-7")
    [_, empty, other] = without_repetitions([lost, finding("topic-empty", 1), finding("topic-empty", 2)], [], "")
    assert (empty.cause, other.cause) == ("", "")
    above = replace(finding("topic-empty", 1), path="A topic")
    [_, empty] = without_repetitions([lost, above], [], "")
    assert (empty.cause, empty.is_consequence) == ("request-7", True)


def finding(code: str, number: int) -> Finding:
    return Finding(code, "error", "c", f"{number}", "Fix it.", f"{number:032x}", "t", f"A topic > Node {number}")


def test_two_questions_of_one_id_are_still_refused(chef: Chef) -> None:
    assert chef.add(chef.create(), exercise(question(), question())).status_code == 400


@pytest.mark.parametrize("number", ["1e400", "1" + "0" * 400, "-1" + "0" * 400, "NaN"])
def test_numbers_beyond_all_bounds_are_refused(documented: Chef, number: str) -> None:
    announced = {"size": 5, "checksum": "e" * 32, "name": "a.mp4", "file_format": "mp4", "preset": "high_res_video"}
    for name in ("size", "duration"):
        body = json.dumps({**announced, "duration": 5, "resumable": True, name: "@"}).replace('"@"', number)
        assert documented.ask("POST", "/api/file/upload_url", body).status_code in (400, 412)


@pytest.mark.parametrize("levels", [300, 700, 900, 940, 980, 5000])
def test_deep_data_is_answered(chef: Chef, levels: int) -> None:
    deep = "[" * levels + "]" * levels
    root = chef.create()
    for body in (
        deep,
        f'{{"root_id": {deep}, "content_data": []}}',
        f'{{"root_id": "x", "content_data": [{{"title": {deep}}}]}}',
    ):
        answer = chef.ask("POST", "/api/internal/add_nodes", body)
        assert "itself" not in answer.text
        assert chef.ask("GET", "/_fake/requests").status_code == 200
    assert root


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN"])
def test_numbers_that_json_lacks_are_shown_as_texts(chef: Chef, number: str) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    chef.ask("POST", "/api/internal/add_nodes", f'{{"root_id": {number}, "content_data": [{number}]}}')
    text = chef.ask("GET", "/_fake/requests").text
    assert json.loads(text, parse_constant=refuse)
    assert {"1e400": '"Infinity"', "-1e400": '"-Infinity"', "NaN": '"NaN"'}[number] in text


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN"])
def test_numbers_that_json_lacks_leave_a_snapshot_valid(documented: Chef, number: str) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    root = documented.create()
    node = json.dumps({**node_data("n"), "mood": "@"}).replace('"@"', number)
    body = f'{{"root_id": {json.dumps(root)}, "content_data": [{node}]}}'
    assert documented.ask("POST", "/api/internal/add_nodes", body).status_code == 200
    text = documented.ask("GET", "/_fake/snapshot").text
    assert json.loads(text, parse_constant=refuse)
    assert documented.ask("PUT", "/_fake/snapshot", text).status_code == 200
    assert documented.ask("GET", "/_fake/snapshot").text == text


def test_a_rule_builds_the_urls_of_werkzeugs_own() -> None:
    values = {"name": "b c", "more": "d"}
    built = [
        Map([kind("/a/<name>", endpoint="a")]).bind("studio").build("a", values) for kind in (Rule, LazyBuilderRule)
    ]
    assert built[0] == built[1]
    assert built[0].startswith("/a/b%20c?more=d")


def test_a_rule_leaves_it_to_a_werkzeug_that_asks_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rule, "_compile_builder", lambda *_, **__: "its own")
    assert LazyBuilderRule("/a", endpoint="a")._compile_builder(True, "a word of a werkzeug to come") == "its own"
    assert LazyBuilderRule("/a", endpoint="a")._compile_builder(another="word") == "its own"


UNCLOSED = ["![](", "![", "\\(", "\\[", "<script>", "<title>", "<script", "<!doctype", "$1 ", "$$", "```", "http://"]


@pytest.mark.parametrize(
    "text", [*(piece * 20_000 for piece in UNCLOSED), f"$1{' ' * 40_000}x$", "![](" + "a" * 40_000]
)
def test_texts_are_looked_at_in_the_time_of_their_length(text: str) -> None:
    assert seconds_of(find_garbled_markdown, text) < 2
    assert seconds_of(find_garbling, text) < 2
    assert seconds_of(inspect_perseus, json.dumps({"question": {"content": text}})) < 2
    assert seconds_of(lost_part, text, "") < 2
