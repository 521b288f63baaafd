"""The report as pages show it: made once for each version of the Studio, and told for one channel or for all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from fake_studio.core.model import Channel
from fake_studio.findings.cause import Affected, Cause
from fake_studio.reports.report import ChannelReport, Report
from fake_studio.studio import Studio
from fake_studio.web.pages.memory import remember
from fake_studio.web.pages.tree_view import MISSING, Tally, TreeView, build_tree_view, count_by_severity


def report_of(studio: Studio) -> Report:
    """The report on the Studio as it is, and on the last run of a chef that it knows of. Do not hold the lock."""
    runs = list(studio.chef_runs)
    return remember(studio, "report", lambda: studio.report(run=runs[-1] if runs else None))


def tree_view(studio: Studio, report: Report, channel: Channel, tree_name: str | None = None) -> TreeView:
    """A channel through one of its trees, by default the newest. Raises TreeUnknown."""

    def build() -> TreeView:
        with studio.lock:
            reports = (part for part in report.channels if part.channel is channel)
            findings = [finding for part in reports for finding in part.findings]
            return build_tree_view(channel, findings, tree_name)

    return remember(studio, ("tree", channel.id, tree_name), build)


@dataclass(frozen=True)
class ChannelCard:
    """A channel on the home page: its report, how many causes of each severity it has, and its missing nodes."""

    report: ChannelReport
    tally: Tally
    missing: int


def cards_of(report: Report) -> list[ChannelCard]:
    """A card for each channel, the newest first."""
    causes: dict[str, list[Cause]] = defaultdict(list)
    for cause in report.causes:
        causes[_owner_of(cause, report)].append(cause)
    return [_card(part, causes[part.channel.id]) for part in reversed(report.channels)]


def _card(channel_report: ChannelReport, causes: list[Cause]) -> ChannelCard:
    missing = sum(finding.code == MISSING for finding in channel_report.findings)
    return ChannelCard(channel_report, count_by_severity(causes), missing)


def _owner_of(cause: Cause, report: Report) -> str:
    """The id of the channel that a cause is told with: that of the newest if it belongs to none."""
    return cause.channel or (report.channels[-1].channel.id if report.channels else "")


def causes_of_channel(report: Report, channel: Channel) -> list[Cause]:
    """What is wrong with a channel. What belongs to none, such as the end of the chef, is told with the newest."""
    return [cause for cause in report.causes if _owner_of(cause, report) == channel.id]


def is_newest_channel(report: Report, channel: Channel) -> bool:
    """Whether the last chef that ran most likely made this one."""
    return bool(report.channels) and report.channels[-1].channel is channel


@dataclass(frozen=True)
class Consequence:
    """Nodes that one cause concerns in one way: ``note`` says how, once for all of them."""

    note: str
    code: str
    nodes: list[Affected]


def consequences_of(cause: Cause) -> list[Consequence]:
    """The nodes of a cause, those that are concerned in the same way together."""
    groups: dict[tuple[str, str], list[Affected]] = {}
    missing = {node.node_id for node in cause.nodes if node.code == MISSING}
    for node in cause.nodes:
        if node.code == cause.kind != MISSING and node.node_id in missing:
            continue  # it is listed as missing
        is_known = node.note in cause.message or (node.path and f"{node.path!r}." in node.note)
        note = "" if is_known else node.note
        groups.setdefault((note, "" if node.code == cause.kind else node.code), []).append(node)
    return [Consequence(note, code, nodes) for (note, code), nodes in groups.items()]
