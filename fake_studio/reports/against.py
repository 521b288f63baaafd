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
from fake_studio.diff.diff_node import DiffNode
from fake_studio.diff.difference import Difference, difference
from fake_studio.findings import Finding, make_finding
from fake_studio.reports.compared_trees import Data, content_of, contents_below, plain_tree, tree_of_root
from fake_studio.reports.likenesses import Likenesses

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


def compare_all(channels: Sequence[Channel], earlier: EarlierTrees) -> Iterator[Comparison]:
    """Each channel beside the tree that it had before its last run, else beside the one of its id in ``earlier``."""
    likenesses = Likenesses(channels)
    for channel in channels:
        again = list(_again(channel, likenesses.find_alike(channel), earlier))
        yield _compare(channel, again, earlier)


def _compare(channel: Channel, again: list[Finding], earlier: EarlierTrees) -> Comparison:
    root, run = newest(channel), channel.run
    if root is None or run is None or run.finished is None:  # half of a tree says nothing of the other half
        return Comparison(channel.id, findings=again)
    old, source = (tree_of_root(run.earlier), STUDIO) if run.earlier and run.earlier is not root else ({}, "")
    if channel.id in earlier and (earlier.is_chosen or not old.get("children")):
        old, source = earlier[channel.id], earlier.source
    if not old.get("children"):
        return Comparison(channel.id, findings=again)
    changes = difference(plain_tree(old), tree_of_root(root))
    nodes = {node.node_id: node for node in root.descendants()}
    return Comparison(channel.id, source, changes, [*again, *_losses(channel, changes, nodes)])


def find_uncompared(channels: Iterable[Channel], earlier: EarlierTrees) -> list[str]:
    """A sentence if somebody chose a file of other channels than those that were cooked."""
    cooked = [channel for channel in channels if channel.run is not None]
    if not earlier.is_chosen or not cooked or any(channel.id in earlier for channel in cooked):
        return []
    names = [f"{str(tree.get('name') or tree.get('title'))!r} ({channel_id})" for channel_id, tree in earlier.items()]
    return [f"What is other than before: the file of --against has {', '.join(names[:3])}, and not this channel."]


def _again(channel: Channel, alike: Sequence[Channel], earlier: EarlierTrees) -> Iterator[Finding]:
    if channel.run is None or not channel.name:
        return
    for other in alike:
        if other.created <= channel.created and not other.deleted and other.id != channel.id:
            detail = f"The other one is {other.name!r}, {other.id}, source_id {other.source_id!r}."
            yield make_finding("channel-again", channel, detail=detail)
    for channel_id, tree in earlier.items() if channel.id not in earlier else ():
        if (tree.get("name") or tree.get("title")) != channel.name:
            continue
        # Several channels of one chef may have one name: a tree that nobody chose must hold the same.
        is_of_domain = _domain(tree) in (None, channel.source_domain)
        if is_of_domain if earlier.is_chosen else _holds_same(plain_tree(tree), channel):
            detail = f"The earlier tree is that of {channel_id}, source_id {tree.get('source_id')!r}."
            yield make_finding("channel-again", channel, detail=detail)


def _holds_same(tree: Data, channel: Channel) -> bool:
    """Whether a channel has at least half of the resources of an earlier tree: same titles, same contents."""
    root = newest(channel)
    old, new = contents_below(tree), contents_below(tree_of_root(root)) if root else set()
    return bool(old) and 2 * len(old & new) >= len(old)


def _domain(tree: Data) -> str | None:
    """A published database does not have it."""
    domain: str | None = tree.get("source_domain")
    return domain


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
    return content_of(place.node)


def _standing(place: DiffNode) -> Any:
    return place.node.get("kind"), place.path
