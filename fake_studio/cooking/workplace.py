"""Where a chef works: in its own folder, as by hand; what ricecooker keeps of a run lies in a folder of ours.

Each chef has kitchens of its own in the user's cache folder, one for each run at the same time, so that what it fetched
is there for the next run and no two runs write to the same file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

KITCHENS = 8  # of one chef at the same time; further ones begin with nothing
TREES_KEPT = 5


@dataclass(frozen=True)
class Workplace:
    """``folder`` is where a chef works; ``kitchen`` is where ricecooker keeps its storage, logs and trees.

    They are the same folder if one was asked for. ``scratch`` is gone after the run.
    """

    folder: Path
    kitchen: Path
    scratch: Path

    @property
    def is_redirected(self) -> bool:
        """Whether ricecooker must be told where to keep its files."""
        return self.kitchen != self.folder

    @property
    def notes(self) -> Path:
        """The file of what is noted inside the chef's process."""
        return self.scratch / "notes.jsonl"


@contextmanager
def open_workplace(chef: Path, folder: Path | None = None) -> Iterator[Workplace]:
    """A place to work for a chef's file; in ``folder`` if it is given. Raises OSError if that is not there."""
    scratch = Path(tempfile.mkdtemp(prefix="fake-studio-chef-"))
    try:
        if folder is not None:
            yield Workplace(folder.resolve(), folder.resolve(), scratch)
            return
        with _open_kitchen(chef.resolve(), scratch) as kitchen:
            yield Workplace(_own_folder(chef.resolve().parent, kitchen), kitchen, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _own_folder(folder: Path, kitchen: Path) -> Path:
    """The folder of a chef; where nobody may write to it, one of ours with links to all that is in it."""
    if os.access(folder, os.W_OK):
        return folder
    work = kitchen / "work"
    work.mkdir(exist_ok=True)
    for path in folder.iterdir():
        with suppress(FileExistsError):
            (work / path.name).symlink_to(path)
    return work


@contextmanager
def _open_kitchen(chef: Path, scratch: Path) -> Iterator[Path]:
    """The first kitchen of a chef that no other run is in."""
    for number in range(KITCHENS):
        kitchen = kitchens_of(chef) / str(number)
        lock = _lock(kitchen)
        if lock is not None:
            with lock:
                _tidy(kitchen)
                _bring_caches(chef.parent, kitchen)
                yield kitchen
            return
    kitchen = scratch / "kitchen"
    kitchen.mkdir()
    yield kitchen


def kitchens_of(chef: Path) -> Path:
    """The folder of a chef's kitchens: named after its file, and after where that lies."""
    place = hashlib.md5(str(chef.resolve()).encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    return _cache_folder() / "fake-studio" / "chefs" / f"{chef.stem}-{place[:12]}"


def _cache_folder() -> Path:
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir())
    with suppress(RuntimeError):  # an account without a home
        return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return Path(tempfile.gettempdir())


def _lock(kitchen: Path) -> IO[bytes] | None:
    """The kitchen's lock, open while it is held: it goes with the process. None if another run has it, or none can."""
    try:
        kitchen.mkdir(parents=True, exist_ok=True)
        file = (kitchen / "lock").open("ab")
    except OSError:
        return None
    try:
        _lock_file(file)
    except OSError:
        file.close()
        return None
    return file


def _lock_file(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _tidy(kitchen: Path) -> None:
    """Take away what earlier runs left and nobody reads: all but the newest trees and logs."""
    shutil.rmtree(kitchen / "restore", ignore_errors=True)
    for pattern in ("chefdata/trees/*.json", "logs/*.log"):
        for path in sorted(kitchen.glob(pattern), key=lambda path: path.stat().st_mtime)[:-TREES_KEPT]:
            path.unlink()


def _bring_caches(folder: Path, kitchen: Path) -> None:
    """A new kitchen begins with what runs by hand have fetched."""
    for name in ("storage", ".ricecookerfilecache"):
        if (folder / name).is_dir() and not (kitchen / name).exists():
            with suppress(OSError, shutil.Error):  # it fetches them anew then
                shutil.copytree(folder / name, kitchen / name, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)
