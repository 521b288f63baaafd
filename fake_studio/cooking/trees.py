"""The tree files that ricecooker leaves in chefdata/trees: which of them is that of this run, and which came before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fake_studio.findings.declared import Declared, read_tree_file

EARLIER_READ = 5  # of the newest files of a folder


def _files(folders: Iterable[Path]) -> dict[Path, int]:
    paths = (path for folder in dict.fromkeys(folders) for path in (folder / "chefdata" / "trees").glob("*.json"))
    return {path: path.stat().st_mtime_ns for path in paths}


@dataclass
class TreeFiles:
    """The tree files of a chef's folders, as they were before a run.

    ricecooker names a file after the minute: a second run in it writes over the first one's, so what is needed of
    the earlier ones is read before the run.
    """

    folders: list[Path]
    times: dict[Path, int] = field(default_factory=dict)
    earlier: list[Declared] = field(default_factory=list)

    @classmethod
    def of_folders(cls, *folders: Path, with_earlier: bool) -> TreeFiles:
        """What is there now; the newest are read if they are asked for."""
        times = _files(folders)
        newest = sorted(times, key=lambda path: times[path], reverse=True)[:EARLIER_READ] if with_earlier else []
        return cls(list(folders), times, [tree for tree in map(_read, newest) if tree is not None])

    def find_new(self) -> list[Declared]:
        """The tree that was written since then. Empty if there is none, or none that can be read."""
        now = _files(self.folders)
        new = [path for path, time in now.items() if self.times.get(path) != time]
        trees = [_read(path) for path in sorted(new, key=lambda path: now[path], reverse=True)[:1]]
        return [tree for tree in trees if tree is not None]


def _read(path: Path) -> Declared | None:
    try:
        return read_tree_file(path)
    except (OSError, ValueError, RecursionError):  # cut short, or no tree: as if it were not there
        return None
