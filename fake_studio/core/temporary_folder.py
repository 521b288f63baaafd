"""Folders that are ours alone: made when they are needed, and gone with the process that made them."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import weakref
from pathlib import Path

_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_SAMPLE = b"\0" * 4096


class TemporaryFolder:
    """A folder that is made at first use, and goes with ``close`` or with the process."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._path: Path | None = None
        self._remove: weakref.finalize[..., TemporaryFolder] | None = None

    @property
    def path(self) -> Path:
        """The folder; made at first use, and made anew where a cleaner took it away. Raises OSError."""
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix=self._prefix))
            self._remove = weakref.finalize(self, _remove, self._path, os.getpid())
        elif not self._path.is_dir():
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._path

    @property
    def made(self) -> Path | None:
        """The folder if it was needed yet, whether or not a cleaner took it away since."""
        return self._path

    @property
    def is_made(self) -> bool:
        """Whether it was needed yet."""
        return self._path is not None

    def close(self) -> None:
        """Remove it, unless this is a forked child of the process that made it."""
        if self._remove is not None:
            self._remove()
        self._path = self._remove = None


def _remove(path: Path, maker: int) -> None:
    # A forked child has the same finalizers, and its parent still needs the folder.
    if os.getpid() == maker:
        shutil.rmtree(path, ignore_errors=True)


def check_writable(folder: Path | None) -> None:
    """Whether bytes can be kept in a folder, by default that of temporary files. Raises OSError with path and cause."""
    place = _temporary() if folder is None else folder
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as sample:
            sample.write(_SAMPLE)
            sample.flush()
    except OSError as error:
        # What tempfile raises names a file of its own in that folder.
        raise OSError(error.errno, error.strerror, str(place)) from None


def _temporary() -> Path:
    # Where nothing can be written to the variable's folder, Python silently takes another one, perhaps on a disk that
    # is too small.
    variables = (name for name in _VARIABLES if os.environ.get(name))
    name = next(variables, None) if tempfile.tempdir is None else None
    if name is None:
        return Path(tempfile.gettempdir())
    if not Path(os.environ[name]).is_dir():
        raise OSError(errno.ENOTDIR, f"{name} is not a folder", os.environ[name])
    return Path(os.environ[name])
