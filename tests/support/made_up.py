"""Input that hypothesis makes up: the same in each run, and half of it with --quick."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_is_quick = False


def make_up_less() -> None:
    """Half of the examples, for all that asks from now on."""
    global _is_quick
    _is_quick = True


def some(examples: int) -> int:
    """How many examples there shall be where all of them are so many."""
    return examples // 2 if _is_quick else examples


def lives(examples: int, steps: int) -> settings:
    """Lives of a Studio, of so many steps each. They take what they take, and need not be healthy."""
    every = list(HealthCheck)
    return settings(max_examples=some(examples), stateful_step_count=steps, deadline=None, suppress_health_check=every)
