"""Checkpoints: moments of a Studio that one can go back to by name (``mark`` and ``restore``)."""

from __future__ import annotations

import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from fake_studio.core.store import Store
from fake_studio.core.temporary_folder import TemporaryFolder

if TYPE_CHECKING:
    from fake_studio.snapshot.moment import StateCopy

_NOTHING = -1  # no file is as small as that: all of them stay on disk


class Checkpoints:
    """Moments of one Studio, in memory. The bytes of files are linked in a temporary folder."""

    def __init__(self, store: Store) -> None:
        # Weak, as the Studio owns its checkpoints: the two would keep each other alive, and the folder with them.
        self._store = weakref.ref(store)
        self._moments: dict[str, StateCopy] = {}
        self._folder = TemporaryFolder("fake-studio-marks-")

    def set(self, name: str) -> None:
        """Keep the present state under a name, in the place of an older one. Raises OSError."""
        from fake_studio.snapshot.blobs import BlobStore  # every Studio has an object of this class, and few a mark
        from fake_studio.snapshot.moment import capture

        self._moments[name] = capture(self._owner(), BlobStore(self._folder.path), embed=_NOTHING)
        self._tidy()

    def _tidy(self) -> None:
        """Delete the bytes that only a replaced moment needed."""
        needed = {md5 for moment in self._moments.values() for md5 in moment.beside()}
        for path in self._folder.path.iterdir():
            if path.name not in needed:
                path.unlink()

    def restore(self, name: str) -> None:
        """Go back. Raises LookupError, naming the marks that there are, and OSError."""
        if name not in self._moments:
            raise LookupError(f"there is no mark {name!r}; there are: {', '.join(self.names()) or 'none'}")
        from fake_studio.snapshot.moment import copy_state, restore_state

        moment = self._moments[name]
        # A copy goes in: the Studio changes it from now on, and one may want to come back here again.
        restore_state(self._owner(), replace(moment, state=copy_state(moment.state)))

    def names(self) -> list[str]:
        """The names that were set."""
        return sorted(self._moments)

    def close(self) -> None:
        """Forget every mark."""
        self._moments = {}
        self._folder.close()

    def _owner(self) -> Store:
        store = self._store()
        assert store is not None
        return store
