"""Answers written down as expectations: the format and the normalisation of the recorded scenarios."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from fake_studio.contract.normalise import JSON_TYPE, PATTERNS, HttpAnswer
from fake_studio.contract.player import PlayedStep, Result
from fake_studio.contract.scenario import Scenario, Step
from fake_studio.core.json_text import to_json
from fake_studio.core.model import Json

HIDDEN_KEYS = {
    "uploadURL": "<url>",
    "url": "<url>",
    "last_published": "<time>",
    "matching_tokens": "<tokens>",
    "kolibri_version": "<version>",
    "device_name": "<name>",
    "instance_id": "<id>",
}
"""What differs between any two servers, where its value fits the pattern. A url does where it names a host."""
HIDDEN_TEXTS = ("<page>", "<sqlite>", "<storage error>")
"""Bodies that are not JSON and of which only the kind counts."""


def record_scenarios(result: Result) -> Scenario:
    """The scenario with what was answered as what is expected.

    Where all was as expected, it stays as it is: an expectation may be wider than one answer.
    """
    if result.ok and all("expect" in step for step in result.scenario.steps):
        return result.scenario
    played = zip(result.scenario.steps, result.exchanges)
    return replace(result.scenario, steps=[_record_step(step, exchange) for step, exchange in played])


def _record_step(step: Step, exchange: PlayedStep) -> Step:
    if "op" in step or exchange.actual is None:
        return step
    return {**step, "expect": expectation(exchange.actual)}


def expectation(answer: HttpAnswer) -> Json:
    """``status``, ``type``, ``body`` and, if there is one, ``www`` of a normalised answer, as a scenario has them.

    What differs between any two servers is hidden by a pattern.
    """
    expected = {"status": answer.status, "type": answer.type, "body": _hidden_body(answer)}
    return expected if answer.www is None else {**expected, "www": answer.www}


def _hidden_body(answer: HttpAnswer) -> Json:
    if answer.type == JSON_TYPE or not isinstance(answer.body, str):
        return _hidden(answer.body)
    return next((pattern for pattern in HIDDEN_TEXTS if PATTERNS[pattern](answer.body)), answer.body)


def _hidden(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _hidden_member(key, member) for key, member in value.items()}
    return [_hidden(member) for member in value] if isinstance(value, list) else value


def _hidden_member(key: str, value: Json) -> Json:
    pattern = HIDDEN_KEYS.get(key)
    # The server's own ids are numbered by now.
    if key == "url" and "://" not in str(value):
        return _hidden(value)  # a path of storage, which is the same everywhere
    fits = pattern and (PATTERNS[pattern](value) or (pattern == "<id>" and re.fullmatch(r"<id \d+>", str(value))))
    return pattern if fits else _hidden(value)


def text_of(scenarios: Iterable[Scenario]) -> str:
    """The scenarios as a file has them: a line for each step."""
    rows = ",\n".join(map(_row, scenarios))
    return f"[\n{rows}\n]\n"


def _row(scenario: Scenario) -> str:
    steps = ",\n".join(f"    {_line(step)}" for step in scenario.steps)
    return f'  {{"name": {_line(scenario.name)}, "why": {_line(scenario.why)}, "steps": [\n{steps}\n  ]}}'


def _line(value: Json) -> str:
    return to_json(value, ensure_ascii=False)


def write(scenarios: Sequence[Scenario], folder: Path) -> list[Path]:
    """Write scenarios into a folder, a file for each group, named by what is before the first slash of their names.

    Raises OSError if that cannot be done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        groups.setdefault(scenario.group, []).append(scenario)
    for group, members in groups.items():
        (folder / f"{group}.json").write_text(text_of(members), encoding="utf-8")
    return [folder / f"{group}.json" for group in groups]
