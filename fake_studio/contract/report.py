"""Outcomes and changes as people and machines read them: lines, JSON, JUnit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from fake_studio.contract.compare import ABSENT, CHANGED, Change
from fake_studio.contract.suite import DIFFERS, HOLDS, SKIPPED, Outcome, Suite, count
from fake_studio.core.json_text import to_json
from fake_studio.reports.junit import Case, xml_of

SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def introduction(suite: Suite, number: int) -> str:
    """What is about to be played, and where."""
    target = suite.target
    kind = f"a fake Studio, {target.dialect} dialect" if target.controlled else "no control API"
    how = "reset before each" if suite.reset else f"run {suite.name}"
    return f"{_count_text(number)} against {target.url} ({kind}), {how}"


def lines(outcomes: Sequence[Outcome], suite: Suite) -> Iterator[str]:
    """Which promises hold, which differ and how, which could not be played and why, what was left."""
    yield from _holding(outcomes)
    for outcome in outcomes:
        if outcome.verdict == DIFFERS:
            yield from ("", *differing_lines(outcome))
    yield from skipped_lines(outcomes)
    yield from ("", summary(outcomes))
    yield from left_lines(suite)


def differing_lines(outcome: Outcome) -> Iterator[str]:
    """How each step differs that does."""
    yield from str(outcome.result).split("\n")


def left_lines(suite: Suite) -> Iterator[str]:
    """What a run could not take away again."""
    if suite.left:
        yield f"Left at {suite.target.url}, whose Internal API deletes nothing: the files that were uploaded, and"
        yield f"{len(suite.left)} channels, which --json lists: {suite.left[0]} ..."


def summary(outcomes: Sequence[Outcome]) -> str:
    """The outcomes in one line."""
    numbers = count(outcomes)
    line = f"{numbers[HOLDS]} hold, {numbers[DIFFERS]} differ, {numbers[SKIPPED]} could not be played"
    return f"{_count_text(len(outcomes))}: {line}."


def _count_text(number: int) -> str:
    return f"{number} scenario{'s' * (number != 1)}"


def _holding(outcomes: Iterable[Outcome]) -> Iterator[str]:
    played, held = Counter[str](), Counter[str]()
    for outcome in outcomes:
        played[outcome.scenario.group] += outcome.verdict != SKIPPED
        held[outcome.scenario.group] += outcome.verdict == HOLDS
    yield from (f"{group}: {held[group]} of {number} hold" for group, number in played.items())


def skipped_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What was not played, by reason."""
    reasons: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.verdict == SKIPPED:
            reasons.setdefault(outcome.obstacle, []).append(outcome.scenario.name)
    for reason, names in reasons.items():
        yield from ("", f"not played: {reason}", *(f"  {name}" for name in names))


def as_json(outcomes: Sequence[Outcome], suite: Suite) -> str:
    """Everything, as JSON."""
    numbers = count(outcomes)
    data = {
        "url": suite.target.url,
        "dialect": suite.target.dialect,
        "run": suite.name,
        "holds": numbers[HOLDS],
        "differs": numbers[DIFFERS],
        "skipped": numbers[SKIPPED],
        "scenarios": [outcome.to_dict() for outcome in outcomes],
        "left": suite.left,
    }
    return to_json(data, indent=2, ensure_ascii=False) + "\n"


def as_junit(outcomes: Iterable[Outcome], suite: Suite) -> str:
    """A test case for each scenario, as JUnit XML."""
    return xml_of(f"contract {suite.target.url}", map(_case, outcomes))


def _case(outcome: Outcome) -> Case:
    failures = list(differing_lines(outcome)) if outcome.verdict == DIFFERS else []
    return Case(outcome.scenario.group, outcome.scenario.name, failures, outcome.obstacle)


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    """What changed between two recordings, and what the new one does not hold."""
    absent: Counter[str] = Counter()
    changed = False
    for change in changes:
        if change.kind == ABSENT:
            absent[change.scenario.partition("/")[0]] += 1
            continue
        changed = True
        yield f"{SIGNS[change.kind]} {change.scenario}"
        for step in change.steps:
            yield f"  {SIGNS[step.kind]} step {step.number}: {step.asked}"
            if step.kind == CHANGED:
                yield from (f"      {line}" for line in step.difference.split("\n"))
    if not changed:
        yield "Nothing changed."
    if absent:
        numbers = ", ".join(f"{group} {number}" for group, number in absent.items())
        yield f"The new recording does not hold {_count_text(absent.total())} of the old one: {numbers}."
