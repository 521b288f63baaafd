"""The bytes of files in a snapshot: embedded where they are small, else in a folder, named by their md5."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

_CHUNK = 256 * 1024


@dataclass
class BlobStore:
    """Bytes by their md5."""

    folder: Path | None = None
    embedded: dict[str, bytes] = field(default_factory=dict)

    def keep(self, md5: str, path: Path, embed: int | None) -> None:
        """Take a file along: in memory up to ``embed`` bytes (None: any size), else in the folder if there is one."""
        if embed is None or path.stat().st_size <= embed:
            self.embedded[md5] = path.read_bytes()
        elif self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            hard_link(path, self.folder / md5)

    def open(self, md5: str) -> BinaryIO:
        """The bytes of this md5, to read. Raises OSError."""
        if md5 in self.embedded or self.folder is None:
            return io.BytesIO(self.embedded[md5])
        return (self.folder / md5).open("rb")

    def place(self, md5: str, target: Path) -> None:
        """Put the bytes of this md5 at a path, if nothing is there yet. Raises OSError."""
        if self.folder is not None and md5 not in self.embedded:
            hard_link(self.folder / md5, target)
        elif not target.exists():
            with whole_or_nothing(target) as draft:
                draft.write_bytes(self.embedded[md5])


def hard_link(source: Path, target: Path) -> None:
    """Give bytes a second name: they never change once they have one. Elsewhere than on their disk, copy them."""
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:
        with whole_or_nothing(target) as draft:
            shutil.copyfile(source, draft)


@contextmanager
def whole_or_nothing(target: Path, name: str = "{}.partial") -> Iterator[Path]:
    """Where to write what shall become ``target``. A part of it, left on a full disk, would keep it full."""
    draft = target.with_name(name.format(target.name))
    try:
        yield draft
        os.replace(draft, target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def md5_at(path: Path) -> str:
    """The md5 of a file, computed again only when that has changed."""
    status = path.stat()
    return _md5_once(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1000)
def _md5_once(path: Path, _changed: int, _size: int) -> str:
    with path.open("rb") as stream:
        return md5_of(stream)


def md5_of(stream: BinaryIO) -> str:
    """The md5 of what is left in a stream, read in pieces."""
    md5 = hashlib.md5(usedforsecurity=False)
    while chunk := stream.read(_CHUNK):
        md5.update(chunk)
    return md5.hexdigest()
