"""The account of what chefs did to a Studio: what arrived, what was refused and why, what deserves a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_studio.core import trees
from fake_studio.core.chef_run import ChefRun
from fake_studio.core.exchange import Exchange
from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.findings import ERROR, Finding, errors_first, findings_of
from fake_studio.findings.cause import Affected, Cause
from fake_studio.findings.content import find_unchecked, inspect_contents
from fake_studio.findings.declared import (
    ChefAccount,
    Declared,
    FailedFile,
    find_losses,
    find_rejected_nodes,
    stored_losses,
)
from fake_studio.findings.question_texts import lost_texts
from fake_studio.reports.against import Comparison, EarlierTrees, compare_with_earlier, find_uncompared
from fake_studio.reports.causes import causes_of
from fake_studio.reports.chef_end import diagnose_run, end_problems, ending_key, is_failed_file
from fake_studio.reports.consequences import with_exception, without_repetitions
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
    ``causes`` tell it once for each cause; ``problems`` are those of the run itself, in a sentence each;
    ``differences`` say what is other than before, ``run`` how the chef ended.
    """

    channels: list[ChannelReport]
    refusals: list[Exchange]
    dropped: int = 0
    strict: bool = False
    problems: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    differences: list[Comparison] = field(default_factory=list)
    run: ChefRun | None = None

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
        counted = (finding.severity for finding in self.findings if not finding.is_consequence)
        return {
            "ok": self.ok,
            "causes": [cause.to_dict() for cause in self.causes],
            "problems": list(self.problems),
            "channels": [channel.to_dict() for channel in self.channels],
            "refusals": [refusal_to_dict(exchange) for exchange in self.refusals],
            "findings": dict(Counter(counted)),
            "differences": [comparison.to_dict() for comparison in self.differences],
            "run": self.run.to_dict() if self.run else None,
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
    run: ChefRun | None = None,
    earlier: EarlierTrees | None = None,
) -> Report:
    """The account of a Studio.

    ``declared``: the trees that chefs meant to send, if the Studio does not know; ``failed_files``: what ricecooker
    said of files that it could not get; ``allow``: codes to pass over; ``run``: how the chef ended; ``earlier``: trees
    of earlier runs by their channels' ids, if the Studio does not know one itself.
    """
    refused = [exchange for exchange in refused_exchanges(studio) if not is_failed_file(exchange, failed_files, run)]
    ended, earlier = diagnose_run(studio, run, refused, allow), earlier or EarlierTrees()
    sources = _sources_of(declared, run, failed_files, ending_key(run, ended, refused))
    inspect_contents(studio)  # before the lock: it may take long
    with studio.lock:
        reports, comparisons = _channel_reports(studio, sources, allow, earlier)
        unchecked = find_uncompared(studio.state.channels.values(), earlier)
        unchecked += [line for channel in reports for line in find_unchecked(studio, channel.channel)]
    findings, absent = [channel.findings for channel in reports], _absent(sources, studio)
    unexplained = [*problems, *([] if ended or refused else absent)]
    causes = causes_of(findings, refused, ended, unexplained, _rejected_nodes(sources, studio))
    problems = [*end_problems(run, ended), *problems, *absent]
    return Report(reports, refused, studio.journal.dropped, strict, problems, unchecked, causes, comparisons, run)


def _sources_of(
    declared: Iterable[Declared], run: ChefRun | None, failed_files: Collection[FailedFile], ended_by: str
) -> _Sources:
    account = ChefAccount(failed_files, run.output if run else (), ended_by)
    return _Sources({tree.get("id"): tree for tree in declared}, run, account)


def _channel_reports(
    studio: Store, sources: _Sources, allow: Collection[str], earlier: EarlierTrees
) -> tuple[list[ChannelReport], list[Comparison]]:
    channels = list(studio.state.channels.values())
    comparisons = [compare_with_earlier(channel, channels, earlier) for channel in channels]
    reports = [
        _channel_report(studio, channel, sources, comparison.findings, allow)
        for channel, comparison in zip(channels, comparisons)
    ]
    return reports, [comparison for comparison in comparisons if not comparison.is_empty]


@dataclass(frozen=True)
class _Sources:
    """Where a report learns what a chef meant: the trees that it declared by their ids, how it ended, what it said."""

    declared: Mapping[Any, Declared]
    run: ChefRun | None
    account: ChefAccount

    def findings(self, studio: Store, channel: Channel) -> list[Finding]:
        declared = self.declared.get(channel.id)
        if declared is None:
            return stored_losses(channel) or list(lost_texts(channel, self.run))
        return [*find_losses(studio, channel, declared, self.account), *lost_texts(channel, self.run)]


def _absent(sources: _Sources, studio: Store) -> list[str]:
    """What should be there and is not."""
    unseen = [f"The chef's channel {name!r} never arrived." for name in _unseen(sources.declared, studio)]
    return unseen or ([] if studio.state.channels or sources.run is None else ["The chef created no channel."])


def _rejected_nodes(sources: _Sources, studio: Store) -> dict[str, list[Affected]]:
    nodes: dict[str, list[Affected]] = {}
    for channel_id, tree in sources.declared.items():
        if channel_id not in studio.state.channels:
            for key, node in find_rejected_nodes(studio, tree):
                nodes.setdefault(key, []).append(node)
    return nodes


def _unseen(meant: Mapping[Any, Declared], studio: Store) -> list[Any]:
    channel_ids = {channel.id for channel in studio.state.channels.values()}
    return [tree.get("name") for channel_id, tree in meant.items() if channel_id not in channel_ids]


def refused_exchanges(studio: Store) -> list[Exchange]:
    """The requests that were refused. Asking storage for what is not there is none: that is how chefs find out."""
    return [exchange for exchange in studio.journal.refusals() if exchange.endpoint not in _ASKED_ONLY]


def _channel_report(
    studio: Store, channel: Channel, sources: _Sources, differences: Iterable[Finding], allow: Collection[str]
) -> ChannelReport:
    findings = errors_first([*findings_of(studio, channel), *sources.findings(studio, channel), *differences])
    declared = sources.declared.get(channel.id)
    meant = channel.run.meant_files if channel.run else None
    explained = without_repetitions(findings, refused_exchanges(studio), sources.account.ended_by, declared, meant)
    root = trees.newest(channel)
    kept = [with_exception(finding, sources.run) for finding in explained if finding.code not in allow]
    return ChannelReport(channel, trees.newest_name(channel), root, counts_of(root), kept)


def counts_of(root: Node | None) -> Counts:
    """How much is below a root."""
    nodes = list(root.descendants()) if root else []
    files = [file for node in nodes for file in node.all_files() if not file.generated]
    sizes = {file.checksum: file.size or 0 for file in files}
    kinds = Counter(node.kind or "none" for node in nodes)
    questions = sum(len(node.questions) for node in nodes)
    return Counts(dict(sorted(kinds.items())), len(nodes), len(files), len(sizes), sum(sizes.values()), questions)
