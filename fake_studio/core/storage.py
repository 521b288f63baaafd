"""Uploaded bytes: on disk under their own md5, found by the name that they were uploaded as.

No path is ever made from what a client sends: names are keys of a table, and the folder holds md5 sums of ours.
"""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Callable, Optional

from fake_studio.core.incoming import IncomingFile, Stream, receive, unwritable
from fake_studio.core.refusals import UploadNotSigned
from fake_studio.core.temporary_folder import TemporaryFolder


@dataclass(frozen=True)
class StoredFile:
    """What storage knows of one name: the md5 and the size (bytes) of what it holds, and its media type."""

    name: str
    md5: str
    size: int
    media_type: str
    uploaded_by: Optional[int] = None


class Storage:
    """Names and the bytes behind them. Thread-safe. Made without a folder, it lives as long as the process."""

    def __init__(self, folder: Path | None = None) -> None:
        self._given = folder
        self._own = TemporaryFolder("fake-studio-")
        self._names: dict[str, StoredFile] = {}
        self._uses: Counter[str] = Counter()  # how many names each md5 has
        self._lock = threading.RLock()
        self._generation = 0
        self.changes = 0  # goes up with each name that is given, taken or replaced
        self._readers = 0
        self._unneeded: set[str] = set()  # md5 of bytes to delete when nobody reads any more

    @property
    def folder(self) -> Path:
        """The folder of the bytes; made at first use, so that a Studio without uploads costs no disk.

        Made anew where a cleaner took it away. Raises StorageUnwritable.
        """
        with self._lock:
            try:
                if self._given is None:
                    return self._own.path
                if not self._given.is_dir():
                    self._given.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise unwritable(error, self._given or Path(error.filename or "the temporary folder")) from error
            return self._given

    @property
    def _made_folder(self) -> Path:
        """The folder, where it was made once; whether it is still there shows when a file of it is opened."""
        return self._given or self._own.made or self.folder

    @property
    def era(self) -> int:
        """A number that goes up whenever everything here is replaced."""
        return self._generation

    def receive(self, stream: Stream, era: int | None = None) -> IncomingFile:
        """Write a stream to disk and hash it on the way. Follow with commit or discard. Raises StorageUnwritable.

        What belongs to an ``era`` before this one will not be kept.
        """
        return receive(stream, self.folder, self._generation if era is None else era)

    def commit(
        self, received: IncomingFile, name: str, media_type: str, uploaded_by: Optional[int] = None
    ) -> StoredFile:
        """Give received bytes a name.

        Raises UploadNotSigned if storage became another since they began to arrive, and StorageUnwritable.
        """
        stored = StoredFile(name, received.md5, received.size, media_type, uploaded_by)
        with self._lock:
            if received.era != self._generation:
                raise UploadNotSigned("The Studio was reset, or went back, while this upload was under way.")
            self._place(received)
            self._unneeded.discard(received.md5)
            self._uses[received.md5] += 1
            before = self._names.get(name)
            self._names[name] = stored
            self.changes += 1
            self._drop(before)
        return stored

    def _place(self, received: IncomingFile) -> None:
        # Bytes that are there already may be open in a reader, and Windows replaces no open file.
        if self.path(received.md5).exists():
            received.discard()
        else:
            received.move(self.path(received.md5))

    def _drop(self, lost: Optional[StoredFile]) -> None:
        """Delete the bytes behind a name that is gone, unless another name has the same."""
        if lost is None:
            return
        self._uses[lost.md5] -= 1
        if not self._uses[lost.md5]:
            del self._uses[lost.md5]
            self._delete({lost.md5})

    def _delete(self, sums: set[str]) -> None:
        """Delete bytes when nobody reads. Those that Windows keeps because a reader has them open go the next time."""
        self._unneeded |= sums
        for md5 in () if self._readers else list(self._unneeded):
            with suppress(OSError):
                self.path(md5).unlink(missing_ok=True)
                self._unneeded.discard(md5)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Delete no bytes meanwhile, so that what the names promise can be read without holding up uploads."""
        with self._lock:
            self._readers += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers -= 1
                self._delete(set())

    def discard(self, received: IncomingFile) -> None:
        """Throw received bytes away."""
        received.discard()

    @contextmanager
    def receiving(self, stream: Stream) -> Iterator[IncomingFile]:
        """Receive a stream, and keep nothing of it if what follows raises."""
        received = self.receive(stream)
        try:
            yield received
        except BaseException:
            received.discard()
            raise

    def put(self, content: bytes, name: str, media_type: str, uploaded_by: Optional[int] = None) -> StoredFile:
        """Store bytes that are at hand already."""
        return self.commit(self.receive(io.BytesIO(content)), name, media_type, uploaded_by)

    def has(self, name: str) -> bool:
        """Whether something is stored under this name."""
        return name in self._names

    def get(self, name: str) -> Optional[StoredFile]:
        """What is stored under this name, or None."""
        return self._names.get(name)

    def size(self, name: str) -> int | None:
        """The size in bytes of what is stored under this name, or None."""
        stored = self._names.get(name)
        return stored.size if stored else None

    def open(self, name: str) -> BinaryIO:
        """The bytes under this name, to read. Raises KeyError for an unknown name."""
        return self.open_stored(name)[1]

    def open_stored(self, name: str) -> tuple[StoredFile, BinaryIO]:
        """What is stored under this name, and its bytes, to read. Raises KeyError for an unknown name.

        A name whose bytes somebody else deleted is unknown from then on: chefs shall upload them again.
        """
        with self._lock:
            stored = self._names[name]
            try:
                return stored, open(f"{self._made_folder}/{stored.md5}", "rb")
            except FileNotFoundError:
                self._forget_lost()
                raise KeyError(name) from None

    def _forget_lost(self) -> None:
        there = {path.name for path in self.folder.iterdir()}
        self._hold(stored for stored in self._names.values() if stored.md5 in there)

    def _hold(self, stored: Iterable[StoredFile]) -> None:
        self._names = {file.name: file for file in stored}
        self._uses = Counter(file.md5 for file in self._names.values())
        self.changes += 1

    def names(self) -> list[str]:
        """Every name, sorted."""
        with self._lock:
            return sorted(self._names)

    def all(self) -> Iterator[StoredFile]:
        """Everything stored, by name."""
        with self._lock:
            return iter([self._names[name] for name in self.names()])

    def remove_file(self, name: str) -> None:
        """Lose a name. Bytes that no other name needs go too."""
        with self._lock:
            self._drop(self._names.pop(name, None))
            self.changes += 1

    def clear(self) -> None:
        """Forget everything; what is still arriving will not be kept."""
        self.replace_all([], self.open)

    def replace_all(self, stored: list[StoredFile], opened: Callable[[str], BinaryIO]) -> None:
        """Hold these names and no others; what is still arriving will not be kept.

        ``opened`` gives the bytes of an md5 that is not here yet. Raises what it raises, and StorageUnwritable: then
        nothing has changed.
        """
        with self.replacing(stored, opened) as replace:
            replace()

    @contextmanager
    def replacing(self, stored: list[StoredFile], opened: Callable[[str], BinaryIO]) -> Iterator[Callable[[], None]]:
        """Bring the bytes for ``replace_all`` here, which takes long; what this gives then replaces all, and is quick.

        Raises as that does. If it is not called, nothing changes.
        """
        needed = {file.md5 for file in stored}
        with self.reading():
            with self._lock:
                here = set(self._uses)
            arrived = self._receive_all(map(opened, sorted(needed - here)))
            try:
                yield lambda: self._exchange(stored, arrived)
            finally:
                for received in arrived:
                    received.discard()

    def _exchange(self, stored: list[StoredFile], arrived: list[IncomingFile]) -> None:
        needed = {file.md5 for file in stored}
        with self._lock:
            while arrived:
                self._place(arrived.pop())
            before = set(self._uses)
            self._hold(stored)
            self._generation += 1
            self._unneeded -= needed
            self._delete(before - needed)

    def _receive_all(self, streams: Iterable[BinaryIO]) -> list[IncomingFile]:
        arrived: list[IncomingFile] = []
        try:
            for stream in streams:
                with stream:
                    arrived.append(self.receive(stream))
        except BaseException:
            for received in arrived:
                received.discard()
            raise
        return arrived

    def close(self) -> None:
        """Remove the temporary folder. A folder that was given stays."""
        with self._lock:
            self._hold(())
            self._own.close()

    def path(self, md5: str) -> Path:
        """Where the bytes with this md5 lie. They never change while they are there."""
        return self.folder / md5
