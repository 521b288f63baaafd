from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from fake_studio.contract import PACKAGED, HttpAnswer, Player, Result, Scenario, load_scenarios, load_users
from fake_studio.contract.normalise import AnswerNormaliser, explain_difference
from fake_studio.contract.scenario import Placeholders

PUBLISHED = Path(__file__).parents[2] / "fixtures" / "contract" / "published"
FOLDERS = (PACKAGED / "deployed", PACKAGED / "documented", PUBLISHED)
SCENARIOS = [scenario for folder in FOLDERS for scenario in load_scenarios(folder)]
USERS = load_users(PACKAGED / "users.json")
SAMPLES = {
    "<id>": "0123456789abcdef0123456789abcdef",
    "<int>": 41,
    "<name>": "Kolibri Studio",
    "<page>": "<!doctype html>\n<html></html>",
    "<sqlite>": "SQLite format 3\0and so on",
    "<storage error>": '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>',
    "<text>": "anything",
    "<time>": "2026-08-01T12:00:00Z",
    "<tokens>": ["sutul-hakuh"],
    "<url>": "http://127.0.0.1:9/content/x",
    "<version>": "0.15.12",
}


def normalised(*pairs: tuple[Any, Any], sent: str = "") -> str:
    conversation = AnswerNormaliser()
    conversation.note_sent(sent)
    answers = [[HttpAnswer(200, "application/json", body) for body in pair] for pair in pairs]
    return "\n".join(filter(None, (explain_difference(*conversation.normalise(*pair)) for pair in answers)))


class Recorded(requests.Session):
    """A server that answers as recorded, with ids and values of its own."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self._answers = [step["expect"] for step in scenario.steps if "op" not in step]
        self._placeholders = Placeholders(scenario.name, {})
        self._scenario = scenario.name

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        expect = self._answers.pop(0)
        body = self._own(self._placeholders.fill(expect["body"]))
        response = requests.Response()
        response.status_code = expect["status"]
        response.headers["Content-Type"] = f"{expect['type']}; charset=utf-8"
        if "www" in expect:
            response.headers["WWW-Authenticate"] = expect["www"]
        response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
        return response

    def _own(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._own(member, name) for name, member in value.items()}
        if isinstance(value, list):
            return [self._own(member) for member in (reversed(value) if all_text(value) else value)]
        if key in ("user_id", "uploaded_by") and isinstance(value, int):
            return value + 5
        return self._own_text(value) if isinstance(value, str) else value

    def _own_text(self, text: str) -> Any:
        numbered = re.sub(r"<id \d+>", lambda id_: uuid.uuid5(uuid.NAMESPACE_OID, id_[0]).hex, text)
        return SAMPLES.get(text, numbered)


def all_text(members: list[Any]) -> bool:
    return all(isinstance(member, str) for member in members)


def test_a_server_that_answers_as_recorded_passes() -> None:
    results = [played_as_recorded(scenario) for scenario in SCENARIOS]
    assert [str(result) for result in results if not result.ok] == []
    assert [len(result.exchanges) for result in results] == [len(scenario.steps) for scenario in SCENARIOS]


def played_as_recorded(scenario: Scenario) -> Result:
    def nothing(_: str) -> None:
        pass

    return Player("http://x", USERS, session=Recorded(scenario), deploy=nothing, settle=nothing).play(scenario)


def test_an_expectation_is_normalised_already() -> None:
    assert [pair for scenario in SCENARIOS for pair in normalised_otherwise(scenario)] == []


def normalised_otherwise(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The expectations of a scenario that normalising changes, or changes otherwise where it is an answer."""
    conversation = AnswerNormaliser()
    placeholders = Placeholders(scenario.name, {"chef": "t0k"})
    for step in (step for step in scenario.steps if "op" not in step):
        placeholders.save({name: ["it"] for name in step.get("save", {})}, {"it": "saved"})
        conversation.note_sent(json.dumps(placeholders.fill({**step, "expect": None, "save": None})))
        body = placeholders.fill(step["expect"]["body"])
        answer = HttpAnswer(200, "application/json", body)
        ours, theirs = conversation.normalise(answer, answer)
        # The recording took a user's number for one that the client had sent: 2 occurs in the request.
        literal = re.sub(r'"user_id": \d+', '"user_id": "<id 1>"', json.dumps(body))
        if not json.dumps(ours.body) == json.dumps(theirs.body) == literal:
            yield scenario.name, literal


def test_ids_of_the_server_may_differ_but_not_change() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    created = ({"root": "<id 1>", "diff_task_id": "<id 2>"}, {"root": first.hex, "diff_task_id": 5})
    again = {"text": "see <id 1>", "studio_id": "<id 2>"}
    assert not normalised(created, (again, {"text": f"see {first}", "studio_id": 5}))
    assert "see <id 3>" in normalised(created, (again, {"text": f"see {second}", "studio_id": 5}))


def test_ids_of_the_client_are_compared_as_they_are() -> None:
    ours, other = uuid.uuid4().hex, uuid.uuid4().hex
    assert not normalised(({"id": ours}, {"id": ours}), sent=ours)
    assert normalised(({"id": ours}, {"id": other}), sent=ours + other)
    assert normalised(({"root": "<id 1>"}, {"root": ours}), sent=ours)


def test_a_recorded_number_of_a_user_stands_for_that_user() -> None:
    recorded = {"uploaded_by": 2}
    assert not normalised((recorded, {"uploaded_by": 7}), ({"user_id": 2}, {"user_id": 7}))
    assert normalised((recorded, {"uploaded_by": 7}), (recorded, {"uploaded_by": 8}))
    assert normalised((recorded, {"uploaded_by": 7}), ({"uploaded_by": 3}, {"uploaded_by": 7}))
    assert normalised((recorded, {"uploaded_by": None}))


@pytest.mark.parametrize("pattern", sorted(SAMPLES))
def test_a_pattern_hides_what_fits_and_nothing_else(pattern: str) -> None:
    assert not normalised(({"id": pattern}, {"id": SAMPLES[pattern]}))
    assert normalised(({"a": pattern}, {"a": None}))
    assert normalised(({"a": pattern}, {"a": True}))
    assert normalised(({"a": pattern}, {}))


def test_what_differs_for_a_client_differs() -> None:
    assert not normalised((["b", "a"], ["a", "b"]))
    assert not normalised(({"a": 1, "b": 2}, {"b": 2, "a": 1}))
    assert normalised(([1, 2], [2, 1]))
    assert normalised(({"a": True}, {"a": 1}))
    assert normalised(([], ["more"]))
