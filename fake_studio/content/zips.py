"""Zips, read in place: nothing is unpacked, and no path of theirs touches the disk."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from fake_studio.content.errors import ContentLocked, ContentTooLarge, ContentUnreadable

MEMBER_LIMIT = 100 * 1024 * 1024  # bytes of one member, unpacked
DIRECTORY_LIMIT = 4 * 1024 * 1024  # bytes of a zip's directory: a member takes 46 and its name
TESTED_LIMIT = 256 * 1024 * 1024  # bytes, unpacked, that are read in search of damage

_TAIL = 1024 * 66  # bytes at the end, where the directory's size stands
_CHUNK = 256 * 1024
_HEAD = 16  # bytes of a member that are kept
_ENCRYPTED = 1  # of a member's flag bits (APPNOTE 4.4.4)


def open_archive(stream: BinaryIO) -> zipfile.ZipFile:
    """The zip in a stream. Raises ContentUnreadable for what is none, ContentTooLarge for too many members."""
    size = _directory_size(stream)
    if size > DIRECTORY_LIMIT:  # zipfile would make an object of each member before it says how many there are
        raise ContentTooLarge(f"The zip has too many members to check: its directory takes {size:,} bytes.")
    try:
        return zipfile.ZipFile(stream)
    except Exception as error:  # zipfile lets through what struct, codecs and the stream raise
        raise ContentUnreadable(f"This is not a readable zip file ({error}).") from None


def _directory_size(stream: BinaryIO) -> int:
    """What the end of a zip says of its directory, in bytes; 0 where it says nothing."""
    stream.seek(max(0, stream.seek(0, 2) - _TAIL))
    tail = stream.read()
    stream.seek(0)
    return max(_number(tail, b"PK\x05\x06", 12, 4), _number(tail, b"PK\x06\x06", 40, 8))


def _number(tail: bytes, signature: bytes, offset: int, length: int) -> int:
    place = tail.rfind(signature)
    number = int.from_bytes(tail[place + offset : place + offset + length], "little") if place >= 0 else 0
    return 0 if number == 0xFFFFFFFF else number  # "see the record of the larger format"


def read_member(archive: zipfile.ZipFile, path: str) -> bytes:
    """One member's bytes. Raises ContentUnreadable where there is none, and for what is too large or broken."""
    try:
        with archive.open(path) as member:
            content = member.read(MEMBER_LIMIT + 1)
    except Exception as error:  # zlib, lzma and bz2 have errors of their own, and zipfile lets them through
        raise ContentUnreadable(f"{path!r:.120} cannot be read from the zip ({type(error).__name__}).") from None
    if len(content) > MEMBER_LIMIT:
        raise ContentUnreadable(f"{path!r:.120} is larger than {MEMBER_LIMIT:,} bytes, the most that is read here.")
    return content


def check_members(archive: zipfile.ZipFile, heads: dict[str, bytes]) -> None:
    """Read every member once, in search of damage, and keep how each begins in ``heads`` (16 bytes, by name).

    Raises ContentLocked, ContentUnreadable, and ContentTooLarge where damage may lie beyond TESTED_LIMIT.
    """
    left = TESTED_LIMIT
    for info in archive.infolist():
        if info.flag_bits & _ENCRYPTED:
            raise ContentLocked(
                f"{info.filename!r:.120} in the zip is encrypted, and Kolibri does not ask for a password."
            )
        if left > 0:
            size, heads[info.filename] = _test(archive, info, left)
            left -= size
    if left <= 0:
        raise ContentTooLarge(f"Only the first {TESTED_LIMIT:,} bytes of the zip's content were checked for damage.")


def _test(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> tuple[int, bytes]:
    """How many bytes of a member were read, and the first of them."""
    size, head = 0, b""
    try:
        with archive.open(info) as member:
            while size < limit and (chunk := member.read(_CHUNK)):
                size, head = size + len(chunk), head or chunk[:_HEAD]
    except NotImplementedError as error:
        message = f"{info.filename!r:.120} is packed in a way that Kolibri cannot read: {error}."
        raise ContentUnreadable(message) from None
    except Exception as error:  # as in read_member
        reason = f"{type(error).__name__}: {error}"
        raise ContentUnreadable(f"{info.filename!r:.120} in the zip is damaged ({reason:.120}).") from None
    return size, head


def find_entry(archive: zipfile.ZipFile, entry: str | None = None) -> str | None:
    """The member that Kolibri opens first: ``options.entry`` of the node, or ``index.html`` at the top; None without.

    Kolibri makes an address of the entry, so a query and a fragment may follow, and a folder means its index.html.
    """
    names = archive.namelist()
    return next((path for path in entry_paths(entry) if path in names), None)


def entry_paths(entry: str | None) -> list[str]:
    """The names that an entry may have in the zip: as it is written, then as the address that it is."""
    path = entry or "index.html"
    address = path.partition("#")[0].partition("?")[0].lstrip("/")
    return [path, address + "index.html" if not address or address.endswith("/") else address]
