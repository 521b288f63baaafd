"""What is in an MP4 file, where its index says it plainly: most films are H.264 with AAC, and need no other reader.

Source: ISO/IEC 14496-12, 8.3 and 8.5 (movie, tracks, sample entries); 14496-15, 5.3 (avcC); 14496-1, 7.2.6 (esds).
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from fake_studio.content.mp4 import Layout, boxes_in, tables_in
from fake_studio.content.tracks import PICTURE, SOUND, Media, Track

_KINDS = {b"vide": PICTURE, b"soun": SOUND}
_NOT_SHOWN = (b"text", b"sbtl", b"subt", b"hint", b"tmcd", b"meta", b"odsm", b"sdsm")
_VISUAL, _AUDIO = 86, 36  # bytes of a sample entry before its boxes, its own header included
# H.264 profiles that are 8 bit and 4:2:0 whatever the film: Baseline, Main, Extended, High.
_EIGHT_BIT = (66, 77, 88, 100)
_AAC = (0x40, 0x66, 0x67, 0x68)  # object types of MPEG-4 and MPEG-2
_AAC_KINDS = (1, 2, 5, 29)  # Main, LC, HE, HE v2
_ES, _CONFIG, _SPECIFIC = 3, 4, 5  # tags of descriptors


def read_mp4(layout: Layout) -> Media | None:
    """What an MP4 file of this layout consists of; None where something in it is not plain."""
    if not layout.index or layout.is_fragmented:
        return None
    try:
        return _media(layout.index)
    except (LookupError, struct.error):  # a table that is missing or cut
        return None


def _media(index: bytes) -> Media | None:
    boxes = [(kind, index[begin:end]) for kind, begin, end in boxes_in(index, 0, len(index))]
    duration = _duration(dict(boxes)[b"mvhd"])
    tables = [tables_in(content) for kind, content in boxes if kind == b"trak"]
    tracks = [_track(track) for track in tables if _handler(track) not in _NOT_SHOWN]
    plain = [track for track in tracks if track]
    has_fragments = any(kind == b"mvex" for kind, _ in boxes)
    return None if has_fragments or not tracks or len(plain) < len(tracks) else Media("MPEG-4", plain, duration)


def _handler(tables: dict[bytes, bytes]) -> bytes:
    return tables[b"hdlr"][8:12]


def _duration(header: bytes) -> float | None:
    """Seconds, as mvhd and mdhd say them: their times are wider in version 1."""
    form, at = (">IQ", 20) if header[0] == 1 else (">II", 12)
    scale, duration = struct.unpack_from(form, header, at)
    return duration / scale if scale else None


def _track(tables: dict[bytes, bytes]) -> Track | None:
    kind, table = _KINDS[_handler(tables)], tables[b"stsd"]
    size, form = struct.unpack_from(">I4s", table, 8)
    read = _READERS.get(form)
    if read is None or struct.unpack_from(">I", table, 4)[0] != 1:
        return None
    name = read(table[8 : 8 + size])
    frames = struct.unpack_from(">I", tables[b"stsz"], 8)[0]
    return Track(kind, name, duration=_duration(tables[b"mdhd"]), frames=frames) if name else None


def _boxes_of(entry: bytes, begin: int) -> dict[bytes, bytes]:
    return {kind: entry[start:stop] for kind, start, stop in boxes_in(entry, begin, len(entry))}


def _read_h264(entry: bytes) -> str:
    """``AVC`` if header and sequence both say a profile of 8 bit; empty for others."""
    config = _boxes_of(entry, _VISUAL)[b"avcC"]
    is_plain = config[1] in _EIGHT_BIT and config[5] & 31 == 1 and config[9] == config[1]
    return "AVC" if is_plain else ""


def _read_aac(entry: bytes) -> str:
    """``AAC`` for its usual kinds; empty for others, and for what QuickTime writes in a form of its own."""
    if struct.unpack_from(">H", entry, 16)[0]:
        return ""
    stream = _descriptors(_boxes_of(entry, _AUDIO)[b"esds"][4:])[_ES]
    if stream[2] & 0xE0:  # fields in between
        return ""
    config = _descriptors(stream[3:])[_CONFIG]
    specific = _descriptors(config[13:])[_SPECIFIC]
    return "AAC" if config[0] in _AAC and specific[0] >> 3 in _AAC_KINDS else ""


def _descriptors(data: bytes) -> dict[int, bytes]:
    """Descriptors by tag. Their lengths have seven bits a byte, and another byte follows a set bit."""
    descriptors, place = {}, 0
    while place + 2 <= len(data):
        tag, length, place = data[place], 0, place + 1
        while place < len(data):
            length, place = length << 7 | data[place] & 0x7F, place + 1
            if not data[place - 1] & 0x80:
                break
        descriptors[tag], place = data[place : place + length], place + length
    return descriptors


_READERS: dict[bytes, Callable[[bytes], str]] = {
    b"avc1": _read_h264,
    b"avc3": _read_h264,
    b"mp4a": _read_aac,
    b"hvc1": lambda entry: "HEVC",
    b"hev1": lambda entry: "HEVC",
    b"av01": lambda entry: "AV1",
    b"vp09": lambda entry: "VP9",
    b"Opus": lambda entry: "Opus",
    b"ac-3": lambda entry: "AC-3",
    b"ec-3": lambda entry: "E-AC-3",
}
