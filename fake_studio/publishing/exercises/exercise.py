"""An exercise as it is published: its mastery, the ids that Kolibri asks for, and what its archives hold.

Source: Studio utils/publish.py TreeMapper.recurse_nodes, process_assessment_metadata.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from le_utils.constants import exercises

from fake_studio.content import qti
from fake_studio.content.entities import parse_xml
from fake_studio.core.model import Node, Question
from fake_studio.markdown import FormulaUnreadable, MarkupInvalid, ValueUnfit
from fake_studio.publishing.context import ExportLog
from fake_studio.publishing.exercises.items import AssessmentItem, find_item
from fake_studio.publishing.exercises.mastery import Mastery, mastery_of
from fake_studio.publishing.exercises.qti.package import Packable
from fake_studio.publishing.exercises.qti.plain_item import item_of
from fake_studio.publishing.exercises.qti.xml import qti_id

_IDENTIFIER = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.-]*")


@dataclass(frozen=True)
class Exercise:
    """``ids`` go into the assessment metadata.

    ``package`` is what the QTI package holds, ``items`` what the Perseus archive does; None where there is none.
    """

    mastery: Mastery
    ids: list[str]
    package: list[Packable] | None = None
    items: list[AssessmentItem] | None = None

    @property
    def embeds_perseus(self) -> bool:
        """Whether the QTI package needs the viewer of Perseus too."""
        return any(packable.question.type == exercises.PERSEUS_QUESTION for packable in self.package or ())


def exercise_of(node: Node, log: ExportLog) -> Exercise | None:
    """What is published of a node's questions; None without a mastery model. Raises CannotPublish.

    Studio packs raw Perseus alone as Perseus, anything else as QTI, with Perseus beside it where that can ask every
    question. An exercise without questions is an empty package.
    """
    mastery = mastery_of(node)
    if mastery is None:
        return None
    if node.questions and all(question.type == exercises.PERSEUS_QUESTION for question in node.questions):
        items = [_raw_item(question) for question in node.questions]
        return Exercise(mastery, [item.id for item in items], items=items)
    package = _package(node, log)
    ids = [packable.identifier for packable in package]
    return Exercise(mastery, ids, package, _find_items(package, node, log))


def _raw_item(question: Question) -> AssessmentItem:
    return AssessmentItem(question.assessment_id, question.type, raw=question.raw_data, files=question.files)


def _package(node: Node, log: ExportLog) -> list[Packable]:
    package: list[Packable] = []
    identifiers: set[str] = set()
    for question in node.questions:
        packable = _find_packable(question, node, log)
        if packable is None:
            continue
        fault = _fault_of(packable.identifier, identifiers)
        if fault:
            log.fail_or_log(node, f"in the QTI of the question {question.assessment_id} {fault}")
        else:
            package.append(packable)
            identifiers.add(packable.identifier)
    return package


def _find_packable(question: Question, node: Node, log: ExportLog) -> Packable | None:
    if question.type == exercises.PERSEUS_QUESTION:
        return Packable(question, qti_id(question.assessment_id))
    if question.type == exercises.QTI:
        return Packable(question, parse_xml(question.raw_data).get("identifier", ""), question.raw_data)
    try:
        return Packable(question, qti_id(question.assessment_id), item_of(question))
    except (MarkupInvalid, FormulaUnreadable, ValueUnfit) as fault:
        log.fail_or_log(node, f"the question {question.assessment_id} cannot be shown: {fault}")
        return None


def _fault_of(identifier: str, identifiers: set[str]) -> str | None:
    if not identifier:
        return "there is no identifier"
    if not _IDENTIFIER.fullmatch(identifier):
        return f"the identifier {identifier!r:.80} is not an XML name"
    if identifier in identifiers:
        return f"the identifier {identifier} comes twice"
    return None


def _find_items(package: list[Packable], node: Node, log: ExportLog) -> list[AssessmentItem] | None:
    """The Perseus items of a package, or None where Perseus cannot ask one of its questions, or there is none."""
    if any(packable.question.type == exercises.PERSEUS_QUESTION for packable in package):
        return None
    items = []
    for packable in package:
        # Studio asks each node of lxml's tree for its name, and a comment has none (perseus_derive.py _local).
        if qti.has_comments(packable.item):
            log.fail_or_log(node, f"the QTI of the question {packable.question.assessment_id} holds a comment")
        item = _find_item(packable)
        if item is None:
            return None
        items.append(item)
    return items or None


def _find_item(packable: Packable) -> AssessmentItem | None:
    return find_item(packable.identifier, parse_xml(packable.item), randomize=packable.question.randomize)
