"""This run against an earlier one: what it takes away, moves, renames, and what gets new ids.

Kolibri knows a resource by its content_id (learners' progress) and by its node_id (lessons, bookmarks): both derive
from source_ids, and are lost when those change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from le_utils.constants import content_kinds

from fake_studio.core.model import Channel, Node
from fake_studio.core.trees import newest
from fake_studio.diff.difference import Difference, DiffNode, difference
from fake_studio.findings import Finding, make_finding

Data = dict[str, Any]
STUDIO, FILE, CHOSEN = "the Studio's earlier tree", "the tree of the last run", "the chosen tree"


@dataclass(frozen=True)
class Comparison:
    """What is other than before in a channel, and the findings that come of it. ``source`` says what it is beside."""

    channel: str
    source: str = ""
    difference: Difference | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to compare with, or nothing is other."""
        return self.difference is None or self.difference.empty

    @property
    def counts(self) -> dict[str, int]:
        """How many nodes were ``added``, ``removed``, ``moved``, ``renamed`` and ``changed``."""
        if self.difference is None:
            return {}
        renamed = sum("title" in fields for _, fields in self.difference.changed)
        names = ("added", "removed", "moved")
        counts = {name: len(getattr(self.difference, name)) for name in names}
        return {**counts, "renamed": renamed, "changed": len(self.difference.changed) - renamed}

    def to_dict(self) -> Data:
        """As plain data: ``channel``, ``source``, ``counts``, and the difference."""
        changes = self.difference.to_dict() if self.difference else {}
        return {"channel": self.channel, "source": self.source, "counts": self.counts, **changes}


class EarlierTrees(dict[str, Data]):
    """Trees by their channels' ids. With ``is_chosen`` somebody named them, and they come before the Studio's own."""

    def __init__(self, trees: Mapping[str, Data] = MappingProxyType({}), *, is_chosen: bool = False) -> None:
        super().__init__(trees)
        self.is_chosen = is_chosen
        self.source = CHOSEN if is_chosen else FILE


def compare_with_earlier(channel: Channel, channels: Sequence[Channel], earlier: EarlierTrees) -> Comparison:
    """A channel beside the tree that it had before its last run, else beside the one of its id in ``earlier``."""
    again = list(_again(channel, channels, earlier))
    root, run = newest(channel), channel.run
    if root is None or run is None or run.finished is None:  # half of a tree says nothing of the other half
        return Comparison(channel.id, findings=again)
    old, source = (_data(run.earlier), STUDIO) if run.earlier and run.earlier is not root else ({}, "")
    if channel.id in earlier and (earlier.is_chosen or not old.get("children")):
        old, source = earlier[channel.id], earlier.source
    if not old.get("children"):
        return Comparison(channel.id, findings=again)
    changes = difference(_plain(old), _data(root))
    nodes = {node.node_id: node for node in root.descendants()}
    return Comparison(channel.id, source, changes, [*again, *_losses(channel, changes, nodes)])


def find_uncompared(channels: Iterable[Channel], earlier: EarlierTrees) -> list[str]:
    """A sentence if somebody chose a file of other channels than those that were cooked."""
    cooked = [channel for channel in channels if channel.run is not None]
    if not earlier.is_chosen or not cooked or any(channel.id in earlier for channel in cooked):
        return []
    names = [f"{str(tree.get('name') or tree.get('title'))!r} ({channel_id})" for channel_id, tree in earlier.items()]
    return [f"What is other than before: the file of --against has {', '.join(names[:3])}, and not this channel."]


def _again(channel: Channel, channels: Sequence[Channel], earlier: EarlierTrees) -> Iterator[Finding]:
    if channel.run is None or not channel.name:
        return
    for other in channels:
        is_older = other.created <= channel.created and not other.deleted and other.id != channel.id
        if is_older and _is_same_channel(channel, other):
            detail = f"The other one is {other.name!r}, {other.id}, source_id {other.source_id!r}."
            yield make_finding("channel-again", channel, detail=detail)
    for channel_id, tree in earlier.items() if channel.id not in earlier else ():
        if (tree.get("name") or tree.get("title")) != channel.name:
            continue
        # Several channels of one chef may have one name: a tree that nobody chose must hold the same.
        if _domain(tree) in (None, channel.source_domain) if earlier.is_chosen else _holds_same(_plain(tree), channel):
            detail = f"The earlier tree is that of {channel_id}, source_id {tree.get('source_id')!r}."
            yield make_finding("channel-again", channel, detail=detail)


def _is_same_channel(channel: Channel, other: Channel) -> bool:
    """Whether two channels were meant to be one: same name and domain, or one of these and mostly the same resources.

    Who changes the domain or the source_id makes a new channel (ricecooker #203), and may rename it in the same run.
    """
    likenesses = [other.name == channel.name, other.source_domain == channel.source_domain]
    if not set(channel.editors).intersection(other.editors) and not all(likenesses):
        return False
    root = newest(other) if any(likenesses) else None
    return all(likenesses) or (root is not None and _holds_same(_data(root), channel))


def _holds_same(tree: Data, channel: Channel) -> bool:
    """Whether a channel has at least half of the resources of an earlier tree: same titles, same contents."""
    root = newest(channel)
    old, new = _contents_below(tree), _contents_below(_data(root)) if root else set()
    return bool(old) and 2 * len(old & new) >= len(old)


def _contents_below(tree: Data) -> set[Any]:
    contents, stack = set(), list(tree["children"])
    while stack:
        node = stack.pop()
        stack.extend(node["children"])
        if node["files"] or node["questions"]:
            contents.add(_content(node))
    return contents


def _domain(tree: Data) -> str | None:
    """A published database does not have it."""
    domain: str | None = tree.get("source_domain")
    return domain


def _data(root: Node) -> Data:
    """A tree as the comparison needs it."""
    tree_data: Data = {"node_id": root.node_id, "title": root.title, "children": []}
    stack = [(root, tree_data)]
    while stack:
        node, data = stack.pop()
        for child in node.children:
            below = {name: getattr(child, name) for name in ("node_id", "content_id", "title", "kind")}
            below["files"] = [
                {
                    "checksum": file.checksum,
                    "extension": file.extension,
                    "preset": file.preset,
                    "language": file.language,
                }
                for file in child.files
            ]
            below["questions"] = [{"assessment_id": question.assessment_id} for question in child.questions]
            data["children"].append({**below, "children": []})
            stack.append((child, data["children"][-1]))
    return tree_data


def _plain(tree: Data) -> Data:
    """A tree from elsewhere, with what is compared and nothing else: other fields come in other shapes."""
    tree_data: Data = {"node_id": tree.get("node_id"), "title": tree.get("title"), "children": []}
    stack = [(tree, tree_data)]
    while stack:
        node, data = stack.pop()
        for child in node.get("children") or []:
            below = {name: child.get(name) for name in ("node_id", "content_id", "title", "kind")}
            below["files"] = [_file(file) for file in child.get("files") or [] if file]
            questions = child.get("questions") or []
            below["questions"] = [{"assessment_id": question.get("assessment_id")} for question in questions]
            data["children"].append({**below, "children": []})
            stack.append((child, data["children"][-1]))
    return tree_data


def _file(file: Data) -> Data:
    checksum, _, extension = str(file.get("filename") or "").partition(".")
    data = {"checksum": file.get("checksum") or checksum, "extension": file.get("extension") or extension}
    return {**data, "preset": file.get("preset"), "language": file.get("language")}


def _losses(channel: Channel, changes: Difference, nodes: Mapping[str, Node]) -> Iterator[Finding]:
    """What learners lose: resources that are gone, or that came again with other ids."""
    successors = dict(_successors(changes))
    for place in changes.removed:
        if place.node.get("kind") == content_kinds.TOPIC:
            continue
        new = successors.get(id(place))
        if new is None:
            gone = make_finding("node-removed", channel, detail=f"It was {place.path!r}.")
            yield replace(gone, node_id=place.node_id, title=str(place.node.get("title")), path=place.path)
        else:
            detail = f"content_id {place.node.get('content_id')} became {new.node.get('content_id')}."
            yield make_finding("content-id-changed", channel, nodes.get(str(new.node_id)), detail)
    for place in changes.moved:
        if place.changed_node_id and place.node.get("kind") != content_kinds.TOPIC and place.counterpart is not None:
            detail = f"It was {place.counterpart.path!r} with the node_id {place.counterpart.node_id}."
            yield make_finding("node-id-changed", channel, nodes.get(str(place.node_id)), detail)


def _successors(changes: Difference) -> Iterator[tuple[int, DiffNode]]:
    """Removed resources that came again: by what they hold, else by their place. In pairs."""
    left = [place for place in changes.added if place.node.get("kind") != content_kinds.TOPIC]
    unpaired = [place for place in changes.removed if place.node.get("kind") != content_kinds.TOPIC]
    for likeness in (_holding, _standing):
        news: dict[Any, list[DiffNode]] = {}
        for place in reversed(left):
            news.setdefault(likeness(place), []).append(place)
        taken = {id(old): news[likeness(old)].pop() for old in unpaired if news.get(likeness(old))}
        yield from taken.items()
        used = {id(place) for place in taken.values()}
        unpaired = [place for place in unpaired if id(place) not in taken]
        left = [place for place in left if id(place) not in used]


def _holding(place: DiffNode) -> Any:
    return _content(place.node)


def _content(node: Data) -> Any:
    files = sorted(str(file.get("checksum")) for file in node.get("files") or [])
    # An exercise that has the same questions under another source_id is the same to its learners.
    questions = sorted(str(question.get("assessment_id")) for question in node.get("questions") or [])
    return node.get("kind"), node.get("title"), tuple(files), tuple(questions)


def _standing(place: DiffNode) -> Any:
    return place.node.get("kind"), place.path
