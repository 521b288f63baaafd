"""Which questions an uploaded image is attached to (Studio viewsets/assessmentitem.py set_files)."""

from __future__ import annotations

from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.snapshot import load
from support.chefs_driver import Chef, Data, exercise_data, md5, question_data

PICTURE = b"a picture"
NAME = f"{md5(PICTURE)}.png"
SHOWN = f"![](${{☣ CONTENTSTORAGE}}/{NAME})"


def exercise(word: str, *shown: bool) -> Data:
    """An exercise whose questions show the picture, or do not."""
    questions = [
        question_data(f"{word}{number}", question=SHOWN if shows else "2+2?") for number, shows in enumerate(shown)
    ]
    return exercise_data(*questions, node_id=md5(word.encode()), content_id=md5(word.encode()), title=word)


def unlinked(chef: Chef) -> dict[str, list[bool]]:
    """For each exercise, in order, which of its questions lack the picture."""
    nodes = [node for node in chef.studio.state.nodes.values() if node.questions]
    return {node.title: [question.unlinked == [NAME] for question in node.questions] for node in nodes}


def begin(chef: Chef, uploads: int = 1) -> Any:
    for _ in range(uploads):
        chef.upload(PICTURE, "a.png", "exercise_image")
    return chef.create()


def test_the_last_question_gets_the_upload_and_the_next_exercise_what_is_left(deployed: Chef) -> None:
    root = begin(deployed)
    deployed.added(root, exercise("first", True, False, True, True), exercise("next", True, True))
    assert unlinked(deployed) == {"first": [True, False, True, False], "next": [False, False]}


def test_each_upload_serves_one_question(deployed: Chef) -> None:
    deployed.added(begin(deployed, uploads=2), exercise("first", True, True, True))
    assert unlinked(deployed) == {"first": [True, False, False]}


def test_an_exercise_has_the_image_at_least_once(deployed: Chef) -> None:
    deployed.added(begin(deployed), exercise("first", True), exercise("next", True))
    assert unlinked(deployed) == {"first": [False], "next": [False]}


def test_a_refused_call_uses_up_nothing(deployed: Chef) -> None:
    root = begin(deployed)
    refused = exercise("refused", True, True, True)
    assert deployed.add(root, refused, {**exercise("bad", False), "title": None}).status_code >= 400
    before = dict(deployed.studio.state.loose)
    deployed.added(root, exercise("first", True, True))
    assert before == {(deployed.user.id, md5(PICTURE)): 1}
    assert unlinked(deployed) == {"first": [True, False]}


def test_the_documented_dialect_attaches_it_everywhere(documented: Chef) -> None:
    documented.added(begin(documented), exercise("first", True, True), exercise("next", True, True))
    assert unlinked(documented) == {"first": [False, False], "next": [False, False]}


@pytest.mark.parametrize("questions", [1, 3])
def test_what_is_left_is_in_snapshots(deployed: Chef, questions: int) -> None:
    deployed.added(begin(deployed), exercise("first", *[True] * questions))
    other = Studio()
    load(other, deployed.studio.snapshot())
    kept = {key: count for key, count in deployed.studio.state.loose.items() if count}
    assert {key: count for key, count in other.state.loose.items() if count} == kept
    assert kept == ({(deployed.user.id, md5(PICTURE)): 2} if questions == 3 else {})
    other.close()
