"""Snapshots on disk: written so that a kill at any moment leaves the old one or the new one."""

from __future__ import annotations

import logging
import os
import re
import threading
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from fake_studio.core.store import Store
from fake_studio.core.temporary_folder import check_writable
from fake_studio.snapshot.blobs import BlobStore, whole_or_nothing
from fake_studio.snapshot.lock import SnapshotLock
from fake_studio.snapshot.moment import capture
from fake_studio.snapshot.serialize import Rows, state_to_dict, text

log = logging.getLogger(__name__)
EVERY = 10.0  # seconds


class Autosave:
    """Saves each ``every`` seconds, if anything was asked or done since the last time. ``stop`` saves once more.

    The folder is made at once, so that hours of work do not end with an OSError, and the file is taken, so that no
    other server saves there too. Raises OSError.
    """

    def __init__(self, store: Store, path: Path, every: float = EVERY) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        check_writable(path.parent)
        self._lock = SnapshotLock(path)
        self._store, self._path, self._every = store, path, every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-studio-autosave", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and save once more. Raises OSError if that cannot be written."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()
        try:
            save(self._store, self._path)
        finally:
            self._lock.release()

    def give_up(self) -> None:
        """Let others have the file, without saving to it."""
        self._lock.release()

    def _run(self) -> None:
        saved = _signs_of_life(self._store)
        while not self._stopped.wait(self._every):
            seen = _signs_of_life(self._store)
            if seen != saved and self._save():
                saved = seen

    def _save(self) -> bool:
        try:
            save(self._store, self._path)
        except OSError as error:  # the server goes on, and the next time may be better
            log.error("The snapshot %s was not saved: %s", self._path, error)
            return False
        except Exception:
            log.exception("The snapshot %s was not saved", self._path)
            return False
        return True


def _signs_of_life(store: Store) -> tuple[Any, ...]:
    """What is other after a request, a call from Python, or a publish in the background."""
    with store.lock:
        state, storage = store.state, store.storage
        channels = [
            (channel.version, channel.deleted, list(channel.trees.values())) for channel in state.channels.values()
        ]
        jobs = [channel.publishing and channel.publishing.state for channel in state.channels.values()]
        return store.journal.seen, state, state.ids.made, len(storage.names()), len(state.users), channels, jobs


SMALL = 4096  # bytes up to which a file is embedded
_OURS = re.compile(r"[0-9a-f]{32}(\.partial)?")
_guard = threading.Lock()
_writing: WeakValueDictionary[Path, threading.Lock] = WeakValueDictionary()


def save(store: Store, path: Path, embed: int = SMALL) -> None:
    """Write the state to a file, and what is larger than ``embed`` bytes to the folder beside it. Raises OSError.

    Whatever happens on the way, the file is the old snapshot or the new one, whole, with all that it needs: new files
    come before it, and old ones go only after it.
    """
    with _lock_of(path):
        moment = capture(store, BlobStore(folder_of(path)), embed=embed)
        _replace(path, text(state_to_dict(moment, Rows)))
        _remove_stale(folder_of(path), set(moment.beside()))


def _lock_of(path: Path) -> threading.Lock:
    """The lock of one file: two who save there at once would each remove what the other one needs."""
    with _guard:
        return _writing.setdefault(path.resolve(), threading.Lock())


def folder_of(path: Path) -> Path:
    """The folder of a snapshot's files."""
    return path.with_name(f"{path.name}.files")


def _replace(path: Path, content: str) -> None:
    with whole_or_nothing(path, ".{}.partial") as draft, draft.open("w", encoding="utf-8", newline="\n") as target:
        target.write(content)
        target.flush()
        # Before the rename: after a power cut, a file system may have the new name and none of the bytes.
        os.fsync(target.fileno())


def _remove_stale(folder: Path, needed: set[str]) -> None:
    for old in list(folder.iterdir()) if folder.is_dir() else ():
        # Only names that we give: somebody may have put other things into the folder.
        if old.name not in needed and _OURS.fullmatch(old.name):
            old.unlink()
