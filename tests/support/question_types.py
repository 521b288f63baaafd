"""A channel with an exercise for each type of question."""

from __future__ import annotations

import json
from typing import Any

from support.kitchen import Cook, a_node, a_picture, a_question, mastery

_NATIVE = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="{name}" title="T" '
    'adaptive="false" time-dependent="false" xml:lang="en">'
    '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
    "<qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>"
    '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/><qti-item-body>'
    '<qti-{kind}-interaction response-identifier="RESPONSE"><qti-prompt>Native, 1 + 1?</qti-prompt>'
    '<qti-simple-choice identifier="A">two</qti-simple-choice><qti-simple-choice identifier="B">three'
    "</qti-simple-choice></qti-{kind}-interaction></qti-item-body></qti-assessment-item>"
)
_RADIO = {
    "type": "radio",
    "graded": True,
    "options": {
        "choices": [{"content": "six", "correct": False}, {"content": "five", "correct": True}],
        "randomize": False,
        "multipleSelect": False,
        "displayCount": None,
        "hasNoneOfTheAbove": False,
        "onePerLine": True,
        "deselectEnabled": False,
    },
    "version": {"major": 1, "minor": 0},
}
_PERSEUS = {
    "question": {"content": "2 + 3 =\n\n[[☃ radio 1]]", "images": {}, "widgets": {"radio 1": _RADIO}},
    "answerArea": {"calculator": False},
    "itemDataVersion": {"major": 0, "minor": 1},
    "hints": [],
}

QTI_AND_PERSEUS = ("single", "multiple", "true or false", "number", "free", "native choice")
QTI_ONLY = ("native order", "mixed")
PERSEUS_ONLY = ("perseus",)


def _answers(*texts: str, right: int = 1) -> str:
    answers = [{"answer": text, "correct": n < right, "order": n} for n, text in enumerate(texts)]
    return json.dumps(answers)


def _native(name: str, kind: str) -> dict[str, Any]:
    return a_question(name, "QTI", question="", answers="[]", raw_data=_NATIVE.format(name=name, kind=kind))


def _perseus(name: str) -> dict[str, Any]:
    return a_question(name, "perseus_question", question="", answers="[]", raw_data=json.dumps(_PERSEUS))


def _questions(shown: str) -> dict[str, list[dict[str, Any]]]:
    hints = json.dumps([{"hint": "Count **twice**", "order": 0}])
    return {
        "single": [a_question("single", question=f"{shown} $$\\frac{{1}}{{2}}$$", hints=hints)],
        "multiple": [a_question("multiple", "multiple_selection", answers=_answers("2", "3", "4", right=2))],
        "true or false": [a_question("true", "true_false", answers=_answers("True", "False"))],
        "number": [a_question("number", "input_question")],
        "free": [a_question("free", "free_response", answers="[]")],
        "native choice": [_native("native-choice", "choice")],
        "native order": [_native("native-order", "order")],
        "perseus": [_perseus("perseus")],
        "mixed": [a_question("mixed"), _perseus("mixed-perseus")],
    }


def cook_question_types(cook: Cook) -> None:
    """One exercise for each type of question, two of them mixed, at the top of the channel."""
    image = cook.file(a_picture(4), "png", "exercise_image")
    root = cook.create(name="Types of questions")
    threshold = mastery(mastery_model="m_of_n", m=3, n=3)
    shown = f"Look ![](${{☣ CONTENTSTORAGE}}/{image['filename']})"
    exercises = _questions(shown).items()
    cook.add(root, *(a_node(name, "exercise", extra_fields=threshold, questions=asked) for name, asked in exercises))
