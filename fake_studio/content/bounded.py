"""A stream that stops whoever reads too much of it, or for too long: hostile files make readers go round in circles."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import BinaryIO

BYTES_READ = 256 * 1024 * 1024  # in all, seeking back and reading again included
SECONDS = 4.0  # of CPU time


class LimitMet(Exception):
    """Reading went on for too long."""


class BoundedStream:
    """A binary stream with a budget of bytes and of time (seconds). ``read`` raises LimitMet once it is used up."""

    def __init__(self, stream: BinaryIO, *, bytes_read: int = BYTES_READ, seconds: float = SECONDS) -> None:
        self._stream = stream
        self._bytes_left = bytes_read
        self._deadline = time.thread_time() + seconds

    def read(self, size: int = -1) -> bytes:
        """As a file's ``read``. Raises LimitMet."""
        return self._count_bytes(self._stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        """As a file's ``readline``. Raises LimitMet."""
        return self._count_bytes(self._stream.readline, size)

    def _count_bytes(self, read: Callable[[int], bytes], size: int) -> bytes:
        if self._bytes_left < 0 or time.thread_time() > self._deadline:
            raise LimitMet
        content = read(min(size, self._bytes_left + 1) if size >= 0 else self._bytes_left + 1)
        self._bytes_left -= len(content)
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As a file's ``seek``."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As a file's ``tell``."""
        return self._stream.tell()


def size_of(stream: BinaryIO) -> int:
    """The size of a stream in bytes; it stands at its beginning afterwards."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def bytes_at(stream: BinaryIO, offset: int, count: int) -> bytes:
    """At most so many bytes from a place on. A place before the beginning counts as the beginning."""
    stream.seek(max(offset, 0))
    return stream.read(count)
