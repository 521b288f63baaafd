"""What changed between two recordings of the same conversations."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from fake_studio.contract.normalise import AnswerNormaliser, HttpAnswer, explain_difference
from fake_studio.contract.player import UNKNOWN_TOKEN, expected_answer, title
from fake_studio.contract.scenario import Placeholders, Scenario, Step, UnknownPlaceholder
from fake_studio.core.model import Json

ADDED, REMOVED, CHANGED, ABSENT = "added", "removed", "changed", "absent"


@dataclass(frozen=True)
class StepChange:
    """A step that is only in one recording, or whose answer changed. `number` counts from 1, in the recording it is in.

    `difference` is what `explain_difference` says of the two answers.
    """

    kind: str
    number: int
    asked: str
    difference: str = ""


@dataclass(frozen=True)
class Change:
    """A scenario that is only in one recording, or of which steps changed.

    One that only the old recording has is ABSENT: the new one may hold a part of the scenarios, and says nothing of it.
    """

    kind: str
    scenario: str
    steps: list[StepChange] = field(default_factory=list)

    def to_dict(self) -> dict[str, Json]:
        """``kind``, ``scenario`` and ``steps``, each with the fields of StepChange."""
        return asdict(self)


def compare(old: Sequence[Scenario], new: Sequence[Scenario]) -> list[Change]:
    """Say what changed from one recording to another, in the order of the old one; an empty list if nothing did.

    What the new recording does not hold is named too, as ABSENT.
    """
    before, after = ({scenario.name: scenario for scenario in scenarios} for scenarios in (old, new))
    return list(_changes(before, after))


def _changes(before: dict[str, Scenario], after: dict[str, Scenario]) -> Iterator[Change]:
    for name, scenario in before.items():
        if name not in after:
            yield Change(ABSENT, name)
        else:
            steps = list(_step_changes(scenario, after[name]))
            if steps:
                yield Change(CHANGED, name, steps)
    yield from (Change(ADDED, name) for name in after if name not in before)


def _step_changes(old: Scenario, new: Scenario) -> Iterator[StepChange]:
    requests_before, requests_now = [_request_of(step) for step in old.steps], [_request_of(step) for step in new.steps]
    # Without autojunk: it drops what comes often, and a scenario asks the same thing over and over.
    matcher = difflib.SequenceMatcher(None, requests_before, requests_now, autojunk=False)
    recordings = _RecordingDiff(old.name)
    for kind, start, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            for before, now in zip(range(start, end), range(other, other_end)):
                difference = recordings.difference(old.steps[before], new.steps[now])
                if difference:
                    yield StepChange(CHANGED, now + 1, title(new.steps[now]), difference)
            continue
        yield from (StepChange(REMOVED, number + 1, title(old.steps[number])) for number in range(start, end))
        yield from (StepChange(ADDED, number + 1, title(new.steps[number])) for number in range(other, other_end))


def _request_of(step: Step) -> str:
    # A step is the same if it asks the same: what it expects is what is compared.
    return json.dumps({key: value for key, value in step.items() if key not in ("save", "expect")}, sort_keys=True)


class _RecordingDiff:
    """Tells both recordings of one scenario in step, as if the answers came now."""

    def __init__(self, scenario: str) -> None:
        self._conversation = AnswerNormaliser()
        self._sides = [_RecordedSide(scenario), _RecordedSide(scenario)]

    def difference(self, old: Step, new: Step) -> str:
        if "op" in old:
            return ""
        before, now = (side.answer(step) for side, step in zip(self._sides, (old, new)))
        self._conversation.note_sent(json.dumps(self._sides[0].fill({**old, "expect": None})))
        if before is None or now is None:
            return "" if before is now else f"an answer is {'no longer' if now is None else 'now'} expected"
        return explain_difference(*self._conversation.normalise(before, now))


class _RecordedSide:
    """One recording's placeholders, with what its own expectations would have saved."""

    def __init__(self, scenario: str) -> None:
        self._placeholders = Placeholders(scenario, {"bad": UNKNOWN_TOKEN})

    def answer(self, step: Step) -> HttpAnswer | None:
        if "expect" not in step:
            return None
        answer = expected_answer(self.fill(step["expect"]))
        self._placeholders.save(step.get("save", {}), answer.body)
        return answer

    def fill(self, value: Json) -> Json:
        """JSON data with its placeholders replaced, except those that only a server could tell."""
        if isinstance(value, dict):
            return {self.fill(key): self.fill(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.fill(member) for member in value]
        try:
            return self._placeholders.fill(value)
        except UnknownPlaceholder:
            return value
