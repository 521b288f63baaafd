"""A report as JUnit XML: what CI systems show."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Dict, Iterator, List, Tuple

from fake_studio.findings import Finding
from fake_studio.journal import Exchange
from fake_studio.printing import cause_of
from fake_studio.report import ChannelReport, Report

Case = Tuple[str, str, List[str]]


def junit(report: Report, suite: str) -> str:
    """One test case for the run, one for the requests, one for each channel and each node with something to say."""
    cases = list(_cases(report))
    failed = sum(bool(failures) for _, _, failures in cases)
    root = ET.Element("testsuite", name=suite, tests=str(len(cases)), failures=str(failed), errors="0")
    for group, name, failures in cases:
        case = ET.SubElement(root, "testcase", classname=group, name=name)
        if failures:
            ET.SubElement(case, "failure", message=_clean(failures[0])).text = _clean("\n".join(failures))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _cases(report: Report) -> Iterator[Case]:
    yield "chef", "run", list(report.problems)
    yield "chef", "requests", [_refused(each) for each in report.refusals]
    for channel in report.channels:
        yield from _channel_cases(channel, report.failures)


def _refused(exchange: Exchange) -> str:
    return f"{exchange.status} {exchange.endpoint}: {cause_of(exchange)}"


def _channel_cases(channel: ChannelReport, failures: List[Finding]) -> Iterator[Case]:
    name = channel.channel.name
    texts: Dict[str, List[str]] = {"": []}
    for finding in failures:
        if finding.channel == channel.channel.id:
            texts.setdefault(finding.path, []).append(f"{finding.code}: {finding.message} {finding.cure}")
    for path, said in texts.items():
        yield _clean(name), _clean(path) or "channel", said


def _clean(text: str) -> str:
    """XML has no place for most control characters."""
    return "".join(char if char >= " " or char in "\n\t" else "\ufffd" for char in text)
