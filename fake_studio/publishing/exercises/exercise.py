"""An exercise as it is published: its mastery, the ids that Kolibri asks for, and the items of its archive.

Source: Studio utils/publish.py TreeMapper.recurse_nodes, process_assessment_metadata.
"""

from __future__ import annotations

from dataclasses import dataclass

from le_utils.constants import exercises

from fake_studio.core.model import Node, Question
from fake_studio.publishing.context import ExportLog
from fake_studio.publishing.exercises.items import AssessmentItem, identifier_of, item_of
from fake_studio.publishing.exercises.mastery import Mastery, mastery_of


@dataclass(frozen=True)
class Exercise:
    """``ids`` go into the assessment metadata, ``items`` into the archive; without items there is no archive."""

    mastery: Mastery
    ids: list[str]
    items: list[AssessmentItem]


def exercise_of(node: Node, remarks: ExportLog) -> Exercise | None:
    """What is published of a node's questions; None without a mastery model.

    Studio packs raw Perseus alone as Perseus, anything else as QTI, with Perseus beside it where that can tell every
    question. There is no QTI package here, so where Studio writes nothing else, Perseus stands in, under the ids that
    Studio gives. A question that Perseus cannot express is then left out, unless no question can be expressed.
    """
    mastery = mastery_of(node)
    if mastery is None:
        return None
    numbered = _numbered(node, remarks)
    items = [item for question, item_id in numbered if (item := item_of(question, item_id))]
    identifiers = {item.id for item in items}
    for question, item_id in numbered:
        if item_id not in identifiers:
            reason = f"the question {question.assessment_id} is QTI that Perseus cannot tell, and QTI is not published"
            remarks.log_left_out(node, reason)
    ids = [item.id for item in items] if items else [item_id for _, item_id in numbered]
    return Exercise(mastery, ids, items)


def _numbered(node: Node, remarks: ExportLog) -> list[tuple[Question, str]]:
    if all(question.type == exercises.PERSEUS_QUESTION for question in node.questions):
        return [(question, question.assessment_id) for question in node.questions]
    numbered: list[tuple[Question, str]] = []
    for question in node.questions:
        item_id = identifier_of(question)
        if item_id is None or any(item_id == identifier for _, identifier in numbered):
            fault = f"the identifier {item_id} comes twice" if item_id else "there is no identifier"
            remarks.fail_or_log(node, f"in the QTI of the question {question.assessment_id} {fault}")
        else:
            numbered.append((question, item_id))
    return numbered
