"""Threads that the main thread waits for while signals may come, as Ctrl-C does.

What a signal raises inside of Popen.wait or Thread.start can leave their lock locked: who waits next, to end the
process, would wait for ever.
"""

from __future__ import annotations

import _thread
from typing import Callable


class Background:
    """Runs a function in a thread, to which no signal comes. One may break into its start and into the wait for it."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act
        self._running = _thread.allocate_lock()

    def start(self) -> None:
        """Begin; once."""
        self._running.acquire()
        _thread.start_new_thread(self._run, ())

    def has_ended(self, seconds: float | None = None) -> bool:
        """Wait for the end, for so long or without a limit; whether it came. What has not begun has ended."""
        patience = -1 if seconds is None else min(max(seconds, 0), _thread.TIMEOUT_MAX)
        if not self._running.acquire(timeout=patience):
            return False
        self._running.release()
        return True

    def _run(self) -> None:
        try:
            self._act()
        finally:
            self._running.release()
