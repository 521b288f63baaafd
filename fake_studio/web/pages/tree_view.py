"""A channel as a page looks at it: through one of its trees, with the findings beside the nodes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from fake_studio.core import trees
from fake_studio.core.model import Channel, Node
from fake_studio.findings import Finding
from fake_studio.findings.cause import Cause
from fake_studio.reports.report import Counts, counts_of
from fake_studio.rules.channels import status_of
from fake_studio.views import dicts

if TYPE_CHECKING:
    from fake_studio.reports.report import Counts

SHOWN = ("chef", "staging", "main", "previous")
Tally = dict[str, int]
MISSING = "node-not-received"


@dataclass(frozen=True)
class TreeView:
    """A channel through one tree. Findings are about the newest tree: another one has none."""

    channel: Channel
    tree_name: str
    root: Node
    counts: Counts
    findings: list[Finding]
    marks: dict[str, list[Finding]] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    below: dict[str, Tally] = field(default_factory=dict)

    @property
    def is_newest(self) -> bool:
        """Whether this is the tree that the last run left."""
        return self.tree_name == trees.newest_name(self.channel)

    @property
    def status(self) -> str:
        """``active``, ``staged``, ``unpublished`` or ``deleted``."""
        return status_of(self.channel)

    @cached_property
    def trees(self) -> list[tuple[str, int]]:
        """The channel's trees and how many nodes each has."""
        counts = dicts.channel(self.channel)["trees"]
        return [(name, counts[name]) for name in SHOWN if counts[name] is not None]

    @cached_property
    def severities(self) -> set[str]:
        """Those of the findings about nodes of the tree."""
        marked = (self.marks[node_id] for node_id in self.node_ids.intersection(self.marks))
        return {finding.severity for findings in marked for finding in findings} | {
            finding.severity for finding in self.missing
        }

    @property
    def missing(self) -> list[Finding]:
        """The nodes that the chef declared and that never came; none for an older tree."""
        return [finding for finding in self.findings if finding.code == MISSING] if self.is_newest else []

    @cached_property
    def node_ids(self) -> set[str]:
        """The node_ids of the nodes that are in the tree."""
        return {node.node_id for node in self.root.iter_tree()}

    def tally(self, node: Node) -> Tally:
        """How many findings of each severity are about this node."""
        return self.tallies.get(node.node_id, {})

    def tally_below(self, node: Node) -> Tally:
        """The same for everything below it."""
        return self.below.get(node.id, {})

    def of(self, node: Node) -> list[Finding]:
        """The findings about this node."""
        return self.marks.get(node.node_id, [])


def count_by_severity(parts: Iterable[Finding] | Iterable[Cause]) -> Tally:
    """How many findings or causes there are of each severity, errors first."""
    return dict(sorted(Counter(part.severity for part in parts).items()))


def build_tree_view(channel: Channel, findings: list[Finding], tree_name: str | None = None) -> TreeView:
    """Look at a channel, by default at its newest tree; hold the lock. Raises TreeUnknown."""

    name = tree_name or trees.newest_name(channel)
    root = trees.root_of(channel, name)
    marks = _marks(findings) if name == trees.newest_name(channel) else {}
    tallies = {node_id: count_by_severity(about) for node_id, about in marks.items()}
    return TreeView(channel, name, root, counts_of(root), findings, marks, tallies, _below(root, tallies))


def _marks(findings: list[Finding]) -> dict[str, list[Finding]]:
    marks: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.node_id is not None and finding.code != MISSING:
            marks[finding.node_id].append(finding)
    return dict(marks)


def _below(root: Node, tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """What is counted below each node that has something below, by the node's id."""
    below: dict[str, Counter[str]] = defaultdict(Counter)
    # Children before their parents, so that each node is counted once and not at every level.
    for node in reversed(list(root.descendants())):
        counts = Counter(tallies.get(node.node_id, {})) + below.get(node.id, Counter())
        if counts and node.parent is not None:
            below[node.parent.id].update(counts)
    return {node_id: dict(sorted(counts.items())) for node_id, counts in below.items()}


@dataclass(frozen=True)
class TreeSearch:
    """What somebody searches a tree for.

    ``text`` is a part of a title, of a file's name or of a finding, or a whole id or kind; ``finding`` is a code, a
    severity, or ``any``.
    """

    text: str = ""
    kind: str = ""
    finding: str = ""

    @property
    def is_anything(self) -> bool:
        """Whether there is something to search for."""
        return bool(self.text or self.kind or self.finding)

    def has_mark(self, findings: Iterable[Finding]) -> bool:
        """Whether one of the findings about a node is of the code or severity."""
        return any(self.finding in (finding.code, finding.severity, "any") for finding in findings)

    def agrees_with_missing(self, finding: Finding) -> bool:
        """Whether a node that was declared and never came is one of those; its kind is not known."""
        texts = (finding.path, finding.title or "", finding.node_id or "", finding.message)
        return (
            not self.kind
            and self.finding in ("", finding.code, finding.severity, "any")
            and any(map(self._is_part, texts))
        )

    def is_said(self, findings: Iterable[Finding]) -> bool:
        """Whether one of the findings about a node has the text."""
        return any(self._is_part(words) for finding in findings for words in (finding.code, finding.message))

    def is_in(self, node: Node) -> bool:
        """Whether the text is one of the node's ids, its kind, or a part of its title or of a file's name."""
        ids = (node.id, str(node.number), node.node_id, node.content_id, node.source_id)
        if self.text.casefold() in (*ids, node.kind):
            return True
        names = (name for file in node.all_files() for name in (file.original_filename, file.name))
        return self._is_part(node.title) or any(map(self._is_part, names))

    def _is_part(self, words: str) -> bool:
        return self.text.casefold() in words.casefold()


def search(view: TreeView, query: TreeSearch) -> list[Node]:
    """The nodes that are wanted, in the order of the tree."""
    # Once for each node_id, which thousands of siblings may share with all their findings.
    marked = {node_id for node_id, findings in view.marks.items() if query.has_mark(findings)}
    said = {node_id for node_id, findings in view.marks.items() if query.text and query.is_said(findings)}
    return [
        node
        for node in view.root.descendants()
        if (not query.kind or node.kind == query.kind)
        and (not query.finding or node.node_id in marked)
        and (not query.text or node.node_id in said or query.is_in(node))
    ]


def search_missing(view: TreeView, query: TreeSearch) -> list[Finding]:
    """The missing nodes that are wanted."""
    return [finding for finding in view.missing if query.agrees_with_missing(finding)]
