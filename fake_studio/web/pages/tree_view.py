"""A channel as a page looks at it: through one of its trees, with the findings beside the nodes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fake_studio.core import trees
from fake_studio.core.model import Channel, Node
from fake_studio.findings import CODES, Finding, errors_first, findings_of
from fake_studio.rules.channels import status_of
from fake_studio.studio import Studio
from fake_studio.views import dicts

if TYPE_CHECKING:
    from fake_studio.reports.report import Counts

SHOWN = ("chef", "staging", "main", "previous")
Tally = dict[str, int]
_NEVER_ARRIVED = "node-not-received"


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
    def never_arrived(self) -> list[Finding]:
        """The findings about nodes that are in no tree: those that the chef meant to send and did not."""
        return never_arrived(self.findings)

    @property
    def losses(self) -> dict[str, list[Finding]]:
        """The same by what each says of its own case, in the order in which that is first said."""
        said: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.never_arrived:
            said[finding.message[len(CODES[_NEVER_ARRIVED].meaning) :].strip()].append(finding)
        return dict(said)

    @property
    def others(self) -> list[Finding]:
        """The findings about what is here."""
        return [finding for finding in self.findings if finding.code != _NEVER_ARRIVED]

    def tally(self, node: Node) -> Tally:
        """How many findings of each severity are about this node."""
        return count_by_severity(self.marks.get(node.node_id, []))

    def tally_below(self, node: Node) -> Tally:
        """The same for everything below it."""
        return self.below.get(node.id, {})

    def of(self, node: Node) -> list[Finding]:
        """The findings about this node."""
        return self.marks.get(node.node_id, [])


def never_arrived(findings: list[Finding]) -> list[Finding]:
    """Those of the findings that are about nodes which never arrived."""
    return [finding for finding in findings if finding.code == _NEVER_ARRIVED]


def count_by_severity(findings: list[Finding]) -> Tally:
    """How many findings there are of each severity, errors first."""
    return dict(sorted(Counter(finding.severity for finding in findings).items()))


def build_tree_view(studio: Studio, channel: Channel, tree_name: str | None = None) -> TreeView:
    """Look at a channel, by default at its newest tree; hold the lock. Raises TreeUnknown."""
    from fake_studio.findings.declared import stored_losses  # with all that looks for findings
    from fake_studio.reports.report import counts_of

    name = tree_name or trees.newest_name(channel)
    root = trees.root_of(channel, name)
    findings = errors_first([*findings_of(studio, channel), *stored_losses(channel)])
    marks = _marks(findings) if name == trees.newest_name(channel) else {}
    return TreeView(channel, name, root, counts_of(root), findings, marks, _below(root, marks))


def _marks(findings: list[Finding]) -> dict[str, list[Finding]]:
    marks: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.node_id is not None and finding.code != _NEVER_ARRIVED:
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
    """What somebody searches a tree for: words of a title or an id, a kind, the code of a finding."""

    text: str = ""
    kind: str = ""
    finding: str = ""

    @property
    def is_anything(self) -> bool:
        """Whether there is something to search for."""
        return bool(self.text or self.kind or self.finding)

    def agrees(self, node: Node, look: TreeView) -> bool:
        """Whether a node is one of those."""
        codes = [finding.code for finding in look.of(node)]
        return (
            (not self.kind or node.kind == self.kind)
            and (not self.finding or self.finding in codes or (self.finding == "any" and bool(codes)))
            and (not self.text or self._is_named(node))
        )

    def _is_named(self, node: Node) -> bool:
        ids = (node.id, str(node.number), node.node_id, node.content_id, node.source_id)
        return self.text.casefold() in node.title.casefold() or self.text in ids


def search(look: TreeView, query: TreeSearch) -> list[Node]:
    """The nodes that are wanted, in the order of the tree."""
    return [node for node in look.root.descendants() if query.agrees(node, look)]


def codes_in(look: TreeView) -> list[str]:
    """The codes of the findings beside nodes, in the order of their table."""
    there = {finding.code for findings in look.marks.values() for finding in findings}
    return [code for code in CODES if code in there]
