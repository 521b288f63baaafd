"""Files that are named by a path which may be meant from several folders."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def get_existing_file(path: str | Path, folders: Iterable[Path]) -> Path:
    """The first file of this path below the folders; an absolute path is meant as it is.

    Raises FileNotFoundError, which names every path that was tried.
    """
    __tracebackhide__ = True
    candidates = list(dict.fromkeys((folder / path).absolute() for folder in folders))
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    tried = "\n".join(f"  {candidate}" for candidate in candidates)
    raise FileNotFoundError(f"There is no file {str(path)!r}. Tried:\n{tried}")
