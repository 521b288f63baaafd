"""What makes a node incomplete. Source: Studio models.py ContentNode.mark_complete."""

from __future__ import annotations

from collections.abc import Iterator

from le_utils.constants import content_kinds, exercises, modalities, roles

from fake_studio.core import values
from fake_studio.core.model import Node
from fake_studio.findings.answers import answer_fault, is_complete
from fake_studio.findings.examined import FilesOfNode
from fake_studio.findings.finding import Fault
from fake_studio.rules import completion_criteria


def find_incomplete(files: FilesOfNode, node: Node) -> Iterator[Fault]:
    """Why a node is incomplete: codes, each with a detail."""
    if not node.title:
        yield "title-missing", f"Its source_id is {node.source_id!r:.80}." if node.source_id else ""
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
    # Without what a publish made: an exercise's own archive must not count as the file that its chef forgot.
    presets = [values.PRESETS.get(file.preset or "") for file in node.sent_files]
    if not any(preset and not preset.supplementary for preset in presets):
        names = ", ".join(file.original_filename for file in node.sent_files)
        yield "default-file-missing", f"It has only {names}." if names else "It has no file at all."
    yield from _preset_faults(node)


def _preset_faults(node: Node) -> Iterator[Fault]:
    """Kolibri finds the viewer by the preset, and the file by its extension. Source: le_utils format_presets."""
    for file in node.files:
        preset = values.PRESETS.get(file.preset or "")
        if preset is None or preset.supplementary:
            continue
        if node.kind and preset.kind not in (node.kind, None):
            reason = f"is for {preset.kind}, and the node is of kind {node.kind}."
        elif file.extension not in preset.allowed_formats:
            reason = f"is for {', '.join(preset.allowed_formats)}, and the file is {file.extension}."
        else:
            continue
        yield "preset-wrong-for-kind", f"{file.original_filename}: the preset {preset.id!r} {reason}"


def _exercise_faults(node: Node) -> Iterator[Fault]:
    if not any(is_complete(question) for question in node.questions):
        faults = [f"Question {n} {fault}" for n, fault in enumerate(map(answer_fault, node.questions), 1) if fault]
        yield "questions-missing", " ".join([f"It has {len(node.questions)} question(s).", *faults[:3]])
    if not (node.extra_fields.get("mastery_model") or node.options.get("completion_criteria")):
        yield "mastery-missing", ""
    yield from _mastery_faults(node)


def _mastery_faults(node: Node) -> Iterator[Fault]:
    """Kolibri asks the questions again and again until m of the last n are right: there may be fewer than n."""
    options = completion_criteria.migrate_mastery(node.extra_fields).get("options") or {}
    threshold = (options.get("completion_criteria") or {}).get("threshold")
    if not isinstance(threshold, dict) or threshold.get("mastery_model") != exercises.M_OF_N:
        return
    m, n = threshold.get("m"), threshold.get("n")
    if m is None or n is None:  # Studio then asks five at most
        return
    if not all(type(number) is int and number > 0 for number in (m, n)):
        yield "mastery-unreachable", f"m is {m!r} and n is {n!r}: both must be whole numbers from 1 on."
    elif m > n:
        yield "mastery-unreachable", f"{m} of {n} questions must be right."


def _topic_faults(node: Node) -> Iterator[Fault]:
    if node.options.get("modality") == modalities.UNIT and not node.options.get("completion_criteria"):
        yield "criteria-missing", ""


def _criteria_faults(node: Node) -> Iterator[Fault]:
    given = node.options.get("completion_criteria")
    wrong = completion_criteria.criteria_errors(given, node.kind, node.options.get("modality")) if given else []
    if wrong:
        yield "criteria-invalid", "; ".join(wrong)
