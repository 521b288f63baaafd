"""From trees."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from le_utils.constants import content_kinds

from fake_studio.core.model import Node

NodeName = Callable[[Node], Any]


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
