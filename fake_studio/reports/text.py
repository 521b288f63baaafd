"""A report as a person reads it: the causes first, then what is other than before, then the tree with marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from fake_studio.core.exchange import Exchange
from fake_studio.core.labels import name_values
from fake_studio.core.model import Node
from fake_studio.core.visible_text import harmless, visible
from fake_studio.core.words import count_of, kinds_of, size_of
from fake_studio.findings import ERROR, Finding
from fake_studio.findings.cause import Affected, Cause
from fake_studio.publishing import shown_token
from fake_studio.reports.against import Comparison
from fake_studio.reports.causes import PROBLEM
from fake_studio.reports.places import format_cause, place_of
from fake_studio.reports.report import ChannelReport, Report

__all__ = ["Colours", "failure_reasons", "format_cause", "format_report", "import_lines", "place_of", "refusal_lines"]

TREE_LINES = 200
CAUSE_NODES = 100
DIFFERENCE_LINES = 60
_COLOURS = {"error": "31", "warning": "33", "ok": "32", "dim": "2", "bold": "1"}
_MARKS = {"error": "  x ", "warning": "  ! "}


class Colours:
    """Colours for a terminal, or none."""

    def __init__(self, colours: bool) -> None:
        self._colours = colours

    def __call__(self, text: str, name: str) -> str:
        return f"\x1b[{_COLOURS[name]}m{harmless(text)}\x1b[0m" if self._colours else text


def format_report(report: Report, *, colours: bool = False) -> Iterator[str]:
    """The report, line by line; nothing that a chef wrote can act as a command or as our verdict."""
    colour = Colours(colours)
    for line in _lines(report, colour):
        yield line if colours else harmless(line)
    yield colour("Result: ok", "ok") if report.ok else colour(f"Result: not ok ({_why(report)})", "error")


def _lines(report: Report, colour: Colours) -> Iterator[str]:
    yield from _cause_lines(report.causes, report.refusals, colour)
    for comparison in report.differences:
        yield from _difference_lines(comparison, colour)
    for channel in report.channels:
        yield from _channel_lines(channel, colour)
    yield ""
    for sentence in report.unchecked:
        yield colour(f"Not checked: {sentence}", "warning")
    if report.dropped:
        options = "--max-journal and --max-journal-bytes"
        yield colour(f"The journal dropped {report.dropped} requests: see {options}.", "warning")


def import_lines(report: Report, url: str) -> Iterator[str]:
    """How to import the published channels into a Kolibri: a command and the token, for each."""
    for report_of_channel in report.channels:
        for token in report_of_channel.channel.tokens[:1]:
            yield f"kolibri manage importchannel network {report_of_channel.channel.id} --baseurl {url}"
            yield f"Token of {report_of_channel.channel.name!r}: {shown_token(token)}"


def failure_reasons(report: Report) -> Iterator[str]:
    """Why the verdict is not ok, a line for each cause: what a failing test shows first."""
    refusals = {f"request-{exchange.number}": exchange for exchange in report.refusals}
    for cause in report.causes:
        if report.strict or cause.severity == ERROR:
            yield harmless(_reason(cause, refusals.get(cause.key)))


def _reason(cause: Cause, exchange: Exchange | None) -> str:
    if exchange is not None:
        return f"rejected by {exchange.endpoint} with {exchange.status}: {format_cause(exchange)}"
    if cause.kind == PROBLEM:
        return cause.message
    paths = list(dict.fromkeys(node.path for node in cause.nodes if node.path))
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    where = f"{'; '.join(path[:120] for path in paths[:3])}{more}: " if paths else ""
    # Why the chef failed and why the rest went with it are two notes: both belong into what a test shows first.
    notes = dict.fromkeys(node.note for node in cause.nodes if node.note and node.note not in cause.message)
    return " ".join([f"{cause.severity} {cause.kind}: {where}{cause.message}", *list(notes)[:2]])


def _why(report: Report) -> str:
    counts = [
        (sum(cause.kind == PROBLEM for cause in report.causes), "problem"),
        (len(report.refusals), "rejected request"),
        (sum(not finding.is_consequence for finding in report.failures), "finding"),
    ]
    said = ", ".join(count_of(count, word) for count, word in counts if count)
    # What only follows from something that --allow passes over, and is not allowed itself.
    return said or count_of(len(report.failures), "consequence")


def _channel_lines(channel: ChannelReport, colour: Colours) -> Iterator[str]:
    record, counts = channel.channel, channel.counts
    yield ""
    yield colour(f"Channel {record.name!r} {record.id}", "bold")
    yield f"  {channel.tree_name} tree: {count_of(counts.nodes, 'node')} ({kinds_of(counts.kinds) or 'none'})"
    files = f"{count_of(counts.different_files, 'file')} ({size_of(counts.bytes)})"
    yield f"  {files}, used {count_of(counts.files, 'time')}; {count_of(counts.questions, 'question')}"
    yield from _tree_lines(channel, colour)


def _tree_lines(channel: ChannelReport, colour: Colours) -> Iterator[str]:
    marks: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in channel.findings:
        marks[finding.node_id].append(finding)
    for number, (node, depth) in enumerate(channel.root.walk_with_depth() if channel.root else ()):
        if number == TREE_LINES:
            yield colour(f"    ... and {channel.counts.nodes - TREE_LINES} more nodes", "dim")
            return
        yield f"{_mark(marks[node.node_id], colour)} {'  ' * depth}{harmless(node.title)} {colour(_facts(node), 'dim')}"


def _mark(findings: list[Finding], colour: Colours) -> str:
    if any(finding.severity == ERROR for finding in findings):
        return colour("  x", "error")
    return colour("  !", "warning") if findings else "   "


def _facts(node: Node) -> str:
    parts = [node.kind or "no kind"]
    if node.files:
        parts.append(", ".join(file.preset or file.extension for file in node.files))
    if node.questions:
        parts.append(count_of(len(node.questions), "question"))
    return f"[{'; '.join(parts)}]"


def refusal_lines(exchange: Exchange, colour: Colours) -> Iterator[str]:
    """One refusal with its full cause."""
    cause = exchange.refusal or {}
    yield colour(f"  {exchange.status} {exchange.endpoint or exchange.path} (request {exchange.number})", "error")
    where = [] if cause.get("index") is None else [f"content_data[{cause['index']}]"]
    where += place_of(exchange)
    said = f"{', '.join(where)}: {cause.get('message')}" if where else str(cause.get("message"))
    yield f"    {harmless(said)}"
    if cause.get("allowed"):
        yield f"    Allowed: {harmless(name_values(cause['allowed']))}"
    if len(exchange.nodes) > 1:
        yield f"    All {len(exchange.nodes)} nodes of this request are lost with it."


def _cause_lines(causes: list[Cause], refusals: list[Exchange], colour: Colours) -> Iterator[str]:
    numbered = {f"request-{exchange.number}": exchange for exchange in refusals}
    for severity in ("error", "warning"):
        chosen = [cause for cause in causes if (cause.severity == ERROR) is (severity == "error")]
        if chosen:
            yield ""
            yield colour(f"{severity.capitalize()}s: {len(chosen)}", "bold")
        for cause in chosen:
            yield from _one_cause(cause, numbered.get(cause.key), colour)


def _one_cause(cause: Cause, exchange: Exchange | None, colour: Colours) -> Iterator[str]:
    mark = _MARKS["error" if cause.severity == ERROR else "warning"]
    if exchange is not None:
        yield from _rejected_lines(cause, exchange, colour)
    else:
        yield colour(f"{mark}{cause.kind}", cause.severity) + f"  {visible(cause.message)}"
    for node in cause.nodes[:CAUSE_NODES]:
        yield f"      {visible(_format_affected_node(node, cause))}"
    if len(cause.nodes) > CAUSE_NODES:
        yield f"      ... and {len(cause.nodes) - CAUSE_NODES} more"
    yield colour(f"    Fix: {cause.fix}", "dim")


def _format_affected_node(node: Affected, cause: Cause) -> str:
    note = "" if not node.note or node.note in cause.message else f": {node.note}"
    place = f"{node.path or '(the channel)'}{note}"
    return f"{node.code}  {place}" if node.code and node.code != cause.kind else place


def _rejected_lines(cause: Cause, exchange: Exchange, colour: Colours) -> Iterator[str]:
    first, *others = refusal_lines(exchange, colour)
    yield first
    yield from others
    if len(cause.requests) > 1:
        yield f"    The same for {len(cause.requests)} requests: {', '.join(map(str, cause.requests[:20]))}"


def _difference_lines(comparison: Comparison, colour: Colours) -> Iterator[str]:
    counts = ", ".join(f"{count} {name}" for name, count in comparison.counts.items() if count)
    yield ""
    yield colour(f"Compared with {comparison.source}: {counts}", "bold")
    lines = str(comparison.difference).splitlines()
    yield from (f"  {visible(line)}" for line in lines[:DIFFERENCE_LINES])
    if len(lines) > DIFFERENCE_LINES:
        yield f"  ... and {len(lines) - DIFFERENCE_LINES} more lines"
