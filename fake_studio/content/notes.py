"""What an inspection writes down on its way: each thing once, and of many alike the first."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from fake_studio.content.flaw import Flaw, Inspection

MANY = 20  # flaws of one code in one file that are named
SECONDS = 4.0  # of CPU time that one file may take: beside other work they last longer, and as much is checked


class InspectionNotes:
    """The flaws of one file, what of it was not checked, and until when it may be looked at (time.thread_time())."""

    def __init__(self) -> None:
        self.deadline = time.thread_time() + SECONDS
        self._flaws: dict[tuple[str, str], Flaw] = {}
        self._unchecked: dict[str, None] = {}
        self._facts: dict[str, Any] = {}

    @property
    def is_late(self) -> bool:
        """Whether the time is over."""
        return time.thread_time() > self.deadline

    def add(self, code: str, about: str, message: str, place: str = "") -> None:
        """Note a flaw; of those with one code that are about the same, the first."""
        self._flaws.setdefault((code, about), Flaw(code, message, place))

    def skip(self, sentence: str) -> None:
        """Note what was not looked at, and why."""
        self._unchecked[sentence] = None

    def state(self, **facts: Any) -> None:
        """Note what other checks need."""
        self._facts.update(facts)

    def inspection(self) -> Inspection:
        """What was written down. Of more than MANY flaws with one code, the last says how many there are."""
        totals, seen, flaws = Counter(code for code, _ in self._flaws), Counter[str](), []
        for flaw in self._flaws.values():
            seen[flaw.code] += 1
            if seen[flaw.code] <= MANY:
                flaws.append(flaw)
            elif seen[flaw.code] == MANY + 1:
                flaws.append(Flaw(flaw.code, f"There are {totals[flaw.code] - MANY:,} more like these in the file."))
        return Inspection(tuple(flaws), tuple(self._unchecked), self._facts)
