"""JUnit XML: what CI systems show. For a chef's report, and for anything that is a list of cases."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fake_studio.core.journal import Exchange
from fake_studio.findings import Finding
from fake_studio.reports.report import ChannelReport, Report
from fake_studio.reports.text import format_cause


@dataclass(frozen=True)
class Case:
    """A test case: it failed if there are ``failures``, and was not run if there is a reason in ``skipped``.

    ``seconds`` is how long it took, 0 where nothing of its own was run.
    """

    group: str
    name: str
    failures: list[str] = field(default_factory=list)
    skipped: str = ""
    seconds: float = 0.0


def junit(report: Report, suite: str, seconds: float = 0.0) -> str:
    """One test case for the run, one for the requests, one for each channel and each node with something to say.

    ``seconds`` is how long the chef ran.
    """
    return xml_of(suite, _cases(report, seconds))


def xml_of(suite: str, case_rows: Iterable[Case]) -> str:
    """The cases of a suite as XML."""
    cases = list(case_rows)
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
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(report: Report, seconds: float) -> Iterator[Case]:
    yield Case("chef", "run", list(report.problems), seconds=seconds)
    yield Case("chef", "requests", [_refused(exchange) for exchange in report.refusals])
    if report.unchecked:
        yield Case("chef", "content", skipped="Not checked: " + " ".join(report.unchecked))
    for channel in report.channels:
        yield from _channel_cases(channel, report.failures)


def _refused(exchange: Exchange) -> str:
    return f"{exchange.status} {exchange.endpoint}: {format_cause(exchange)}"


def _channel_cases(channel: ChannelReport, failures: list[Finding]) -> Iterator[Case]:
    name = channel.channel.name
    texts: dict[str, list[str]] = {"": []}
    for finding in failures:
        if finding.channel == channel.channel.id:
            texts.setdefault(finding.path, []).append(f"{finding.code}: {finding.message} {finding.cure}")
    for path, said in texts.items():
        yield Case(name, path or "channel", said)


def _clean(text: str) -> str:
    """XML has no place for most control characters."""
    return "".join(char if char >= " " or char in "\n\t" else "\ufffd" for char in text)
