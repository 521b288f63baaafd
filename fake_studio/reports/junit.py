"""JUnit XML: what CI systems show. For a chef's report, and for anything that is a list of cases."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fake_studio.core.exchange import Exchange
from fake_studio.core.visible_text import harmless_lines
from fake_studio.findings.cause import Cause
from fake_studio.reports.places import format_cause
from fake_studio.reports.report import ChannelReport, Report


@dataclass(frozen=True)
class Case:
    """A test case: it failed if there are ``failures``, and was not run if there is a reason in ``skipped``.

    ``output`` are the lines of what it ran, ``seconds`` is how long that took, 0 where nothing of its own was run.
    """

    group: str
    name: str
    failures: list[str] = field(default_factory=list)
    skipped: str = ""
    output: list[str] = field(default_factory=list)
    seconds: float = 0.0


def junit(report: Report, suite: str, seconds: float = 0.0) -> str:
    """One test case for the run, one for the requests, one for each channel and each node with something to say.

    ``seconds`` is how long the chef ran.
    """
    return xml_of(suite, _cases(report, seconds))


def xml_of(suite: str, cases_of_suite: Iterable[Case]) -> str:
    """The cases of a suite as XML."""
    cases = list(cases_of_suite)
    failed, skipped = sum(bool(case.failures) for case in cases), sum(bool(case.skipped) for case in cases)
    counts = {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}
    times = {"time": f"{sum(case.seconds for case in cases):.3f}"}
    root = ET.Element("testsuite", {"name": _clean(suite), **counts, **times})
    for case in cases:
        named = {"classname": _clean(case.group), "name": _clean(case.name), "time": f"{case.seconds:.3f}"}
        element = ET.SubElement(root, "testcase", named)
        if case.failures:
            failure = ET.SubElement(element, "failure", message=_clean(case.failures[0]))
            failure.text = _clean("\n".join(case.failures))
        if case.skipped:
            ET.SubElement(element, "skipped", message=_clean(case.skipped))
        if case.output:
            ET.SubElement(element, "system-out").text = _clean("\n".join(case.output))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(report: Report, seconds: float) -> Iterator[Case]:
    run = report.run
    output = [*run.traceback, *([""] if run.traceback else []), *run.log_tail] if run and not report.ok else []
    problems = [_said(cause) for cause in report.causes if cause.kind == "run"]
    yield Case("chef", "run", problems, output=output, seconds=seconds)
    yield Case("chef", "requests", [_format_refusal(exchange) for exchange in report.refusals])
    if report.unchecked:
        yield Case("chef", "content", skipped="Not checked: " + " ".join(report.unchecked))
    for channel in report.channels:
        yield from _channel_cases(channel, report)


def _said(cause: Cause) -> str:
    nodes = "".join(f"\n  {node.path}: {node.note}" for node in cause.nodes)
    return f"{cause.message} {cause.fix}{nodes}"


def _format_refusal(exchange: Exchange) -> str:
    return f"{exchange.status} {exchange.endpoint}: {format_cause(exchange)}"


def _channel_cases(channel: ChannelReport, report: Report) -> Iterator[Case]:
    name = channel.channel.name
    causes = {node.code + node.path: cause for cause in report.causes for node in cause.nodes}
    texts: dict[str, list[str]] = {"": []}
    for finding in report.failures:
        if finding.channel == channel.channel.id:
            cause = causes.get(finding.code + finding.path) if finding.is_consequence else None
            because = f" Cause: {cause.message}" if cause else ""
            texts.setdefault(finding.path, []).append(f"{finding.code}: {finding.message} {finding.cure}{because}")
    for path, said in texts.items():
        yield Case(name, path or "channel", said)


def _clean(text: str) -> str:
    """What XML 1.0 has a place for; the rest, and what would turn a line around, as escapes. CI prints these files."""
    return harmless_lines(text.replace("\t", "    "))
