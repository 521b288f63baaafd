"""Uploaded bytes: on disk under their own md5, found by the name that they were uploaded as.

No path is ever made from what a client sends: names are keys of a table, and the folder holds md5 sums of ours.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Callable, Optional, Protocol

from fake_studio.core.refusals import UploadNotSigned

_CHUNK = 256 * 1024


class Stream(Protocol):
    """Something that bytes are read from."""

    def read(self, size: int = ...) -> bytes: ...


@dataclass(frozen=True)
class StoredFile:
    """What storage knows of one name: the md5 and the size (bytes) of what it holds, and its media type."""

    name: str
    md5: str
    size: int
    media_type: str
    uploaded_by: Optional[int] = None


@dataclass(frozen=True)
class IncomingFile:
    """Bytes that have arrived and are not kept yet."""

    path: Path
    md5: str
    size: int
    era: int


def _written(stream: Stream, target: BinaryIO) -> tuple[str, int]:
    """Write a stream to a file; its md5, and its size in bytes.

    Of a large one, each chunk is hashed in a thread while it is written and the next arrives: hashing takes longest.
    """
    md5, size = hashlib.md5(usedforsecurity=False), 0
    with ThreadPoolExecutor(1, "fake-studio-md5") as pool:
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


class Storage:
    """Names and the bytes behind them. Thread-safe. Made without a folder, it lives as long as the process."""

    def __init__(self, folder: Path | None = None) -> None:
        self._given = folder
        self._folder: Path | None = None
        self._names: dict[str, StoredFile] = {}
        self._lock = threading.RLock()
        self._generation = 0

    @property
    def folder(self) -> Path:
        """The folder of the bytes; made at first use, so that a Studio without uploads costs no disk."""
        with self._lock:
            if self._folder is None:
                self._folder = self._given or Path(tempfile.mkdtemp(prefix="fake-studio-"))
                self._folder.mkdir(parents=True, exist_ok=True)
                if self._given is None:
                    weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            return self._folder

    @property
    def era(self) -> int:
        """A number that goes up whenever everything here is replaced."""
        return self._generation

    def receive(self, stream: Stream, era: int | None = None) -> IncomingFile:
        """Write a stream to disk and hash it on the way; memory stays at two chunks. Follow with keep or discard.

        What belongs to an ``era`` before this one will not be kept.
        """
        era = self._generation if era is None else era
        handle, path = tempfile.mkstemp(dir=self.folder, prefix="incoming-")
        try:
            with os.fdopen(handle, "wb", buffering=0) as target:
                md5, size = _written(stream, target)
        except BaseException:
            os.unlink(path)
            raise
        return IncomingFile(Path(path), md5, size, era)

    def commit(self, received: IncomingFile, name: str, media_type: str, uploaded_by: int | None = None) -> StoredFile:
        """Give received bytes a name. Raises UploadNotSigned if storage became another since they began to arrive."""
        stored = StoredFile(name, received.md5, received.size, media_type, uploaded_by)
        with self._lock:
            if received.era != self._generation:
                raise UploadNotSigned("The Studio was reset, or went back, while this upload was under way.")
            os.replace(received.path, self.path(received.md5))
            before = self._names.get(name)
            self._names[name] = stored
            self._drop(before)
        return stored

    def _drop(self, lost: StoredFile | None) -> None:
        """Delete the bytes behind a name that is gone, unless another name has the same."""
        if lost is not None and all(other.md5 != lost.md5 for other in self._names.values()):
            self.path(lost.md5).unlink()

    def discard(self, received: IncomingFile) -> None:
        """Throw received bytes away."""
        received.path.unlink()

    @contextmanager
    def receiving(self, stream: Stream) -> Iterator[IncomingFile]:
        """Receive a stream, and keep nothing of it if what follows raises."""
        received = self.receive(stream)
        try:
            yield received
        except BaseException:
            self.discard(received)
            raise

    def put(self, content: bytes, name: str, media_type: str, uploaded_by: int | None = None) -> StoredFile:
        """Store bytes that are at hand already."""
        return self.commit(self.receive(io.BytesIO(content)), name, media_type, uploaded_by)

    def has(self, name: str) -> bool:
        """Whether something is stored under this name."""
        return name in self._names

    def get(self, name: str) -> StoredFile | None:
        """What is stored under this name, or None."""
        return self._names.get(name)

    def size(self, name: str) -> int | None:
        """The size in bytes of what is stored under this name, or None."""
        stored = self._names.get(name)
        return stored.size if stored else None

    def open(self, name: str) -> BinaryIO:
        """The bytes under this name, to read. Raises KeyError for an unknown name."""
        return self.path(self._names[name].md5).open("rb")

    def names(self) -> list[str]:
        """Every name, sorted."""
        with self._lock:
            return sorted(self._names)

    def all(self) -> Iterator[StoredFile]:
        """Everything stored, by name."""
        return (self._names[name] for name in self.names())

    def remove_file(self, name: str) -> None:
        """Lose a name. Bytes that no other name needs go too."""
        with self._lock:
            self._drop(self._names.pop(name, None))

    def clear(self) -> None:
        """Forget everything; what is still arriving will not be kept."""
        self.replace_all([], self.open)

    def replace_all(self, stored: list[StoredFile], opened: Callable[[str], BinaryIO]) -> None:
        """Hold these names and no others; what is still arriving will not be kept.

        ``opened`` gives the bytes of an md5 that is not here yet. Raises what it raises, and OSError: then nothing has
        changed.
        """
        needed = {file.md5 for file in stored}
        with self._lock:
            here = {file.md5 for file in self._names.values()}
            for received in self._all_received(map(opened, sorted(needed - here))):
                os.replace(received.path, self.path(received.md5))
            self._names = {file.name: file for file in stored}
            self._generation += 1
            for md5 in here - needed:
                self.path(md5).unlink()

    def _all_received(self, streams: Iterable[BinaryIO]) -> list[IncomingFile]:
        arrived: list[IncomingFile] = []
        try:
            for stream in streams:
                with stream:
                    arrived.append(self.receive(stream))
        except BaseException:
            for received in arrived:
                self.discard(received)
            raise
        return arrived

    def close(self) -> None:
        """Remove the temporary folder. A folder that was given stays."""
        with self._lock:
            folder, self._folder, self._names = self._folder, None, {}
        if folder is not None and self._given is None:
            shutil.rmtree(folder, ignore_errors=True)

    def path(self, md5: str) -> Path:
        """Where the bytes with this md5 lie. They never change while they are there."""
        return self.folder / md5
