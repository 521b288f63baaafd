"""What current and older Kolibris will not show of an exercise, though Studio publishes it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from le_utils.constants import exercises

from fake_studio.content import qti
from fake_studio.content.entities import parse_xml
from fake_studio.core.model import Channel, Node, Question
from fake_studio.core.store import Store
from fake_studio.core.trees import newest
from fake_studio.findings.finding import Finding, make_finding


def find_question_issues(studio: Store, channel: Channel) -> Iterator[Finding]:
    """What is odd about the questions of the newest tree."""
    root = newest(channel)
    for node in root.iter_tree() if root else ():
        yield from _shared_images(channel, node)
        for detail in _needs_qti(node.questions):
            yield make_finding("question-needs-qti", channel, node, detail)


def _shared_images(channel: Channel, node: Node) -> Iterator[Finding]:
    places: dict[str, list[int]] = {}
    for number, question in enumerate(node.questions, 1):
        for file in question.files if question.type != exercises.PERSEUS_QUESTION else ():
            places.setdefault(file.name, []).append(number)
    for name, numbers in sorted(places.items()):
        if len(numbers) > 1:
            detail = f"{name} is in questions {', '.join(map(str, numbers))}."
            yield make_finding("question-image-shared", channel, node, detail)


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
