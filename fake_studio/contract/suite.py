"""Many scenarios against one Studio: which promises hold, which differ, which could not be played."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import requests

from fake_studio.contract.isolation import RunContext
from fake_studio.contract.player import Player, Result, reason_of
from fake_studio.contract.preflight import blocking_reason, channels_of, roles_of, trace_of
from fake_studio.contract.scenario import OPERATIONS, Scenario
from fake_studio.contract.target import Target, TargetUnusable
from fake_studio.core.model import Json

HOLDS, DIFFERS, SKIPPED = "holds", "differs", "skipped"


@dataclass(frozen=True)
class Outcome:
    """What became of one scenario: how it was played, or why it was not."""

    scenario: Scenario
    result: Result | None = None
    obstacle: str = ""

    @property
    def verdict(self) -> str:
        """One of HOLDS, DIFFERS and SKIPPED."""
        if self.result is None:
            return SKIPPED
        return HOLDS if self.result.ok else DIFFERS

    def to_dict(self) -> dict[str, Json]:
        """``scenario`` and ``verdict``; of one that was not played ``reason``, of any other ``why``, ``steps`` (a
        number) and ``differences``, each with ``step``, ``asked`` and ``difference``.
        """
        data: dict[str, Json] = {"scenario": self.scenario.name, "verdict": self.verdict}
        if self.result is None:
            return {**data, "reason": self.obstacle}
        differing = [(number, step) for number, step in enumerate(self.result.exchanges, 1) if step.mismatch]
        steps = [{"step": number, "asked": step.step, "difference": step.mismatch} for number, step in differing]
        return {**data, "why": self.scenario.why, "steps": len(self.scenario.steps), "differences": steps}


def new_name() -> str:
    """A name for a run that no other has."""
    return secrets.token_hex(4)


@dataclass
class Suite:
    """Plays scenarios against a Studio that may be in use: each run has channels and files of its own.

    With `reset`, a fake Studio goes back to its start before each scenario. `leave_traces` plays also those that leave
    something behind which is not of this run. `left` are the channels that could not be deleted.
    """

    target: Target
    reset: bool = False
    name: str = field(default_factory=new_name)
    left: list[str] = field(default_factory=list)
    leave_traces: bool = False

    @property
    def run(self) -> RunContext:
        """The run that all of these scenarios belong to."""
        return RunContext(self.name, self.target.people)

    def play_all(self, scenarios: Iterable[Scenario], say: Callable[[Outcome], None]) -> list[Outcome]:
        """Play the scenarios in turn; `say` gets each outcome. Raises TargetUnusable when the server goes away."""
        outcomes = []
        for scenario in scenarios:
            outcomes.append(self.play(scenario))
            say(outcomes[-1])
        return outcomes

    def play(self, scenario: Scenario) -> Outcome:
        """Play one scenario, unless something keeps it from being played, and delete what channels it made.

        Raises TargetUnusable when the server goes away.
        """
        try:
            if self.reset:
                self._start_again()
            # Looked at before each scenario and not once for all: the one before may have changed the server.
            reason = blocking_reason(scenario, self.target, self.run, fresh=self.reset)
            if not reason and not self.reset and not self.leave_traces:
                reason = trace_of(scenario)
            if reason:
                return Outcome(scenario, obstacle=reason)
            result = self._player().play(scenario)
            self._delete_channels(scenario)
        except requests.RequestException as failure:
            raise TargetUnusable(f"{self.target.url} does not answer any more: {reason_of(failure)}") from failure
        return Outcome(scenario, result)

    def _player(self) -> Player:
        target, hand = self.target, self.target.by_hand
        operations = {name: partial(hand, name) for name in OPERATIONS} if hand else {}
        return Player(target.url, target.users, session=target.session, run=self.run, **operations)

    def _start_again(self) -> None:
        if not self.target.controlled or not self.target.control("POST", "reset").ok:
            raise TargetUnusable(f"{self.target.url} has no control API for us: it cannot be reset")

    def _delete_channels(self, scenario: Scenario) -> None:
        """Delete what a scenario created; on a server without a control API, nothing can be deleted."""
        for channel in channels_of(scenario, self.run):
            if self.target.controlled:
                self.target.control("DELETE", f"channels/{channel}")  # 404: its creation was refused
            elif self.target.has_channel(channel, roles_of(scenario)):
                self.left.append(channel)


def count(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How many outcomes have which verdict."""
    return Counter(outcome.verdict for outcome in outcomes)
