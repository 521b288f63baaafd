"""The trees of a snapshot: each is a list of nodes, parents before children, siblings in order."""

from __future__ import annotations

from typing import Any, Callable, Optional

from fake_studio.core.model import TREES, Node
from fake_studio.core.values import KINDS, LICENSES, PRESETS
from fake_studio.rules.files import drops_files
from fake_studio.snapshot.decode import check_list, check_object, list_of, reader, record
from fake_studio.snapshot.schema import SnapshotDamaged, at_path

_read_node = record(Node, ("parent", "children", "request", "place", "drops_files"))
_read_parent = reader(Optional[str])


class TreeLoader:
    """Reads the nodes of one snapshot. No two of them share an id or a number, and no number is above ``highest``."""

    def __init__(self, highest: int) -> None:
        self._highest = highest
        self._ids: set[str] = set()
        self._numbers: set[int] = set()

    def trees(self, data: Any, channel_id: str) -> dict[str, Node | None]:
        """The five trees of a channel. Raises SnapshotDamaged."""
        given = check_object(data)
        if sorted(given) != sorted(TREES):
            raise SnapshotDamaged(f"must be {', '.join(TREES)}, each null or a list.")
        trees: dict[str, Node | None] = {}
        for name in TREES:
            with at_path(name):
                trees[name] = None if given[name] is None else self._tree(given[name], channel_id)
        return trees

    def _tree(self, data: Any, channel_id: str) -> Node:
        nodes: dict[str | None, Node] = {}

        def read_node(entry: Any) -> Node:
            node = self._node(dict(check_object(entry)), nodes)
            self._check(node, channel_id)
            nodes[node.id] = node
            return node

        if not check_list(data):
            raise SnapshotDamaged("must have a root.")
        root: Node = list_of(read_node)(data)[0]
        return root

    def _node(self, data: dict[str, Any], above: dict[str | None, Node]) -> Node:
        with at_path("parent"):
            parent_id = _read_parent(data.pop("parent", None))
            # Parents come first, so that a tree is read in one pass and cannot hold a circle.
            if parent_id not in (above or (None,)):
                raise SnapshotDamaged("must be the id of a node before this one; null for the first.")
        with at_path("sent"):
            sent = check_object(data.pop("sent", {}))
        node: Node = _read_node(data)
        node.sent, node.drops_files = sent, drops_files(sent)
        node.parent = above.get(parent_id)
        if node.parent is not None:
            node.parent.children.append(node)
        return node

    def _check(self, node: Node, channel_id: str) -> None:
        _claim(self._ids, node.id, "id")
        _claim(self._numbers, node.number, "number")
        if node.number > self._highest:
            raise SnapshotDamaged(f"is above ids.numbers, {self._highest}.", field="number")
        if node.channel_id != channel_id:
            raise SnapshotDamaged(f"is not that of the channel, {channel_id!r}.", field="channel_id")
        for name, value, vocabulary in (("kind", node.kind, KINDS), ("license", node.license, LICENSES)):
            if value is not None and value not in vocabulary:
                raise SnapshotDamaged(f"{value!r:.60} is unknown.", field=name, allowed=list(vocabulary))
        for file in node.all_files():
            if file.preset is not None and file.preset not in PRESETS:
                raise SnapshotDamaged(f"the preset {file.preset!r:.60} of {file.name!r:.60} is unknown.", field="files")


def _claim(taken: set[Any], key: Any, name: str) -> None:
    if key in taken:
        raise SnapshotDamaged(f"{key!r:.60} is taken by a node before this one.", field=name)
    taken.add(key)


def node_in(trees: dict[str, Node | None]) -> Callable[[Any], Node]:
    """What reads the id of a node of these trees as that node."""
    nodes = {node.id: node for root in trees.values() if root for node in root.iter_tree()}

    def read(value: Any) -> Node:
        if not isinstance(value, str) or value not in nodes:
            raise SnapshotDamaged(f"{value!r:.60} is the id of no node of this channel.")
        return nodes[value]

    return read
