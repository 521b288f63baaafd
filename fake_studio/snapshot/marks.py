"""Marks: moments of a Studio that one can go back to by name."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Optional

from fake_studio.snapshot.loading import load, read
from fake_studio.snapshot.saving import save

if TYPE_CHECKING:
    from fake_studio.studio import Studio


class Marks:
    """Snapshots of one Studio, in a temporary folder. Bytes of files are not copied but linked."""

    def __init__(self, studio: Studio) -> None:
        self._studio = weakref.ref(studio)
        self._paths: Dict[str, Path] = {}
        self._folder: Optional[Path] = None

    def set(self, name: str) -> None:
        """Keep the present state under a name, in the place of an older one."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="fake-studio-marks-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        path = self._paths.setdefault(name, self._folder / f"{len(self._paths)}.json")
        save(self._owner(), path)

    def restore(self, name: str) -> None:
        """Go back. Raises LookupError, naming the marks that there are."""
        if name not in self._paths:
            raise LookupError(f"there is no mark {name!r}; there are: {', '.join(self.names()) or 'none'}")
        load(self._owner(), *read(self._paths[name]))

    def names(self) -> List[str]:
        """The names that were set."""
        return sorted(self._paths)

    def close(self) -> None:
        """Forget every mark."""
        self._paths = {}
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _owner(self) -> Studio:
        studio = self._studio()
        assert studio is not None
        return studio
