"""The frame of a WebM file: how long its segment says that it is. Source: RFC 8794 (EBML), RFC 9559 (Matroska)."""

from __future__ import annotations

from typing import BinaryIO

from fake_studio.content.bounded import bytes_at

_HEADER, _SEGMENT = 0x1A45DFA3, 0x18538067


def needed_size(stream: BinaryIO) -> int:
    """The size in bytes that the file must have for its segment to be whole; 0 if that is not said."""
    kind, begin, length = _element(stream, 0)
    if kind != _HEADER or length is None:
        return 0
    kind, begin, length = _element(stream, begin + length)
    return begin + length if kind == _SEGMENT and length is not None else 0


def _element(stream: BinaryIO, offset: int) -> tuple[int, int, int | None]:
    """An element's id, where its content begins, and its length in bytes; None for "until the end"."""
    data = bytes_at(stream, offset, 12)
    id_width = _width(data[:1])
    size_width = _width(data[id_width : id_width + 1])
    if not id_width or not size_width:
        return 0, offset, None
    kind = int.from_bytes(data[:id_width], "big")
    value = int.from_bytes(data[id_width : id_width + size_width], "big")
    mask = (1 << 7 * size_width) - 1
    return kind, offset + id_width + size_width, None if value & mask == mask else value & mask


def _width(first: bytes) -> int:
    """How many bytes a number takes: as many as its first byte has leading zeros, and one."""
    return 9 - first[0].bit_length() if first and first[0] else 0
