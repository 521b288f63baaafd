"""What a process prints, read as it comes and kept within bounds: the first lines and the last ones."""

from __future__ import annotations

import threading
from collections import deque
from typing import IO, Callable

from fake_studio.cooking.background import Background

HEAD_LINES, TAIL_LINES = 2_000, 20_000
TAIL_BYTES = 8 * 1024 * 1024
LONGEST_LINE = 64 * 1024  # bytes; what is longer is broken into several

Say = Callable[[str], None]
Mask = Callable[[str], str]


class Output:
    """Reads a pipe in a thread. ``on_line`` gets each line, masked; ``lines`` has the first and the last."""

    def __init__(self, pipe: IO[bytes], on_line: Say, mask: Mask) -> None:
        self._pipe, self._say, self._mask = pipe, on_line, mask
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._tail_size = self._left_out = 0
        self._lock = threading.Lock()
        self.is_closed = False
        self._reading = Background(self._read)

    def start(self) -> None:
        """Begin to read."""
        self._reading.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the pipe; whether it came. Nothing that comes later is kept or said."""
        has_ended = self._reading.has_ended(seconds)
        with self._lock:
            self.is_closed = True
        return has_ended

    @property
    def lines(self) -> list[str]:
        """The lines so far."""
        with self._lock:
            gap = [f"... {self._left_out:,} lines are left out here ..."] if self._left_out else []
            return [*self._head, *gap, *self._tail]

    def _read(self) -> None:
        with self._pipe:
            # readline() with a limit: a chef that never ends its line must not fill the memory.
            for content in iter(lambda: self._pipe.readline(LONGEST_LINE), b""):
                line = self._mask(content.decode("utf-8", "replace").rstrip("\r\n"))
                with self._lock:
                    if self.is_closed:
                        return
                    self._keep(line)
                self._pass_on(line)

    def _pass_on(self, line: str) -> None:
        try:
            self._say(line)
        except OSError:
            # Nobody reads us any more, as behind "| head". The chef shall not end in the middle because of it.
            self._say = lambda line: None

    def _keep(self, line: str) -> None:
        if len(self._head) < HEAD_LINES and not self._tail and len(line) < LONGEST_LINE // 16:
            self._head.append(line)
            return
        self._tail.append(line)
        self._tail_size += len(line)
        while len(self._tail) > TAIL_LINES or self._tail_size > TAIL_BYTES:
            self._tail_size -= len(self._tail.popleft())
            self._left_out += 1
