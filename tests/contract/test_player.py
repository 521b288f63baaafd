from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from fake_studio.contract import PACKAGED, HttpAnswer, PlayedStep, Player, Result, Scenario, load_users
from fake_studio.contract.scenario import scenario_id

USERS = load_users(PACKAGED / "users.json")
TOKEN = USERS["chef"]["token"]


class Stub(BaseHTTPRequestHandler):
    """Answers with what is in line, and keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    answers: list[tuple[int, str, str]]
    asked: list[dict[str, Any]]

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline()
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append({"method": self.command, "path": self.path, "headers": self.headers, "content": content})
        self._answer(*self.answers.pop(0))

    def _answer(self, status: int, media_type: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Any]:
    handler = type("StubOfOneTest", (Stub,), {"answers": [], "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    handler.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    server.server_close()


def a_step(**more: Any) -> dict[str, Any]:
    return {"as": "chef", "method": "POST", "path": "/api/x", **more}


def expecting(body: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    return {"status": status, "type": "application/json", "body": body, **more}


def play(stub: Any, *steps: dict[str, Any], answers: list[Any] | None = None, **options: Any) -> Result:
    rows = [{}] * len(steps) if answers is None else answers
    stub.answers += [(200, "application/json; charset=utf-8", json.dumps(row)) for row in rows]
    return Player(stub.url, USERS, **options).play(Scenario("group/one", "because", list(steps)))


def test_a_request_is_sent_as_written(stub: Any) -> None:
    steps = [
        a_step(json={"name": "é{{name:a}}"}),
        a_step(data="", method="PUT"),
        a_step(data_hex="7bff"),
        a_step(**{"as": "anonymous"}, method="GET"),
        a_step(**{"as": "bad"}, data="a=1", headers={"content-type": "text/plain"}),
    ]
    assert play(stub, *steps).ok
    assert [row["content"] for row in stub.asked] == [b'{"name": "\\u00e9a"}', b"", b"{\xff", b"", b"a=1"]
    types = [row["headers"]["Content-Type"] for row in stub.asked]
    assert types == ["application/json"] * 3 + [None, "text/plain"]
    tokens = [row["headers"]["Authorization"] for row in stub.asked]
    assert tokens == [f"Token {TOKEN}"] * 3 + [None, "Token " + "0" * 40]


def test_an_empty_header_is_not_sent(stub: Any) -> None:
    assert play(stub, a_step(data="{}", headers={"Content-Type": "", "Authorization": ""})).ok
    assert {"Content-Type", "Authorization"}.isdisjoint(stub.asked[0]["headers"])


def test_a_header_beyond_ascii_is_utf8(stub: Any) -> None:
    assert play(stub, a_step(headers={"Authorization": "Token éé"})).ok
    assert stub.asked[0]["headers"]["Authorization"].encode("latin-1").decode() == "Token éé"


def test_multipart(stub: Any) -> None:
    assert play(stub, a_step(multipart={"up": {"filename": "{{size:a}}.txt", "file": "a"}})).ok
    asked = stub.asked[0]
    assert asked["headers"].get_content_type() == "multipart/form-data"
    assert b'name="up"; filename="12.txt"\r\n\r\ngroup/one a\n\r\n' in asked["content"]


def test_a_file_is_put_to_the_url_that_the_server_gave(stub: Any) -> None:
    ask = a_step(save={"url:a": ["uploadURL"]}, expect=expecting({"uploadURL": "<url>"}))
    put = {"as": "chef", "method": "PUT", "url": "{{url:a}}", "file": "a"}
    assert play(stub, ask, put, answers=[{"uploadURL": f"{stub.url}/there?signed=1"}, {}]).ok
    assert (stub.asked[1]["path"], stub.asked[1]["content"]) == ("/there?signed=1", b"group/one a\n")


def test_a_head_answer_has_an_empty_body(stub: Any) -> None:
    stub.answers.append((200, "application/pdf", ""))
    head = a_step(method="HEAD", expect={"status": 200, "type": "application/pdf", "body": ""})
    assert play(stub, head, answers=[]).ok


def test_a_mismatch_is_explained(stub: Any) -> None:
    stub.answers += [(200, "application/json", "{}"), (500, "text/html", "Internal\nerror")]
    good, bad = a_step(expect=expecting({})), a_step(expect=expecting("Server\nerror", 401, www="Token"))
    bad["expect"]["type"] = "text/plain"
    result = play(stub, good, bad, answers=[])
    assert not result.ok
    assert [bool(exchange.mismatch) for exchange in result.exchanges] == [False, True]
    assert str(result).split("\n  ") == [
        "group/one: step 2 of 2 differs: POST /api/x as chef",
        "why: because",
        "status: expected 401, got 500",
        "type: expected text/plain, got text/html",
        "www: expected Token, got none",
        *("body:", "--- expected", "+++ actual", "@@ -1,2 +1,2 @@", "-Server", "+Internal", " error"),
    ]


def test_json_bodies_are_compared_by_line(stub: Any) -> None:
    result = play(stub, a_step(expect=expecting({"b": 1, "a": [2]})), answers=[{"a": [2], "b": 3}])
    assert '-  "b": 1\n' in str(result).replace("\n  ", "\n")
    assert "status" not in str(result)


def test_a_step_that_needs_a_missing_value_ends_the_scenario(stub: Any) -> None:
    steps = [a_step(save={"root": ["root"]}), a_step(json="{{root}}"), a_step()]
    result = play(stub, *steps, answers=[{"error": "no"}])
    assert len(result.exchanges) == 2
    assert "step 2 of 3 differs" in str(result)
    assert "nothing is known as {{root}}" in str(result)


def test_operations_use_the_control_api(stub: Any) -> None:
    answers = [{"status": "ok"}, *({"publishing": {"state": state}} for state in ("queued", "done"))]
    steps = [{"op": op, "channel": "{{id:c}}"} for op in ("deploy", "settle")]
    result = play(stub, *steps, answers=answers)
    assert result.ok, str(result)
    channel = f"/_fake/channels/{scenario_id('group/one', 'c')}"
    assert [row["path"] for row in stub.asked] == [f"{channel}/deploy", channel, channel]


def test_a_failed_publish_is_told(stub: Any) -> None:
    result = play(stub, {"op": "settle", "channel": "c"}, answers=[{"publishing": {"state": "failed"}}])
    assert "settle c" in str(result)
    assert "failed" in str(result)


def test_operations_of_the_caller_take_precedence(stub: Any) -> None:
    channels: list[str] = []
    steps = [{"op": op, "channel": "c"} for op in ("deploy", "settle")]
    assert play(stub, *steps, answers=[], deploy=channels.append, settle=channels.append).ok
    assert channels == ["c", "c"]


def test_a_server_that_does_not_answer_fails_the_step() -> None:
    result = Player("http://127.0.0.1:9", USERS).play(Scenario("group/one", "", [a_step()]))
    assert str(result).endswith("no answer: no connection. Check that the server runs, and its address.")
    assert not result.ok


def test_every_step_that_differs_is_shown() -> None:
    steps = [a_step(expect={"status": status, "type": "text/plain", "body": ""}) for status in (1, 2)]
    scenario = Scenario("group/one", "a reason", steps)
    shown = [PlayedStep("a step", None, HttpAnswer(n, None, ""), HttpAnswer(3, None, "")) for n in (1, 3, 2)]
    lines = str(Result(scenario, shown)).split("\n")
    assert [line for line in lines if not line.startswith("  status")] == [
        "group/one: step 1 of 2 differs: a step",
        "  why: a reason",
        "group/one: step 3 of 2 differs: a step",
    ]
