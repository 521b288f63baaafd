"""Which findings only follow from another one, from a rejected request or from the end of the chef."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Callable

from fake_studio.core.chef_run import ChefRun
from fake_studio.core.exchange import Exchange, body_nodes
from fake_studio.findings import Finding
from fake_studio.findings.chef_log import complaints_in
from fake_studio.findings.declared import STORED_NAME
from fake_studio.findings.endings import place_in_code

_ADDRESS = re.compile(r"https?://[^\s'\"]+?(?=[:.,]?(?:\s|$))")
_BELOW = ("topic-empty", "chunk-children-lost", "topic-for-coaches-only")
_FOLLOWS_ON_NODE = {
    "default-file-missing": ("file-language-unknown", "file-not-received", "file-failed"),
    "file-not-received": ("file-language-unknown", "file-failed"),
    "question-image-missing": ("file-failed",),
    "questions-missing": ("question-text-lost",),
}
_NOT_DEPLOYED = ("stage-ignored", "published-without-deploy")
_FOLLOWS_ON_CHANNEL = {"published-without-deploy": _NOT_DEPLOYED[:1], "publish-failed": _NOT_DEPLOYED}
_OF_THE_END = ("run-unfinished", "channel-empty", "file-never-used", "topic-empty")


def without_repetitions(
    findings: Sequence[Finding],
    refusals: Sequence[Exchange],
    ended_by: str,
    declared_files: Callable[[], Collection[str]] = frozenset,
) -> list[Finding]:
    """The findings, those that follow from something else marked with its key.

    Unused files of nodes that were rejected or declared are left out: they would have been used, and the nodes are
    reported. ``ended_by`` is the key of the cause that ended the chef, or empty; ``declared_files`` gives the names
    of the declared files where they are needed.
    """
    lost = [finding for finding in findings if finding.code == "node-not-received"]
    has_unused = any(finding.code == "file-never-used" for finding in findings)
    meant_files = {*_files_in(refusals), *declared_files()} if has_unused else set()
    explain = _Explanation(findings, lost, refusals, ended_by)
    repeated = _said_better(findings)
    kept = [finding for finding in findings if finding not in repeated and not _is_file_of_lost(finding, meant_files)]
    return [explain(finding) for finding in kept]


def with_exception(finding: Finding, run: ChefRun | None) -> Finding:
    """An empty topic or channel with the exception that the chef printed and passed over: it may be why."""
    if finding.code not in ("channel-empty", "topic-empty") or finding.cause or run is None or run.is_failed:
        return finding
    said = run.traceback[-1:] or complaints_in(run.output)[:1]
    if not said:
        return finding
    return replace(finding, message=f"{finding.message} The chef's log says: {said[0]:.200}{place_in_code(run)}")


def _said_better(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without a detail where another says of the same what became of it."""
    thumbnails = [finding for finding in findings if finding.code == "channel-thumbnail-missing"]
    return [finding for finding in thumbnails if not finding.detail] if len(thumbnails) > 1 else []


def _files_in(refusals: Sequence[Exchange]) -> Iterator[str]:
    for exchange in refusals:
        for node in body_nodes(exchange.request.get("body")):
            yield from STORED_NAME.findall(str(node))


def _is_file_of_lost(finding: Finding, names: set[str]) -> bool:
    return finding.code == "file-never-used" and bool(names.intersection(STORED_NAME.findall(finding.message)))


class _Explanation:
    """Asks each rule in turn for the key of the cause of a finding."""

    def __init__(
        self, findings: Sequence[Finding], lost: Sequence[Finding], refusals: Sequence[Exchange], ended_by: str
    ) -> None:
        self._lost = lost
        self._refusals = refusals
        self._is_unfinished = any(finding.code == "run-unfinished" for finding in findings)
        self._ended_by = ended_by
        self._unfinished = next(
            (exchange for exchange in refusals if exchange.endpoint in ("finish_channel", "create_channel")), None
        )
        self._lost_below: dict[str, str] = {}
        self._lost_by_node: dict[object, str] = {}
        for finding in lost:
            self._lost_by_node.setdefault(finding.node_id, finding.cause)
            for mark in re.finditer(" > ", finding.path):
                self._lost_below.setdefault(finding.path[: mark.start()], finding.cause)
        # Of each code the first: thousands of siblings may share one node_id.
        self._by_node: dict[object, dict[str, Finding]] = {}
        for finding in findings:
            self._by_node.setdefault(finding.node_id, {}).setdefault(finding.code, finding)
        self._rules: Sequence[Callable[[Finding], str | None]] = (
            self._below,
            self._on_node,
            self._on_channel,
            self._end,
        )

    def __call__(self, finding: Finding) -> Finding:
        if finding.code == "file-failed":
            return self._of_rejected_address(finding)
        if finding.cause:
            return finding
        key = next(filter(None, (rule(finding) for rule in self._rules)), None)
        return finding.due_to(key) if key else finding

    def _of_rejected_address(self, finding: Finding) -> Finding:
        """A picture from the web, which Studio rejected in the question's text."""
        address = _ADDRESS.search(finding.message)
        said = ((exchange.number, str((exchange.refusal or {}).get("message"))) for exchange in self._refusals)
        number = next((number for number, message in said if address and f"'{address[0]}'" in message), None)
        return finding if number is None else finding.due_to(f"request-{number}")

    def _below(self, finding: Finding) -> str | None:
        if finding.code == "channel-empty":
            return self._lost[0].cause if self._lost else None
        if finding.code in _BELOW:
            return self._lost_below.get(finding.path)
        if finding.code in ("node-removed", "content-id-changed", "node-id-changed", "file-never-used"):
            return self._lost_by_node.get(finding.node_id)
        return None

    def _on_node(self, finding: Finding) -> str | None:
        codes = _FOLLOWS_ON_NODE.get(finding.code, ())
        others = self._by_node.get(finding.node_id, {}) if finding.node_id and codes else {}
        first = next((other for code, other in others.items() if code in codes), None)
        return (first.cause or key_of(first)) if first else None

    def _on_channel(self, finding: Finding) -> str | None:
        """What was published before it was deployed: the main tree, which is empty the first time."""
        if finding.code == "publish-failed" and "main tree" not in finding.message:
            return None
        others = self._by_node.get(None, {})
        codes = _FOLLOWS_ON_CHANNEL.get(finding.code, ())
        return next((key_of(others[code]) for code in codes if code in others), None)

    def _end(self, finding: Finding) -> str | None:
        if finding.code == "run-unfinished" and self._unfinished:
            return f"request-{self._unfinished.number}"
        # Newer ricecookers create the channel first: where the run ended after that says nothing of its thumbnail.
        is_early = finding.code == "channel-thumbnail-missing" and self._is_unfinished
        return self._ended_by if self._ended_by and (finding.code in _OF_THE_END or is_early) else None


def key_of(finding: Finding) -> str:
    """The key of the cause that a finding belongs to."""
    return finding.cause or f"{finding.code}@{finding.channel}"
