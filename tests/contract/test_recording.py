"""Answers written down again: the same answers give the same recording, and a change is seen in the comparison."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fake_studio import FakeStudio
from fake_studio.contract import PACKAGED, HttpAnswer, Player, Scenario, Suite, connect, load_scenarios, load_users
from fake_studio.contract.compare import ABSENT, ADDED, CHANGED, REMOVED, compare
from fake_studio.contract.record import expectation, record_scenarios, text_of, write
from fake_studio.contract.report import change_lines

USERS = load_users(PACKAGED / "users.json")
DEPLOYED = load_scenarios(PACKAGED / "deployed")
RECORDED_A_NUMBER = {  # the recording kept a user's number, because the request had the digit 2 in it
    *("auth/header/lowercase", "auth/header/two-spaces", "auth/header/uppercase"),
    "body/authenticate_user_internal/bad-utf8",
}


def bare(scenario: Scenario) -> Scenario:
    """The same questions, without what is expected."""
    steps = [{key: value for key, value in step.items() if key != "expect" or "op" in step} for step in scenario.steps]
    return replace(scenario, steps=steps)


@pytest.fixture(scope="module")
def again() -> list[Scenario]:
    """The recordings as our deployed dialect gives them back, from the questions alone."""
    from fake_studio.views import dicts

    users = [dicts.user_from_dict(user, number) for number, user in enumerate(USERS.values(), start=1)]
    with FakeStudio(dialect="deployed", users=users) as fake:
        suite = Suite(connect(fake.url, USERS), reset=True)
        outcomes = suite.play_all(map(bare, DEPLOYED), lambda _: None)
    return [record_scenarios(outcome.result) for outcome in outcomes if outcome.result]


def test_the_questions_alone_give_back_the_recordings(again: list[Scenario]) -> None:
    assert [each.name for each in again] == [each.name for each in DEPLOYED]
    assert compare(DEPLOYED, again) == []
    assert compare(again, DEPLOYED) == []
    pairs = [(ours, theirs) for ours, theirs in zip(again, DEPLOYED) if ours.name not in RECORDED_A_NUMBER]
    assert [ours.name for ours, theirs in pairs if text_of([ours]) != text_of([theirs])] == []


def test_two_recordings_of_one_server_are_equal(deployed_studio: FakeStudio) -> None:
    questions = [bare(each) for each in DEPLOYED if each.group in ("upload_url", "put", "storage")]
    played = [Suite(connect(deployed_studio.url, USERS)).play_all(questions, lambda _: None) for _ in range(2)]
    one, other = ([record_scenarios(each.result) for each in outcomes if each.result] for outcomes in played)
    assert text_of(one) == text_of(other)
    assert "storage/" in text_of(one)


def test_a_part_of_a_recording_says_what_it_does_not_hold() -> None:
    part = [each for each in DEPLOYED if each.group in ("version", "status")]
    changes = compare(DEPLOYED, part)
    assert {change.kind for change in changes} == {ABSENT}
    told = list(change_lines(changes))
    assert told[0] == "Nothing changed."
    assert told[1].startswith(f"The new recording does not hold {len(DEPLOYED) - len(part)} scenarios of the old one: ")


def test_a_recording_is_written_as_the_recordings_are(tmp_path: Path) -> None:
    files = write(DEPLOYED, tmp_path / "new")
    assert sorted(file.name for file in files) == sorted(file.name for file in (PACKAGED / "deployed").iterdir())
    for file in files:
        assert file.read_bytes() == (PACKAGED / "deployed" / file.name).read_bytes()


def test_what_is_as_expected_stays_as_it_is(documented_studio: FakeStudio) -> None:
    for scenario in load_scenarios(PACKAGED / "documented")[:5]:
        documented_studio.reset()
        assert record_scenarios(Player(documented_studio.url, USERS).play(scenario)) == scenario


def test_what_differs_between_servers_is_hidden() -> None:
    body = {"url": "http://a/b", "last_published": "2026-08-01T12:00:00Z", "matching_tokens": ["a-b"], "name": "x"}
    told = expectation(HttpAnswer(200, "application/json", [body], "Token"))
    assert told["body"] == [{"url": "<url>", "last_published": "<time>", "matching_tokens": "<tokens>", "name": "x"}]
    assert told["www"] == "Token"
    assert expectation(HttpAnswer(200, "application/json", {"url": None}))["body"] == {"url": None}
    assert expectation(HttpAnswer(404, "text/html", "<!doctype html>\n<html>"))["body"] == "<page>"
    assert expectation(HttpAnswer(404, "text/plain", "Channel not found"))["body"] == "Channel not found"


def changed(name: str, change: Any) -> list[Scenario]:
    """The recordings with one of them changed."""
    copies = [replace(each, steps=copy.deepcopy(each.steps)) for each in DEPLOYED]
    change(next(each for each in copies if each.name == name).steps)
    return copies


def test_a_changed_answer_is_shown(again: list[Scenario]) -> None:
    def change(steps: list[Any]) -> None:
        steps[1]["expect"].update(status=201, body={"success": False})

    [found] = compare(again, changed("status/new", change))
    assert (found.kind, found.scenario) == (CHANGED, "status/new")
    [step] = found.steps
    assert (step.kind, step.number, step.asked) == (
        CHANGED,
        2,
        "POST /api/internal/get_channel_status_bulk as chef",
    )
    assert step.difference.startswith("status: expected 200, got 201\nbody:\n")
    assert '+  "success": false' in step.difference


def test_an_id_that_became_another_is_shown() -> None:
    def change(steps: list[Any]) -> None:
        finish = next(step for step in steps if step["path"].endswith("/finish_channel"))
        assert finish["expect"]["body"]["diff_task_id"] != "<id 1>"
        finish["expect"]["body"]["diff_task_id"] = "<id 1>"

    found = compare(DEPLOYED, changed("finish/stage-false", change))
    assert [each.scenario for each in found] == ["finish/stage-false"]


def test_steps_and_scenarios_come_and_go() -> None:
    def change(steps: list[Any]) -> None:
        steps.append({**steps[0], "path": "/api/internal/other"})

    after = changed("status/null", change)[1:]
    gone, found = compare(DEPLOYED, after)
    assert (gone.kind, gone.scenario) == (ABSENT, DEPLOYED[0].name)
    assert [(step.kind, step.number) for step in found.steps] == [(ADDED, 2)]
    back, found = reversed(compare(after, DEPLOYED))
    assert (back.kind, back.scenario) == (ADDED, DEPLOYED[0].name)
    assert [(step.kind, step.number) for step in found.steps] == [(REMOVED, 2)]


def test_an_expectation_that_comes_or_goes_is_a_change() -> None:
    def change(steps: list[Any]) -> None:
        del steps[0]["expect"]

    after = changed("status/null", change)
    assert [step.difference for each in compare(DEPLOYED, after) for step in each.steps] == [
        "an answer is no longer expected"
    ]
    assert [step.difference for each in compare(after, DEPLOYED) for step in each.steps] == [
        "an answer is now expected"
    ]
