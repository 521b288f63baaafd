"""Saving a Studio every so often while it is used, and once more at the end."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Tuple

from fake_studio.snapshot.disk import save

if TYPE_CHECKING:
    from fake_studio.studio import Studio

log = logging.getLogger(__name__)
EVERY = 10.0  # seconds


class Autosave:
    """Saves every so many seconds, if anything was asked or done since the last time. ``stop`` saves once more.

    The folder is made at once, so that hours of work do not end with an OSError.
    """

    def __init__(self, studio: Studio, path: Path, every: float = EVERY) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._studio, self._path, self._every = studio, path, every
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
        save(self._studio, self._path)

    def _run(self) -> None:
        saved = _signs_of_life(self._studio)
        while not self._stopped.wait(self._every):
            seen = _signs_of_life(self._studio)
            if seen != saved and self._save():
                saved = seen

    def _save(self) -> bool:
        try:
            save(self._studio, self._path)
        except Exception:  # the server goes on, and the next time may be better
            log.exception("The snapshot %s was not saved", self._path)
            return False
        return True


def _signs_of_life(studio: Studio) -> Tuple[Any, ...]:
    """What is other after a request, a call from Python, or a publish in the background."""
    with studio.lock:
        state, storage = studio.state, studio.storage
        channels = [(each.version, each.deleted, list(each.trees.values())) for each in state.channels.values()]
        jobs = [each.publishing and each.publishing.state for each in state.channels.values()]
        return studio.journal.seen, state, state.ids.made, len(storage.names()), len(state.users), channels, jobs
