"""A node of one of two trees that are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fake_studio.core.model import JsonDict

Changes = dict[str, tuple[Any, Any]]  # a field's old and new value, by its name

SUMMARY_FIELDS = ("node_id", "content_id", "title", "kind")


# No eq: places are told apart as objects, and two of them may hold equal nodes.
@dataclass(eq=False)
class DiffNode:
    """A node in one of the trees, and where it stands there: ``number`` counts the siblings from 1.

    ``counterpart`` is the place of the same node in the other tree, or None if that lacks it.
    """

    node: JsonDict
    parent: DiffNode | None = None
    number: int = 1
    counterpart: DiffNode | None = None
    children: list[DiffNode] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<{self.node.get('kind')} {self.path!r} {self.node_id}>"

    @property
    def node_id(self) -> Any:
        """The node's id in its channel, as the tree has it."""
        return self.node.get("node_id")

    @property
    def path(self) -> str:
        """The titles from below the root down to the node."""
        titles = []
        place = self
        while place.parent is not None:
            titles.append(str(place.node.get("title")))
            place = place.parent
        return " > ".join(reversed(titles))

    @property
    def changed_topic(self) -> bool:
        """Whether the node stands below another topic than in the other tree."""
        return (
            self.parent is not None
            and self.counterpart is not None
            and self.parent.counterpart is not self.counterpart.parent
        )

    @property
    def changed_node_id(self) -> bool:
        """Whether only the content_id says that this is the node of the other tree."""
        return self.counterpart is not None and self.node_id != self.counterpart.node_id

    def to_dict(self) -> JsonDict:
        """As plain data: ``node_id``, ``content_id``, ``title``, ``kind`` and ``path``, not what is below it."""
        return {**{name: self.node.get(name) for name in SUMMARY_FIELDS}, "path": self.path}
