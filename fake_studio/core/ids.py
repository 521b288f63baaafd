"""Ids, tokens and the time of day: random and real, or repeatable from a seed."""

from __future__ import annotations

import itertools
import os
import random
import time
import uuid
import weakref

_SEEDED_START = 1_700_000_000.0  # any moment will do, as long as it is always the same one
_FREE_BITS = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION_4 = 0x4000 << 64 | 0x8000 << 48


class IdGenerator:
    """Makes ids and tells the time. With a seed, each new generator of it makes the same ones in the same order.

    ``made`` is how many numbers and moments were handed out: a generator that goes on from there repeats none.
    """

    def __init__(self, seed: int | None = None, numbers: int = 0, moments: int = 0) -> None:
        self.seed = seed
        # What was handed out is part of the seed: after a snapshot was loaded, no id that is in it comes again.
        # Without a seed it starts from the system's entropy: to ask the system for every id costs ten times as much.
        self.random = random.Random(None if seed is None else f"{seed}/{numbers}/{moments}")
        _GENERATORS.add(self)
        self._numbers, self._moments = itertools.count(numbers + 1), itertools.count(moments)
        self.made = (numbers, moments)

    def hex(self) -> str:
        """32 hex digits, as Studio's ids look."""
        number = self.random.getrandbits(128) & _FREE_BITS | _VERSION_4  # as uuid.UUID(int=, version=4) makes it
        return number.to_bytes(16, "big").hex()

    def task(self) -> str:
        """A dashed UUID, as ids of background tasks look."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def number(self) -> int:
        """The next whole number, from 1."""
        number = next(self._numbers)
        self.made = (number, self.made[1])
        return number

    def now(self) -> float:
        """Seconds since 1970; with a seed, a clock that goes on by one second each time it is read."""
        if self.seed is None:
            return time.time()
        moment = next(self._moments)
        self.made = (self.made[0], moment + 1)
        return _SEEDED_START + moment

    def reseed(self) -> None:
        """Start anew from the system's entropy, unless a seed says what comes."""
        if self.seed is None:
            self.random.seed()


# A forked child has its parent's generators, which would make the same ids in both.
_GENERATORS: weakref.WeakSet[IdGenerator] = weakref.WeakSet()


def _reseed() -> None:
    for generator in list(_GENERATORS):
        generator.reseed()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_reseed)
