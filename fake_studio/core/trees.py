"""Looking things up in trees, and copying a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from le_utils.constants import content_kinds

from fake_studio.core.model import TREES, Channel, Node
from fake_studio.core.refusals import NodeNotFound, TreeUnknown


def root_of(channel: Channel, name: str) -> Node:
    """The root of the channel's tree of this name. Raises TreeUnknown for another name, and for a tree that is not."""
    root = channel.root(name)
    if root is None:
        there = [tree for tree in TREES if channel.root(tree) is not None]
        raise TreeUnknown(
            f"Tree not found: {name!r:.40}. The channel {channel.id} does not have it.", field="tree", allowed=there
        )
    return root


def newest_name(channel: Channel) -> str:
    """The tree that the last run left: chef while it is not finished, then staging, and main once that is deployed."""
    return next((name for name in ("chef", "staging") if channel.root(name) is not None), "main")


def newest(channel: Channel) -> Node | None:
    """The root of that tree."""
    return channel.root(newest_name(channel))


def with_resources(root: Node) -> set[Node]:
    """The nodes that are a resource, or a topic with one somewhere below."""
    filled: set[Node] = set()
    # Children before their parents, so that one pass is enough.
    for node in reversed(list(root.iter_tree())):
        if node.kind != content_kinds.TOPIC or any(child in filled for child in node.children):
            filled.add(node)
    return filled


def find_node(root: Node, node_id: str | None) -> Node:
    """The first node of this node_id below a root; the root itself if none is asked for. Raises NodeNotFound."""
    if node_id is None:
        return root
    for node in root.descendants():
        if node.node_id == node_id:
            return node
    raise NodeNotFound(f"Node not found: {node_id!r:.60}. The tree does not have it.", field="node_id")


def first_by_node_id(nodes: Iterable[Node]) -> dict[str, Node]:
    """Nodes by their node_id; of several that share one, the first."""
    by_node_id: dict[str, Node] = {}
    for node in nodes:
        by_node_id.setdefault(node.node_id, node)
    return by_node_id


def resources(channel: Channel) -> Iterator[Node]:
    """What may be copied from a channel: the nodes of its main tree that are no topics."""
    main = channel.root("main")
    if main is not None:
        yield from (node for node in main.descendants() if node.kind != content_kinds.TOPIC)


def copy_tree(root: Node) -> Node:
    """A copy of a tree that stays as it is while the original goes on: new nodes, the same values."""
    copies = {id(node): node.shallow_copy() for node in root.iter_tree()}
    for node in root.iter_tree():
        copy = copies[id(node)]
        copy.children = [copies[id(child)] for child in node.children]
        copy.parent = copies.get(id(node.parent))
    return copies[id(root)]
