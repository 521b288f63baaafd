"""Questions as items of a Perseus archive: what Studio reads back from the QTI that it made or was sent.

Source: Studio utils/assessment/qti/perseus_derive.py.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from le_utils.constants import exercises

from fake_studio.content import qti
from fake_studio.core.model import File
from fake_studio.publishing.exercises.markdown import markdown_of


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


def find_item(identifier: str, item: ET.Element, *, randomize: bool) -> AssessmentItem | None:
    """The Perseus item of a QTI item; None where Perseus cannot ask it."""
    interaction = qti.find_perseus_interaction(item)
    if interaction is None:
        return None
    hints = [text for text in map(markdown_of, qti.hints_of(item)) if text]
    kind, question, answers = _choice(interaction) if interaction.is_choice else _describe_text_entry(interaction)
    return AssessmentItem(identifier, kind, question, answers, hints, randomize)


def _choice(interaction: qti.Interaction) -> tuple[str, str, list[tuple[str, bool]]]:
    kind = exercises.MULTIPLE_SELECTION if interaction.takes_several else exercises.SINGLE_SELECTION
    correct = interaction.correct_values
    answers = [(markdown_of(choice), choice.get("identifier") in correct) for choice in interaction.choices]
    return str(kind), markdown_of(*interaction.prompt), answers


def _describe_text_entry(interaction: qti.Interaction) -> tuple[str, str, list[tuple[str, bool]]]:
    answers = [(value, True) for value in interaction.correct_values]
    return str(exercises.INPUT_QUESTION), markdown_of(interaction.body), answers
