"""The journal: what is kept of an exchange, what is not, and how to find it again."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

import pytest

from fake_studio import Studio, create_app
from fake_studio.core.journal import Exchange, Journal, json_contains
from support.chefs_driver import CHANNEL, Chef, an_id, channel_data, node_data
from support.provocations import PDF, begin, document, send


def last(chef: Chef) -> Exchange:
    return chef.studio.journal.entries()[-1]


def found(chef: Chef, **wanted: Any) -> list[int]:
    return [exchange["number"] for exchange in ask(chef, "find", wanted)["requests"]]


def ask(chef: Chef, what: str, body: Any) -> Any:
    answer = chef.ask("POST", f"/_fake/requests/{what}", body)
    assert answer.status_code == 200
    return answer.get_json()


def test_an_exchange(chef: Chef) -> None:
    before = time.time()
    chef.create()
    exchange = last(chef)
    assert (exchange.method, exchange.endpoint, exchange.status) == ("POST", "create_channel", 200)
    assert exchange.path == "/api/internal/create_channel"
    assert (exchange.user, exchange.channel) == (chef.user.username, CHANNEL)
    assert before <= exchange.time <= time.time()
    assert 0 < exchange.duration < 5
    assert exchange.request["body"] == {"channel_data": channel_data()}
    assert exchange.answer["body"]["channel_id"] == CHANNEL
    assert exchange.answer["headers"]["Content-Type"] == "application/json"
    assert exchange.refusal is None


def test_the_cause_of_a_refusal_is_whole_though_the_client_saw_little(deployed: Chef) -> None:
    root = begin(deployed)
    answer = deployed.add(root, node_data("t"), document(grade_levels=["Grade 3"]))
    assert (answer.status_code, answer.data) == (400, b"Validation error")
    exchange = last(deployed)
    cause = exchange.refusal or {}
    assert (cause["kind"], cause["field"], cause["index"]) == ("NodeInvalid", "grade_levels", 1)
    assert (cause["node_id"], cause["title"]) == (an_id("d"), "Node d")
    assert "'Grade 3'" in cause["message"]
    assert cause["allowed"]
    assert exchange.nodes == [an_id("t"), an_id("d")]
    assert exchange.answer["body"] == "Validation error"


def test_tokens_are_masked(chef: Chef) -> None:
    chef.create()
    chef.role("nobody").post("check_version", {}, headers={"Cookie": f"session={chef.token}"})
    told = json.dumps([exchange.to_dict() for exchange in chef.studio.journal.entries()])
    assert chef.token not in told
    assert f"Token {chef.token[:4]}..." in told


def test_signatures_of_upload_urls_do_not_matter_but_uploads_are_not_kept(chef: Chef) -> None:
    chef.upload(PDF)
    put = last(chef)
    assert (put.method, put.endpoint, put.request["body"]) == ("PUT", "put_file", None)
    assert PDF.decode() not in json.dumps(put.to_dict())


def test_the_old_upload_is_not_kept_either(chef: Chef) -> None:
    name = f"{hashlib.md5(PDF).hexdigest()}.pdf"
    assert chef.file_upload(PDF, name).status_code == 200
    assert last(chef).endpoint == "file_upload"
    assert PDF.decode() not in json.dumps(last(chef).to_dict())


def test_large_bodies_are_kept_as_their_md5_and_size(chef: Chef) -> None:
    body = json.dumps({"channel_data": channel_data(extra_fields=json.dumps({"long": "x" * 300_000}))})
    assert chef.ask("POST", "/api/internal/create_channel", body).status_code == 200
    kept = last(chef).request["body"]
    assert last(chef).channel == CHANNEL
    assert kept == {"md5": hashlib.md5(body.encode()).hexdigest(), "size": len(body)}


def test_what_is_short_in_a_large_body_is_kept(chef: Chef) -> None:
    root = begin(chef)
    chef.add(root, document(description="", source_url="x" * 300_000))
    assert last(chef).request["body"] == {**last(chef).request["body"], "root_id": root}
    assert set(last(chef).request["body"]) == {"root_id", "md5", "size"}


def test_what_is_no_json_is_kept_as_far_as_it_can_be(chef: Chef) -> None:
    chef.ask("POST", "/api/internal/create_channel", b"{not json \xff")
    exchange = last(chef)
    assert exchange.refusal is not None
    assert json.dumps(exchange.to_dict())


# The cap


def test_the_oldest_go_and_are_counted(chef: Chef) -> None:
    chef.studio.journal.resize(3)
    for _ in range(5):
        chef.post("authenticate_user_internal")
    assert [exchange.number for exchange in chef.studio.journal.entries()] == [3, 4, 5]
    assert chef.studio.journal.dropped == 2
    told = chef.ask("GET", "/_fake/requests").get_json()
    assert (told["dropped"], told["meta"], len(told["requests"])) == (2, {"total": 3}, 3)
    assert chef.studio.report().to_dict()["dropped_requests"] == 2
    assert chef.ask("GET", "/_fake/requests/2").status_code == 404
    assert chef.ask("GET", "/_fake/requests/3").get_json()["number"] == 3


def test_the_cap_from_the_start() -> None:
    studio = Studio(max_journal=1)
    client = create_app(studio).test_client()
    for _ in range(3):
        client.get("/api/public/info")
    assert (len(studio.journal.entries()), studio.journal.dropped) == (1, 2)
    studio.close()


def test_a_shorter_cap_drops_what_is_too_much(chef: Chef) -> None:
    for _ in range(5):
        chef.post("authenticate_user_internal")
    answer = chef.ask("PATCH", "/_fake/settings", {"max_journal": 2})
    assert (answer.status_code, answer.get_json()["max_journal"]) == (200, 2)
    assert (len(chef.studio.journal.entries()), chef.studio.journal.dropped) == (2, 3)


@pytest.mark.parametrize("limit", [0, -1, "7", True, None, 1.5, 2**31, 10**30])
def test_a_cap_is_a_whole_number(chef: Chef, limit: Any) -> None:
    answer = chef.ask("PATCH", "/_fake/settings", {"max_journal": limit})
    assert answer.status_code == 400
    assert "max_journal: must be a whole number from 1" in answer.get_json()["error"]


def test_clear(chef: Chef) -> None:
    chef.create()
    assert chef.ask("DELETE", "/_fake/requests").get_json() == {"status": "ok"}
    assert (chef.studio.journal.entries(), chef.studio.journal.dropped) == ([], 0)
    chef.post("authenticate_user_internal")
    assert last(chef).number == 1
    assert chef.studio.channels, "only the journal is cleared"


# Queries


@pytest.fixture
def busy(chef: Chef) -> Chef:
    """1 upload_url, 2 put_file, 3 create_channel, 4 and 5 add_nodes (the second refused), 6 finish, 7 by nobody."""
    root = begin(chef)
    chef.added(root, document(tags=["water", "salt"]))
    chef.add(root, document("bad", tags=["x" * 31]))
    chef.finish()
    chef.role("nobody").post("authenticate_user_internal")
    return chef


QUERIES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3, 4, 5, 6, 7]),
    ({"endpoint": "add_nodes"}, [4, 5]),
    ({"endpoint": "add_nodes", "status": 200}, [4]),
    ({"status": "400"}, [5]),
    ({"method": "PUT"}, [2]),
    ({"path": "/api/internal/finish_channel"}, [6]),
    ({"channel": CHANNEL}, [3, 4, 5, 6]),
    ({"since": 5}, [6, 7]),
    ({"body": {"content_data": [{"title": "Node bad"}]}}, [5]),
    ({"body": {"content_data": [{"tags": ["salt"]}]}}, [4]),
    ({"body": {"channel_data": {"name": "A channel"}}}, [3]),
    ({"body": {"stage": True}}, [6]),
    ({"body": {"stage": False}}, []),
    ({"endpoint": "nothing"}, []),
]


@pytest.mark.parametrize(("wanted", "numbers"), QUERIES)
def test_find_and_count(busy: Chef, wanted: dict[str, Any], numbers: list[int]) -> None:
    assert found(busy, **wanted) == numbers
    assert ask(busy, "count", wanted) == {"count": len(numbers)}
    assert [exchange.number for exchange in busy.studio.requests.find(wanted)] == numbers
    assert busy.studio.requests.count(wanted) == len(numbers)


def test_find_by_user(busy: Chef) -> None:
    """The PUT needs no token, so it is nobody's; who announced the file is known."""
    assert found(busy, user=busy.user.username) == [1, 3, 4, 5, 6]
    assert found(busy, user=None) == [2, 7]


def test_query_in_the_address(busy: Chef) -> None:
    def numbers(query: str) -> list[int]:
        told = busy.ask("GET", f"/_fake/requests?{query}").get_json()
        return [exchange["number"] for exchange in told["requests"]]

    assert numbers("endpoint=add_nodes&status=200") == [4]
    assert numbers(f"channel={CHANNEL}&limit=2") == [5, 6]
    assert numbers("since=6") == [7]
    assert numbers("limit=1") == [7]


@pytest.mark.parametrize("body", [[], "x", {"colour": "red"}, {"status": "good"}, {"since": [1]}])
def test_a_query_that_makes_no_sense(busy: Chef, body: Any) -> None:
    for what in ("find", "count"):
        answer = busy.ask("POST", f"/_fake/requests/{what}", json.dumps(body))
        assert answer.status_code == 400
        assert answer.get_json()["error"]


def test_contains() -> None:
    data = {"a": [{"b": 1, "c": [2, 3]}, {"b": 4}], "d": None}
    for part in ({}, {"a": []}, {"a": [{"b": 4}]}, {"a": [{"c": [3]}, {"b": 4}]}, {"d": None}, data):
        assert json_contains(data, part)
    for part in ({"a": [{"b": 5}]}, {"e": None}, {"a": {"b": 1}}, {"d": 0}, [], 1, {"a": [{"b": 4, "c": []}]}):
        assert not json_contains(data, part)


def test_listeners_hear_of_each_exchange(chef: Chef) -> None:
    heard: list[int] = []
    chef.studio.journal.listeners.append(lambda exchange: heard.append(exchange.number))
    send(chef, document())
    assert heard == [exchange.number for exchange in chef.studio.journal.entries()]


def test_a_journal_of_its_own_knows_no_http() -> None:
    journal = Journal(limit=2)
    for number in range(3):
        journal.record(Exchange(0, float(number), "GET", "/", None, None, None, {}, 200, {}, 0.0))
    assert [exchange.number for exchange in journal.entries()] == [2, 3]
    assert (journal.dropped, journal.entry(1), journal.entry(3)) == (1, None, journal.entries()[1])
