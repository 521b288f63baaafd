"""Texts that learners will not read as they were meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from le_utils.constants import exercises

from fake_studio.content.garbled import find_garbled_markdown, find_garbling
from fake_studio.content.perseus import inspect_perseus
from fake_studio.core.model import Node, Question
from fake_studio.core.store import Store
from fake_studio.findings.examined import ExaminedTree, FilesOfNode
from fake_studio.findings.finding import Fault, Finding, make_finding

_FIELDS = ("title", "description", "author", "provider", "aggregator", "copyright_holder")


def find_channel_issues(store: Store, examined: ExaminedTree) -> Iterator[Finding]:
    """Garbled texts of the channel itself."""
    channel = examined.channel
    details = list(_garbled_fields({"name": channel.name, "description": channel.description}))
    if details:
        yield make_finding("text-looks-wrong", channel, detail=_summary(details))


def find_text_faults(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """Garbled texts of a node: one fault, about the first."""
    details = list(_garbled_texts(node))
    if details:
        yield "text-looks-wrong", _summary(details)


def _summary(details: list[str]) -> str:
    more = f" {len(details) - 1} more of its texts look wrong." if len(details) > 1 else ""
    return f"{details[0]}.{more}"


def _garbled_fields(fields: dict[str, str | None]) -> Iterator[str]:
    for field, text in fields.items():
        garbling = find_garbling(text) if text else None
        if garbling:
            yield f"In its {field.replace('_', ' ')}, {garbling}"


def _garbled_texts(node: Node) -> Iterator[str]:
    yield from _garbled_fields({field: getattr(node, field) for field in _FIELDS})
    for number, question in enumerate(node.questions, 1):
        is_perseus = question.type == exercises.PERSEUS_QUESTION
        garblings = (find_garbled_markdown(text, is_perseus=is_perseus) for text in _texts(question))
        garbling = next(filter(None, garblings), None)
        if garbling:
            yield f"In question {number}, {garbling}"
        if any(_is_blank(answer) for answer in question.answers):
            yield f"In question {number}, a wrong answer has no text: learners see an empty choice"


def _is_blank(answer: dict[str, Any]) -> bool:
    # A right answer without a text is question-not-answerable.
    return not answer.get("correct") and not str(answer.get("answer") or "").strip()


def _texts(question: Question) -> Iterator[str]:
    if question.type == exercises.PERSEUS_QUESTION:
        yield from inspect_perseus(question.raw_data).facts.get("texts", ())
        return
    yield question.question
    yield from (str(answer.get("answer", "")) for answer in question.answers)
    yield from (str(hint.get("hint") or "") for hint in question.hints)
