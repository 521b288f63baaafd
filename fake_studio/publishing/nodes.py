"""One node as a row of ``content_contentnode``.

Source: Studio utils/publish.py create_bare_contentnode.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from le_utils.constants import completion_criteria, content_kinds, roles

from fake_studio.core.model import Node
from fake_studio.core.values import LICENSES
from fake_studio.publishing.context import ExportContext
from fake_studio.publishing.inheritance import INHERITED, InheritedMetadata
from fake_studio.publishing.jsonb import jsonb_order, key_order
from fake_studio.publishing.schema import Row

_TIMED = (completion_criteria.TIME, completion_criteria.APPROX_TIME)
_MEDIA = (content_kinds.AUDIO, content_kinds.VIDEO)


def row_of(context: ExportContext, node: Node, inherited: InheritedMetadata, parent_id: str | None) -> Row:
    """The row of a node below ``parent_id``, by column; its place in the tree (lft, rght ...) is still to be numbered.

    ``duration`` is in seconds.
    """
    options = _options(context, node)
    return {
        "id": context.id_of(node, "node_id"),
        "parent_id": parent_id,
        # Studio names the root by the channel, whatever the root of the tree is called.
        "title": node.title if node.parent else context.channel.name,
        "kind": node.kind,
        "content_id": context.id_of(node, "content_id"),
        "channel_id": context.channel_id,
        "description": node.description,
        "author": node.author or "",
        "sort_order": node.sort_order,
        "coach_content": node.role == roles.COACH,
        # Kolibri sets it anew at import, by the files that it has.
        "available": True,
        "stemmed_metaphone": "",
        "duration": _duration(node, options),
        "options": json.dumps(jsonb_order(options)),
        "lang_id": context.rows.language(_language(node, inherited) or context.language),
        **_license(context, node),
        **_labels(node, inherited),
        # Kolibri uses these as they are: with wrong levels, topics stay hidden without a word.
        **dict.fromkeys(("lft", "rght", "level", "tree_id")),
    }


def _options(context: ExportContext, node: Node) -> dict[str, Any]:
    fields = node.extra_fields or {}
    options = fields.get("options", {})
    if isinstance(options, dict):
        return options
    context.log.fail_or_log(node, f"its options are no object, but {options!r:.60}")
    return {}


def _duration(node: Node, options: dict[str, Any]) -> int | None:
    criteria = options.get("completion_criteria") or {}
    # A time criterion wins over the file; a suggested_duration alone gives none (recording published/rich).
    if criteria.get("model") in _TIMED and criteria.get("threshold") is not None:
        return int(criteria["threshold"])
    lengths = [file.duration for file in node.files if file.duration is not None]
    return max(lengths, default=None) if node.kind in _MEDIA else None


def _language(node: Node, inherited: InheritedMetadata) -> str | None:
    return node.language if node.kind == content_kinds.TOPIC else inherited.language


def _license(context: ExportContext, node: Node) -> Row:
    owner = node.copyright_holder or ""
    if node.license is None:
        return {"license_id": None, "license_name": None, "license_description": None, "license_owner": owner}
    license_row = LICENSES[node.license]
    description = node.license_description if license_row.custom else license_row.description
    return {
        "license_id": context.rows.license(license_row.name, description),
        "license_name": license_row.name,
        "license_description": description,
        "license_owner": owner,
    }


def _labels(node: Node, inherited: InheritedMetadata) -> Row:
    """The label columns: a topic has only those of its own that resources take over, a resource also what it takes."""
    inheritable = {name: key_order(node.labels.get(name, ())) for name in INHERITED}
    if node.kind == content_kinds.TOPIC:
        return {**_label_columns(inheritable), "learning_activities": None, "accessibility_labels": None}
    own_labels = {
        name: key_order(node.labels.get(name, ())) for name in ("learning_activities", "accessibility_labels")
    }
    return _label_columns({**inherited.labels, **own_labels})


def _label_columns(labels: dict[str, list[str]]) -> Row:
    return {name: _comma_joined(values) for name, values in labels.items()}


def _comma_joined(values: Iterable[str]) -> str | None:
    return ",".join(values) or None
