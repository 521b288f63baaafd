"""What a Studio keeps: the state and the uploaded bytes behind one lock, and the journal of what was asked."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from fake_studio.core.journal import DEFAULT_LIMIT, Journal
from fake_studio.core.model import User
from fake_studio.core.state import State
from fake_studio.core.storage import Storage


class InspectionKey(NamedTuple):
    """What decides what is found in a file: its bytes, its extension and preset, and the page that it opens with."""

    md5: str
    extension: str
    preset: str | None
    entry: str | None


class Store:
    """The state, storage and journal of one Studio. Hold ``lock`` to read or to change more than one thing."""

    def __init__(
        self,
        users: Iterable[User],
        *,
        files_folder: Path | None = None,
        seed: int | None = None,
        max_journal: int = DEFAULT_LIMIT,
    ) -> None:
        self.lock = threading.RLock()
        self.seed = seed
        self.storage = Storage(files_folder)
        self.state = State(users, seed)
        self.journal = Journal(max_journal)
        self.databases = TemporaryFolder("fake-studio-databases-")
        # Bytes with one md5 never change: what was found in them holds for every tree, and after a reset too.
        self.inspections: dict[InspectionKey, Any] = {}

    @property
    def requests(self) -> Journal:
        """What was asked, and answered: the journal."""
        return self.journal

    @property
    def users(self) -> list[User]:
        """Every account."""
        return list(self.state.users.values())


class TemporaryFolder:
    """A folder that is made at first use, and goes with ``close`` or with the process."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        """The folder; made at first use."""
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix=self._prefix))
            weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        return self._path

    def close(self) -> None:
        """Remove it."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None
