"""Zips that chefs uploaded, read in place: nothing is unpacked, and no path of theirs touches the disk."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from typing import Iterator, List, Optional

from fake_studio.files import Storage
from fake_studio.model import File, Node
from fake_studio.refusals import FileNotStored
from fake_studio.web.pages.media import ZIPS

MEMBER_LIMIT = 100 * 1024 * 1024  # bytes of one member, unpacked


def zip_of(node: Node, storage: Storage) -> File:
    """The node's zip. Raises FileNotStored."""
    for file in node.files:
        if file.extension in ZIPS and storage.has(file.name):
            return file
    raise FileNotStored(f"{node.title!r:.80} has no zip, or it was never uploaded.")


@contextmanager
def opened(storage: Storage, name: str) -> Iterator[zipfile.ZipFile]:
    """A stored zip, to read from. Raises FileNotStored for what is none."""
    with storage.open(name) as stored:
        try:
            archive = zipfile.ZipFile(stored)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise FileNotStored(f"{name} is no zip that can be read: {error}") from None
        yield archive


def content_of(archive: zipfile.ZipFile, path: str) -> bytes:
    """One member's bytes. Raises FileNotStored where there is none, and for what is too large or broken."""
    try:
        with archive.open(path) as member:
            content = member.read(MEMBER_LIMIT + 1)
    except Exception as error:  # zlib, lzma and bz2 have errors of their own, and zipfile lets them through
        raise FileNotStored(f"The zip has no {path!r:.120} that can be read: {type(error).__name__}.") from None
    if len(content) > MEMBER_LIMIT:
        raise FileNotStored(f"{path!r:.120} is larger than the {MEMBER_LIMIT} bytes that are shown here.")
    return content


def entry_of(archive: zipfile.ZipFile) -> Optional[str]:
    """The page that an app starts with: ``index.html``, or else the page that lies highest; None without one."""
    pages = [name for name in archive.namelist() if name.lower().endswith((".html", ".htm", ".xhtml"))]
    return min(pages, key=_rank, default=None)


def _rank(name: str) -> List[object]:
    return [name != "index.html", name.count("/"), not name.endswith("index.html"), name]
