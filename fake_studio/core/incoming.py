"""Bytes on their way to disk: hashed while they arrive, and whole there or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fake_studio.core.refusals import StorageUnwritable

_CHUNK = 256 * 1024


class Stream(Protocol):
    """Something that bytes are read from."""

    def read(self, size: int = ...) -> bytes: ...


@dataclass(frozen=True)
class IncomingFile:
    """Bytes that have arrived and have no name yet; ``size`` in bytes, ``era`` that of the storage when they began."""

    path: Path
    md5: str
    size: int
    era: int

    def discard(self) -> None:
        """Delete them."""
        with suppress(OSError):
            self.path.unlink()

    def move(self, target: Path) -> None:
        """Give them their place. Raises StorageUnwritable."""
        try:
            os.replace(self.path, target)
        except OSError as error:
            raise unwritable(error, target.parent) from error


def receive(stream: Stream, folder: Path, era: int) -> IncomingFile:
    """Write a stream to a file of its own in ``folder``; memory stays at two chunks.

    Raises StorageUnwritable where the disk does not take it, and what reading the stream raises; nothing is left then.
    """
    try:
        handle, path = tempfile.mkstemp(dir=folder, prefix="incoming-")
    except OSError as error:
        raise unwritable(error, folder) from error
    try:
        md5, size = _write(stream, handle, folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise
    return IncomingFile(Path(path), md5, size, era)


def unwritable(error: OSError, folder: Path) -> StorageUnwritable:
    """The refusal of bytes that the disk did not take."""
    cause = error.strerror or str(error)
    return StorageUnwritable(f"{folder}: {cause}. Make room there, or choose another folder with --files or TMPDIR.")


def _write(stream: Stream, handle: int, folder: Path) -> tuple[str, int]:
    """Write a stream to a descriptor and close it; its md5, and its size in bytes.

    Of a large one, each chunk is hashed in a thread while it is written and the next arrives: hashing takes longest.
    """
    from concurrent.futures import ThreadPoolExecutor  # a start needs none

    md5, size = hashlib.md5(usedforsecurity=False), 0
    with _Descriptor(handle, folder) as target, ThreadPoolExecutor(1, "fake-studio-md5") as pool:
        hashed = None
        while chunk := stream.read(_CHUNK):
            if hashed is not None:
                hashed.result()
            if len(chunk) == _CHUNK:
                hashed = pool.submit(md5.update, chunk)
            else:
                md5.update(chunk)
            target.write(chunk)
            size += len(chunk)
    return md5.hexdigest(), size


class _Descriptor:
    """An open file whose errors are told from those of the stream that is written to it: both are OSErrors."""

    def __init__(self, handle: int, folder: Path) -> None:
        self._handle = handle
        self._folder = folder

    def write(self, data: bytes) -> None:
        """Write all of it: a disk that is nearly full takes a part first, and says no at the next write."""
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError as error:
            raise unwritable(error, self._folder) from error

    def __enter__(self) -> _Descriptor:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            os.close(self._handle)
        except OSError as error:
            raise unwritable(error, self._folder) from error
