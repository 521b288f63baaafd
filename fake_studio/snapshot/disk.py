"""Snapshots on disk: written so that a kill at any moment leaves the old one or the new one."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Set

from fake_studio.snapshot.contents import Contents
from fake_studio.snapshot.moment import present
from fake_studio.snapshot.telling import text, told

if TYPE_CHECKING:
    from fake_studio.studio import Studio

SMALL = 4096  # bytes up to which a file is embedded
_OURS = re.compile(r"[0-9a-f]{32}(\.partial)?")
_writing = threading.Lock()  # two at once would each remove what the other one needs


def save(studio: Studio, path: Path, embed: int = SMALL) -> None:
    """Write the state to a file, and the bytes of larger files to the folder beside it. Raises OSError.

    Whatever happens on the way, the file is the old snapshot or the new one, whole, with all that it needs: new files
    come before it, and old ones go only after it.
    """
    with _writing:
        moment = present(studio, Contents(folder_of(path)), embed=embed)
        _replace(path, text(told(moment)))
        _tidy(folder_of(path), set(moment.beside()))


def folder_of(path: Path) -> Path:
    """The folder of a snapshot's files."""
    return path.with_name(f"{path.name}.files")


def _replace(path: Path, content: str) -> None:
    draft = path.with_name(f".{path.name}.partial")
    with draft.open("w", encoding="utf-8", newline="\n") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    os.replace(draft, path)


def _tidy(folder: Path, needed: Set[str]) -> None:
    for old in list(folder.iterdir()) if folder.is_dir() else ():
        if old.name not in needed and _OURS.fullmatch(old.name):
            old.unlink()
