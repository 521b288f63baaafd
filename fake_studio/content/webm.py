"""The elements of a WebM file: how long its segment says that it is, and what is in it where that is plain.

Source: RFC 8794 (EBML), RFC 9559 (Matroska).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from fake_studio.content.bounded import bytes_at
from fake_studio.content.tracks import PICTURE, SOUND, Media, Track

_HEADER, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_DOC_TYPE, _INFO, _TRACKS, _ENTRY = 0x4282, 0x1549A966, 0x1654AE6B, 0xAE
_SCALE, _DURATION = 0x2AD7B1, 0x4489
_TYPE, _CODEC, _ENCODINGS = 0x83, 0x86, 0x6D80
_KINDS = {1: PICTURE, 2: SOUND}
_CODECS = {b"V_VP8": "VP8", b"V_VP9": "VP9", b"V_AV1": "AV1", b"A_OPUS": "Opus", b"A_VORBIS": "Vorbis"}
_FRONT = 64 * 1024  # bytes in which info and tracks are looked for


def needed_size(stream: BinaryIO) -> int:
    """The size in bytes that the file must have for its segment to be whole; 0 if that is not said."""
    kind, begin, length = _element(stream, 0)
    if kind != _HEADER or length is None:
        return 0
    kind, begin, length = _element(stream, begin + length)
    return begin + length if kind == _SEGMENT and length is not None else 0


def read_webm(stream: BinaryIO) -> Media | None:
    """What a WebM file consists of; None where its beginning is not plain."""
    front = bytes_at(stream, 0, _FRONT)
    kind, place, length = _element_in(front, 0)
    header = front[place : place + (length or 0)] if kind == _HEADER else b""
    kind, begin, _ = _element_in(front, place + len(header))
    if kind != _SEGMENT or dict(_elements(header)).get(_DOC_TYPE, b"").rstrip(b"\0") != b"webm":
        return None
    parts = dict(_elements(front[begin:]))
    duration = _duration(dict(_elements(parts.get(_INFO, b""))))
    entries = [dict(_elements(content)) for kind, content in _elements(parts.get(_TRACKS, b"")) if kind == _ENTRY]
    tracks = [_track(entry) for entry in entries if entry.get(_TYPE) in (b"\x01", b"\x02")]
    plain = [track for track in tracks if track]
    is_plain = _CLUSTER in parts and duration and tracks and len(plain) == len(tracks)
    return Media("WebM", plain, duration) if is_plain else None


def _duration(info: dict[int, bytes]) -> float | None:
    """Seconds. The scale is in nanoseconds, a million unless it is said."""
    content = info.get(_DURATION, b"")
    form = {4: ">f", 8: ">d"}.get(len(content))
    scale = int.from_bytes(info.get(_SCALE, b"\x0f\x42\x40"), "big")
    return struct.unpack(form, content)[0] * scale / 1e9 if form else None


def _track(entry: dict[int, bytes]) -> Track | None:
    codec = _CODECS.get(entry.get(_CODEC, b"").rstrip(b"\0"))
    return Track(_KINDS[entry[_TYPE][0]], codec) if codec and _ENCODINGS not in entry else None


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements in a part of a file, one behind the other, up to the first cluster or one of an unknown length."""
    place = 0
    while place < len(data):
        kind, begin, length = _element_in(data, place)
        if not kind or (length is None and kind != _CLUSTER):
            return
        yield kind, b"" if kind == _CLUSTER else data[begin : begin + (length or 0)]
        if kind == _CLUSTER:
            return
        place = begin + (length or 0)


def _element(stream: BinaryIO, offset: int) -> tuple[int, int, int | None]:
    """An element's id, where its content begins, and its length in bytes; None for "until the end"."""
    kind, begin, length = _element_in(bytes_at(stream, offset, 12), 0)
    return kind, offset + begin, length


def _element_in(data: bytes, place: int) -> tuple[int, int, int | None]:
    id_width = _width(data[place : place + 1])
    size_place = place + id_width
    size_width = _width(data[size_place : size_place + 1])
    if not id_width or not size_width:
        return 0, place, None
    kind = int.from_bytes(data[place:size_place], "big")
    value = int.from_bytes(data[size_place : size_place + size_width], "big")
    mask = (1 << 7 * size_width) - 1
    return kind, size_place + size_width, None if value & mask == mask else value & mask


def _width(first: bytes) -> int:
    """How many bytes a number takes: as many as its first byte has leading zeros, and one."""
    return 9 - first[0].bit_length() if first and first[0] else 0
