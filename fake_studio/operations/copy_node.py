"""A resource of another channel, copied into the tree that a chef sends (a remote node)."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any, Callable

from fake_studio.core import values
from fake_studio.core.model import LABELS, Node
from fake_studio.core.refusals import NodeNotStorable

# Source: Studio db/models/manager.py ALLOWED_OVERRIDES, EDIT_ALLOWED_OVERRIDES.
_OVERRIDES = ("title", "description", "aggregator", "provider")
_OWN_OVERRIDES = ("license_description", "copyright_holder", "author")


_LIMITS = {
    **dict.fromkeys(("title", "aggregator", "provider", "copyright_holder", "author"), 200),
    "license_description": 400,
    "description": None,
}


def copy_node(source: Node, into: Node, sent: dict[str, Any], *, may_edit: bool, new_id: Callable[[], str]) -> Node:
    """``into`` filled as a copy of ``source``, with those of the sent fields that a copy may have of its own.

    License description, holder and author may be changed only by those who may edit the source channel. Raises
    NodeNotStorable.
    """
    for name in (*_OVERRIDES, *_OWN_OVERRIDES, "kind", "language", "license", "role"):
        setattr(into, name, getattr(source, name))
    into.content_id = source.content_id
    into.suggested_duration = source.suggested_duration
    into.extra_fields = copy.deepcopy(source.extra_fields)
    into.labels = copy.deepcopy(source.labels)
    into.tags = list(source.tags)
    into.files = [replace(file, id=new_id()) for file in source.files]
    into.slides = copy.deepcopy(source.slides)
    into.questions = copy.deepcopy(source.questions)
    into.source_channel_id, into.source_node_id = source.channel_id, source.node_id
    into.original_channel_id = source.original_channel_id or source.channel_id
    into.original_source_node_id = source.original_source_node_id or source.node_id
    _override(into, sent, may_edit)
    return into


def _override(node: Node, sent: dict[str, Any], may_edit: bool) -> None:
    for name in (*_OVERRIDES, *(_OWN_OVERRIDES if may_edit else ())):
        if name in sent:
            read = values.check_text if name in ("title", "description") else values.check_optional_text
            setattr(node, name, read(sent[name], name, _LIMITS[name], NodeNotStorable))
    if "suggested_duration" in sent:
        node.suggested_duration = values.check_integer(
            sent["suggested_duration"], "suggested_duration", NodeNotStorable
        )
    if "extra_fields" in sent:  # kept as it is: nothing in it is read, checked or moved
        values.check_json(sent["extra_fields"], "extra_fields", NodeNotStorable)
        node.extra_fields = sent["extra_fields"]
    for name in LABELS:
        if name in sent:
            node.labels[name] = list(dict.fromkeys(sent[name]))
