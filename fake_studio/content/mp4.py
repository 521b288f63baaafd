"""The boxes of an MP4 file: whether its index is there, and whether all that it points at is.

Source: ISO/IEC 14496-12, 4.2 (boxes), 8.6 and 8.7 (sample tables), 8.8 (fragments).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fake_studio.content.bounded import bytes_at

_MANY = 200_000  # boxes at the top: a film of hours in fragments has some ten thousand
_MANY_INSIDE = 1000  # boxes in a box
_INDEX_LIMIT = 64 * 1024 * 1024  # bytes of an index that is read
_MOVIE = (b"moov", b"mdat", b"moof")
_CONTAINERS = (b"trak", b"mdia", b"minf", b"stbl")


@dataclass(frozen=True)
class Layout:
    """Where an MP4 file's parts end: ``needs`` is the size in bytes that it must have for all of them to be there.

    ``index`` is the content of its moov, empty without one; ``is_fragmented`` says that other boxes go on with it,
    and ``samples_end`` where the last picture or sound ends (bytes), 0 if no table says it.
    """

    has_index: bool
    needs: int
    index: bytes = b""
    is_fragmented: bool = False
    samples_end: int = 0


def layout_of(stream: BinaryIO, size: int) -> Layout:
    """The layout of a file of this size (bytes)."""
    boxes = list(_top_boxes(stream, size))
    index = next((box for box in boxes if box[0] == b"moov"), None)
    movie_end = max((end for kind, _, end in boxes if kind in _MOVIE), default=0)
    if index is None or index[2] > size:
        return Layout(has_index=False, needs=movie_end)
    is_fragmented = any(kind == b"moof" for kind, _, _ in boxes)
    content = _index(stream, index)
    samples_end = 0 if is_fragmented else _samples_end(content)
    # Some cameras leave the size of mdat wrong, and players never look at it: where there is a table, it decides.
    return Layout(True, samples_end or movie_end, content, is_fragmented, samples_end)


Box = tuple[bytes, int, int]  # kind, where its content begins, where it ends


def _top_boxes(stream: BinaryIO, size: int) -> Iterator[Box]:
    offset = 0
    for _ in range(_MANY):
        box = _box(bytes_at(stream, offset, 16), offset, size)
        if box is None:
            return
        yield box
        offset = box[2]


def _box(header: bytes, offset: int, end: int) -> Box | None:
    if len(header) < 8:
        return None
    length, kind = struct.unpack(">I4s", header[:8])
    begin = offset + 8
    if length == 1 and len(header) == 16:
        length, begin = struct.unpack(">Q", header[8:])[0], offset + 16
    elif length == 0:
        length = end - offset
    return (kind, begin, offset + length) if length >= 8 and kind.isascii() else None


def _index(stream: BinaryIO, box: Box) -> bytes:
    _, begin, end = box
    return bytes_at(stream, begin, min(end - begin, _INDEX_LIMIT))


def _samples_end(index: bytes) -> int:
    """Where the last sample of all tracks ends, in bytes; 0 if no table says it."""
    tracks = (index[begin:end] for kind, begin, end in boxes_in(index, 0, len(index)) if kind == b"trak")
    return max(map(_track_end, tracks), default=0)


def boxes_in(data: bytes, begin: int, end: int) -> Iterator[Box]:
    """The boxes in a part of an index, one behind the other."""
    for _ in range(_MANY_INSIDE):
        box = _box(data[begin : begin + 16], begin, end) if begin < end else None
        if box is None:
            return
        yield box
        begin = box[2]


def tables_in(track: bytes) -> dict[bytes, bytes]:
    """The content of the boxes of a track that hold no others, by their kind."""
    return dict(_tables(track, 0, len(track)))


def _tables(track: bytes, begin: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    for kind, start, stop in boxes_in(track, begin, end):
        if kind in _CONTAINERS:
            yield from _tables(track, start, min(stop, end))
        else:
            yield kind, track[start:stop]


def _track_end(track: bytes) -> int:
    tables = tables_in(track)
    try:
        chunks = _chunk_offsets(tables)
        return max(chunks) + _last_chunk_size(tables) if chunks else 0
    except (KeyError, struct.error):  # a broken table is for the player to judge
        return 0


def _chunk_offsets(tables: dict[bytes, bytes]) -> tuple[int, ...]:
    table, width = (tables[b"co64"], "Q") if b"co64" in tables else (tables[b"stco"], "I")
    count = struct.unpack_from(">I", table, 4)[0]
    return struct.unpack_from(f">{min(count, len(table) // 4)}{width}", table, 8)


def _last_chunk_size(tables: dict[bytes, bytes]) -> int:
    """The bytes of the last chunk: its number of samples stands in stsc, their sizes in stsz."""
    sizes, groups = tables[b"stsz"], tables[b"stsc"]
    per_chunk = struct.unpack(">I", groups[-8:-4])[0]
    one_size, count = struct.unpack_from(">II", sizes, 4)
    samples: int = min(per_chunk, count)
    if one_size:
        return int(one_size) * samples
    last = sizes[12 : 12 + 4 * count][-4 * samples :] if samples else b""
    return sum(struct.unpack(f">{len(last) // 4}I", last))
