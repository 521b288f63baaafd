"""Two trees of a channel side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import request

from fake_studio.core import trees
from fake_studio.diff.diff_node import Changes, DiffNode
from fake_studio.diff.difference import Difference
from fake_studio.diff.text import rows_of, visible_in
from fake_studio.views import dicts
from fake_studio.web.pages.filters import render
from fake_studio.web.pages.tree_view import SHOWN
from fake_studio.web.request import studio

MANY = 1000  # rows that are shown
FEW = 10  # nodes below an added or removed topic that are listed one by one


@dataclass(frozen=True)
class ComparedRow:
    """A node in the old tree, the new one, or both; ``words`` say what happened (nothing, to a topic above others).

    ``folded`` counts what the row stands for and is not listed: nodes without a change, or all that came or went with
    a topic.
    """

    depth: int
    words: list[str]
    old: DiffNode | None
    new: DiffNode | None
    changes: Changes
    folded: int = 0

    @property
    def is_equal(self) -> bool:
        """Whether it stands for nodes without a change."""
        return not self.words and self.is_fold

    @property
    def is_fold(self) -> bool:
        """Whether it stands for nodes that are not listed, and for no node of its own."""
        return self.old is None and self.new is None


def compare_page(channel_id: str) -> str:
    with studio().lock:
        channel = studio().get_channel_record(channel_id)
        there = [name for name in SHOWN if channel.root(name) is not None]
        new = request.args.get("to", trees.newest_name(channel))
        old = request.args.get("from", _counterpart(new, there))
        changes = dicts.changes(channel, old, new)
        rows = list(_without_crowds(_rows(changes)))
        return render(
            "compare.html", channel=channel, there=there, old=old, new=new, found=changes, rows=rows, many=MANY
        )


def _counterpart(new: str, there: list[str]) -> str:
    """What a tree is compared with if nobody says: the one that it takes the place of."""
    counterpart = {"main": "previous", "previous": "main"}.get(new, "main")
    return counterpart if counterpart in there else new


def _rows(result: Difference) -> Iterator[ComparedRow]:
    """The nodes that differ and the topics above them; what is equal, or went the way of its topic, is folded."""
    words = _words(result)
    changes = {id(place): fields for place, fields in result.changed}
    rows = rows_of(result.root, {id(place) for place in result.removed})
    visible: set[int] = visible_in(rows, words)
    position = 0
    while position < len(rows):
        place, depth = rows[position]
        is_shown = id(place) in visible
        said = words.get(id(place), [])
        end = _end_of_alike(rows, position, words) if is_shown else _end_of_equal(rows, position, visible)
        folded = end - position - 1 if is_shown else end - position
        old, new = _sides(place, said) if is_shown else (None, None)
        yield ComparedRow(depth, said, old, new, changes.get(id(place), {}), folded)
        position = end


def _without_crowds(rows: Iterable[ComparedRow]) -> Iterator[ComparedRow]:
    """The rows; of many siblings in a row that all came, or all went, the first few and how many more."""
    for (depth, words, _), crowd in groupby(rows, key=_likeness):
        members = list(crowd)
        if words not in (("added",), ("removed",)) or len(members) <= 2 * FEW:
            yield from members
        else:
            yield from members[:FEW]
            yield ComparedRow(depth, list(words), None, None, {}, sum(1 + row.folded for row in members[FEW:]))


def _likeness(row: ComparedRow) -> tuple[int, tuple[str, ...], bool]:
    return row.depth, tuple(row.words), bool(row.changes)


def _sides(place: DiffNode, words: list[str]) -> tuple[DiffNode | None, DiffNode | None]:
    return (place, None) if "removed" in words else (place.counterpart, place)


def _end_of_equal(rows: list[tuple[DiffNode, int]], start: int, visible: set[int]) -> int:
    """Where the run of hidden rows ends that begins here, of this depth and deeper."""
    depth = rows[start][1]
    end = start
    while end < len(rows) and id(rows[end][0]) not in visible and rows[end][1] >= depth:
        end += 1
    return end


def _end_of_alike(rows: list[tuple[DiffNode, int]], start: int, words: dict[int, list[str]]) -> int:
    """Behind a topic that came or went: where what came or went whole with it ends. Else the next row."""
    place, depth = rows[start]
    said = words.get(id(place), [])
    end = start + 1
    if said not in (["added"], ["removed"]):
        return end
    while end < len(rows) and rows[end][1] > depth:
        if words.get(id(rows[end][0])) != said:
            return start + 1
        end += 1
    return end if end - start > FEW else start + 1


def _words(changes: Difference) -> dict[int, list[str]]:
    words: dict[int, list[str]] = {id(place): ["added"] for place in changes.added}
    words.update((id(place), ["removed"]) for place in changes.removed)
    for place in changes.moved:
        if changes.is_elsewhere(place):
            words[id(place)] = ["moved"]
    for place, _ in changes.changed:
        words.setdefault(id(place), []).append("changed")
    return words
