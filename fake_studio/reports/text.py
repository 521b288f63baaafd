"""A report as a person reads it: the tree with marks, then the refusals, then the findings by severity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from fake_studio.core.journal import Exchange
from fake_studio.core.model import Node
from fake_studio.findings import ERROR, Finding
from fake_studio.publishing import shown_token
from fake_studio.reports.report import ChannelReport, Report

TREE_LINES = 200
_COLOURS = {"error": "31", "warning": "33", "ok": "32", "dim": "2", "bold": "1"}


class Colours:
    """Colours for a terminal, or none."""

    def __init__(self, colours: bool) -> None:
        self._colours = colours

    def __call__(self, text: str, name: str) -> str:
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if self._colours else text


def format_report(report: Report, *, colours: bool = False) -> Iterator[str]:
    """The report, line by line."""
    ink = Colours(colours)
    for channel in report.channels:
        yield from _channel_lines(channel, ink)
    yield from _refusal_lines(report.refusals, ink)
    yield from _finding_lines(report.findings, ink)
    for problem in report.problems:
        yield ink(f"error: {problem}", "error")
    for sentence in report.unchecked:
        yield ink(f"Not checked: {sentence}", "warning")
    if report.dropped:
        yield ink(f"The journal dropped {report.dropped} requests: see --max-journal.", "warning")
    yield ink("Verdict: ok", "ok") if report.ok else ink(f"Verdict: not ok ({_why(report)})", "error")


def import_lines(report: Report, url: str) -> Iterator[str]:
    """How to import the published channels into a Kolibri: a command and the token, for each."""
    for channel in report.channels:
        for token in channel.channel.tokens[:1]:
            yield f"kolibri manage importchannel network {channel.channel.id} --baseurl {url}"
            yield f"Token of {channel.channel.name!r}: {shown_token(token)}"


def failure_reasons(report: Report) -> Iterator[str]:
    """Why the verdict is not ok, a line each: what a failing test shows first."""
    for exchange in report.refusals:
        yield f"refused by {exchange.endpoint} with {exchange.status}: {format_cause(exchange)}"
    yield from report.problems
    yield from (str(finding) for finding in report.failures)


def format_cause(exchange: Exchange) -> str:
    """What a refusal is about, and why it was refused."""
    place = ", ".join(place_of(exchange))
    message = str((exchange.refusal or {}).get("message"))
    return f"{place}: {message}" if place else message


def place_of(exchange: Exchange) -> list[str]:
    """What a refusal is about, as far as it says: a node, a file, a field."""
    cause, body = exchange.refusal or {}, exchange.request.get("body")
    place = [f"node {cause['title']!r} ({cause['node_id']})"] if cause.get("node_id") else []
    if exchange.endpoint == "upload_url" and isinstance(body, dict):
        place.append(f"file {body.get('name')!r}")
    return place + ([str(cause["field"])] if cause.get("field") else [])


def _why(report: Report) -> str:
    counts = [
        (len(report.problems), "problem"),
        (len(report.refusals), "refused request"),
        (len(report.failures), "finding"),
    ]
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)


def _channel_lines(channel: ChannelReport, ink: Colours) -> Iterator[str]:
    record, counts = channel.channel, channel.counts
    yield ""
    yield ink(f"Channel {record.name!r} {record.id}", "bold")
    yield f"  {channel.tree_name} tree: {counts.nodes} nodes ({_kinds(counts.kinds)})"
    yield (
        f"  {counts.different_files} different files, {counts.bytes:,} bytes; {counts.files} references to them; "
        f"{counts.questions} questions"
    )
    yield from _tree_lines(channel, ink)


def _kinds(kinds: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "none"


def _tree_lines(channel: ChannelReport, ink: Colours) -> Iterator[str]:
    marks: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in channel.findings:
        marks[finding.node_id].append(finding)
    for number, (node, depth) in enumerate(channel.root.walk_with_depth() if channel.root else ()):
        if number == TREE_LINES:
            yield ink(f"    ... and {channel.counts.nodes - TREE_LINES} more nodes", "dim")
            return
        yield f"{_mark(marks[node.node_id], ink)} {'  ' * depth}{node.title} {ink(_facts(node), 'dim')}"


def _mark(findings: list[Finding], ink: Colours) -> str:
    if any(finding.severity == ERROR for finding in findings):
        return ink("  x", "error")
    return ink("  !", "warning") if findings else "   "


def _facts(node: Node) -> str:
    parts = [node.kind or "no kind"]
    if node.files:
        parts.append(", ".join(file.preset or file.extension for file in node.files))
    if node.questions:
        parts.append(f"{len(node.questions)} question{'s' if len(node.questions) > 1 else ''}")
    return f"[{'; '.join(parts)}]"


def _refusal_lines(refusals: list[Exchange], ink: Colours) -> Iterator[str]:
    if refusals:
        yield ""
        yield ink(f"Refused: {len(refusals)} request{'s' if len(refusals) > 1 else ''}", "bold")
    for exchange in refusals:
        yield from refusal_lines(exchange, ink)


def refusal_lines(exchange: Exchange, ink: Colours) -> Iterator[str]:
    """One refusal with its full cause."""
    cause = exchange.refusal or {}
    yield ink(f"  {exchange.status} {exchange.endpoint or exchange.path} (request {exchange.number})", "error")
    where = [] if cause.get("index") is None else [f"content_data[{cause['index']}]"]
    where += place_of(exchange)
    yield f"    {', '.join(where)}: {cause.get('message')}" if where else f"    {cause.get('message')}"
    if cause.get("allowed"):
        yield f"    Allowed: {', '.join(map(str, cause['allowed']))}"
    if len(exchange.nodes) > 1:
        yield f"    All {len(exchange.nodes)} nodes of this request are lost with it."


def _finding_lines(findings: list[Finding], ink: Colours) -> Iterator[str]:
    for severity in ("error", "warning"):
        chosen = [finding for finding in findings if finding.severity == severity]
        if chosen:
            yield ""
            yield ink(f"{severity.capitalize()}s: {len(chosen)}", "bold")
        for finding in chosen:
            yield ink(f"  {finding.code}", severity) + (f"  {finding.path}" if finding.path else "")
            yield f"    {finding.message}"
            yield ink(f"    {finding.cure}", "dim")
    yield ""
