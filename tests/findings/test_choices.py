"""Choices that learners cannot tell apart or cannot read."""

from __future__ import annotations

import json

import pytest

from fake_studio.findings import Finding
from support.chefs_driver import Chef, exercise_data, question_data
from support.provocations import send


def found(chef: Chef, code: str, *answers: tuple[str, bool], kind: str = "single_selection") -> list[Finding]:
    data = [{"answer": text, "correct": correct, "order": place} for place, (text, correct) in enumerate(answers)]
    send(chef, exercise_data(question_data("q", kind, answers=json.dumps(data))))
    return [finding for finding in chef.studio.report().findings if finding.code == code]


def test_one_choice_that_is_right_and_wrong(chef: Chef) -> None:
    [finding] = found(chef, "question-not-answerable", ("3", True), ("3", False), ("4", False))
    assert "Question 1 has '3' as a right answer and as a wrong one." in finding.message


def test_a_right_answer_without_a_text(chef: Chef) -> None:
    [finding] = found(chef, "question-not-answerable", (" ", True), ("4", False))
    assert "has a correct answer without a text" in finding.message


def test_a_wrong_answer_without_a_text(chef: Chef) -> None:
    [finding] = found(chef, "text-looks-wrong", ("", False), ("4", True))
    assert "In question 1, a wrong answer has no text" in finding.message


@pytest.mark.parametrize("code", ["question-not-answerable", "text-looks-wrong"])
def test_ordinary_choices(chef: Chef, code: str) -> None:
    assert found(chef, code, ("3", True), ("03", False), ("0", False)) == []
    assert found(chef, code, ("3", True), ("three", True), kind="input_question") == []
