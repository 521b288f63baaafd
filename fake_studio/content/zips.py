"""Zips, read in place: nothing is unpacked, and no path of theirs touches the disk."""

from __future__ import annotations

import zipfile

from fake_studio.content.errors import ContentUnreadable

MEMBER_LIMIT = 100 * 1024 * 1024  # bytes of one member, unpacked


def read_member(archive: zipfile.ZipFile, path: str) -> bytes:
    """One member's bytes. Raises ContentUnreadable where there is none, and for what is too large or broken."""
    try:
        with archive.open(path) as member:
            content = member.read(MEMBER_LIMIT + 1)
    except Exception as error:  # zlib, lzma and bz2 have errors of their own, and zipfile lets them through
        raise ContentUnreadable(f"The zip has no {path!r:.120} that can be read: {type(error).__name__}.") from None
    if len(content) > MEMBER_LIMIT:
        raise ContentUnreadable(f"{path!r:.120} is larger than the {MEMBER_LIMIT} bytes that are shown here.")
    return content


def start_page(archive: zipfile.ZipFile) -> str | None:
    """The page that an app starts with: ``index.html``, or else the page that lies highest; None without one."""
    pages = [name for name in archive.namelist() if name.lower().endswith((".html", ".htm", ".xhtml"))]
    return min(pages, key=_rank, default=None)


def _rank(name: str) -> list[object]:
    return [name != "index.html", name.count("/"), not name.endswith("index.html"), name]
