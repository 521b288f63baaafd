"""A zip while it is inspected: its names as they are written, and its texts within bounds."""

from __future__ import annotations

import codecs
import re
import unicodedata
import zipfile
from functools import cached_property
from typing import BinaryIO
from urllib.parse import unquote

from fake_studio.content.errors import ContentLocked, ContentTooLarge, ContentUnreadable
from fake_studio.content.html import without_data
from fake_studio.content.notes import InspectionNotes
from fake_studio.content.zips import check_members, open_archive, read_member

TEXT_LIMIT = 2 * 1024 * 1024  # of a page or a style sheet that is read: characters, less those of data: URIs
RAW_LIMIT = 8 * 1024 * 1024  # bytes of the same with its data: URIs
TEXTS_LIMIT = 64 * 1024 * 1024  # bytes of all pages and style sheets of a zip
_DECLARED = re.compile(rb"(?:charset|encoding)\s{0,9}[= ]\s{0,9}[\"']?\s{0,9}([A-Za-z][\w.:-]{1,30})")
_WIDE = ("gb", "big5", "shift", "euc", "iso-2022")
_DECLARED_WITHIN = 1024  # bytes
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Archive:
    """A zip that opened. ``names`` are those of its members, as they are written in it.

    ``heads`` has the first bytes of those that were read in search of damage.
    """

    def __init__(self, packed: zipfile.ZipFile, notes: InspectionNotes) -> None:
        self.packed = packed
        self.names = frozenset(packed.namelist())
        self.heads: dict[str, bytes] = {}
        self._notes = notes
        self._left = TEXTS_LIMIT

    def read(self, name: str, limit: int = TEXT_LIMIT) -> bytes:
        """A member's bytes. Raises ContentUnreadable, and ContentTooLarge for more than ``limit`` bytes."""
        size = self.packed.getinfo(name).file_size if name in self.names else 0
        if size > min(limit, self._left):
            raise _too_large(name, size)
        content = read_member(self.packed, name)
        self._left -= len(content)
        return content

    def find_text(self, name: str) -> str | None:
        """A member's text without data: URIs; None, with a note, for one that is too large or that cannot be read."""
        try:
            text = without_data(_decode(self.read(name, RAW_LIMIT)))
            if len(text) > TEXT_LIMIT:
                raise _too_large(name, len(text))
            return text
        except ContentTooLarge as problem:
            self._notes.skip(problem.message)
        except ContentUnreadable:
            pass  # damage is noted once, for the whole zip
        return None

    def similar_name(self, path: str) -> str | None:
        """A member whose name differs only in what people overlook: case, accents, backslashes, escapes."""
        return self._similar.get(_plain(path))

    @cached_property
    def _similar(self) -> dict[str, str]:
        return {_plain(name): name for name in sorted(self.names)}


def _too_large(name: str, size: int) -> ContentTooLarge:
    return ContentTooLarge(f"{name!r:.120} was not read: {size:,} bytes are too many.")


def _plain(name: str) -> str:
    path = unquote(name.replace("\\", "/"))
    return unicodedata.normalize("NFC", path[2:] if path.startswith("./") else path).casefold()


def _decode(content: bytes) -> str:
    """A text by its mark, as UTF-8, or in the encoding that it says it is in; else in that of old browsers."""
    if content.isascii():
        return content.decode("ascii")
    marked = [name for mark, name in _MARKS if content.startswith(mark)]
    said = _DECLARED.search(content[:_DECLARED_WITHIN])
    declared = said[1].decode("ascii").lower() if said else "cp1252"
    # A few words in Chinese may be UTF-8 by chance; that a page in UTF-8 says it is Latin-1 is more likely.
    first = [declared] if declared.startswith(_WIDE) else []
    for encoding in (*marked, *first, "utf-8", declared):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def open_for_inspection(stream: BinaryIO, notes: InspectionNotes) -> Archive | None:
    """The zip in a stream, every member of which was read once; None, with a note, for one that does not open."""
    try:
        archive = Archive(open_archive(stream), notes)
    except ContentTooLarge as problem:
        notes.skip(problem.message)
        return None
    except ContentUnreadable as problem:
        notes.add("archive-damaged", "", f"{problem.message} Learners see an error.")
        return None
    return archive if _is_sound(archive, notes) else None


def _is_sound(archive: Archive, notes: InspectionNotes) -> bool:
    """Whether it is worth a look inside. A damaged member may be one that nobody misses."""
    try:
        check_members(archive.packed, archive.heads)
    except ContentLocked as problem:
        notes.add("document-locked", "", f"{problem.message} Learners see an error.")
        return False
    except ContentTooLarge as problem:
        notes.skip(problem.message)
    except ContentUnreadable as problem:
        notes.add("archive-damaged", "", f"{problem.message} Learners cannot open that part.")
    return True
