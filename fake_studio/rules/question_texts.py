"""The texts of questions, read before the Studio's lock is taken: rendering Markdown may take a while."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from le_utils.constants import exercises

CHOICES = (exercises.SINGLE_SELECTION, exercises.MULTIPLE_SELECTION, "true_false")
TEXTS = (exercises.INPUT_QUESTION, exercises.FREE_RESPONSE)
PLACEHOLDER = exercises.CONTENT_STORAGE_FORMAT.format("")


def reading_texts_first(content_data: Any) -> AbstractContextManager[None]:
    """Read the Markdown in the questions of nodes, whatever else is to be said of them, before a lock is taken."""
    texts = [text.replace(PLACEHOLDER, "") for text in _texts_of(content_data) if text.strip()]
    if not texts:
        return nullcontext()
    from fake_studio.markdown import reading_first  # with its tables of HTML and MathML: not before a question comes

    return reading_first(texts)


def _texts_of(content_data: Any) -> Iterator[str]:
    nodes = content_data if isinstance(content_data, list) else []
    lists = [questions for node in nodes if isinstance(node, dict) and (questions := node.get("questions"))]
    for question in (entry for entries in lists if isinstance(entries, list) for entry in entries):
        if isinstance(question, dict) and question.get("type") in (*CHOICES, *TEXTS):
            parts = [(question, "question"), *_parts(question, "hints", "hint"), *_parts(question, "answers", "answer")]
            yield from (part[key] for part, key in parts if isinstance(part.get(key), str))


def _parts(question: dict[str, Any], name: str, key: str) -> list[tuple[dict[str, Any], str]]:
    """The objects in one of the lists of a question that come as JSON in a string, as far as they can be read."""
    is_read = isinstance(question.get(name), str) and not (name == "answers" and question["type"] in TEXTS)
    try:
        entries = json.loads(question[name]) if is_read else []
    except (ValueError, RecursionError):
        return []
    return [(entry, key) for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
