"""Measuring: alternate rounds, so that whatever else the machine does hits both sides, and the memory of a process."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

KIB = 1024
MIB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, in which unit, and beside what.

    ``ratio`` is how many times as long (or as much) ours takes as ``yardstick``; ``aim`` is what that, or without a
    yardstick the value itself, is to stay under.
    """

    subject: str
    measure: str
    value: float
    unit: str
    yardstick: str = ""
    other: float | None = None
    aim: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours by the yardstick's; of rates the other way round, so that more is always slower."""
        if self.other is None:
            return None
        return self.other / self.value if self.unit.endswith("/s") else self.value / self.other

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        judged = self.value if self.ratio is None else self.ratio
        return None if self.aim is None else judged <= self.aim


def timed(action: Callable[[], Any]) -> float:
    """How many seconds an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def alternated(
    actions: Mapping[str, Callable[[], float]], rounds: int, of: Callable[[list[float]], float] = median
) -> dict[str, float]:
    """The median of what each action returns, over rounds in which each has its turn; or what ``of`` makes of it."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(rounds):
        names = list(actions)
        for name in names if number % 2 else reversed(names):
            gc.collect()  # nobody pays for the garbage of the one before
            found[name].append(actions[name]())
    return {name: of(values) for name, values in found.items()}


def memory(process: int) -> float:
    """The resident memory of a process, in bytes."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu_time(process: int) -> float:
    """The seconds of CPU time that a process has had; in steps of a hundredth."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
