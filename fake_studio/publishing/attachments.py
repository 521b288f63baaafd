"""What hangs on a node: its assessment metadata, files and tags, as rows.

Source: Studio utils/publish.py create_kolibri_assessment_metadata, create_associated_file_objects, map_tags_to_node.
"""

from __future__ import annotations

import json
from dataclasses import replace

from le_utils.constants import content_kinds, format_presets
from le_utils.constants.format_presets import RENDERABLE_PRESETS_ORDER

from fake_studio.core.model import File, Node
from fake_studio.core.values import PRESETS
from fake_studio.publishing import generated_files
from fake_studio.publishing.context import ExportContext
from fake_studio.publishing.exercises import Exercise, exercise_of, has_assessments
from fake_studio.publishing.schema import Row
from fake_studio.rules.nodes import TAG_LIMIT

_OF_QUESTIONS = (format_presets.EXERCISE_IMAGE, format_presets.EXERCISE_GRAPHIE)

# Studio numbers presets as le_utils 0.2.18 does; later ones put QTI before Perseus.
_PRIORITIES = {format_presets.QTI_ZIP: 1}


def add_parts(context: ExportContext, node: Node) -> list[File]:
    """Add the rows of all that hangs on a node; returns its files as Studio counts them. Raises CannotPublish."""
    node_id = context.id_of(node, "node_id", is_logged=True)
    exercise = exercise_of(node, context.log) if has_assessments(node) else None
    if exercise and node.kind == content_kinds.EXERCISE:
        context.rows.add("assessmentmetadata", _assessment(context, node_id, exercise))
    files = _mark_generated(generated_files.published_files(context, node, exercise), context, node)
    exported = [file for file in files if _is_exported(context, node, file)]
    # Small ones only in the database: the node keeps the thumbnail that its chef sent.
    for file in generated_files.small_thumbnails(context, exported):
        row = _file(context, file, node_id)
        if exercise and exercise.embeds_perseus and file.preset == format_presets.QTI_ZIP:
            row["included_presets"] |= _included_presets(format_presets.EXERCISE)
        context.rows.add("file", row)
    _add_tags(context, node, node_id)
    return files


def _mark_generated(files: list[File], context: ExportContext, node: Node) -> list[File]:
    """The files of a node, those that Studio made now marked as its own; the very list if it made none."""
    if files is node.files:
        return files
    sent = {id(file) for file in node.files}
    user_id = context.asker.user_id
    return [file if id(file) in sent else replace(file, uploaded_by=user_id, generated=True) for file in files]


def _assessment(context: ExportContext, node_id: str, exercise: Exercise) -> Row:
    return {
        "id": context.rows.new_id(),
        "contentnode_id": node_id,
        "assessment_item_ids": json.dumps(exercise.ids),
        "number_of_assessments": len(exercise.ids),
        "mastery_model": json.dumps(exercise.mastery.model),
        "randomize": bool(exercise.mastery.randomize),
        "is_manipulable": True,
    }


def _is_exported(context: ExportContext, node: Node, file: File) -> bool:
    stored = context.storage.get(file.name)
    # They travel inside of the exercise's archive (create_associated_file_objects excludes the two presets).
    if file.preset in _OF_QUESTIONS:
        return False
    if file.preset is None:
        context.log.fail_or_log(node, f"the file {file.name} has no preset")
    elif stored is None:
        context.log.log_left_out(node, f"the file {file.name} was never uploaded")
    elif stored.md5 != file.checksum:
        # Kolibri would find it corrupted, and break off the import of the whole channel.
        context.log.log_left_out(node, f"the file {file.name} has the md5 {stored.md5}, not the one of its name")
    else:
        return True
    return False


def _file(context: ExportContext, file: File, node_id: str) -> Row:
    preset = PRESETS[file.preset or ""]
    return {
        "id": file.id,
        "contentnode_id": node_id,
        "local_file_id": file.checksum,
        "preset": preset.id,
        "lang_id": context.rows.language(file.language) if file.language else None,
        "supplementary": preset.supplementary,
        "thumbnail": preset.thumbnail,
        "priority": _PRIORITIES.get(preset.id, preset.order),
        "included_presets": None if preset.supplementary else _included_presets(preset.id),
        "checksum": file.checksum,
        "extension": file.extension,
        "file_size": context.rows.local_file(file),
        "available": True,
    }


def _included_presets(preset: str) -> int | None:
    """The preset as a bit, at its place in le_utils' order."""
    if preset not in RENDERABLE_PRESETS_ORDER:
        return None
    return int(2 ** RENDERABLE_PRESETS_ORDER.index(preset))


def _add_tags(context: ExportContext, node: Node, node_id: str) -> None:
    # Studio makes the row of any tag, and links only those that fit into Kolibri's column.
    for name in node.tags:
        tag = context.rows.tag(name)
        if len(name) <= TAG_LIMIT:
            context.rows.add("contentnode_tags", {"contentnode_id": node_id, "contenttag_id": tag})
