"""Exercises as a learner meets them: each question as HTML, its answers, and its hints.

What comes out of here is a chef's own HTML: only a sandboxed frame may show it.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from flask import url_for
from le_utils.constants import exercises
from markupsafe import Markup

from fake_studio.content import qti
from fake_studio.content.entities import parse_xml
from fake_studio.core.model import Question
from fake_studio.markdown import FormulaUnreadable, MarkdownTooSlow, html_of
from fake_studio.web.pages.qti_view import body_html, inner_html

# Both names of the storage, old and new, then the file, then ricecooker's size of a picture.
_STORED = re.compile(r"\$\{☣ (?:CONTENTSTORAGE|LOCALPATH)\}/(?:images/)?(\w{2,}\.\w+)(?: *=[\d.]*x[\d.]*)?")
_WIDGET = re.compile(r"\[\[☃ ([\w-]+) (\d+)\]\]")


@dataclass(frozen=True)
class QuestionView:
    """One question: ``choices`` are (HTML, whether it is right), ``accepted`` what may be typed instead."""

    kind: str
    html: Markup
    choices: tuple[tuple[Markup, bool], ...] = ()
    accepted: tuple[str, ...] = ()
    hints: tuple[Markup, ...] = ()
    several: bool = False


def question_view(question: Question) -> QuestionView:
    """A question as a learner meets it."""
    if question.type == exercises.PERSEUS_QUESTION:
        return _from_perseus(question.raw_data)
    if question.type == exercises.QTI:
        return _from_qti(question.raw_data)
    hints = tuple(markdown_html(hint.get("hint")) for hint in _in_order(question.hints))
    return QuestionView(question.type, markdown_html(question.question), hints=hints, **_answers(question))


def _answers(question: Question) -> dict[str, Any]:
    answers = _in_order(question.answers)
    if question.type == exercises.INPUT_QUESTION:
        return {"accepted": tuple(str(answer.get("answer")) for answer in answers)}
    choices = tuple((markdown_html(answer.get("answer")), bool(answer.get("correct"))) for answer in answers)
    return {"choices": choices, "several": question.type == exercises.MULTIPLE_SELECTION}


def _in_order(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    try:
        return sorted(parts, key=lambda part: part.get("order") or 0)
    except TypeError:
        return list(parts)


def markdown_html(markdown: Any) -> Markup:
    """Markdown as HTML, with pictures from storage; as it was written where a formula cannot be read."""
    text = _STORED.sub(lambda match: url_for("previews.media", name=match[1]), str(markdown or ""))
    try:
        return Markup(html_of(text))
    except (FormulaUnreadable, MarkdownTooSlow) as problem:
        return Markup("<pre>{}</pre><p><em>{}</em></p>").format(text, str(problem))


def _from_qti(raw: str) -> QuestionView:
    """An item as HTML; as it was written where it is no XML, or nested without end."""
    try:
        return _from_item(parse_xml(raw))
    except (ET.ParseError, RecursionError):
        return QuestionView("QTI", Markup("<pre>{}</pre>").format(raw))


def _from_item(item: ET.Element) -> QuestionView:
    hints = tuple(inner_html([hint]) for hint in qti.hints_of(item))
    interaction = qti.find_perseus_interaction(item)
    if interaction is None:
        return QuestionView("QTI", body_html(item), hints=hints)
    correct = interaction.correct_values
    if not interaction.is_choice:
        return QuestionView("QTI", body_html(item), accepted=tuple(correct), hints=hints)
    choices = tuple((inner_html([choice]), choice.get("identifier") in correct) for choice in interaction.choices)
    for choice in interaction.choices:
        interaction.element.remove(choice)
    return QuestionView("QTI", body_html(item), choices, hints=hints, several=interaction.takes_several)


def _from_perseus(raw: str) -> QuestionView:
    try:
        item = json.loads(raw)
        question = item["question"]
        hints = tuple(markdown_html(hint.get("content")) for hint in item.get("hints") or [])
        widgets = question.get("widgets") or {}
        choices = tuple(_perseus_choices(widgets))
        accepted = tuple(_perseus_values(widgets))
        return QuestionView("perseus_question", _with_widgets(question.get("content")), choices, accepted, hints)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return QuestionView("perseus_question", Markup("<pre>{}</pre>").format(raw))


def _with_widgets(content: Any) -> Markup:
    """The text of a Perseus item, with a box where each of its widgets stands."""
    return Markup(_WIDGET.sub(lambda match: f"<mark>{escape(match[1])} {match[2]}</mark>", markdown_html(content)))


def _perseus_choices(widgets: dict[str, Any]) -> Iterator[tuple[Markup, bool]]:
    for widget in widgets.values():
        if widget.get("type") == "radio":
            for choice in widget["options"].get("choices") or []:
                yield markdown_html(choice.get("content")), bool(choice.get("correct"))


def _perseus_values(widgets: dict[str, Any]) -> Iterator[str]:
    for widget in widgets.values():
        options = widget.get("options") or {}
        if widget.get("type") == "input-number":
            yield str(options.get("value"))
        elif widget.get("type") == "numeric-input":
            yield from (str(answer.get("value")) for answer in options.get("answers") or [])
