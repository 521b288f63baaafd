"""Declared against received: the tree that a chef meant to send, beside the one that arrived.

ricecooker writes the tree of each run to chefdata/trees before it uploads anything; a chef that loses nodes after
that still exits 0.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from fake_studio.core.chef_run import ChefRun
from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.core.trees import newest
from fake_studio.findings.cause import Affected
from fake_studio.findings.failed_files import ChefAccount, FailedFile, OwnerKey, parse_failed_files
from fake_studio.findings.finding import Finding, make_finding
from fake_studio.findings.losses import (
    Declared,
    DeclaredNode,
    Evidence,
    Loss,
    evidence_of,
    first_wanting,
    losses_of,
    rejected_of,
)
from fake_studio.findings.question_texts import lost_texts

__all__ = [
    "ChefAccount",
    "Declared",
    "DeclaredNode",
    "FailedFile",
    "compare",
    "find_losses",
    "find_rejected_nodes",
    "parse_failed_files",
    "read_tree_file",
    "store_losses",
]


def find_losses(studio: Store, channel: Channel, declared: Declared, account: ChefAccount) -> Iterator[Finding]:
    """What a chef wanted of this channel, and did not get: its nodes and what is in them, then its files."""
    yield from _channel_changes(declared, channel)
    yield from compare(declared, channel, evidence_of(studio.journal.refusals(), account))
    yield from failed_file_findings(account.failed_files, channel, declared)


def find_rejected_nodes(studio: Store, tree: Declared) -> Iterator[tuple[str, Affected]]:
    """The nodes that rejected requests cost a channel that never arrived, each with the key of its cause."""
    evidence = evidence_of(studio.journal.refusals(), ChefAccount())
    for loss in rejected_of(entries_of(tree), evidence):
        declared = loss.entry.declared
        node_id, title = declared.get("node_id"), declared.get("title")
        yield loss.cause, Affected(loss.entry.path, "node-not-received", loss.reason, node_id, title)


def store_losses(
    studio: Store,
    trees: Iterable[Declared],
    failed_files: Collection[FailedFile],
    run: ChefRun | None = None,
    ended_by: str = "",
) -> None:
    """Keep what is lost at the end of a chef with the last run of each channel. The next run takes it away again.

    ``ended_by`` is the key of the cause that ended the chef, empty if it came to its end.
    """
    with studio.lock:
        for tree in trees:
            channel = studio.state.channels.get(str(tree.get("id")))
            if channel is not None and channel.run is not None:
                account = ChefAccount(failed_files, run.output if run else (), ended_by)
                channel.run.declared_files = file_names_of(tree)
                channel.run.lost = [*find_losses(studio, channel, tree, account), *lost_texts(channel, run)]


def file_names_of(tree: Declared) -> frozenset[str]:
    """The names in storage of all files that a tree speaks of, those of its questions too."""
    return frozenset(STORED_NAME.findall(str(tree)))


def stored_losses(channel: Channel) -> list[Finding]:
    """What was lost of a channel's last run, as far as it is known what was meant."""
    return list(channel.run.lost or ()) if channel.run else []


STORED_NAME = re.compile(r"\b[0-9a-f]{32}\.\w+")
_TEXTS = ("title", "description", "source_id", "author", "aggregator", "provider", "copyright_holder")


def tree_file(folder: Path) -> Path | None:
    """The newest tree that ricecooker left in a chef's working folder, or None."""
    return max((folder / "chefdata" / "trees").glob("*.json"), key=lambda path: path.stat().st_mtime, default=None)


def read_tree_file(path: Path) -> Declared:
    """A tree file. Raises ValueError for anything else."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(tree, dict) or not isinstance(tree.get("children"), list):
        raise ValueError(f"{path} is not a tree of ricecooker: it has no list of children.")
    return tree


def compare(declared: Declared, channel: Channel, evidence: Evidence | None = None) -> list[Finding]:
    """What of a declared tree did not arrive in the channel's newest tree, or arrived changed.

    A node that is lost for a reason of its own comes before those that are lost with another.
    """
    root = newest(channel)
    entries = entries_of(declared)
    _pair(entries, root.descendants() if root else iter(()))
    losses = list(losses_of(entries, evidence or Evidence()))
    losses.sort(key=lambda loss: loss.is_follower)
    missing = [_missing(loss, channel) for loss in losses]
    return missing + [
        finding
        for entry in entries
        if entry.node
        for finding in _find_changed_fields(entry.declared, entry.node, channel)
    ]


def entries_of(declared: Declared) -> list[DeclaredNode]:
    """Every declared node, parents before children, siblings in order."""
    entries: list[DeclaredNode] = []
    stack = list(reversed(_children(declared, None)))
    while stack:
        entry = stack.pop()
        entries.append(entry)
        stack.extend(reversed(_children(entry.declared, entry)))
    return entries


def _channel_changes(declared: Declared, channel: Channel) -> Iterator[Finding]:
    """The channel's own texts and thumbnail, as declared beside as received."""
    for name, kept in (("name", channel.name), ("description", channel.description)):
        sent = declared.get(name)
        if isinstance(sent, str) and kept and len(kept) < len(sent) and sent.startswith(kept):
            detail = f"{name}: {len(sent)} characters became {len(kept)}."
            yield make_finding("field-cut", channel, detail=detail)
    if declared.get("thumbnail") and not channel.thumbnail:
        detail = f"The chef has one, {declared['thumbnail']}: this ricecooker sends it too late, after create_channel."
        finding = make_finding("channel-thumbnail-missing", channel, detail=detail)
        yield replace(finding, cure="Set it in Studio, or run the chef with ricecooker 0.8.0.")


def _children(declared: Declared, above: DeclaredNode | None) -> list[DeclaredNode]:
    before = f"{above.path} > " if above else ""
    children = enumerate(declared.get("children") or [])
    made = [DeclaredNode(child, above, f"{before}{child.get('title')}", place) for place, child in children]
    for entry in made:
        entry.siblings = made
    return made


def _pair(entries: list[DeclaredNode], nodes: Iterator[Node]) -> None:
    """Give each entry its node: of those with one node_id the first to the first."""
    arrived: dict[str, deque[Node]] = defaultdict(deque)
    for node in nodes:
        arrived[node.node_id].append(node)
    for entry in entries:
        same = arrived[str(entry.declared.get("node_id"))]
        entry.node = same.popleft() if same else None


def _missing(loss: Loss, channel: Channel) -> Finding:
    declared = loss.entry.declared
    finding = make_finding("node-not-received", channel, detail=loss.reason).due_to(
        loss.cause, is_consequence=loss.is_told
    )
    cure = loss.fix or finding.cure
    return replace(
        finding, node_id=declared.get("node_id"), title=declared.get("title"), path=loss.entry.path, cure=cure
    )


def _find_changed_fields(entry: Declared, node: Node, channel: Channel) -> Iterator[Finding]:
    for name in _TEXTS:
        sent, kept = entry.get(name), getattr(node, name)
        if isinstance(sent, str) and isinstance(kept, str) and sent != kept:
            cut = bool(kept) and sent.startswith(kept) and len(kept) < len(sent)
            became = f"{len(sent)} characters became {len(kept)}" if cut else f"{sent!r:.60} became {kept!r:.60}"
            yield make_finding("field-cut" if cut else "field-differs", channel, node, f"{name}: {became}.")
    arrived = {file.checksum for file in node.files}
    for file in filter(None, entry.get("files") or []):
        if str(file.get("filename")).partition(".")[0] not in arrived:
            yield make_finding("file-not-received", channel, node, f"It is {file.get('filename')}.")


def failed_file_findings(files: Collection[FailedFile], channel: Channel, declared: Declared) -> Iterator[Finding]:
    """A finding for each of these files, about the node that wanted it if that arrived or was declared."""
    root = newest(channel) if files else None
    owners = _owners(root.descendants() if root else ())
    entries = first_wanting(entries_of(declared)) if files else {}
    for file in files:
        owner = owners.get(file.owner_key)
        finding = make_finding("file-failed", channel, owner, file.description)
        entry = None if owner else entries.get(file.owner_key)
        if entry is not None:
            node_declared = entry.declared
            finding = replace(
                finding, node_id=node_declared.get("node_id"), title=node_declared.get("title"), path=entry.path
            )
        yield replace(finding, cure=file.fix or finding.cure).due_to(file.cause, is_consequence=False)


def _owners(nodes: Iterable[Node]) -> dict[OwnerKey, Node]:
    owners: dict[OwnerKey, Node] = {}
    for node in nodes:
        questions = (("question", question.assessment_id) for question in node.questions)
        files = (("file", file.checksum) for file in node.files)
        for key in ((str(node.kind), node.source_id or ""), *questions, *files):
            owners.setdefault(key, node)
    return owners
