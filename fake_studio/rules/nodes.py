"""One node of add_nodes: from the chef's dict to a Node, in the order in which Studio reads it.

Source: Studio views/internal.py convert_data_to_nodes, create_node, handle_remote_node, create_slides.
"""

from __future__ import annotations

from typing import Any

from le_utils.constants import content_kinds, roles
from le_utils.constants.labels import (
    accessibility_categories,
    learning_activities,
    levels,
    needs,
    resource_type,
    subjects,
)

from fake_studio.core import values
from fake_studio.core.labels import KINDS_OF_LABELS
from fake_studio.core.model import Node, Slide
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable
from fake_studio.rules import Strictness, completion_criteria, files
from fake_studio.rules.files import ValidationContext, parse_node_files, parse_part_files
from fake_studio.rules.questions import parse_questions

LABEL_VALUES: dict[str, list[str]] = {
    "grade_levels": levels.LEVELSLIST,
    "resource_types": resource_type.RESOURCETYPELIST,
    "learning_activities": learning_activities.LEARNINGACTIVITIESLIST,
    "accessibility_labels": accessibility_categories.ACCESSIBILITYCATEGORIESLIST,
    "categories": subjects.SUBJECTSLIST,
    "learner_needs": needs.NEEDSLIST,
}
# What Studio reads without a default; title is not one of them, and the documented page needs it.
NEEDED = ("license", "extra_fields", "kind", "node_id", "content_id", "description", "author", "files", "questions")
NEEDED_ALWAYS = ("kind", "node_id", "title")
TAG_LIMIT = 30


def parse_node(context: ValidationContext, data: dict[str, Any], node: Node) -> Node:
    """Fill a new node with what a chef sent for it. Raises NodeInvalid and NodeNotStorable.

    Whether there are its kind and its languages is for ``check_foreign_keys``.
    """
    _check_keys(data, context.strictness)
    coerce = context.strictness.coerce
    # The order is Studio's, and decides which of two mistakes a node is refused for (recordings ordering/*).
    node.license = values.license_name(data.get("license"), NodeNotStorable)
    fields = parse_extra_fields(data.get("extra_fields"), data["kind"])
    node.labels = parse_labels(data)
    node.kind = values.foreign_key(data["kind"], "kind", 200, NodeNotStorable, coerce=coerce)
    values.check_json(fields, "extra_fields", NodeNotStorable)
    node.extra_fields = fields
    _fill_texts(node, data, context.strictness)
    node.language = values.foreign_key(data.get("language"), "language", 14, NodeNotStorable, coerce=coerce)
    node.role = values.check_text(data.get("role") or roles.LEARNER, "role", 50, NodeNotStorable)
    node.suggested_duration = values.check_integer(
        data.get("suggested_duration"), "suggested_duration", NodeNotStorable
    )
    node.tags = parse_tags(data.get("tags"), context.strictness)
    node.files = parse_node_files(context, data.get("files", []))
    node.questions = parse_questions(context, data.get("questions", []))
    if node.kind == content_kinds.SLIDESHOW:
        node.slides = _slides(context, data)
    check_completeness_readable(node)
    return node


def check_foreign_keys(node: Node, strictness: Strictness) -> None:
    """Whether there are the kind, the languages and the presets that a node names. Raises NodeNotStorable.

    PostgreSQL looks when the transaction ends, so anything else that is wrong with a call is found before
    (recordings ordering/language-then-tag, ordering/kind-then-next-node-criteria).
    """
    if node.kind is not None or not strictness.coerce:
        values.check_kind(node.kind, NodeNotStorable)
    if node.language is not None:
        values.check_language(node.language, "language", NodeNotStorable)
    files.check_foreign_keys(node)


def check_completeness_readable(node: Node) -> None:
    """Whether Studio gets through its own check of a node that it has just stored (models.py mark_complete).

    What is empty passes for no fields at all, but for an exercise. Raises NodeNotStorable.
    """
    fields: Any = node.extra_fields
    if fields or node.kind == content_kinds.EXERCISE:
        values.check_object(fields, "extra_fields", NodeNotStorable)
        if fields.get("options") or (node.kind == content_kinds.EXERCISE and "options" in fields):
            values.check_object(fields["options"], "extra_fields.options", NodeNotStorable)


def _check_keys(data: dict[str, Any], strictness: Strictness) -> None:
    for key in NEEDED if strictness.every_key else NEEDED_ALWAYS:
        values.check_present(data, key, NodeNotStorable)


TEXTS = (
    ("license_description", 400, True),
    ("copyright_holder", 200, True),
    ("author", 200, True),
    ("source_id", 200, True),
    ("source_domain", 300, True),
    ("title", 200, False),
    ("description", None, False),
)

NULL_UNLESS_SENT = ("source_id", "source_domain")


def _fill_texts(node: Node, data: dict[str, Any], strictness: Strictness) -> None:
    coerce = strictness.coerce
    for key, limit, may_be_null in TEXTS:
        read = values.check_optional_text if may_be_null else values.check_text
        # Studio reads these two without a default, and so keeps null where the other texts are empty (create_node).
        absent = None if key in NULL_UNLESS_SENT else ""
        setattr(node, key, read(data.get(key, absent), key, limit, NodeNotStorable, coerce=coerce))
    # Null counts as not sent for these two, and for the role; null for any other text is kept or refused.
    for key in ("aggregator", "provider"):
        setattr(node, key, values.check_text(data.get(key) or "", key, 200, NodeNotStorable, coerce=coerce))


def parse_extra_fields(value: Any, kind: Any) -> Any:
    """A node's extra_fields (a string of JSON, or data), in today's form and their completion criteria checked.

    A list or a text gets past here as it is, unless it has ``options`` in it: Studio asks no more of it at this place.
    """
    # ricecooker sends a string of JSON; data is taken too (recording add/topic-extra-fields-object).
    fields = value or {}
    if isinstance(fields, str):
        fields = values.json_text(fields, "extra_fields", NodeNotStorable)
    if not isinstance(fields, (list, str)) or "options" in fields:
        fields = values.check_object(fields, "extra_fields", NodeNotStorable)
        if kind == content_kinds.EXERCISE:
            values.check_object(fields.get("options", {}), "extra_fields.options", NodeNotStorable)
            fields = completion_criteria.migrate_mastery(fields)
        _check_options(fields.get("options", {}), kind)
    return fields


def _check_options(options: Any, kind: Any) -> None:
    field = "extra_fields.options"
    if not isinstance(options, (list, str)) or "completion_criteria" in options:
        options = values.check_object(options, field, NodeNotStorable)
        _check_criteria(options, kind)


def _check_criteria(options: dict[str, Any], kind: Any) -> None:
    if "completion_criteria" not in options:
        return
    sent = options["completion_criteria"]
    faults = completion_criteria.criteria_errors(sent, kind if isinstance(kind, str) else None, options.get("modality"))
    if faults:
        raise NodeInvalid(f"{'; '.join(faults)}.", field="extra_fields.options.completion_criteria")
    # Studio looks the kind up in a table by it, and a list cannot be looked up.
    if sent and isinstance(kind, (list, dict)):
        raise NodeNotStorable(f"must be a string, not {values.json_name(kind)}.", field="kind")


def parse_labels(data: dict[str, Any]) -> dict[str, list[str]]:
    """The metadata labels that were sent, each without repetitions. Raises NodeInvalid for one le_utils lacks."""
    labels: dict[str, list[str]] = {}
    for name, allowed in LABEL_VALUES.items():
        if name in data:
            labels[name] = _label_values(name, data[name], allowed)
    return labels


def _label_values(name: str, sent: Any, allowed: list[str]) -> list[str]:
    # Text and objects could be walked through too; Studio refuses both (recordings add/label-*-string, label-object).
    if not isinstance(sent, list):
        raise NodeInvalid(f"must be a list, not {values.json_name(sent)}.", field=name)
    for value in sent:
        if isinstance(value, (list, dict)):
            raise NodeNotStorable(f"{value!r:.60} is not {KINDS_OF_LABELS[name]}.", field=name)
        if value not in allowed:
            raise NodeInvalid(f"{value!r:.60} is not {KINDS_OF_LABELS[name]}.", field=name, allowed=allowed)
    return _each_once(sent)


def _each_once(sent: list[str]) -> list[str]:
    """The list itself if nothing is in it twice: there are six of them to a node, and they are never changed."""
    once = list(dict.fromkeys(sent)) if sent else sent
    return sent if len(once) == len(sent) else once


def parse_tags(sent: Any, strictness: Strictness) -> list[str]:
    """A node's tags, each once, in order. Raises NodeInvalid for one that is too long."""
    if sent is None:
        return []
    if not isinstance(sent, (list, dict, str)) or (isinstance(sent, str) and not strictness.coerce):
        raise NodeNotStorable(f"must be a list, not {values.json_name(sent)}.", field="tags")
    return list(dict.fromkeys(_tag(tag, f"tags[{index}]", strictness) for index, tag in enumerate(sent)))


def _tag(tag: Any, field: str, strictness: Strictness) -> str:
    # Studio asks for the length of whatever stands here.
    if not isinstance(tag, (str, list, dict)):
        raise NodeNotStorable(f"must be a string, not {values.json_name(tag)}.", field=field)
    if len(tag) > TAG_LIMIT:
        raise NodeInvalid(f"has {len(tag)} characters; a tag has at most {TAG_LIMIT}.", field=field)
    return values.check_text(tag, field, 50, NodeNotStorable, coerce=strictness.coerce)


def _slides(context: ValidationContext, data: dict[str, Any]) -> list[Slide]:
    sent = data.get("extra_fields")
    # Studio encodes it as text before it parses it: data is a 500 (recording add/slideshow-extra-fields-object).
    if not isinstance(sent, str):
        raise NodeNotStorable("of a slideshow must be a string of JSON with slideshow_data.", field="extra_fields")
    fields = values.check_object(
        values.json_text(sent, "extra_fields", NodeNotStorable), "extra_fields", NodeNotStorable
    )
    entries = fields.get("slideshow_data")
    if not isinstance(entries, (list, dict, str)):
        raise NodeNotStorable("a slideshow needs a list here.", field="extra_fields.slideshow_data")
    slides = [_slide(entry, f"extra_fields.slideshow_data[{n}]") for n, entry in enumerate(entries)]
    for index, entry in enumerate(data.get("files") or []):
        entry = values.check_object(entry, f"files[{index}]", NodeNotStorable)
        if str(entry.get("filename")).count(".") != 1:
            raise NodeNotStorable("must be <checksum>.<extension>.", field=f"files[{index}].filename")
        for file in parse_part_files(context, [entry], "files"):
            # A file of no slide is taken all the same, and belongs to nothing.
            for slide in [slide for slide in slides if slide.checksum == file.checksum][:1]:
                slide.files.append(file)
    return slides


def _slide(entry: Any, where: str) -> Slide:
    entry = values.check_object(entry, where, NodeNotStorable)
    order = entry.get("sort_order")
    try:
        place = float(order)
    except (TypeError, ValueError):
        raise NodeNotStorable(f"must be a number, not {order!r:.40}.", field=f"{where}.sort_order") from None
    texts = {key: entry.get(key) for key in ("caption", "descriptive_text", "checksum", "extension")}
    return Slide(sort_order=place, **texts)
