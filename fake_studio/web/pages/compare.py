"""Two trees of a channel side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request

from fake_studio.core import trees
from fake_studio.diff.difference import Changes, Difference, DiffNode
from fake_studio.diff.text import rows_of, visible_in
from fake_studio.views import dicts
from fake_studio.web.pages.blueprints import pages
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.tree_view import SHOWN
from fake_studio.web.request import studio

MANY = 1000  # rows that are shown


@dataclass(frozen=True)
class Row:
    """A node in the old tree, the new one, or both; ``words`` say what happened (nothing, to a topic above others)."""

    depth: int
    words: list[str]
    old: DiffNode | None
    new: DiffNode | None
    changes: Changes


@pages.get("/channels/<channel_id>/compare")
def compare_page(channel_id: str) -> str:
    with studio().lock:
        channel = studio().get_channel_record(channel_id)
        there = [name for name in SHOWN if channel.root(name) is not None]
        new = request.args.get("to", trees.newest_name(channel))
        old = request.args.get("from", _counterpart(new, there))
        changes = dicts.changes(channel, old, new)
        rows = list(_rows(changes))
        return render(
            "compare.html", channel=channel, there=there, old=old, new=new, found=changes, rows=rows, many=MANY
        )


def _counterpart(new: str, there: list[str]) -> str:
    """What a tree is compared with if nobody says: the one that it takes the place of."""
    counterpart = {"main": "previous", "previous": "main"}.get(new, "main")
    return counterpart if counterpart in there else new


def _rows(result: Difference) -> Iterator[Row]:
    """The nodes that are other in one tree, and the topics above them."""
    words = _words(result)
    changes = {id(place): fields for place, fields in result.changed}
    rows = rows_of(result.root, {id(place) for place in result.removed})
    visible: set[int] = visible_in(rows, words)
    for place, depth in rows:
        if id(place) in visible:
            said = words.get(id(place), [])
            is_gone = "removed" in said
            old, new = (place, None) if is_gone else (place.counterpart, place)
            yield Row(depth, said, old, new, changes.get(id(place), {}))


def _words(changes: Difference) -> dict[int, list[str]]:
    words: dict[int, list[str]] = {id(place): ["added"] for place in changes.added}
    words.update((id(place), ["removed"]) for place in changes.removed)
    for place in changes.moved:
        if changes.is_elsewhere(place):
            words[id(place)] = ["moved"]
    for place, _ in changes.changed:
        words.setdefault(id(place), []).append("changed")
    return words
