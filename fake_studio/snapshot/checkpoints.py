"""Marks: moments of a Studio that one can go back to by name."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import replace
from pathlib import Path

from fake_studio.core.store import Store
from fake_studio.snapshot.blobs import BlobStore
from fake_studio.snapshot.moment import StateCopy, capture, copy_state, restore_state

_NOTHING = -1  # no file is as small as that: all of them stay on disk


class Checkpoints:
    """Moments of one Studio, in memory. The bytes of files are linked in a temporary folder, and stay until the end."""

    def __init__(self, studio: Store) -> None:
        self._studio = weakref.ref(studio)
        self._moments: dict[str, StateCopy] = {}
        self._folder: Path | None = None

    def set(self, name: str) -> None:
        """Keep the present state under a name, in the place of an older one. Raises OSError."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="fake-studio-marks-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._moments[name] = capture(self._owner(), BlobStore(self._folder), embed=_NOTHING)

    def restore(self, name: str) -> None:
        """Go back. Raises LookupError, naming the marks that there are, and OSError."""
        if name not in self._moments:
            raise LookupError(f"there is no mark {name!r}; there are: {', '.join(self.names()) or 'none'}")
        moment = self._moments[name]
        restore_state(self._owner(), replace(moment, state=copy_state(moment.state)))

    def names(self) -> list[str]:
        """The names that were set."""
        return sorted(self._moments)

    def close(self) -> None:
        """Forget every mark."""
        self._moments = {}
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _owner(self) -> Store:
        studio = self._studio()
        assert studio is not None
        return studio
