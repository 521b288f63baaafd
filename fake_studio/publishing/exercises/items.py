"""Questions as items of an archive: their ids in Kolibri, and their texts as they come out of Studio.

Source: Studio utils/assessment/qti/convert.py, qti/perseus_derive.py. Studio turns every question but raw Perseus
into QTI on arrival, and reads Perseus items back from it at publish.
"""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from le_utils.constants import exercises

from fake_studio.core.model import File, Question
from fake_studio.publishing.exercises.markdown import local_name, markdown_of, named, through_html
from fake_studio.rules.questions import CHOICES

_HINT_CARD = "ext:kolibri-hint"


@dataclass(frozen=True)
class AssessmentItem:
    """A question as Kolibri gets it: ``answers`` are (text, whether it is right); ``raw`` is Perseus of the chef's."""

    id: str
    type: str
    question: str = ""
    answers: list[tuple[str, bool]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    randomize: bool = False
    raw: str = ""
    files: list[File] = field(default_factory=list)


def qti_id(hex_id: str) -> str:
    """An assessment_id (32 hex digits) as QTI takes it: ``K`` and 22 characters of base64url."""
    return "K" + base64.urlsafe_b64encode(bytes.fromhex(hex_id)).decode("ascii").rstrip("=")


def identifier_of(question: Question) -> str | None:
    """The id of a question in a QTI package; None for QTI of the chef's that has none."""
    if question.type == exercises.QTI:
        return ET.fromstring(question.raw_data).get("identifier") or None
    return qti_id(question.assessment_id)


def item_of(question: Question, item_id: str) -> AssessmentItem | None:
    """The item of a question; None for QTI that Perseus has nothing for."""
    if question.type == exercises.PERSEUS_QUESTION:
        return AssessmentItem(item_id, question.type, raw=question.raw_data, files=question.files)
    if question.type == exercises.QTI:
        return _from_qti(question, item_id)
    choose = question.type in CHOICES
    return AssessmentItem(
        item_id,
        _type_of(choose, question.type == exercises.MULTIPLE_SELECTION),
        through_html(question.question),
        list(_choices(question) if choose else _typed(question)),
        [text for text in map(through_html, _hints(question)) if text],
        question.randomize,
    )


def _type_of(choose: bool, several: bool) -> str:
    if not choose:
        return str(exercises.INPUT_QUESTION)
    return str(exercises.MULTIPLE_SELECTION if several else exercises.SINGLE_SELECTION)


def _choices(question: Question) -> Iterator[tuple[str, bool]]:
    for answer in question.answers:
        yield through_html(answer.get("answer", "")), bool(answer.get("correct", False))


def _typed(question: Question) -> Iterator[tuple[str, bool]]:
    return ((str(answer["answer"]), True) for answer in question.answers if answer["correct"])


def _hints(question: Question) -> list[str]:
    hints: list[dict[str, Any]] = question.hints
    with suppress(TypeError):  # orders that cannot be compared leave the hints as they came
        hints = sorted(hints, key=lambda hint: hint.get("order", 0))
    return [hint.get("hint") or "" for hint in hints]


def _from_qti(question: Question, item_id: str) -> AssessmentItem | None:
    root = ET.fromstring(question.raw_data)
    body = next((element for element in root.iter() if local_name(element) == "qti-item-body"), None)
    interactions = [] if body is None else [e for e in body.iter() if local_name(e).endswith("-interaction")]
    if body is None or len(interactions) != 1:
        return None
    declaration = _declaration(root, interactions[0].get("response-identifier"))
    item = None if declaration is None else _describe_interaction(body, interactions[0], declaration)
    if item is None:
        return None
    return AssessmentItem(item_id, *item, hints=list(_cards(root)), randomize=question.randomize)


def _declaration(root: ET.Element, identifier: str | None) -> ET.Element | None:
    declarations = (element for element in root.iter() if local_name(element) == "qti-response-declaration")
    return next((e for e in declarations if identifier is not None and e.get("identifier") == identifier), None)


def _describe_interaction(
    body: ET.Element, interaction: ET.Element, declaration: ET.Element
) -> tuple[str, str, list[tuple[str, bool]]] | None:
    correct = _correct(declaration)
    if local_name(interaction) == "qti-text-entry-interaction":
        return _type_of(False, False), markdown_of(body), [(value, True) for value in correct]
    if local_name(interaction) != "qti-choice-interaction":
        return None
    prompt = markdown_of(*list(named(interaction, "qti-prompt"))[:1])
    choices = named(interaction, "qti-simple-choice")
    answers = [(markdown_of(choice), choice.get("identifier") in correct) for choice in choices]
    return _type_of(True, declaration.get("cardinality") == "multiple"), prompt, answers


def _correct(declaration: ET.Element) -> list[str]:
    responses = list(named(declaration, "qti-correct-response"))[:1]
    return [value.text or "" for response in responses for value in named(response, "qti-value")]


def _cards(root: ET.Element) -> Iterator[str]:
    for card in root.iter():
        if local_name(card) == "qti-card" and card.get("support") == _HINT_CARD:
            text = markdown_of(*list(named(card, "qti-html-content"))[:1])
            if text:
                yield text
