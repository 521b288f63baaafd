"""A report's findings, rejected requests and problems, told once for each cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from fake_studio.core.exchange import Exchange
from fake_studio.core.labels import name_values
from fake_studio.findings import CODES, ERROR, Finding
from fake_studio.findings.cause import Affected, Cause
from fake_studio.reports.consequences import key_of
from fake_studio.reports.places import place_of

REJECTED, PROBLEM = "rejected", "run"
_REJECTED_FIX = "Change what the message names, and run the chef again."
_TOKEN_FIX = "Pass the token of an active account with --token, or in STUDIO_TOKEN."
_REJECTED_FIXES = {
    **dict.fromkeys(("TokenMissing", "TokenMalformed", "TokenUnknown", "UserInactive"), _TOKEN_FIX),
    "NotEditor": "Use the token of an editor of the channel, or give the channel its own source_id.",
    "QuotaExceeded": "Request more disk space for the account, or send less.",
}


def causes_of(
    findings: Iterable[Sequence[Finding]],
    refusals: Sequence[Exchange],
    ended: Cause | None,
    problems: Sequence[str],
    rejected_nodes: Mapping[str, Sequence[Affected]] = MappingProxyType({}),
) -> list[Cause]:
    """Every cause with what it took along: the run's first, then rejected requests, then errors, then warnings.

    ``rejected_nodes`` are those of channels that never arrived, by the keys of the rejected requests.
    """
    aliases = dict(_aliases(refusals))
    groups: dict[str, list[Finding]] = {}
    for finding in (finding for some in findings for finding in some):
        key = key_of(finding)
        groups.setdefault(aliases.get(key, key), []).append(finding)
    known_causes = [*([ended] if ended else []), *_problems(ended, problems), *_find_rejected_causes(refusals)]
    lost: dict[str, list[Affected]] = {}
    for key, nodes in rejected_nodes.items():
        lost.setdefault(aliases.get(key, key), []).extend(nodes)
    known_causes = [replace(cause, nodes=[*cause.nodes, *lost.get(cause.key, [])]) for cause in known_causes]
    causes = [_with_consequences(cause, groups.pop(cause.key, [])) for cause in known_causes]
    causes += [_of_findings(key, group) for key, group in groups.items()]
    return sorted(causes, key=lambda cause: cause.severity != ERROR)


def _problems(ended: Cause | None, problems: Sequence[str]) -> Iterator[Cause]:
    for number, problem in enumerate(problems):
        if ended is None or problem != ended.message:
            yield Cause(f"problem-{number}", PROBLEM, problem, "Read the chef's log.")


def _likeness(exchange: Exchange) -> tuple[object, ...]:
    """Requests that were rejected for one reason, again and again or for one node after the other."""
    cause = exchange.refusal or {}
    if cause.get("kind") == "QuotaExceeded":  # the sizes in its message are those of one file
        return exchange.user, "QuotaExceeded"
    where = tuple(place_of(exchange)) if exchange.endpoint in ("add_nodes", "create_channel") else ()
    return exchange.endpoint, exchange.status, cause.get("kind"), cause.get("field"), cause.get("message"), where


def _groups(refusals: Sequence[Exchange]) -> list[list[Exchange]]:
    groups: dict[tuple[object, ...], list[Exchange]] = {}
    for exchange in refusals:
        groups.setdefault(_likeness(exchange), []).append(exchange)
    return list(groups.values())


def _aliases(refusals: Sequence[Exchange]) -> Iterator[tuple[str, str]]:
    for group in _groups(refusals):
        for exchange in group:
            yield f"request-{exchange.number}", f"request-{group[0].number}"


def _find_rejected_causes(refusals: Sequence[Exchange]) -> Iterator[Cause]:
    for group in _groups(refusals):
        first = group[0]
        cause = first.refusal or {}
        index = cause.get("index")
        where = ", ".join([*([] if index is None else [f"content_data[{index}]"]), *place_of(first)])
        message = f"{where}: {cause.get('message')}" if where else str(cause.get("message"))
        yield Cause(
            key=f"request-{first.number}",
            kind=REJECTED,
            message=message,
            fix=_rejected_fix(first),
            channel=str(first.channel or ""),
            requests=[exchange.number for exchange in group],
        )


def _rejected_fix(exchange: Exchange) -> str:
    cause = exchange.refusal or {}
    allowed = cause.get("allowed")
    return (
        f"Use one of: {name_values(allowed)}."
        if allowed
        else _REJECTED_FIXES.get(str(cause.get("kind")), _REJECTED_FIX)
    )


def _with_consequences(cause: Cause, findings: Sequence[Finding]) -> Cause:
    nodes = [affected(finding) for finding in findings]
    codes = list(dict.fromkeys(finding.code for finding in findings if finding.is_consequence))
    return replace(cause, nodes=[*cause.nodes, *nodes], consequences=codes)


def _of_findings(key: str, findings: Sequence[Finding]) -> Cause:
    """A cause of findings of one code, or of one thing and what it took along."""
    heads = [finding for finding in findings if not finding.is_consequence]
    others = [finding for finding in findings if finding.is_consequence] if heads else []
    heads = heads or list(findings)
    head, code = heads[0], CODES[heads[0].code]
    alike = len({finding.message for finding in heads}) == 1
    cause = Cause(
        key=key,
        kind=head.code,
        message=head.message if alike else code.meaning,
        fix=head.cure,
        severity=ERROR if any(finding.severity == ERROR for finding in findings) else head.severity,
        channel=head.channel,
    )
    return _with_consequences(cause, [*(finding for finding in heads if finding.path or not alike), *others])


def affected(finding: Finding) -> Affected:
    """The node of a finding, and what is special about it."""
    # What follows for the whole channel has no node to say what it is about.
    is_of_channel = finding.is_consequence and not finding.path and finding.detail
    note = finding.message if is_of_channel else finding.detail
    return Affected(finding.path, finding.code, note, finding.node_id, finding.title)
