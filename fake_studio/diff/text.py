"""A difference as a person reads it: the tree with marks, and below a marked node what is other, old -> new."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from fake_studio.diff.diff_node import Changes, DiffNode

SHOWN = 100  # characters of a value
TITLE_SHOWN = 60
CONTEXT = 20  # characters that stay before the first one that is other

NodeAtDepth = tuple[DiffNode, int]


class ShownDifference(Protocol):
    """What of ``diff.difference.Difference`` is written here. That module imports this one."""

    root: DiffNode
    added: list[DiffNode]
    removed: list[DiffNode]
    moved: list[DiffNode]
    changed: list[tuple[DiffNode, Changes]]
    unchanged: int

    @property
    def empty(self) -> bool:
        """Whether the trees are the same."""

    def is_elsewhere(self, place: DiffNode) -> bool:
        """Whether a node moved."""


@dataclass
class LineMark:
    """The signs of a node, and a line for each thing that is other."""

    signs: str = ""
    lines: list[str] = field(default_factory=list)

    def add(self, name: str, old: str, new: str) -> None:
        """Note what was and what is; of long texts, the part from where they differ."""
        start = 0 if max(len(old), len(new)) <= SHOWN else max(0, _same_length(old, new) - CONTEXT)
        self.lines.append(f"{name}: {_cut(old, start)} -> {_cut(new, start)}")


def text(difference: ShownDifference) -> str:
    """The tree with + added, - removed, > moved and ~ changed nodes, and the topics above them; the rest is counted."""
    if difference.empty:
        return f"No difference in {difference.unchanged} nodes."
    marks = _marks(difference)
    rows = rows_of(difference.root, {id(place) for place in difference.removed})
    return "\n".join(_lines(rows, marks))


def _marks(difference: ShownDifference) -> dict[int, LineMark]:
    """The marks by the ids of the places. A node whose node_id alone is other, as its topic's is, has none."""
    marks = {id(place): LineMark("+") for place in difference.added}
    marks.update((id(place), LineMark("-")) for place in difference.removed)
    for place in difference.moved:
        if difference.is_elsewhere(place):
            marks[id(place)] = _move(place)
    for place, fields in difference.changed:
        mark = marks.setdefault(id(place), LineMark())
        mark.signs += "~"
        for name, (old, new) in fields.items():
            mark.add(name, _value(old), _value(new))
    return marks


def _move(place: DiffNode) -> LineMark:
    mark, before = LineMark(">"), place.counterpart or place
    if place.changed_topic:
        mark.add("path", _plain(before.path), _plain(place.path))
    else:
        mark.add("place", f"number {before.number}", f"number {place.number}")
    if place.changed_node_id:
        mark.add("node_id", _plain(before.node_id), _plain(place.node_id))
    return mark


def rows_of(root: DiffNode, removed: set[int]) -> list[NodeAtDepth]:
    """Every place of the new tree with its depth, and the removed ones where they stood; topics come first."""
    rows: list[NodeAtDepth] = []
    stack: list[NodeAtDepth] = [(root, -1)]
    while stack:
        place, depth = stack.pop()
        rows.append((place, depth))
        if id(place) in removed:
            below = [child for child in place.children if id(child) in removed]
        else:
            below = _with_removed(place)
        stack.extend((child, depth + 1) for child in reversed(below))
    return rows[1:]


def _with_removed(topic: DiffNode) -> list[DiffNode]:
    """The children of a topic of the new tree, each followed by those that were removed after it."""
    removed: dict[int, list[DiffNode]] = {}
    last = 0
    for child in topic.counterpart.children if topic.counterpart else ():
        if child.counterpart is None:
            removed.setdefault(last, []).append(child)
        elif child.counterpart.parent is topic:
            last = id(child.counterpart)
    rows = list(removed.get(0, ()))
    for child in topic.children:
        rows.extend((child, *removed.get(id(child), ())))
    return rows


def _lines(rows: list[NodeAtDepth], marks: dict[int, LineMark]) -> Iterator[str]:
    visible = visible_in(rows, marks)
    unmarked: list[NodeAtDepth] = []
    for place, depth in rows:
        if unmarked and (id(place) in visible or depth < unmarked[0][1]):
            yield _unmarked_line(unmarked)
            unmarked = []
        if id(place) in visible:
            yield from _node_lines(place, depth, marks.get(id(place), LineMark()))
        else:
            unmarked.append((place, depth))
    if unmarked:
        yield _unmarked_line(unmarked)


def visible_in(rows: list[NodeAtDepth], marks: Container[int]) -> set[int]:
    """The ids of the marked places and of all that stand above one."""
    visible: set[int] = set()
    depth_above = -1  # of the topic that the last place found stands in: the next row of this depth
    for place, depth in reversed(rows):
        if id(place) in marks or depth == depth_above:
            visible.add(id(place))
            depth_above = depth - 1
    return visible


def _node_lines(place: DiffNode, depth: int, mark: LineMark) -> Iterator[str]:
    indent = "  " * depth
    title, kind = _plain(place.node.get("title")), place.node.get("kind")
    node_id = f" {_plain(place.node_id)}" if mark.signs else ""
    yield f"{mark.signs:<2} {indent}{_cut(title, 0, TITLE_SHOWN)} [{kind}]{node_id}"
    for line in mark.lines:
        yield f"   {indent}    {line}"


def _unmarked_line(rows: list[NodeAtDepth]) -> str:
    other_ids = sum(place.changed_node_id for place, _ in rows)
    said = {"unchanged": len(rows) - other_ids, "with another node_id": other_ids}
    return f"   {'  ' * rows[0][1]}… {', '.join(f'{count} {what}' for what, count in said.items() if count)}"


def _same_length(old: str, new: str) -> int:
    """How many characters two texts have in common from their beginning."""
    pairs = enumerate(zip(old, new))
    return next((index for index, (one, other) in pairs if one != other), min(len(old), len(new)))


def _value(value: Any) -> str:
    return _plain(json.dumps(value, ensure_ascii=False))


def _plain(value: Any) -> str:
    """On one line, and without what a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in str(value))


def _cut(value: str, start: int, length: int = SHOWN) -> str:
    end = start + length
    return f"{'…' if start else ''}{value[start:end]}{'…' if len(value) > end else ''}"
