"""Nested-set positions: where each node stands, as numbers that Kolibri uses as they are.

Source: Studio exports through django-mptt, which numbers a tree from 1, in the order of reading.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence, Tuple

from fake_studio.publishing.schema import Row


def number(rows: Mapping[str, Row]) -> None:
    """Set ``lft``, ``rght``, ``level`` and ``tree_id`` of nodes by id, each with its ``parent_id``; siblings in order.

    Raises nothing for deep trees: there is no recursion.
    """
    children = _children(rows)
    waiting: List[Tuple[str, int, bool]] = [(root, 0, False) for root in reversed(children.get("", []))]
    count = 0
    while waiting:
        node_id, level, left = waiting.pop()
        count += 1
        if left:
            rows[node_id]["rght"] = count
            continue
        rows[node_id].update(lft=count, level=level, tree_id=1)
        waiting.append((node_id, level, True))
        waiting.extend((child, level + 1, False) for child in reversed(children.get(node_id, ())))


def _children(rows: Mapping[str, Row]) -> Dict[str, Sequence[str]]:
    children: Dict[str, List[str]] = {}
    for node_id, row in rows.items():
        children.setdefault(row["parent_id"] or "", []).append(node_id)
    return dict(children)
