"""The difference between two trees, as plain data: what came, went, moved, and changed field by field.

Trees are nested dicts as ``account.nested`` and ``account.golden`` tell them; ``trees_in_files`` also reads others.
The roots stand for the channels, and are not compared.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Set, Tuple

from fake_studio.core.model import LABELS
from fake_studio.diff.text import text

Data = Dict[str, Any]
Changes = Dict[str, Tuple[Any, Any]]

_TEXTS = (
    *("content_id", "title", "kind", "description", "language", "license", "license_description", "copyright_holder"),
    *("author", "aggregator", "provider", "source_id", "source_domain", "role", "suggested_duration"),
)
_QUESTION_FIELDS = ("type", "question", "answers", "hints", "raw_data", "randomize")
TOLD = ("node_id", "content_id", "title", "kind")


@dataclass(eq=False)
class Place:
    """A node in one of the trees, and where it stands there: ``number`` counts the siblings from 1.

    ``twin`` is the place of the same node in the other tree, or None if that lacks it.
    """

    node: Data
    parent: Optional[Place] = None
    number: int = 1
    twin: Optional[Place] = None
    children: List[Place] = field(default_factory=list)

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
        return self.parent is not None and self.twin is not None and self.parent.twin is not self.twin.parent

    @property
    def changed_node_id(self) -> bool:
        """Whether only the content_id says that this is the node of the other tree."""
        return self.twin is not None and self.node_id != self.twin.node_id

    def told(self) -> Data:
        """As plain data, without what is below it."""
        return {**{name: self.node.get(name) for name in TOLD}, "path": self.path}


@dataclass
class Difference:
    """From an old tree to a new one. Moved and changed nodes are told by their place in the new tree.

    Moved nodes stand below another topic, or elsewhere among the siblings that stayed, or have another node_id;
    ``shuffled`` are the ids of the places of the second kind. ``changed`` pairs a node with its fields' old and new
    values.
    """

    root: Place
    added: List[Place] = field(default_factory=list)
    removed: List[Place] = field(default_factory=list)
    moved: List[Place] = field(default_factory=list)
    changed: List[Tuple[Place, Changes]] = field(default_factory=list)
    shuffled: Set[int] = field(default_factory=set)
    unchanged: int = 0

    @property
    def empty(self) -> bool:
        """Whether the trees are the same."""
        return not (self.added or self.removed or self.moved or self.changed)

    def is_elsewhere(self, place: Place) -> bool:
        """Whether a node stands below another topic than before, or elsewhere among the siblings that stayed."""
        return place.changed_topic or id(place) in self.shuffled

    def told(self) -> Data:
        """As plain data."""
        return {
            "added": [place.told() for place in self.added],
            "removed": [place.told() for place in self.removed],
            "moved": [_move_told(place) for place in self.moved],
            "changed": [_change_told(place, fields) for place, fields in self.changed],
            "unchanged": self.unchanged,
        }

    def __str__(self) -> str:
        return text(self)


def _move_told(place: Place) -> Data:
    before = place.twin or place
    old = {"from": before.path, "old_number": before.number, "old_node_id": before.node_id}
    return {**place.told(), "number": place.number, **old}


def _change_told(place: Place, fields: Changes) -> Data:
    return {**place.told(), "fields": {name: {"old": old, "new": new} for name, (old, new) in fields.items()}}


def difference(old: Data, new: Data) -> Difference:
    """What changed from one tree to another; nodes are the same by node_id, else by content_id.

    ricecooker derives a node_id from the parent's, so what is below a topic with another source_id keeps its
    content_id only.
    """
    root, old_root = Place(new), Place(old)
    root.twin, old_root.twin = old_root, root
    olds, news = _places_below(old_root), _places_below(root)
    for name in ("node_id", "content_id"):
        _pair(olds, news, name, same_topic=True)
        _pair(olds, news, name, same_topic=False)
    found = Difference(
        root=root,
        added=[place for place in news if place.twin is None],
        removed=[place for place in olds if place.twin is None],
        shuffled=_shuffled([root, *news]),
    )
    for place in news:
        if place.twin is not None:
            _compare(place, place.twin, found)
    return found


def _places_below(root: Place) -> List[Place]:
    """Every place below a root, parents before children, siblings in order."""
    found: List[Place] = []
    waiting = [root]
    while waiting:
        place = waiting.pop()
        children = enumerate(place.node.get("children") or [], start=1)
        place.children = [Place(child, place, number) for number, child in children]
        found.append(place)
        waiting.extend(reversed(place.children))
    return found[1:]


def _pair(olds: List[Place], news: List[Place], name: str, *, same_topic: bool) -> None:
    """Make twins of places with the same id, of several the first of the first.

    With ``same_topic`` their parents must be twins too: one node_id or content_id may stand in two topics.
    """
    waiting: Dict[Any, List[Place]] = {}
    for place in reversed(olds):
        if place.twin is None and place.node.get(name):
            waiting.setdefault((place.node[name], same_topic and id(place.parent)), []).append(place)
    for place in news if waiting else ():
        above = place.parent.twin if place.parent else None
        same = waiting.get((place.node.get(name), same_topic and id(above)))
        if place.twin is None and same:
            place.twin = same.pop()
            place.twin.twin = place


def _compare(place: Place, twin: Place, found: Difference) -> None:
    moved = found.is_elsewhere(place) or place.changed_node_id
    fields = _changes(twin.node, place.node)
    if moved:
        found.moved.append(place)
    if fields:
        found.changed.append((place, fields))
    found.unchanged += not (moved or fields)


def _shuffled(topics: List[Place]) -> Set[int]:
    """The ids of places that changed their order among the siblings that stayed: as few as explain it."""
    found: Set[int] = set()
    for topic in topics:
        stayed = [child for child in topic.children if child.twin is not None and not child.changed_topic]
        in_order = _longest_rising([child.twin.number for child in stayed if child.twin])
        found.update(id(child) for index, child in enumerate(stayed) if index not in in_order)
    return found


def _longest_rising(numbers: List[int]) -> Set[int]:
    """The indexes of a longest rising part of some numbers."""
    tails: List[int] = []
    ends: List[int] = []
    before: List[int] = []
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


def _changes(old: Data, new: Data) -> Changes:
    olds, news = _questions(old), _questions(new)
    found = _unlike(fields_of(old), fields_of(new))
    found.update(_unlike({"question_order": _order(old, news)}, {"question_order": _order(new, olds)}))
    for assessment_id in {**olds, **news}:
        name = f"questions[{assessment_id}]"
        before, after = olds.get(assessment_id), news.get(assessment_id)
        if before and after:
            found.update((f"{name}.{part}", values) for part, values in _unlike(before, after).items())
        else:
            found[name] = (before, after)
    return found


def _unlike(old: Data, new: Data) -> Changes:
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def fields_of(node: Data) -> Data:
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


def _file(file: Data) -> str:
    language = f" {file['language']}" if file.get("language") else ""
    return f"{file.get('checksum')}.{file.get('extension')} {file.get('preset')}{language}"


def _questions(node: Data) -> Dict[Any, Data]:
    """The questions by their assessment_id. Their files are named in their texts."""
    return {
        question.get("assessment_id"): {name: question.get(name) or None for name in _QUESTION_FIELDS}
        for question in node.get("questions") or []
    }


def _order(node: Data, others: Dict[Any, Data]) -> List[Any]:
    ids = [question.get("assessment_id") for question in node.get("questions") or []]
    return [assessment_id for assessment_id in ids if assessment_id in others]
