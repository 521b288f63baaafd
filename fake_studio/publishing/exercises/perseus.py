"""Items in Perseus' own JSON.

Source: Studio templates/perseus/*.json, utils/assessment/perseus.py; compared with the archives of recording
published/rich.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Callable

from le_utils.constants import exercises

from fake_studio.core.model import JsonDict
from fake_studio.publishing.exercises.items import AssessmentItem
from fake_studio.publishing.exercises.numbers import number_of

Shown = Callable[[str], str]

_RADIO, _NUMBER = "radio 1", "numeric-input 1"
_LARGE, _TOO_LARGE = 1e16, 1e200  # from here Python, and from there Django, writes a number with an exponent
_FORMS = ("proper", "mixed", "integer", "decimal", "improper")


def item_json(item: AssessmentItem, rendered: Shown) -> JsonDict:
    """A converted question as Perseus. ``shown`` makes a text ready to be shown: its formulas, its images."""
    typed = item.type == exercises.INPUT_QUESTION
    widget = _NUMBER if typed else _RADIO
    question = f"{rendered(item.question)}\n\n[[☃ {widget}]]"
    options = _number_widget(item) if typed else _radio_widget(item, rendered)
    return {
        "question": {"content": question, "images": {}, "widgets": {widget: options}},
        "answerArea": _number_area() if typed else _radio_area(),
        "itemDataVersion": {"major": 0, "minor": 1},
        "hints": [_hint(rendered(hint)) for hint in item.hints],
    }


def _hint(text: str) -> JsonDict:
    return {"widgets": {}, "images": {}, "content": text, "replace": False}


def _radio_widget(item: AssessmentItem, rendered: Shown) -> JsonDict:
    answers = [(rendered(text), correct) for text, correct in item.answers if text]
    options = {
        "choices": [{"correct": correct, "content": text, "images": {}} for text, correct in answers],
        "randomize": item.randomize,
        "multipleSelect": item.type == exercises.MULTIPLE_SELECTION,
        "displayCount": None,
        "hasNoneOfTheAbove": False,
        "onePerLine": True,
        "deselectEnabled": False,
    }
    return {"type": "radio", "graded": True, "options": options, "version": {"major": 1, "minor": 0}}


def _radio_area() -> JsonDict:
    empty: JsonDict = {"content": "", "images": {}, "widgets": {}}
    return {"type": "multiple", "options": empty, "calculator": False, "periodicTable": False}


def _number_widget(item: AssessmentItem) -> JsonDict:
    options = {
        "static": False,
        "answers": [_number_answer(value) for value in _numbers(item)],
        "size": "normal",
        "coefficient": False,
        "labelText": "",
    }
    return {
        "type": "numeric-input",
        "alignment": "default",
        "static": False,
        "graded": True,
        "options": options,
        "version": {"major": 0, "minor": 0},
    }


def _numbers(item: AssessmentItem) -> Iterator[int | float]:
    """What Perseus can grade of the right answers; words and what no JSON number holds are left out."""
    values = (number_of(text) for text, _ in item.answers if text)
    return (_written_out(value) for value in values if value is not None and math.isfinite(value))


def _written_out(value: float) -> int | float:
    """Studio's templates write large numbers in digits, which are those of the decimal, not of the float."""
    return int(Decimal(repr(value))) if _LARGE <= abs(value) < _TOO_LARGE else value


def _number_answer(value: int | float) -> JsonDict:
    answer_data = {"value": value, "status": "correct", "message": "", "strict": False, "simplify": True}
    return {**answer_data, "maxError": 0, "answerForms": list(_FORMS)}


def _number_area() -> JsonDict:
    return dict.fromkeys(("calculator", "chi2Table", "periodicTable", "tTable", "zTable"), False)
