"""Storage that took a file and does not have it as it was: cut, changed, or not at all."""

from __future__ import annotations

from typing import BinaryIO

from fake_studio.core.incoming import Stream
from fake_studio.core.storage import Storage
from fake_studio.faults.effects import FILE_FORGOTTEN, TRUNCATED_UPLOAD

# Every byte one more: the size stays, so that only a checksum shows it.
_CHANGED = bytes(range(1, 256)) + b"\0"


class _TruncatedStream:
    """The first ``left`` bytes of a file."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self._left = left

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(piece)
        return piece


class _CorruptedStream:
    """A file of the same size, every byte another one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size).translate(_CHANGED)


def corrupt_file(storage: Storage, name: str, kind: str) -> None:
    """Make storage lose a file that it has, or part of it. Does nothing if it has none of this name."""
    if kind == FILE_FORGOTTEN:
        storage.remove_file(name)
        return
    try:
        stored, file = storage.open_stored(name)
    except KeyError:
        return
    with file:
        spoiled: Stream = (
            _TruncatedStream(file, stored.size // 2) if kind == TRUNCATED_UPLOAD else _CorruptedStream(file)
        )
        with storage.receiving(spoiled) as received:
            storage.commit(received, name, stored.media_type, stored.uploaded_by)
