"""Ids, tokens and the time of day: random and real, or repeatable from a seed."""

from __future__ import annotations

import itertools
import random
import time
import uuid
from typing import Optional

_SEEDED_START = 1_700_000_000.0  # any moment will do, as long as it is always the same one


class Ids:
    """Makes ids. With a seed, each new Ids of that seed makes the same ones in the same order."""

    def __init__(self, seed: Optional[int] = None) -> None:
        self.seed = seed
        self.random = random.Random(seed) if seed is not None else random.SystemRandom()
        self._numbers = itertools.count(1)
        self._ticks = itertools.count()

    def hex(self) -> str:
        """32 hex digits, as Studio's ids look."""
        return uuid.UUID(int=self.random.getrandbits(128), version=4).hex

    def task(self) -> str:
        """A dashed UUID, as ids of background tasks look."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def number(self) -> int:
        """The next whole number, from 1."""
        return next(self._numbers)

    def now(self) -> float:
        """Seconds since 1970; with a seed, a clock that goes on by one second each time it is read."""
        return time.time() if self.seed is None else _SEEDED_START + next(self._ticks)
