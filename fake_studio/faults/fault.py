"""One fault, with its counters."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Callable

from fake_studio.faults.conditions import Conditions
from fake_studio.faults.effects import Effect


@dataclass(frozen=True)
class FiringRule:
    """Which of the requests that meet the conditions a fault befalls: those for which all that is given holds.

    They are counted from 1. ``times`` limits how often it happens.
    """

    nth: int | None = None
    every: int | None = None
    first: int | None = None
    after: int | None = None
    times: int | None = None
    probability: float | None = None

    def is_due(self, seen: int, fired: int, draw: Callable[[], float]) -> bool:
        """Whether it is the turn of request ``seen``; ``draw`` gives a number from 0 to 1."""
        return (
            self.nth in (None, seen)
            and seen % (self.every or 1) == 0
            and (self.first is None or seen <= self.first)
            and (self.after is None or seen > self.after)
            and (self.times is None or fired < self.times)
            and (self.probability is None or draw() < self.probability)
        )


class Fault:
    """A rule and how it fared: ``seen`` counts the requests that met its conditions, ``fired`` those that it befell."""

    def __init__(self, rule: dict[str, Any], conditions: Conditions, turn: FiringRule, effect: Effect) -> None:
        self.id = 0
        self.name = ""
        self.rule = rule
        self.conditions = conditions
        self.turn = turn
        self.effect = effect
        self._seed: str | None = None
        self.restart()

    def register(self, number: int, seed: int | None) -> None:
        """Give it a number, a name if it has none, and chances of its own that a seed makes repeatable."""
        self.id = number
        self.name = self.rule.get("name", f"fault-{number}")
        # By number: what one fault draws must not depend on how often another one drew.
        self._seed = None if seed is None else f"{seed}/{number}"
        self.restart()

    def restart(self) -> None:
        """Count from nothing."""
        self.seen = self.fired = 0
        self._random = random.Random(self._seed)

    def count(self, *, may_fire: bool) -> bool:
        """Note a request that meets the conditions; returns whether the fault befalls it."""
        self.seen += 1
        fires = self.turn.is_due(self.seen, self.fired, self._random.random) and may_fire
        self.fired += fires
        return fires

    @property
    def is_chancy(self) -> bool:
        """Whether chance has a say in it."""
        return self.turn.probability is not None

    def random_bytes(self, size: int) -> bytes:
        """Bytes that mean nothing."""
        return bytes(self._random.getrandbits(8) for _ in range(size))

    def to_dict(self) -> dict[str, Any]:
        """The rule as it was given, with ``id``, ``name`` and the counters."""
        return {"id": self.id, **self.rule, "name": self.name, "seen": self.seen, "fired": self.fired}

    told = to_dict  # its name in tests that were written before 0.2

    def __str__(self) -> str:
        keys = ", ".join(f"{key}={value!r:.60}" for key, value in self.rule.items() if key != "name")
        return f"the fault {self.name!r} ({keys})"
