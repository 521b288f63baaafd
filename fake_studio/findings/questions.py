"""What current and older Kolibris will not show of an exercise, though Studio publishes it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from le_utils.constants import exercises

from fake_studio.content import qti
from fake_studio.content.entities import parse_xml
from fake_studio.core.model import Node, Question
from fake_studio.findings.examined import FilesOfNode
from fake_studio.findings.finding import Fault


def find_question_faults(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """What is odd about the questions of a node."""
    yield from _shared_images(node)
    for detail in _needs_qti(node.questions):
        yield "question-needs-qti", detail


def _shared_images(node: Node) -> Iterator[Fault]:
    places: dict[str, list[int]] = {}
    for number, question in enumerate(node.questions, 1):
        for file in question.files if question.type != exercises.PERSEUS_QUESTION else ():
            places.setdefault(file.name, []).append(number)
    for name, numbers in sorted(places.items()):
        if len(numbers) > 1:
            yield "question-image-shared", f"{name} is in questions {', '.join(map(str, numbers))}."


def _needs_qti(questions: list[Question]) -> Iterator[str]:
    raw = [n for n, question in enumerate(questions, 1) if question.type == exercises.PERSEUS_QUESTION]
    if raw and len(raw) < len(questions):
        yield f"Raw Perseus beside other kinds: question {', '.join(map(str, raw))}."
    for number, question in enumerate(questions, 1):
        item = parse_xml(question.raw_data) if question.type == exercises.QTI else None
        if item is not None and qti.find_perseus_interaction(item) is None:
            yield f"Question {number} asks by {_interactions(item)}."


def _interactions(item: ET.Element) -> str:
    body = qti.find_body(item)
    names = [] if body is None else [qti.local_name(element) for element in qti.interactions_in(body)]
    return ", ".join(names) or "no interaction"
