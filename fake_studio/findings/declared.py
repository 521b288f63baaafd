"""Declared against received: the tree that a chef meant to send, beside the one that arrived.

ricecooker writes the tree of each run to chefdata/trees before it uploads anything; a chef that loses nodes after
that still exits 0.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from le_utils.constants import content_kinds

from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.core.trees import newest
from fake_studio.findings.finding import Finding, make_finding


def find_losses(
    studio: Store, channel: Channel, declared: Declared, failed_files: Collection[FailedFile]
) -> Iterator[Finding]:
    """What a chef wanted of this channel, and did not get: its nodes and what is in them, then its files."""
    refused = {str(node): exchange.number for exchange in studio.journal.refusals() for node in exchange.nodes}
    yield from compare(declared, channel, refused)
    yield from failed_file_findings(failed_files, channel)


def store_losses(studio: Store, trees: Iterable[Declared], failed_files: Collection[FailedFile]) -> None:
    """Keep what is lost at the end of a chef with the last run of each channel. The next run takes it away again."""
    with studio.lock:
        for tree in trees:
            channel = studio.state.channels.get(str(tree.get("id")))
            if channel is not None and channel.run is not None:
                channel.run.lost = list(find_losses(studio, channel, tree, failed_files))


def stored_losses(channel: Channel) -> list[Finding]:
    """What was lost of a channel's last run, as far as it is known what was meant."""
    return list(channel.run.lost or ()) if channel.run else []


CHUNK = 10  # ricecooker sends this many siblings in one add_nodes
_TEXTS = ("title", "description", "source_id", "author", "aggregator", "provider", "copyright_holder")

Declared = dict[str, Any]
Refused = Mapping[str, int]


@dataclass(eq=False)
class Entry:
    """A declared node, the one above it (None at the top), its place among its siblings, and the node that arrived."""

    declared: Declared
    above: Entry | None
    path: str
    place: int
    siblings: list[Entry] = field(default_factory=list)
    node: Node | None = None


def tree_file(folder: Path) -> Path | None:
    """The newest tree that ricecooker left in a chef's working folder, or None."""
    return max((folder / "chefdata" / "trees").glob("*.json"), key=lambda path: path.stat().st_mtime, default=None)


def read_tree_file(path: Path) -> Declared:
    """A tree file. Raises ValueError for anything else."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(tree, dict) or not isinstance(tree.get("children"), list):
        raise ValueError(f"{path} is no tree of ricecooker: it has no list of children.")
    return tree


def compare(declared: Declared, channel: Channel, refused: Refused | None = None) -> list[Finding]:
    """What of a declared tree did not arrive in the channel's newest tree, or arrived changed.

    ``refused``: the node_ids that were in a refused request, with its number. A node that is lost for a reason of its
    own comes before those that are lost with another.
    """
    root = newest(channel)
    entries = entries_of(declared)
    _pair(entries, root.descendants() if root else iter(()))
    missing = [(_loss(entry, refused or {}), entry) for entry in entries if entry.node is None]
    missing.sort(key=lambda loss: loss[0].is_consequence)
    findings = [_missing(entry, loss.reason, channel) for loss, entry in missing]
    return findings + [
        finding for entry in entries if entry.node for finding in _changed(entry.declared, entry.node, channel)
    ]


def entries_of(declared: Declared) -> list[Entry]:
    """Every declared node, parents before children, siblings in order."""
    entries: list[Entry] = []
    stack = list(reversed(_children(declared, None)))
    while stack:
        entry = stack.pop()
        entries.append(entry)
        stack.extend(reversed(_children(entry.declared, entry)))
    return entries


def _children(declared: Declared, above: Entry | None) -> list[Entry]:
    before = f"{above.path} > " if above else ""
    children = enumerate(declared.get("children") or [])
    made = [Entry(child, above, f"{before}{child.get('title')}", place) for place, child in children]
    for entry in made:
        entry.siblings = made
    return made


def _pair(entries: list[Entry], nodes: Iterator[Node]) -> None:
    """Give each entry its node: of those with one node_id the first to the first."""
    arrived: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        arrived[node.node_id].append(node)
    for entry in entries:
        same = arrived[str(entry.declared.get("node_id"))]
        entry.node = same.pop(0) if same else None


@dataclass(frozen=True)
class _Loss:
    """Why a node did not arrive, as far as can be told; ``is_consequence`` if it was lost with another."""

    reason: str
    is_consequence: bool = False


def _loss(entry: Entry, refused: Refused) -> _Loss:
    request = refused.get(str(entry.declared.get("node_id")))
    if request is not None:
        return _Loss(f"It was in request {request}, which was refused.")
    if entry.above and entry.above.node is None:
        return _Loss("Its topic did not arrive either.", is_consequence=True)
    if _lacks_file(entry.declared):
        return _Loss("ricecooker has no file for it, and leaves such nodes out.")
    culprit = _chunk_culprit(entry.above)
    if culprit and entry.above and not any(sibling.node for sibling in entry.siblings):
        return _Loss(
            f"{culprit!r}, the last node in the chunk of its topic, did not arrive, and then ricecooker sends no "
            "children of that chunk (its issue #739).",
            is_consequence=True,
        )
    return _Loss("Its siblings arrived." if any(sibling.node for sibling in entry.siblings) else "")


def _lacks_file(declared: Declared) -> bool:
    needs = declared.get("kind") not in (content_kinds.TOPIC, content_kinds.EXERCISE)
    return needs and "source_node_id" not in declared and not any(declared.get("files") or [])


def _chunk_culprit(topic: Entry | None) -> str | None:
    """The path of the last node of a topic's chunk, if that node did not arrive."""
    if topic is None:
        return None
    begin = topic.place // CHUNK * CHUNK
    last = topic.siblings[begin : begin + CHUNK][-1]
    return last.path if last.node is None else None


def _missing(entry: Entry, reason: str, channel: Channel) -> Finding:
    plain = make_finding("node-not-received", channel, detail=reason)
    declared = entry.declared
    return Finding(
        **{**plain.to_dict(), "node_id": declared.get("node_id"), "title": declared.get("title"), "path": entry.path}
    )


def _changed(entry: Declared, node: Node, channel: Channel) -> Iterator[Finding]:
    for name in _TEXTS:
        declared, kept = entry.get(name), getattr(node, name)
        if isinstance(declared, str) and isinstance(kept, str) and declared != kept:
            cut = bool(kept) and declared.startswith(kept) and len(kept) < len(declared)
            became = (
                f"{len(declared)} characters became {len(kept)}" if cut else f"{declared!r:.60} became {kept!r:.60}"
            )
            yield make_finding("field-cut" if cut else "field-differs", channel, node, f"{name}: {became}.")
    arrived = {file.checksum for file in node.files}
    for file in filter(None, entry.get("files") or []):
        if str(file.get("filename")).partition(".")[0] not in arrived:
            yield make_finding("file-not-received", channel, node, f"It is {file.get('filename')}.")


@dataclass(frozen=True)
class FailedFile:
    """A file that ricecooker could not get: what wanted it (``Document``, ``Question``...), its source_id, and why."""

    owner: str
    source_id: str
    reason: str


# What ricecooker logs of each: ChannelManager.check_for_files_failed, the same in all its versions.
_FAILED = re.compile(r"\t(\w+)(?: (.+?))?: (.*?) *\n\t   (.+?)(?:\x1b|\n|$)")


def parse_failed_files(output: list[str]) -> list[FailedFile]:
    """The files that a chef's output says it could not get, each once."""
    said = _FAILED.findall("\n".join(output))
    return list(dict.fromkeys(FailedFile(owner, name, f"{path}: {why}") for owner, name, path, why in said))


def failed_file_findings(files: Collection[FailedFile], channel: Channel) -> Iterator[Finding]:
    """A finding for each of these files, about the node that wanted it if that arrived."""
    root = newest(channel)
    nodes = list(root.descendants()) if root else []
    for file in files:
        owner = next((node for node in nodes if _wanted(file, node)), None)
        yield make_finding("file-failed", channel, owner, f"{file.owner} {file.source_id}: {file.reason}.")


def _wanted(file: FailedFile, node: Node) -> bool:
    if file.owner == "Question":
        ids = [question.assessment_id for question in node.questions]
        return uuid.uuid5(uuid.NAMESPACE_DNS, file.source_id).hex in ids
    return node.source_id == file.source_id and node.kind == file.owner.lower()
