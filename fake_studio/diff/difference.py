"""The difference between two trees, as plain data: what came, went, moved, and changed field by field.

Trees are nested dicts as ``views.dicts.tree_to_dict`` and ``tree_snapshot`` make them; ``diff.tree_files`` also reads
others. The roots stand for the channels, and are not compared.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from fake_studio.core.model import LABELS, JsonDict
from fake_studio.diff.diff_node import Changes, DiffNode
from fake_studio.diff.text import text

_TEXTS = (
    *("content_id", "title", "kind", "description", "language", "license", "license_description", "copyright_holder"),
    *("author", "aggregator", "provider", "source_id", "source_domain", "role", "suggested_duration"),
)
# No id that a server makes is among these: two runs of one chef would differ in every node.
_QUESTION_FIELDS = ("type", "question", "answers", "hints", "raw_data", "randomize")


@dataclass
class Difference:
    """From an old tree to a new one. Moved and changed nodes stand for themselves by their place in the new tree.

    Moved nodes stand below another topic, or elsewhere among the siblings that stayed, or have another node_id;
    ``shuffled`` are the ids of the places of the second kind. ``changed`` pairs a node with its fields' old and new
    values.
    """

    root: DiffNode
    added: list[DiffNode] = field(default_factory=list)
    removed: list[DiffNode] = field(default_factory=list)
    moved: list[DiffNode] = field(default_factory=list)
    changed: list[tuple[DiffNode, Changes]] = field(default_factory=list)
    shuffled: set[int] = field(default_factory=set)
    unchanged: int = 0

    @property
    def empty(self) -> bool:
        """Whether the trees are the same."""
        return not (self.added or self.removed or self.moved or self.changed)

    def is_elsewhere(self, place: DiffNode) -> bool:
        """Whether a node stands below another topic than before, or elsewhere among the siblings that stayed."""
        return place.changed_topic or id(place) in self.shuffled

    def to_dict(self) -> JsonDict:
        """As plain data: lists of nodes by ``added``, ``removed``, ``moved``, ``changed``; ``unchanged`` is a number.

        A moved node has ``from``, ``number``, ``old_number`` and ``old_node_id`` beside what each has; a changed one
        has ``fields``, which maps a name to ``old`` and ``new``.
        """
        return {
            "added": [place.to_dict() for place in self.added],
            "removed": [place.to_dict() for place in self.removed],
            "moved": [_move_to_dict(place) for place in self.moved],
            "changed": [_change_to_dict(place, fields) for place, fields in self.changed],
            "unchanged": self.unchanged,
        }

    told = to_dict  # its name in tests that were written before 0.2

    def __str__(self) -> str:
        return text(self)


def _move_to_dict(place: DiffNode) -> JsonDict:
    before = place.counterpart or place
    old = {"from": before.path, "old_number": before.number, "old_node_id": before.node_id}
    return {**place.to_dict(), "number": place.number, **old}


def _change_to_dict(place: DiffNode, fields: Changes) -> JsonDict:
    return {**place.to_dict(), "fields": {name: {"old": old, "new": new} for name, (old, new) in fields.items()}}


def difference(old: JsonDict, new: JsonDict) -> Difference:
    """What changed from one tree to another; nodes are the same by node_id, else by content_id.

    ricecooker derives a node_id from the parent's, so what is below a topic with another source_id keeps its
    content_id only.
    """
    root, old_root = DiffNode(new), DiffNode(old)
    root.counterpart, old_root.counterpart = old_root, root
    olds, news = _places_below(old_root), _places_below(root)
    # node_id first: it is exact, and one content_id may rightly stand in several topics. Same topics before others, so
    # that of equals the one stays that did not move.
    for name in ("node_id", "content_id"):
        _pair(olds, news, name, same_topic=True)
        _pair(olds, news, name, same_topic=False)
    result = Difference(
        root=root,
        added=[place for place in news if place.counterpart is None],
        removed=[place for place in olds if place.counterpart is None],
        shuffled=_find_shuffled([root, *news]),
    )
    for place in news:
        if place.counterpart is not None:
            _compare(place, place.counterpart, result)
    return result


def _places_below(root: DiffNode) -> list[DiffNode]:
    """Every place below a root, parents before children, siblings in order."""
    places: list[DiffNode] = []
    stack = [root]
    while stack:
        place = stack.pop()
        children = enumerate(place.node.get("children") or [], start=1)
        place.children = [DiffNode(child, place, number) for number, child in children]
        places.append(place)
        stack.extend(reversed(place.children))
    return places[1:]


def _pair(olds: list[DiffNode], news: list[DiffNode], name: str, *, same_topic: bool) -> None:
    """Pair places with the same id, of several the first with the first.

    With ``same_topic`` their parents must be a pair too: one node_id or content_id may stand in two topics.
    """
    unpaired: dict[Any, list[DiffNode]] = {}
    # Reversed, so that pop() gives the first of several.
    for place in reversed(olds):
        if place.counterpart is None and place.node.get(name):
            unpaired.setdefault((place.node[name], same_topic and id(place.parent)), []).append(place)
    for place in news if unpaired else ():
        above = place.parent.counterpart if place.parent else None
        same = unpaired.get((place.node.get(name), same_topic and id(above)))
        if place.counterpart is None and same:
            place.counterpart = same.pop()
            place.counterpart.counterpart = place


def _compare(place: DiffNode, counterpart: DiffNode, result: Difference) -> None:
    moved = result.is_elsewhere(place) or place.changed_node_id
    fields = _changes(counterpart.node, place.node)
    if moved:
        result.moved.append(place)
    if fields:
        result.changed.append((place, fields))
    result.unchanged += not (moved or fields)


def _find_shuffled(topics: list[DiffNode]) -> set[int]:
    """The ids of places that changed their order among the siblings that stayed: as few as explain it."""
    shuffled: set[int] = set()
    for topic in topics:
        stayed = [child for child in topic.children if child.counterpart is not None and not child.changed_topic]
        in_order = _longest_rising([child.counterpart.number for child in stayed if child.counterpart])
        shuffled.update(id(child) for index, child in enumerate(stayed) if index not in in_order)
    return shuffled


def _longest_rising(numbers: list[int]) -> set[int]:
    """The indexes of a longest rising part of some numbers."""
    # Patience sorting, n log n: a topic may have thousands of children.
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [index]
    kept, index = set(), ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return kept


def _changes(old: JsonDict, new: JsonDict) -> Changes:
    olds, news = _questions(old), _questions(new)
    changes = _unlike(fields_of(old), fields_of(new))
    # Order is compared among the questions that both trees have: one that is new or gone must not count twice.
    changes.update(_unlike({"question_order": _order(old, news)}, {"question_order": _order(new, olds)}))
    for assessment_id in {**olds, **news}:
        name = f"questions[{assessment_id}]"
        before, after = olds.get(assessment_id), news.get(assessment_id)
        if before and after:
            changes.update((f"{name}.{part}", values) for part, values in _unlike(before, after).items())
        else:
            changes[name] = (before, after)
    return changes


def _unlike(old: JsonDict, new: JsonDict) -> Changes:
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def fields_of(node: JsonDict) -> JsonDict:
    """What a chef sends of a node and can change, but for its questions; never an id that a server made."""
    labels = node.get("labels") or {}
    return {
        **{name: _text(node.get(name)) for name in _TEXTS},
        "labels": {name: sorted(labels[name]) for name in LABELS if labels.get(name)},
        "tags": sorted(node.get("tags") or []),
        "extra_fields": node.get("extra_fields") or {},
        "files": sorted(_file(file) for file in node.get("files") or [] if not file.get("generated")),
    }


def _text(value: Any) -> Any:
    """ricecooker sends null or an empty text for the same thing, by the field and the kind."""
    return None if value == "" else value


def _file(file: JsonDict) -> str:
    language = f" {file['language']}" if file.get("language") else ""
    return f"{file.get('checksum')}.{file.get('extension')} {file.get('preset')}{language}"


def _questions(node: JsonDict) -> dict[Any, JsonDict]:
    """The questions by their assessment_id. Their files are named in their texts."""
    return {
        question.get("assessment_id"): {name: question.get(name) or None for name in _QUESTION_FIELDS}
        for question in node.get("questions") or []
    }


def _order(node: JsonDict, counterparts: dict[Any, JsonDict]) -> list[Any]:
    ids = [question.get("assessment_id") for question in node.get("questions") or []]
    return [assessment_id for assessment_id in ids if assessment_id in counterparts]
