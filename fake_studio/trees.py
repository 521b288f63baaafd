"""Trees: how they are told to clients, and how a resource of one is copied into another.

Source: Studio models.py ContentNode.get_tree_data, db/models/manager.py _clone_node.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any, Callable, Dict, Iterator, List, Optional, Set

from le_utils.constants import content_kinds

from fake_studio.model import LABELS, TREES, Channel, Node
from fake_studio.refusals import NodeNotFound, NodeNotStorable, TreeUnknown
from fake_studio.rules import values
from fake_studio.rules.nodes import copied_fields_of

NodeName = Callable[[Node], Any]


def root_of(channel: Channel, name: str) -> Node:
    """The root of the channel's tree of this name. Raises TreeUnknown for another name, and where there is none."""
    root = channel.root(name)
    if root is None:
        there = [tree for tree in TREES if channel.root(tree) is not None]
        raise TreeUnknown(f"The channel {channel.id} has no tree {name!r:.40}.", field="tree", allowed=there)
    return root


def newest_name(channel: Channel) -> str:
    """The tree that the last run left: chef while it is not finished, then staging, and main once that is deployed."""
    return next((name for name in ("chef", "staging") if channel.root(name) is not None), "main")


def newest(channel: Channel) -> Optional[Node]:
    """The root of that tree."""
    return channel.root(newest_name(channel))


def with_resources(root: Node) -> Set[Node]:
    """The nodes that are a resource, or a topic with one somewhere below."""
    found: Set[Node] = set()
    for node in reversed(list(root.family())):
        if node.kind != content_kinds.TOPIC or any(child in found for child in node.children):
            found.add(node)
    return found


def found(root: Node, node_id: Optional[str]) -> Node:
    """The first node of this node_id below a root; the root itself if none is asked for. Raises NodeNotFound."""
    if node_id is None:
        return root
    for node in root.descendants():
        if node.node_id == node_id:
            return node
    raise NodeNotFound(f"The tree has no node {node_id!r:.60}.", field="node_id")


def children_data(node: Node, name_of: NodeName) -> List[Dict[str, Any]]:
    """Everything below a node as get_tree_data tells it; ``name_of`` gives a node's studio_id."""
    told: Dict[int, List[Dict[str, Any]]] = {id(node): []}
    for below in node.descendants():
        data = node_data(below, name_of)
        told[id(below.parent)].append(data)
        if below.kind == content_kinds.TOPIC:
            data["children"] = told[id(below)] = []
    return told[id(node)]


def node_data(node: Node, name_of: NodeName) -> Dict[str, Any]:
    """One node as get_tree_data tells it, without its children."""
    data: Dict[str, Any] = {"title": node.title, "kind": node.kind}
    if node.kind == content_kinds.EXERCISE:
        data["count"] = len(node.questions)
    elif node.kind != content_kinds.TOPIC:
        sizes = [file.size for file in node.files if file.size is not None]
        data["file_size"] = sum(sizes) if sizes else None
    return {**data, "node_id": node.node_id, "studio_id": name_of(node)}


def resources(channel: Channel) -> Iterator[Node]:
    """What may be copied from a channel: the nodes of its main tree that are no topics."""
    main = channel.root("main")
    if main is not None:
        yield from (node for node in main.descendants() if node.kind != content_kinds.TOPIC)


_OVERRIDES = ("title", "description", "aggregator", "provider")
_OWN_OVERRIDES = ("license_description", "copyright_holder", "author")
_LIMITS = {
    **dict.fromkeys(("title", "aggregator", "provider", "copyright_holder", "author"), 200),
    "license_description": 400,
    "description": None,
}


def copied(source: Node, into: Node, sent: Dict[str, Any], *, may_edit: bool, new_id: Callable[[], str]) -> Node:
    """``into`` filled as a copy of ``source``, with those of the sent fields that a copy may have of its own.

    License description, holder and author may be changed only by those who may edit the source channel.
    """
    for name in (*_OVERRIDES, *_OWN_OVERRIDES, "kind", "language", "license", "role", "source_id", "source_domain"):
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


def _override(node: Node, sent: Dict[str, Any], may_edit: bool) -> None:
    for name in (*_OVERRIDES, *(_OWN_OVERRIDES if may_edit else ())):
        if name in sent:
            read = values.text if name in ("title", "description") else values.optional_text
            setattr(node, name, read(sent[name], name, _LIMITS[name], NodeNotStorable))
    if "suggested_duration" in sent:
        node.suggested_duration = values.whole_number(sent["suggested_duration"], "suggested_duration", NodeNotStorable)
    if "extra_fields" in sent:
        node.extra_fields = copied_fields_of(sent["extra_fields"], node.kind)
    for name in LABELS:
        if name in sent:
            node.labels[name] = list(dict.fromkeys(sent[name]))
