"""The account of what chefs did to a Studio: what arrived, what was refused and why, what deserves a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fake_studio.core import trees
from fake_studio.core.chef_run import ChefRun
from fake_studio.core.exchange import Exchange
from fake_studio.core.model import Channel, Node
from fake_studio.core.secrets import mask_members
from fake_studio.core.store import Store
from fake_studio.findings import ERROR, Finding, errors_first
from fake_studio.findings.cause import Affected, Cause
from fake_studio.findings.collect import examined, kept_findings, unchecked_of
from fake_studio.findings.declared import (
    ChefAccount,
    Declared,
    FailedFile,
    file_names_of,
    find_losses,
    find_rejected_nodes,
    stored_losses,
)
from fake_studio.findings.question_texts import lost_texts
from fake_studio.reports.against import Comparison, EarlierTrees, compare_all, find_uncompared
from fake_studio.reports.causes import causes_of
from fake_studio.reports.chef_end import diagnose_run, end_problems, ending_key, without_failed_files
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

    def copy(self) -> Report:
        """A report with lists of its own: whoever changes them changes no other report."""
        lists: dict[str, Any] = {name: list(value) for name, value in vars(self).items() if isinstance(value, list)}
        lists["channels"] = [replace(part, findings=list(part.findings)) for part in self.channels]
        return replace(self, **lists)

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
        """As plain data, secrets masked."""
        counted = (finding.severity for finding in self.findings if not finding.is_consequence)
        data = {
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
        return dict(mask_members(data))

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


@dataclass(frozen=True)
class ReportOptions:
    """What a report takes into account besides the Studio.

    ``declared``: the trees that chefs meant to send, if the Studio does not know; ``failed_files``: what ricecooker
    said of files that it could not get; ``allow``: codes to pass over; ``run``: how the chef ended; ``earlier``: trees
    of earlier runs by their channels' ids, if the Studio does not know one itself.
    """

    declared: Collection[Declared] = ()
    allow: Collection[str] = ()
    strict: bool = False
    problems: Collection[str] = ()
    failed_files: Collection[FailedFile] = ()
    run: ChefRun | None = None
    earlier: EarlierTrees | None = None

    @property
    def is_of_studio_alone(self) -> bool:
        """Whether nothing is brought along that the Studio does not have: such a report is kept."""
        return not (self.declared or self.problems or self.failed_files or self.earlier)


def build_report(studio: Store, options: ReportOptions) -> Report:
    """The account of a Studio. Asked for again, it is made anew only if something has changed."""
    with examined(studio):
        if not options.is_of_studio_alone:
            return _build(studio, options)
        name = ("report", options.strict, frozenset(options.allow))
        stamp = (studio.journal.changes, studio.journal.dropped, options.run)
        return studio.kept.remember(name, stamp, lambda: _build(studio, options)).copy()


def _build(studio: Store, options: ReportOptions) -> Report:
    run, earlier, channels = options.run, options.earlier or EarlierTrees(), list(studio.state.channels.values())
    refused = without_failed_files(refused_exchanges(studio), options.failed_files, run)
    ended = diagnose_run(studio, run, refused, options.allow)
    sources = _sources_of(options, refused, ending_key(run, ended, refused))
    comparisons = list(compare_all(channels, earlier))
    reports = [
        _channel_report(studio, channel, [*sources.findings(studio, channel), *comparison.findings], sources, options)
        for channel, comparison in zip(channels, comparisons)
    ]
    absent, findings = _absent(sources, studio), [part.findings for part in reports]
    unexplained = [*options.problems, *([] if ended or refused else absent)]
    unchecked = (line for channel in channels for line in unchecked_of(studio, channel))
    return Report(
        channels=reports,
        refusals=refused,
        dropped=studio.journal.dropped,
        strict=options.strict,
        problems=[*end_problems(run, ended), *options.problems, *absent],
        unchecked=[*find_uncompared(channels, earlier), *unchecked],
        causes=causes_of(findings, refused, ended, unexplained, _rejected_nodes(sources, studio)),
        differences=[comparison for comparison in comparisons if not comparison.is_empty],
        run=run,
    )


def _sources_of(options: ReportOptions, refused: list[Exchange], ended_by: str) -> _Sources:
    account = ChefAccount(options.failed_files, options.run.output if options.run else (), ended_by)
    return _Sources({tree.get("id"): tree for tree in options.declared}, options.run, account, refused)


@dataclass(frozen=True)
class _Sources:
    """Where a report learns what a chef meant: the trees that it declared by their ids, how it ended, what it said.

    ``refused`` are the requests that Studio rejected.
    """

    declared: Mapping[Any, Declared]
    run: ChefRun | None
    account: ChefAccount
    refused: list[Exchange]

    def findings(self, studio: Store, channel: Channel) -> list[Finding]:
        declared = self.declared.get(channel.id)
        if declared is None:
            return stored_losses(channel) or list(lost_texts(channel, self.run))
        return [*find_losses(studio, channel, declared, self.account), *lost_texts(channel, self.run)]

    def declared_files(self, channel: Channel) -> Collection[str]:
        """The files that the chef meant to use, by their names in storage, as far as that is known."""
        declared = self.declared.get(channel.id)
        if declared is not None:
            return file_names_of(declared)
        return channel.run.declared_files if channel.run else ()


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
    studio: Store, channel: Channel, others: Iterable[Finding], sources: _Sources, options: ReportOptions
) -> ChannelReport:
    findings = errors_first([*kept_findings(studio, channel), *others])
    refused, ended_by = sources.refused, sources.account.ended_by
    explained = without_repetitions(findings, refused, ended_by, lambda: sources.declared_files(channel))
    root = trees.newest(channel)
    kept = [with_exception(finding, sources.run) for finding in explained if finding.code not in options.allow]
    return ChannelReport(channel, trees.newest_name(channel), root, counts_of(root), kept)


def counts_of(root: Node | None) -> Counts:
    """How much is below a root."""
    nodes = list(root.descendants()) if root else []
    files = [file for node in nodes for file in node.all_files() if not file.generated]
    sizes = {file.checksum: file.size or 0 for file in files}
    kinds = Counter(node.kind or "none" for node in nodes)
    questions = sum(len(node.questions) for node in nodes)
    return Counts(dict(sorted(kinds.items())), len(nodes), len(files), len(sizes), sum(sizes.values()), questions)
