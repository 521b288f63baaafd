"""Assertions about requests: what they accept, and the nearest requests that a failure shows."""

from __future__ import annotations

import time
from typing import Any

import pytest

from fake_studio.core.journal import Exchange, Journal


def exchange(endpoint: str, status: int = 200, **changes: Any) -> Exchange:
    told: dict[str, Any] = {
        "number": 0,
        "time": 0.0,
        "method": "POST",
        "path": f"/api/internal/{endpoint}",
        "endpoint": endpoint,
        "user": "chef@example.org",
        "channel": None,
        "request": {"headers": {}, "body": changes.pop("body", None)},
        "status": status,
        "answer": {},
        "duration": 0.0,
    }
    return Exchange(**{**told, **changes})


@pytest.fixture
def journal() -> Journal:
    journal = Journal()
    nodes = [{"title": "Nile", "kind": "document"}, {"title": "Congo", "kind": "video"}]
    journal.record(exchange("create_channel"))
    journal.record(exchange("add_nodes", 400, body={"root_id": "r1", "content_data": nodes}))
    journal.record(exchange("add_nodes", 200, body={"root_id": "zzz", "content_data": []}))
    journal.record(exchange("finish_channel"))
    return journal


def failure(journal: Journal, query: dict[str, Any], times: int | None = None) -> list[str]:
    with pytest.raises(AssertionError) as failed:
        journal.assert_made(query, times)
    return str(failed.value).splitlines()


def test_what_was_made(journal: Journal) -> None:
    journal.assert_made({"endpoint": "add_nodes"})
    journal.assert_made({"endpoint": "add_nodes"}, times=2)
    journal.assert_made({"endpoint": "publish_channel"}, times=0)
    journal.assert_made({"body": {"content_data": [{"title": "Congo"}]}}, times=1)
    journal.assert_not_made({"endpoint": "publish_channel"})


def test_the_nearest_comes_first_in_two_columns(journal: Journal) -> None:
    lines = failure(journal, {"endpoint": "add_nodes", "status": 200, "body": {"root_id": "r1"}})
    assert lines[0].startswith("0 requests match, expected at least one: {'endpoint': 'add_nodes'")
    assert lines[1] == "The nearest of 4 requests:"
    assert [line.split() for line in lines[2:6]] == [
        ["expected", "request", "2"],
        ["endpoint", '"add_nodes"', '"add_nodes"'],
        ["x", "status", "200", "400"],
        ["body.root_id", '"r1"', '"r1"'],
    ]


def test_columns_stand_below_each_other(journal: Journal) -> None:
    _, _, head, *rows = failure(journal, {"endpoint": "add_node", "status": 200})[:5]
    assert {row.index(value) for row, value in zip(rows, ('"add_node"', "200"))} == {head.index("expected")}
    assert {row.rindex(value) for row, value in zip(rows, ('"add_nodes"', "200"))} == {head.index("request")}


def test_a_node_in_a_list_is_compared_with_the_nearest_one(journal: Journal) -> None:
    lines = failure(journal, {"body": {"content_data": [{"title": "Congo", "kind": "document", "role": "coach"}]}})
    assert [line.split() for line in lines[2:6]] == [
        ["expected", "request", "2"],
        ["body.content_data[1].title", '"Congo"', '"Congo"'],
        ["x", "body.content_data[1].kind", '"document"', '"video"'],
        ["x", "body.content_data[1].role", '"coach"', "(absent)"],
    ]


def test_three_at_most_and_none_if_there_is_none(journal: Journal) -> None:
    shown = failure(journal, {"status": 500})
    assert sum(line.strip().startswith("expected") for line in shown) == 3
    assert len(failure(Journal(), {"status": 500})) == 1


def test_a_wrong_number_of_requests_is_said(journal: Journal) -> None:
    assert failure(journal, {"endpoint": "finish_channel"}, 2)[0].startswith("1 request matches, expected 2: ")
    with pytest.raises(AssertionError, match=r"^2 requests too many: .*\n  2 POST /api/internal/add_nodes: 400\n  3 "):
        journal.assert_not_made({"endpoint": "add_nodes"})


@pytest.mark.parametrize("assertion", ["assert_made", "assert_not_made"])
def test_a_filter_that_there_is_not(journal: Journal, assertion: str) -> None:
    with pytest.raises(ValueError, match=r"Requests cannot be filtered by 'endpont'\. Use one of endpoint, method"):
        getattr(journal, assertion)({"endpont": "add_nodes"})


@pytest.mark.parametrize("body", [None, "text", [], [1], {"content_data": None}, {"content_data": [None, 1, "x"]}])
def test_bodies_of_any_kind(body: Any) -> None:
    journal = Journal()
    journal.record(exchange("add_nodes", body=body))
    for part in ({"content_data": [{"title": "x"}]}, [{"a": 1}], "other", {"content_data": {"a": []}}):
        assert any(line.startswith("  x ") for line in failure(journal, {"body": part}))


def test_long_values_are_cut() -> None:
    journal = Journal()
    journal.record(exchange("add_nodes", body={"title": "y" * 5000}))
    assert max(map(len, failure(journal, {"body": {"title": "z"}})[1:])) < 120


def test_a_full_journal_is_compared_in_a_moment() -> None:
    journal = Journal()
    for number in range(3000):
        journal.record(exchange("add_nodes", body={"content_data": [{"title": f"{number} " * 2000}] * 10}))
    began = time.process_time()
    failure(journal, {"body": {"content_data": "no list"}, "status": 201})
    assert time.process_time() - began < 10
