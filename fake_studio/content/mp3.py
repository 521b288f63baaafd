"""The frames of an MP3 file: whether they are there, how long they last, and how many bytes the first one promises.

Source: ID3v2.4 structure, 3.1; the Xing and Info headers that LAME and ffmpeg write into the first frame.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

from fake_studio.content.bounded import bytes_at
from fake_studio.content.tracks import SOUND, Media, Track

_SYNC = re.compile(rb"\xff[\xe2-\xff][\x10-\xef]")
_FAR_FRAME = 1024 * 1024  # bytes in which it is looked for
_MPEG_1, _MPEG_2 = 3, 2
_LAYER_1, _LAYER_2, _LAYER_3 = 3, 2, 1
_HERTZ = (44100, 48000, 32000)
_SHIFTS = {_MPEG_1: 0, _MPEG_2: 1}  # halvings of these; 2 for MPEG 2.5
_RATES = {  # in kbit/s, by whether it is MPEG 1 and by layer; ISO/IEC 11172-3, 2.4.2.3, and 13818-3, 2.4.2.3
    (True, _LAYER_1): tuple(range(32, 449, 32)),
    (True, _LAYER_2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, _LAYER_3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, _LAYER_1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, _LAYER_2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, _LAYER_3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MANY = 20  # tags before the sound
_FRAMES, _BYTES = 1, 2  # flags of the header's fields
_FAR = 8192  # bytes in which the first frames are looked for: one has 1,441 at most
_PLAIN_FRAMES = 4


def read_mp3(stream: BinaryIO, size: int) -> Media | None:
    """What an MP3 file of this size (bytes) consists of; None where its beginning is not plain."""
    begin = _sound_begin(stream)
    sound = bytes_at(stream, begin, _FAR)
    headers = list(_plain_headers(sound))
    if len(headers) < _PLAIN_FRAMES:
        return None
    (promised, _), seconds = _promises(sound), _frame_seconds(headers[0])
    if promised:
        duration = promised * seconds
    elif len({header[2] >> 4 for header in headers}) == 1:
        duration = (size - begin) / _frame_length(headers[0]) * seconds
    else:
        return None  # of varying bit rate, without a table
    return Media("MPEG Audio", [Track(SOUND, "MPEG Audio", "Layer 3", duration=duration)], duration)


def _plain_headers(sound: bytes) -> Iterator[bytes]:
    """The headers of the first frames, each where the one before it ends, as long as they are Layer 3."""
    place = 0
    for _ in range(_PLAIN_FRAMES):
        header = sound[place : place + 4]
        length = _frame_length(header) if len(header) == 4 and _SYNC.match(header) else 0
        if not length or header[1] >> 1 & 3 != _LAYER_3:
            return
        yield header
        place += length


def _frame_seconds(header: bytes) -> float:
    version = header[1] >> 3 & 3
    hertz = _HERTZ[header[2] >> 2 & 3] >> _SHIFTS.get(version, 2)
    return (1152 if version == _MPEG_1 else 576) / hertz


def has_frame(stream: BinaryIO) -> bool:
    """Whether a frame of sound stands behind the tags, with another one behind it."""
    sound = bytes_at(stream, _sound_begin(stream), _FAR_FRAME)
    places = (match.start() for match in _SYNC.finditer(sound))
    return any(_is_followed(sound, place) for place in places)


def _is_followed(sound: bytes, place: int) -> bool:
    length = _frame_length(sound[place : place + 4])
    return bool(length) and _SYNC.match(sound, place + length) is not None


def _frame_length(header: bytes) -> int:
    """The bytes of a frame by its header; 0 for one that is none."""
    version, layer, rate, frequency = header[1] >> 3 & 3, header[1] >> 1 & 3, header[2] >> 4, header[2] >> 2 & 3
    rates = _RATES.get((version == _MPEG_1, layer), ())
    if not layer or version == 1 or frequency == 3 or not 0 < rate <= len(rates):
        return 0
    hertz = _HERTZ[frequency] >> _SHIFTS.get(version, 2)
    padding, kilobits = header[2] >> 1 & 1, rates[rate - 1]
    if layer == _LAYER_1:
        return (12000 * kilobits // hertz + padding) * 4
    samples = 72000 if layer == _LAYER_3 and version != _MPEG_1 else 144000
    return samples * kilobits // hertz + padding


def needed_size(stream: BinaryIO) -> int:
    """The size in bytes that the file must have at least for all its sound to be there; 0 if that is not said."""
    begin = _sound_begin(stream)
    _, promised = _promises(bytes_at(stream, begin, _FAR))
    return begin + promised if promised else 0


def _promises(sound: bytes) -> tuple[int, int]:
    """The numbers of frames and of bytes that the header in the first frame promises; 0 for what it does not say."""
    place = next((at for at in (sound.find(b"Xing"), sound.find(b"Info")) if at >= 0), None)
    if place is None or len(sound) < place + 16:
        return 0, 0
    flags, first, second = struct.unpack_from(">III", sound, place + 4)
    frames = first if flags & _FRAMES else 0
    return frames, (second if flags & _FRAMES else first) if flags & _BYTES else 0


def _sound_begin(stream: BinaryIO) -> int:
    """Where the tags at the front end, in bytes. Their sizes have seven bits a byte."""
    begin = 0
    for _ in range(_MANY):
        tag = bytes_at(stream, begin, 10)
        if len(tag) < 10 or not tag.startswith(b"ID3"):
            break
        begin += 10 + sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0)))
    return begin
