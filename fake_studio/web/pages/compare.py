"""Two trees of a channel side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Set

from flask import request

from fake_studio.core import trees as trees_trees
from fake_studio.diff.difference import Changes, Difference, Place
from fake_studio.diff.text import rows_of, visible_in
from fake_studio.views import dicts as account
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import drawn
from fake_studio.web.pages.tree_view import SHOWN
from fake_studio.web.request import studio

MANY = 1000  # rows that are shown


@dataclass(frozen=True)
class Row:
    """A node in the old tree, the new one, or both; ``words`` say what happened (nothing, to a topic above others)."""

    depth: int
    words: List[str]
    old: Optional[Place]
    new: Optional[Place]
    changes: Changes


@pages.get("/channels/<channel_id>/compare")
def compare_page(channel_id: str) -> str:
    with studio().lock:
        channel = studio().found(channel_id)
        there = [name for name in SHOWN if channel.root(name) is not None]
        new = request.args.get("to", trees_trees.newest_name(channel))
        old = request.args.get("from", _counterpart(new, there))
        found = account.changes(channel, old, new)
        rows = list(_rows(found))
        return drawn("compare.html", channel=channel, there=there, old=old, new=new, found=found, rows=rows, many=MANY)


def _counterpart(new: str, there: List[str]) -> str:
    """What a tree is compared with if nobody says: the one that it takes the place of."""
    wanted = {"main": "previous", "previous": "main"}.get(new, "main")
    return wanted if wanted in there else new


def _rows(found: Difference) -> Iterator[Row]:
    """The nodes that are other in one tree, and the topics above them."""
    words = _words(found)
    changes = {id(place): fields for place, fields in found.changed}
    rows = rows_of(found.root, {id(place) for place in found.removed})
    shown: Set[int] = visible_in(rows, words)
    for place, depth in rows:
        if id(place) in shown:
            said = words.get(id(place), [])
            is_gone = "removed" in said
            old, new = (place, None) if is_gone else (place.twin, place)
            yield Row(depth, said, old, new, changes.get(id(place), {}))


def _words(found: Difference) -> Dict[int, List[str]]:
    words: Dict[int, List[str]] = {id(place): ["added"] for place in found.added}
    words.update((id(place), ["removed"]) for place in found.removed)
    for place in found.moved:
        if found.is_elsewhere(place):
            words[id(place)] = ["moved"]
    for place, _ in found.changed:
        words.setdefault(id(place), []).append("changed")
    return words
