"""The main tree as rows: which of its nodes are exported, and where they stand.

Source: Studio utils/publish.py TreeMapper.recurse_nodes. Incomplete nodes are exported, as Studio never saves that
they are incomplete (recording published/rich).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fake_studio.core.model import File, Node
from fake_studio.core.trees import with_resources
from fake_studio.publishing import inheritance, tree
from fake_studio.publishing.attachments import add_parts
from fake_studio.publishing.context import CannotPublish, ExportContext
from fake_studio.publishing.exercises import has_assessments, mastery_of
from fake_studio.publishing.inheritance import InheritedMetadata
from fake_studio.publishing.nodes import row_of
from fake_studio.publishing.schema import Row


def number_nested_set(rows: Mapping[str, Row]) -> None:
    """Set ``lft``, ``rght``, ``level`` and ``tree_id`` of nodes by id, each with its ``parent_id``; siblings in order.

    Raises nothing for deep trees: there is no recursion.
    """
    children = _children(rows)
    # Each node is met twice, on the way down and on the way up; a stack, as trees may be deeper than Python recurses.
    stack: list[tuple[str, int, bool]] = [(root, 0, False) for root in reversed(children.get("", []))]
    count = 0
    while stack:
        node_id, level, left = stack.pop()
        count += 1
        if left:
            rows[node_id]["rght"] = count
            continue
        rows[node_id].update(lft=count, level=level, tree_id=1)
        stack.append((node_id, level, True))
        stack.extend((child, level + 1, False) for child in reversed(children.get(node_id, ())))


def _children(rows: Mapping[str, Row]) -> dict[str, Sequence[str]]:
    children: dict[str, list[str]] = {}
    for node_id, row in rows.items():
        children.setdefault(row["parent_id"] or "", []).append(node_id)
    return dict(children)


def export_tree(context: ExportContext, root: Node) -> dict[Node, list[File]]:
    """Add the rows of a whole tree; returns the files of each exported node. Raises CannotPublish.

    Nodes come before what is below them, the files and tags of a topic after it.
    """
    exported: dict[Node, list[File]] = {}
    publishable = with_resources(root)
    stack: list[tuple[Node, InheritedMetadata, bool]] = [(root, inheritance.NOTHING, False)]
    while stack:
        node, above, entered = stack.pop()
        if entered:
            exported[node] = add_parts(context, node)
        elif _is_exported(context, node, publishable):
            below = _add_node(context, node, above)
            stack.append((node, above, True))
            stack.extend((child, below, False) for child in reversed(node.children))
    tree.number_nested_set(context.rows.nodes)
    return exported


def _is_exported(context: ExportContext, node: Node, publishable: set[Node]) -> bool:
    if node not in publishable:
        context.log.log_left_out(node, "a topic with nothing in it is not published")
    elif has_assessments(node) and mastery_of(node) is None:
        context.log.log_left_out(node, "without a mastery model it is not published, nor is what is below it")
    elif node.kind is None:
        context.log.fail_or_log(node, "it has no kind")
    else:
        return True
    return False


def _add_node(context: ExportContext, node: Node, above: InheritedMetadata) -> InheritedMetadata:
    inherited = inheritance.inherit(node, above)
    parent_id = context.id_of(node.parent, "node_id", is_logged=True) if node.parent else None
    row, nodes = row_of(context, node, inherited, parent_id), context.rows.nodes
    if row["id"] in nodes and nodes[row["id"]]["parent_id"] != parent_id:
        # A node_id that comes twice is one row: the later node, standing where that one stands, after its siblings.
        _check_place(context, node, row["id"], parent_id)
        del nodes[row["id"]]
    nodes[row["id"]] = row
    return inherited if context.inherits else inheritance.NOTHING


def _check_place(context: ExportContext, node: Node, node_id: str, parent_id: str | None) -> None:
    above = parent_id
    while above is not None:
        if above == node_id:
            raise CannotPublish("a topic above it has the same node_id", node)
        above = context.rows.nodes[above]["parent_id"]
