"""A report for GitHub Actions: annotations at the chef's file, and a summary of the step in Markdown.

Texts come from chefs: titles, file names, messages of theirs. They are escaped so that none of them becomes a command
of the runner, a row of a table, a link or a heading.
Sources: docs.github.com, "Workflow commands for GitHub Actions"; actions/toolkit packages/core/src/command.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fake_studio.core.visible_text import harmless
from fake_studio.core.words import count_of
from fake_studio.findings import ERROR, Finding
from fake_studio.reports.report import Report
from fake_studio.reports.text import format_cause

MOST_ANNOTATIONS = 10  # of a severity: GitHub shows no more of one step
MOST_ROWS = 200  # a summary may have 1 MiB
_LONGEST = 500  # characters of one text
# Controls and lone surrogates, and what makes a text run the other way: neither belongs into a line of a log.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")


def annotation_lines(report: Report, file: str, source: str) -> Iterator[str]:
    """A command of the runner for each thing that is wrong, errors first.

    ``file`` is the chef's path in the repository, with slashes; ``source`` its text, in which the line is looked for
    that names the node.
    """
    problems = [("error", "The run", text, 1) for text in report.problems]
    rejections = [
        ("error", f"Rejected by {exchange.endpoint}", format_cause(exchange), _line_naming(_title_of(exchange), source))
        for exchange in report.refusals
    ]
    findings = [_annotate(finding, report.strict, source) for finding in report.findings]
    for level in ("error", "warning"):
        rows = [row for row in (*problems, *rejections, *findings) if row[0] == level]
        for _, title, message, line in rows[:MOST_ANNOTATIONS]:
            yield _command(level, {"file": file, "line": str(line), "title": title}, message)


def _annotate(finding: Finding, strict: bool, source: str) -> tuple[str, str, str, int]:
    level = "error" if strict or finding.severity == ERROR else "warning"
    where = f"{finding.path}: " if finding.path else ""
    return level, finding.code, f"{where}{finding.message} {finding.cure}", _line_naming(finding.title, source)


def _title_of(exchange: object) -> str | None:
    cause = getattr(exchange, "refusal", None) or {}
    return str(cause["title"]) if cause.get("title") else None


def _line_naming(title: str | None, source: str) -> int:
    """The first line that has the title between quotes; the first line of the file if none has."""
    if title:
        quoted = re.compile(rf"""(["']){re.escape(title)}\1""")
        for number, line in enumerate(source.splitlines(), start=1):
            if quoted.search(line):
                return number
    return 1


def _command(name: str, properties: dict[str, str], message: str) -> str:
    fields = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {fields}::{_data(message)}"


def _data(text: str) -> str:
    # Line ends are gone before they could be escaped: an annotation is one line.
    return _seen(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _seen(text: str) -> str:
    line = harmless(_UNSEEN.sub(" ", text).strip())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def summary(report: Report, name: str) -> str:
    """The report as Markdown: the result, the channels, and a table of what is wrong."""
    return "\n".join([f"## {_markdown(name)}: {'ok' if report.ok else 'not ok'}", "", *_parts(report)]) + "\n"


def _parts(report: Report) -> Iterator[str]:
    for channel in report.channels:
        counts = channel.counts
        holds = f"{count_of(counts.nodes, 'node')}, {count_of(counts.different_files, 'file')}"
        yield f"- {_markdown(channel.channel.name)} ({channel.tree_name}): {holds}"
    yield ""
    yield from _table("Problems", ("problem",), ([problem] for problem in report.problems))
    rejected = ([str(item.status), str(item.endpoint), format_cause(item)] for item in report.refusals)
    yield from _table("Rejected", ("status", "endpoint", "reason"), rejected)
    rows = ([item.severity, item.code, item.path, item.message, item.cure] for item in report.findings)
    yield from _table("Findings", ("severity", "code", "where", "what", "fix"), rows)


def _table(heading: str, columns: tuple[str, ...], rows: Iterable[list[str]]) -> Iterator[str]:
    cells = list(rows)
    if not cells:
        return
    yield from (f"### {heading}", "", _row(columns), _row(["---"] * len(columns)))
    yield from (_row([_markdown(cell) for cell in row]) for row in cells[:MOST_ROWS])
    if len(cells) > MOST_ROWS:
        yield from ("", f"and {count_of(len(cells) - MOST_ROWS, 'more row')}")
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(text: str) -> str:
    """Text that stays text: every sign that Markdown or HTML could take as its own becomes a character reference."""
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", _seen(text))
