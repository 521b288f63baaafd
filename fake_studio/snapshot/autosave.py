"""Saving a Studio every so often while it is used, and once more at the end."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from fake_studio.snapshot.saving import save

if TYPE_CHECKING:
    from fake_studio.studio import Studio

log = logging.getLogger(__name__)
EVERY = 10.0  # seconds


class Autosave:
    """Saves when requests came since the last time. ``stop`` saves once more."""

    def __init__(self, studio: Studio, path: Path, every: float = EVERY) -> None:
        self._studio, self._path, self._every = studio, path, every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-studio-autosave", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Save once more, and end. Raises OSError if that cannot be written."""
        self._stopped.set()
        self._thread.join()
        save(self._studio, self._path)

    def _run(self) -> None:
        seen = self._studio.journal.seen
        while not self._stopped.wait(self._every):
            if self._studio.journal.seen != seen:
                seen = self._studio.journal.seen
                self._save()

    def _save(self) -> None:
        try:
            save(self._studio, self._path)
        except OSError as error:
            log.error("The snapshot %s was not saved: %s", self._path, error)
