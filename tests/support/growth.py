"""How the cost of something grows with its size, in CPU time: what holds on a slow or a busy machine too."""

from __future__ import annotations

import time
from collections.abc import Callable

from fake_studio.snapshot.deserialize import no_collections

SMALL, LARGE = 1_000, 3_000
# Three times as many cost three times as much if each costs the same, and nine times if each looks at all others.
LINEAR = 6


def growth(small: Callable[[], object], large: Callable[[], object]) -> float:
    """How many times the CPU time of the small size the large one takes.

    What is quadratic is so each time; what only looked so, because another program held the caches, is not.
    """
    ratio = fastest(large) / fastest(small)
    for _ in range(2):
        if ratio >= LINEAR:
            ratio = min(ratio, fastest(large) / fastest(small))
    return ratio


def fastest(act: Callable[[], object]) -> float:
    """The CPU time of the fastest of several runs, in seconds: two that take long, ten that do not."""
    durations: list[float] = []
    with no_collections():  # one looks at all that the tests before have left
        while len(durations) < 2 or (len(durations) < 10 and sum(durations) < 0.15):
            durations.append(cpu_seconds(act))
    return min(durations)


def cpu_seconds(act: Callable[[], object]) -> float:
    """The CPU time of this process that it takes, in seconds; never nothing."""
    begin = time.process_time()
    act()
    return max(time.process_time() - begin, 0.001)
