"""A channel as a page looks at it: through one of its trees, with the findings beside the nodes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

from fake_studio.core import trees as trees_trees
from fake_studio.core.model import Channel, Node
from fake_studio.findings import CODES, Finding, errors_first, findings_of
from fake_studio.findings.declared import remembered
from fake_studio.reports.report import Counts, counts_of
from fake_studio.rules.channels import status_of
from fake_studio.studio import Studio
from fake_studio.views import dicts as account

SHOWN = ("chef", "staging", "main", "previous")
Tally = Dict[str, int]
_NEVER_ARRIVED = "node-not-received"


@dataclass(frozen=True)
class Look:
    """A channel through one tree. Findings are about the newest tree: another one has none."""

    channel: Channel
    tree_name: str
    root: Node
    counts: Counts
    findings: List[Finding]
    marks: Dict[str, List[Finding]] = field(default_factory=dict)
    below: Dict[str, Tally] = field(default_factory=dict)

    @property
    def is_newest(self) -> bool:
        """Whether this is the tree that the last run left."""
        return self.tree_name == trees_trees.newest_name(self.channel)

    @property
    def status(self) -> str:
        """``active``, ``staged``, ``unpublished`` or ``deleted``."""
        return status_of(self.channel)

    @property
    def trees(self) -> List[Tuple[str, int]]:
        """The channel's trees and how many nodes each has."""
        counts = account.channel(self.channel)["trees"]
        return [(name, counts[name]) for name in SHOWN if counts[name] is not None]

    @property
    def never_arrived(self) -> List[Finding]:
        """The findings about nodes that are in no tree: those that the chef meant to send and did not."""
        return never_arrived(self.findings)

    @property
    def losses(self) -> Dict[str, List[Finding]]:
        """The same by what each says of its own case, in the order in which that is first said."""
        said: Dict[str, List[Finding]] = defaultdict(list)
        for finding in self.never_arrived:
            said[finding.message[len(CODES[_NEVER_ARRIVED].meaning) :].strip()].append(finding)
        return dict(said)

    @property
    def others(self) -> List[Finding]:
        """The findings about what is here."""
        return [finding for finding in self.findings if finding.code != _NEVER_ARRIVED]

    def tally(self, node: Node) -> Tally:
        """How many findings of each severity are about this node."""
        return tally(self.marks.get(node.node_id, []))

    def tally_below(self, node: Node) -> Tally:
        """The same for everything below it."""
        return self.below.get(node.id, {})

    def of(self, node: Node) -> List[Finding]:
        """The findings about this node."""
        return self.marks.get(node.node_id, [])


def never_arrived(findings: List[Finding]) -> List[Finding]:
    """Those of the findings that are about nodes which never arrived."""
    return [finding for finding in findings if finding.code == _NEVER_ARRIVED]


def tally(findings: List[Finding]) -> Tally:
    """How many findings there are of each severity, errors first."""
    return dict(sorted(Counter(finding.severity for finding in findings).items()))


def look_at(studio: Studio, channel: Channel, tree_name: Optional[str] = None) -> Look:
    """Look at a channel, by default at its newest tree; hold the lock. Raises TreeUnknown."""
    name = tree_name or trees_trees.newest_name(channel)
    root = trees_trees.root_of(channel, name)
    findings = errors_first([*findings_of(studio, channel), *remembered(channel)])
    marks = _marks(findings) if name == trees_trees.newest_name(channel) else {}
    return Look(channel, name, root, counts_of(root), findings, marks, _below(root, marks))


def _marks(findings: List[Finding]) -> Dict[str, List[Finding]]:
    marks: Dict[str, List[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.node_id is not None and finding.code != _NEVER_ARRIVED:
            marks[finding.node_id].append(finding)
    return dict(marks)


def _below(root: Node, marks: Dict[str, List[Finding]]) -> Dict[str, Tally]:
    below: Dict[str, Counter[str]] = defaultdict(Counter)
    for node in root.descendants():
        if node.node_id in marks:
            own = tally(marks[node.node_id])
            for above in node.ancestors():
                below[above.id].update(own)
    return {node_id: dict(sorted(counts.items())) for node_id, counts in below.items()}


@dataclass(frozen=True)
class Wanted:
    """What somebody searches a tree for: words of a title or an id, a kind, the code of a finding."""

    text: str = ""
    kind: str = ""
    finding: str = ""

    @property
    def is_anything(self) -> bool:
        """Whether there is something to search for."""
        return bool(self.text or self.kind or self.finding)

    def agrees(self, node: Node, look: Look) -> bool:
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


def search(look: Look, wanted: Wanted) -> List[Node]:
    """The nodes that are wanted, in the order of the tree."""
    return [node for node in look.root.descendants() if wanted.agrees(node, look)]


def codes_in(look: Look) -> List[str]:
    """The codes of the findings beside nodes, in the order of their table."""
    there = {finding.code for findings in look.marks.values() for finding in findings}
    return [code for code in CODES if code in there]
