"""One node as a row of ``content_contentnode``.

Source: Studio utils/publish.py create_bare_contentnode.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, List, Optional

from le_utils.constants import completion_criteria, content_kinds, roles

from fake_studio.core.model import Node
from fake_studio.core.values import LICENSES
from fake_studio.publishing.context import Edition
from fake_studio.publishing.inheritance import INHERITED, Heritage
from fake_studio.publishing.jsonb import as_stored, key_order
from fake_studio.publishing.schema import Row

_TIMED = (completion_criteria.TIME, completion_criteria.APPROX_TIME)
_MEDIA = (content_kinds.AUDIO, content_kinds.VIDEO)


def row_of(edition: Edition, node: Node, heritage: Heritage, parent_id: Optional[str]) -> Row:
    """The row of a node that hangs below ``parent_id``; its place in the tree is still to be numbered."""
    options = _options(edition, node)
    return {
        "id": edition.id_of(node, "node_id"),
        "parent_id": parent_id,
        "title": node.title if node.parent else edition.channel.name,
        "kind": node.kind,
        "content_id": edition.id_of(node, "content_id"),
        "channel_id": edition.channel_id,
        "description": node.description,
        "author": node.author or "",
        "sort_order": node.sort_order,
        "coach_content": node.role == roles.COACH,
        "available": True,
        "stemmed_metaphone": "",
        "duration": _duration(node, options),
        "options": json.dumps(as_stored(options)),
        "lang_id": edition.rows.language(_language(node, heritage) or edition.language),
        **_license(edition, node),
        **_labels(node, heritage),
        **dict.fromkeys(("lft", "rght", "level", "tree_id")),
    }


def _options(edition: Edition, node: Node) -> Dict[str, Any]:
    fields = node.extra_fields or {}
    options = fields.get("options", {})
    if isinstance(options, dict):
        return options
    edition.remarks.broken(node, f"its options are no object, but {options!r:.60}")
    return {}


def _duration(node: Node, options: Dict[str, Any]) -> Optional[int]:
    criteria = options.get("completion_criteria") or {}
    if criteria.get("model") in _TIMED and criteria.get("threshold") is not None:
        return int(criteria["threshold"])
    lengths = [file.duration for file in node.files if file.duration is not None]
    return max(lengths, default=None) if node.kind in _MEDIA else None


def _language(node: Node, heritage: Heritage) -> Optional[str]:
    return node.language if node.kind == content_kinds.TOPIC else heritage.language


def _license(edition: Edition, node: Node) -> Row:
    owner = node.copyright_holder or ""
    if node.license is None:
        return {"license_id": None, "license_name": None, "license_description": None, "license_owner": owner}
    known = LICENSES[node.license]
    description = node.license_description if known.custom else known.description
    return {
        "license_id": edition.rows.license(known.name, description),
        "license_name": known.name,
        "license_description": description,
        "license_owner": owner,
    }


def _labels(node: Node, heritage: Heritage) -> Row:
    """The label columns: a topic has only those of its own that resources take over, a resource also what it takes."""
    own = {name: key_order(node.labels.get(name, ())) for name in INHERITED}
    if node.kind == content_kinds.TOPIC:
        return {**_joined(own), "learning_activities": None, "accessibility_labels": None}
    others = {name: key_order(node.labels.get(name, ())) for name in ("learning_activities", "accessibility_labels")}
    return _joined({**heritage.labels, **others})


def _joined(labels: Dict[str, List[str]]) -> Row:
    return {name: _comma_joined(values) for name, values in labels.items()}


def _comma_joined(values: Iterable[str]) -> Optional[str]:
    return ",".join(values) or None
