"""What is in a resource, to compare it with others."""

from __future__ import annotations

import json
from collections.abc import Hashable

from le_utils.constants import content_kinds

from fake_studio.core import values
from fake_studio.core.model import Node, Question

Signature = tuple[frozenset[str], tuple[Hashable, ...]]
NOTHING: Signature = (frozenset(), ())


def signature_of(node: Node) -> Signature:
    """The files of a resource but thumbnails and subtitles, and its questions. A topic has none."""
    if node.kind == content_kinds.TOPIC:
        return NOTHING
    presets = ((file, values.PRESETS.get(file.preset or "")) for file in node.files)
    files = frozenset(file.checksum for file, preset in presets if not (preset and preset.supplementary))
    return files, tuple(map(_question, node.questions))


def _question(question: Question) -> Hashable:
    return question.type, question.question, json.dumps(question.answers, sort_keys=True), question.raw_data
