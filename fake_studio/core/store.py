"""What a Studio keeps: the state and the uploaded bytes behind one lock, and the journal of what was asked."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fake_studio.core.journal import DEFAULT_BYTES, DEFAULT_LIMIT, Journal
from fake_studio.core.kept import Kept
from fake_studio.core.model import User
from fake_studio.core.state import State
from fake_studio.core.storage import Storage
from fake_studio.core.temporary_folder import TemporaryFolder

if TYPE_CHECKING:
    from fake_studio.core.chef_run import ChefRun


class InspectionKey(NamedTuple):
    """What decides what is found in a file: its bytes, its extension and preset, and the page that it opens with."""

    md5: str
    extension: str
    preset: str | None
    entry: str | None


RUNS_KEPT = 5


class Store:
    """The state, storage and journal of one Studio. Hold ``lock`` to read or to change more than one thing."""

    def __init__(
        self,
        users: Iterable[User],
        *,
        files_folder: Path | None = None,
        seed: int | None = None,
        max_journal: int = DEFAULT_LIMIT,
        max_journal_bytes: int = DEFAULT_BYTES,
    ) -> None:
        self.lock = threading.RLock()
        self.seed = seed
        self.storage = Storage(files_folder)
        self.state = State(users, seed)
        self.journal = Journal(max_journal, max_journal_bytes)
        self.chef_runs: deque[ChefRun] = deque(maxlen=RUNS_KEPT)
        self.databases = TemporaryFolder("fake-studio-databases-")
        # Bytes with one md5 never change: what was found in them holds for every tree, and after a reset too.
        self.inspections: dict[InspectionKey, Any] = {}
        self.kept = Kept()

    def refresh_kept(self) -> None:
        """Forget what is kept and does not hold any more. Hold the lock."""
        self.kept.refresh(self.state, self.storage)

    def remember_run(self, run: ChefRun) -> None:
        """Keep how a chef ended, for reports and pages; of many runs the last ones."""
        self.chef_runs.append(run)

    @property
    def requests(self) -> Journal:
        """What was asked, and answered: the journal."""
        return self.journal

    @property
    def users(self) -> list[User]:
        """Every account."""
        return list(self.state.users.values())
