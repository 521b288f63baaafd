"""How much is measured: all of it, or so little that a test can afford it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """How often, and how many."""

    rounds: int
    requests: int  # of one kind, in one round
    upload: int  # bytes of one PUT
    uploads: int  # PUTs of different bytes, for the memory
    grown: tuple[int, ...]  # nodes
    width: int  # children of one topic
    cooked: int  # nodes of the chef
    cookings: int  # rounds of that
    inspected: int  # files that a report looks into


FULL = Sizes(7, 300, 100 * 1024 * 1024, 10, (1_000, 10_000, 100_000), 10_000, 2_000, 3, 2_000)
TINY = Sizes(1, 10, 64 * 1024, 2, (20, 40), 30, 4, 1, 4)
