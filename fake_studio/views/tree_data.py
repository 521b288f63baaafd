"""Trees as get_tree_data and get_node_tree_data answer them.

Source: Studio models.py ContentNode.get_tree_data.
"""

from __future__ import annotations

from typing import Any, Callable

from le_utils.constants import content_kinds

from fake_studio.core.model import Node

NodeName = Callable[[Node], Any]


def children_data(node: Node, name_of: NodeName) -> list[dict[str, Any]]:
    """Everything below a node, each as ``node_data`` has it; topics also have ``children``, in order.

    ``name_of`` gives a node's studio_id.
    """
    children_by_node: dict[int, list[dict[str, Any]]] = {id(node): []}
    for below in node.descendants():
        data = node_data(below, name_of)
        children_by_node[id(below.parent)].append(data)
        if below.kind == content_kinds.TOPIC:
            data["children"] = children_by_node[id(below)] = []
    return children_by_node[id(node)]


def node_data(node: Node, name_of: NodeName) -> dict[str, Any]:
    """``title``, ``kind``, ``node_id`` and ``studio_id`` of a node, without its children.

    An exercise also has ``count`` (questions), any other resource ``file_size`` (bytes, or null).
    """
    data: dict[str, Any] = {"title": node.title, "kind": node.kind}
    if node.kind == content_kinds.EXERCISE:
        data["count"] = len(node.questions)
    elif node.kind != content_kinds.TOPIC:
        # A sum over no sizes is null in SQL, not 0.
        sizes = [file.size for file in node.files if file.size is not None]
        data["file_size"] = sum(sizes) if sizes else None
    return {**data, "node_id": node.node_id, "studio_id": name_of(node)}
