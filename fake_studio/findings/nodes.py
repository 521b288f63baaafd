"""What makes a node incomplete. Source: Studio models.py ContentNode.mark_complete."""

from __future__ import annotations

from collections.abc import Iterator

from le_utils.constants import content_kinds, exercises, modalities, roles

from fake_studio.core import values
from fake_studio.core.model import Channel, Node, Question
from fake_studio.core.store import Store
from fake_studio.core.trees import newest
from fake_studio.findings.finding import Finding, make_finding
from fake_studio.rules import completion_criteria

Fault = tuple[str, str]
_NO_ANSWER_NEEDED = (exercises.FREE_RESPONSE,)
_NO_CORRECT_ONE_NEEDED = (exercises.FREE_RESPONSE, exercises.INPUT_QUESTION)


def find_node_issues(studio: Store, channel: Channel) -> Iterator[Finding]:
    """The incomplete nodes of the newest tree."""
    root = newest(channel)
    for node in root.descendants() if root else ():
        for code, detail in incomplete_reasons(node):
            yield make_finding(code, channel, node, detail)


def incomplete_reasons(node: Node) -> Iterator[Fault]:
    """Why a node is incomplete: codes, each with a detail."""
    if not node.title:
        yield "title-missing", ""
    if node.kind is None:
        yield "kind-missing", ""
    if node.role not in dict(roles.choices):
        yield "role-unknown", f"It is {node.role!r}."
    if node.kind == content_kinds.TOPIC:
        yield from _topic_faults(node)
    else:
        yield from _license_faults(node)
        yield from _exercise_faults(node) if node.kind == content_kinds.EXERCISE else _file_faults(node)
    yield from _criteria_faults(node)


def _license_faults(node: Node) -> Iterator[Fault]:
    license = values.LICENSES.get(node.license or "")
    if license is None:
        yield "license-missing", ""
        return
    if license.custom and not node.license_description:
        yield "license-description-missing", f"The license is {license.name}."
    if license.copyright_holder_required and not node.copyright_holder:
        yield "copyright-holder-missing", f"The license is {license.name}."


def _file_faults(node: Node) -> Iterator[Fault]:
    presets = [values.PRESETS.get(file.preset or "") for file in node.files]
    if not any(preset and not preset.supplementary for preset in presets):
        names = ", ".join(file.original_filename for file in node.files)
        yield "default-file-missing", f"It has only {names}." if names else "It has no file at all."


def _exercise_faults(node: Node) -> Iterator[Fault]:
    if not any(_is_complete(question) for question in node.questions):
        yield "questions-missing", f"It has {len(node.questions)} question(s)."
    if not (node.extra_fields.get("mastery_model") or node.options.get("completion_criteria")):
        yield "mastery-missing", ""


def _is_complete(question: Question) -> bool:
    if question.raw_data:
        return True
    answered = bool(question.answers) or question.type in _NO_ANSWER_NEEDED
    correct = any(answer.get("correct") for answer in question.answers) or question.type in _NO_CORRECT_ONE_NEEDED
    return bool(question.question) and answered and correct


def _topic_faults(node: Node) -> Iterator[Fault]:
    if node.options.get("modality") == modalities.UNIT and not node.options.get("completion_criteria"):
        yield "criteria-missing", ""


def _criteria_faults(node: Node) -> Iterator[Fault]:
    given = node.options.get("completion_criteria")
    wrong = completion_criteria.criteria_errors(given, node.kind, node.options.get("modality")) if given else []
    if wrong:
        yield "criteria-invalid", "; ".join(wrong)
