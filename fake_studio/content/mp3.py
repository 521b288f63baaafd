"""The frame of an MP3 file: how many bytes of sound its first frame promises.

Source: ID3v2.4 structure, 3.1; the Xing and Info headers that LAME and ffmpeg write into the first frame.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from fake_studio.content.bounded import bytes_at

_MANY = 20  # tags before the sound
_FRAMES, _BYTES = 1, 2  # flags of the header's fields
_FAR = 4096  # bytes in which the first frame is looked for


def needed_size(stream: BinaryIO) -> int:
    """The size in bytes that the file must have at least for all its sound to be there; 0 if that is not said."""
    begin = _sound_begin(stream)
    frame = bytes_at(stream, begin, _FAR)
    place = next((at for at in (frame.find(b"Xing"), frame.find(b"Info")) if at >= 0), None)
    if place is None or len(frame) < place + 16:
        return 0
    flags = struct.unpack_from(">I", frame, place + 4)[0]
    if not flags & _BYTES:
        return 0
    return int(begin + struct.unpack_from(">I", frame, place + (12 if flags & _FRAMES else 8))[0])


def _sound_begin(stream: BinaryIO) -> int:
    """Where the tags at the front end, in bytes. Their sizes have seven bits a byte."""
    begin = 0
    for _ in range(_MANY):
        tag = bytes_at(stream, begin, 10)
        if len(tag) < 10 or not tag.startswith(b"ID3"):
            break
        begin += 10 + sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0)))
    return begin
