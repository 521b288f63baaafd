"""A channel as a page looks at it: through one of its trees, with the findings beside the nodes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fake_studio.core import trees
from fake_studio.core.model import Channel, Node
from fake_studio.findings import Finding
from fake_studio.reports.report import Counts, counts_of
from fake_studio.rules.channels import status_of
from fake_studio.views import dicts

if TYPE_CHECKING:
    from fake_studio.reports.report import Counts

SHOWN = ("chef", "staging", "main", "previous")
Tally = dict[str, int]
_MISSING = "node-not-received"


@dataclass(frozen=True)
class TreeView:
    """A channel through one tree. Findings are about the newest tree: another one has none."""

    channel: Channel
    tree_name: str
    root: Node
    counts: Counts
    findings: list[Finding]
    marks: dict[str, list[Finding]] = field(default_factory=dict)
    below: dict[str, Tally] = field(default_factory=dict)

    @property
    def is_newest(self) -> bool:
        """Whether this is the tree that the last run left."""
        return self.tree_name == trees.newest_name(self.channel)

    @property
    def status(self) -> str:
        """``active``, ``staged``, ``unpublished`` or ``deleted``."""
        return status_of(self.channel)

    @property
    def trees(self) -> list[tuple[str, int]]:
        """The channel's trees and how many nodes each has."""
        counts = dicts.channel(self.channel)["trees"]
        return [(name, counts[name]) for name in SHOWN if counts[name] is not None]

    @property
    def severities(self) -> set[str]:
        """Those of the findings about nodes of the tree."""
        marked = (self.marks[node_id] for node_id in self.node_ids.intersection(self.marks))
        return {finding.severity for findings in marked for finding in findings} | {
            finding.severity for finding in self.missing
        }

    @property
    def missing(self) -> list[Finding]:
        """The nodes that the chef declared and that never came; none for an older tree."""
        return [finding for finding in self.findings if finding.code == _MISSING] if self.is_newest else []

    @property
    def node_ids(self) -> set[str]:
        """The node_ids of the nodes that are in the tree."""
        return {node.node_id for node in self.root.iter_tree()}

    def tally(self, node: Node) -> Tally:
        """How many findings of each severity are about this node."""
        return count_by_severity(self.marks.get(node.node_id, []))

    def tally_below(self, node: Node) -> Tally:
        """The same for everything below it."""
        return self.below.get(node.id, {})

    def of(self, node: Node) -> list[Finding]:
        """The findings about this node."""
        return self.marks.get(node.node_id, [])


def count_by_severity(findings: list[Finding]) -> Tally:
    """How many findings there are of each severity, errors first."""
    return dict(sorted(Counter(finding.severity for finding in findings).items()))


def build_tree_view(channel: Channel, findings: list[Finding], tree_name: str | None = None) -> TreeView:
    """Look at a channel, by default at its newest tree; hold the lock. Raises TreeUnknown."""

    name = tree_name or trees.newest_name(channel)
    root = trees.root_of(channel, name)
    marks = _marks(findings) if name == trees.newest_name(channel) else {}
    return TreeView(channel, name, root, counts_of(root), findings, marks, _below(root, marks))


def _marks(findings: list[Finding]) -> dict[str, list[Finding]]:
    marks: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.node_id is not None and finding.code != _MISSING:
            marks[finding.node_id].append(finding)
    return dict(marks)


def _below(root: Node, marks: dict[str, list[Finding]]) -> dict[str, Tally]:
    below: dict[str, Counter[str]] = defaultdict(Counter)
    for node in root.descendants():
        if node.node_id in marks:
            tallied = count_by_severity(marks[node.node_id])
            for above in node.ancestors():
                below[above.id].update(tallied)
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

    def agrees(self, node: Node, view: TreeView) -> bool:
        """Whether a node is one of those."""
        findings = view.of(node)
        marks = {mark for finding in findings for mark in (finding.code, finding.severity, "any")}
        return (
            (not self.kind or node.kind == self.kind)
            and (not self.finding or self.finding in marks)
            and (not self.text or self._is_in(node, findings))
        )

    def agrees_with_missing(self, finding: Finding) -> bool:
        """Whether a node that was declared and never came is one of those; its kind is not known."""
        texts = (finding.path, finding.title or "", finding.node_id or "", finding.message)
        return (
            not self.kind
            and self.finding in ("", finding.code, finding.severity, "any")
            and any(self.text.casefold() in text.casefold() for text in texts)
        )

    def _is_in(self, node: Node, findings: list[Finding]) -> bool:
        text = self.text.casefold()
        if text in (node.id, str(node.number), node.node_id, node.content_id, node.source_id, node.kind):
            return True
        return any(text in words.casefold() for words in _words_of(node, findings))


def _words_of(node: Node, findings: list[Finding]) -> Iterator[str]:
    yield node.title
    for file in node.all_files():
        yield file.original_filename
        yield file.name
    for finding in findings:
        yield finding.code
        yield finding.message


def search(view: TreeView, query: TreeSearch) -> list[Node]:
    """The nodes that are wanted, in the order of the tree."""
    return [node for node in view.root.descendants() if query.agrees(node, view)]


def search_missing(view: TreeView, query: TreeSearch) -> list[Finding]:
    """The missing nodes that are wanted."""
    return [finding for finding in view.missing if query.agrees_with_missing(finding)]
