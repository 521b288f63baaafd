"""A chef's plain question as a QTI item.

Source: Studio utils/assessment/qti/convert.py, assessment_item.py and ingest.py; Studio converts on arrival and keeps
nothing else.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from le_utils.constants import exercises

from fake_studio.content import qti
from fake_studio.core.model import Question
from fake_studio.markdown import content_of, written
from fake_studio.publishing.exercises.qti.xml import add_element, document, qti_id, root_element
from fake_studio.rules.question_texts import CHOICES

_SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd"
_MATCH_CORRECT = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"
_RESPONSE = {"response-identifier": "RESPONSE"}
_FIELD = {"expected-length": "50", "placeholder-text": "Enter your answer here"}
_STORED_FILES = exercises.CONTENT_STORAGE_FORMAT.format("")
_DEFAULT_LANGUAGE = "en"


def item_of(question: Question) -> str:
    """The XML of a question that is neither QTI nor Perseus. Raises MarkupInvalid, FormulaUnreadable, ValueUnfit."""
    language = question.sent.get("language") or _DEFAULT_LANGUAGE
    root = item_root(question.assessment_id, question.assessment_id, language)
    body = ET.Element("qti-item-body")
    if question.type in CHOICES:
        _declare(root, *_answer_choice(body, question))
    else:
        _declare(root, *_answer_text(body, question))
    root.append(body)
    _add_hints(root, question)
    add_element(root, "qti-response-processing", {"template": _MATCH_CORRECT})
    return document(root)


def item_root(assessment_id: str, title: str, language: str) -> ET.Element:
    """The root of an item, still without children. Raises ValueUnfit for what is no language tag."""
    attributes = {
        "identifier": qti_id(assessment_id),
        "title": title,
        "adaptive": "false",
        "time-dependent": "false",
        "xml:lang": written("language", language),
        "tool-name": "kolibri",
        "tool-version": "0.1",
    }
    return root_element("qti-assessment-item", qti.NAMESPACE, _SCHEMA, attributes)


def add_score(root: ET.Element) -> None:
    """Declare what the answer is worth."""
    add_element(root, "qti-outcome-declaration", {"identifier": "SCORE", "cardinality": "single", "base-type": "float"})


def _declare(root: ET.Element, several: bool, kind: str, correct: list[str]) -> None:
    cardinality = "multiple" if several else "single"
    attributes = {"identifier": "RESPONSE", "cardinality": cardinality, "base-type": kind}
    declaration = add_element(root, "qti-response-declaration", attributes)
    if correct:
        response = add_element(declaration, "qti-correct-response")
        for value in correct:
            add_element(response, "qti-value", text=value)
    add_score(root)


def _answer_choice(body: ET.Element, question: Question) -> tuple[bool, str, list[str]]:
    """The answers keep the order of the list: Studio does not look at their ``order``."""
    several = question.type == exercises.MULTIPLE_SELECTION
    limits = {"max-choices": str(len(question.answers) if several else 1), "min-choices": "0"}
    shuffle = {"shuffle": "true" if question.randomize else "false"}
    attributes = {**_RESPONSE, **shuffle, **limits, "orientation": "vertical"}
    interaction = add_element(body, qti.CHOICE, attributes)
    add_element(interaction, "qti-prompt").extend(_content(question.question))
    correct = []
    for number, answer in enumerate(question.answers):
        name = f"choice_{number}"
        choice = add_element(
            interaction, "qti-simple-choice", {"identifier": name, "show-hide": "show", "fixed": "false"}
        )
        choice.extend(_content(answer.get("answer", ""), formula_alone=False))
        if answer.get("correct", False):
            correct.append(name)
    return several, "identifier", correct


def _answer_text(body: ET.Element, question: Question) -> tuple[bool, str, list[str]]:
    block = add_element(body, "div")
    block.extend(_content(question.question))
    add_element(add_element(block, "p"), qti.TEXT_ENTRY, {**_RESPONSE, **_FIELD})
    correct = [str(answer["answer"]) for answer in question.answers if answer["correct"]]
    return len(correct) > 1, "float" if _are_numbers(question.answers) else "string", correct


def _are_numbers(answers: list[dict[str, Any]]) -> bool:
    """Whether Python reads each answer as a number, the wrong ones too; no answer is none."""
    try:
        return bool([float(answer["answer"]) for answer in answers])
    except ValueError:
        return False


def _add_hints(root: ET.Element, question: Question) -> None:
    texts = [text for text in _hints(question.hints) if text.strip()]
    if not texts:
        return
    catalog = add_element(add_element(root, "qti-catalog-info"), "qti-catalog", {"id": "kolibri-hints"})
    for text in texts:
        card = add_element(catalog, "qti-card", {"support": qti.HINT_SUPPORT})
        add_element(card, "qti-html-content").extend(_content(text))


def _hints(hints: Iterable[dict[str, Any]]) -> list[str]:
    with suppress(TypeError):  # orders that cannot be compared leave the hints as they came
        hints = sorted(hints, key=lambda hint: hint.get("order", 0))
    return [hint.get("hint") or "" for hint in hints]


def _content(text: str, *, formula_alone: bool = True) -> list[ET.Element]:
    return content_of(text.replace(_STORED_FILES, ""), formula_alone=formula_alone)
