"""The account of what chefs did to a Studio: what arrived, what was refused and why, what deserves a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_studio.core import trees
from fake_studio.core.journal import Exchange
from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.findings import ERROR, Finding, errors_first, findings_of
from fake_studio.findings.content import find_unchecked, inspect_contents
from fake_studio.findings.declared import Declared, FailedFile, find_losses, stored_losses
from fake_studio.rules.channels import status_of

_ASKED_ONLY = ("storage_file", "database", "lookup")  # a 404 there is an answer, not a refusal


@dataclass(frozen=True)
class Counts:
    """How much a tree holds: nodes by kind, references to files, different files, their bytes, and questions."""

    kinds: dict[str, int]
    nodes: int
    files: int
    different_files: int
    bytes: int
    questions: int


@dataclass(frozen=True)
class ChannelReport:
    """One channel: which of its trees is the newest, what that holds, and what there is to say of it."""

    channel: Channel
    tree_name: str
    root: Node | None
    counts: Counts
    findings: list[Finding]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        channel = self.channel
        return {
            "id": channel.id,
            "name": channel.name,
            "status": status_of(channel),
            "tree": self.tree_name,
            "version": channel.version,
            "tokens": list(channel.tokens),
            "counts": dict(vars(self.counts)),
            "findings": [finding.to_dict() for finding in self.findings],
        }


@dataclass(frozen=True)
class Report:
    """The whole account. ``ok`` is the verdict: nothing refused, no error (with ``strict``, no warning either).

    ``unchecked``: what could not be looked at, a sentence each; it may be right or wrong, and does not count.
    """

    channels: list[ChannelReport]
    refusals: list[Exchange]
    dropped: int = 0
    strict: bool = False
    problems: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """The findings of all channels."""
        return [finding for channel in self.channels for finding in channel.findings]

    @property
    def failures(self) -> list[Finding]:
        """Those findings that spoil the verdict."""
        return [finding for finding in self.findings if self.strict or finding.severity == ERROR]

    @property
    def ok(self) -> bool:
        """The verdict."""
        return not (self.refusals or self.failures or self.problems)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "ok": self.ok,
            "problems": list(self.problems),
            "channels": [channel.to_dict() for channel in self.channels],
            "refusals": [refusal_to_dict(exchange) for exchange in self.refusals],
            "findings": dict(Counter(finding.severity for finding in self.findings)),
            "dropped_requests": self.dropped,
            "unchecked": list(self.unchecked),
        }

    told = to_dict  # its name in tests that were written before 0.2


def refusal_to_dict(exchange: Exchange) -> dict[str, Any]:
    """A refused request, with its cause."""
    return {
        "request": exchange.number,
        "endpoint": exchange.endpoint,
        "user": exchange.user,
        "channel": exchange.channel,
        "status": exchange.status,
        "cause": exchange.refusal,
    }


def build_report(
    studio: Store,
    *,
    declared: Iterable[Declared] = (),
    allow: Collection[str] = (),
    strict: bool = False,
    problems: Iterable[str] = (),
    failed_files: Collection[FailedFile] = (),
) -> Report:
    """The account of a Studio.

    ``declared``: the trees that chefs meant to send, where the Studio does not know it already; ``failed_files``: what
    ricecooker said of files that it could not get; ``allow``: codes to pass over.
    """
    meant = {tree.get("id"): tree for tree in declared}
    inspect_contents(studio)  # before the lock: it may take long
    with studio.lock:
        channels = [
            _channel_report(studio, channel, _lost(studio, channel, meant.get(channel.id), failed_files), allow)
            for channel in studio.state.channels.values()
        ]
        unchecked = [line for channel in studio.state.channels.values() for line in find_unchecked(studio, channel)]
    unseen = [f"The chef's channel {name!r} never arrived." for name in _unseen(meant, studio)]
    return Report(channels, refused_exchanges(studio), studio.journal.dropped, strict, [*problems, *unseen], unchecked)


def _lost(
    studio: Store, channel: Channel, declared: Declared | None, failed_files: Collection[FailedFile]
) -> list[Finding]:
    return stored_losses(channel) if declared is None else list(find_losses(studio, channel, declared, failed_files))


def _unseen(meant: Mapping[Any, Declared], studio: Store) -> list[Any]:
    channel_ids = {channel.id for channel in studio.state.channels.values()}
    return [tree.get("name") for channel_id, tree in meant.items() if channel_id not in channel_ids]


def refused_exchanges(studio: Store) -> list[Exchange]:
    """The requests that were refused. Asking storage for what is not there is none: that is how chefs find out."""
    return [exchange for exchange in studio.journal.refusals() if exchange.endpoint not in _ASKED_ONLY]


def _channel_report(
    studio: Store, channel: Channel, lost_of_it: list[Finding], allow: Collection[str]
) -> ChannelReport:
    findings = errors_first([*findings_of(studio, channel), *lost_of_it])
    root = trees.newest(channel)
    kept = [finding for finding in findings if finding.code not in allow]
    return ChannelReport(channel, trees.newest_name(channel), root, counts_of(root), kept)


def counts_of(root: Node | None) -> Counts:
    """How much is below a root."""
    nodes = list(root.descendants()) if root else []
    files = [file for node in nodes for file in node.all_files() if not file.generated]
    sizes = {file.checksum: file.size or 0 for file in files}
    kinds = Counter(node.kind or "none" for node in nodes)
    questions = sum(len(node.questions) for node in nodes)
    return Counts(dict(sorted(kinds.items())), len(nodes), len(files), len(sizes), sum(sizes.values()), questions)
