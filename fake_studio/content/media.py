"""Films and sounds: whether browsers can play them, and whether they are whole.

What is in the usual ones is read here, what is in the others MediaInfo says. Whether bytes are missing is read from the
container itself, because MediaInfo takes recordings of an unknown length for cut ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from fake_studio.content import mp3, mp4, webm
from fake_studio.content.bounded import LimitMet, bytes_at, size_of
from fake_studio.content.flaw import Flaw, Inspection
from fake_studio.content.mediainfo import ask_mediainfo
from fake_studio.content.mp4_tracks import read_mp4
from fake_studio.content.tracks import PICTURE, SOUND, Media, Track

_CONTAINERS = {"mp4": "MPEG-4", "webm": "WebM", "mp3": "MPEG Audio"}
ABSENT = "tracks"  # the place of a flaw that is no broken track but a missing one
_PICTURES = ("AVC", "VP8", "VP9", "AV1")
_SOUNDS = ("AAC", "MPEG Audio", "Opus", "Vorbis")
_NAMES = {
    "AVC": "H.264",
    "HEVC": "HEVC (H.265)",
    "MPEG-4 Visual": "MPEG-4 Part 2 (DivX, Xvid)",
    "MPEG Video": "MPEG-1 or MPEG-2",
    "AC-3": "AC-3 (Dolby Digital)",
    "E-AC-3": "E-AC-3 (Dolby Digital Plus)",
}
_EBML = b"\x1a\x45\xdf\xa3"
_FIRST_BOXES = (b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_BYTES_READ = 64 * 1024 * 1024  # of a film or sound
_BYTES_NAMED = 1024 * 1024  # of another file, to say what it is
_BLANK = 1024  # bytes: neither pictures nor sounds of a browser's codecs have so many zeros
# Taggers and splitters leave the promised size a little wrong.
_MP3_TOLERANCE = 0.95


def inspect_media(stream: BinaryIO, extension: str) -> Inspection:
    """What keeps a film or a sound from being played. ``facts``: "duration" in seconds, where it is known."""
    if extension not in _CONTAINERS:
        return Inspection(unchecked=(f"Files of the format {extension!r:.20} are not checked.",))
    size = size_of(stream)
    if not size:
        return Inspection((Flaw("file-empty", "It has 0 bytes: the player shows nothing."),))
    layout = find_layout(stream, extension, size)
    cut = tuple(_cut(stream, extension, size, layout))
    media = read_plain(stream, extension, size, layout)
    return _judge(stream, media, extension, cut) if media else _inspect_with_mediainfo(stream, extension, cut)


def find_layout(stream: BinaryIO, extension: str, size: int) -> mp4.Layout | None:
    """The layout of a file (bytes: ``size``) that is named and begins as MP4; None for others."""
    is_mp4 = extension == "mp4" and bytes_at(stream, 4, 4) == b"ftyp"
    return mp4.layout_of(stream, size) if is_mp4 else None


def read_plain(stream: BinaryIO, extension: str, size: int, layout: mp4.Layout | None) -> Media | None:
    """What is in a file, where it says so plainly. MediaInfo would say the same, and takes twenty times as long."""
    if extension == "mp4":
        return read_mp4(layout) if layout else None
    return webm.read_webm(stream) if extension == "webm" else mp3.read_mp3(stream, size)


def _judge(stream: BinaryIO, media: Media, extension: str, cut: tuple[Flaw, ...]) -> Inspection:
    facts = {"duration": media.duration} if media.duration else {}
    return Inspection(cut or tuple(_flaws(stream, media, extension)), facts=facts)


def _inspect_with_mediainfo(stream: BinaryIO, extension: str, cut: tuple[Flaw, ...]) -> Inspection:
    is_likely = _begins_as(stream, extension)
    try:
        media = ask_mediainfo(stream, _BYTES_READ if is_likely else _BYTES_NAMED)
    except LimitMet:
        if not is_likely:
            return _judge(stream, Media(""), extension, ())
        return Inspection(cut, ("It takes too long to read: its codecs were not checked.",))
    except (ImportError, OSError, RuntimeError) as error:
        return Inspection(cut, (f"Codecs of media were not checked: MediaInfo cannot be used ({error!r:.120}).",))
    return _judge(stream, media, extension, cut)


def _begins_as(stream: BinaryIO, extension: str) -> bool:
    """Whether a file begins as one of its extension, so that it is worth reading on."""
    if extension == "mp3":
        return mp3.has_frame(stream)
    front = bytes_at(stream, 0, 8)
    return front.startswith(_EBML) if extension == "webm" else front[4:] in _FIRST_BOXES


def _cut(stream: BinaryIO, extension: str, size: int, layout: mp4.Layout | None) -> Iterator[Flaw]:
    if layout is not None:
        yield from _cut_film(stream, size, layout)
    elif extension == "webm":
        needed = webm.needed_size(stream)
        if needed > size:
            yield _missing_bytes(size, needed)
    elif extension == "mp3":
        needed = mp3.needed_size(stream)
        if needed * _MP3_TOLERANCE > size:
            yield _missing_bytes(size, needed)


def _cut_film(stream: BinaryIO, size: int, layout: mp4.Layout) -> Iterator[Flaw]:
    if not layout.has_index:
        yield _cut_short("its index (moov) is missing, so no player opens it")
    elif layout.needs > size:
        yield _missing_bytes(size, layout.needs)
    elif layout.samples_end > _BLANK and _is_blank(bytes_at(stream, layout.samples_end - _BLANK, _BLANK)):
        yield _cut_short("its end is filled with zeros, as downloads leave it that reserve their space and break off")


def _is_blank(end: bytes) -> bool:
    return len(end) == _BLANK and not end.strip(b"\0")


def _missing_bytes(size: int, needed: int) -> Flaw:
    return _cut_short(f"it needs {needed:,} bytes and has {size:,}, so it stops before its end")


def _cut_short(reason: str) -> Flaw:
    return Flaw("media-cut-short", f"It is cut short: {reason}.")


def _flaws(stream: BinaryIO, media: Media, extension: str) -> Iterator[Flaw]:
    if media.container != _CONTAINERS[extension]:
        yield Flaw("file-extension-differs", f"This is {_what(stream, media)}, not {extension}: players reject it.")
    elif extension == "mp3":
        yield from _sound_flaws(media.of_kind(SOUND))
    else:
        yield from _film_flaws(media.of_kind(PICTURE), media.of_kind(SOUND))


def _what(stream: BinaryIO, media: Media) -> str:
    if media.container:
        return f"a file in {media.container} format"
    begin = bytes_at(stream, 0, 256).lstrip().lower()
    if begin.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    return "neither video nor audio" if begin.strip(b"\0") else "filled with zeros"


def _sound_flaws(sounds: list[Track]) -> Iterator[Flaw]:
    if not any(sound.frames or sound.duration for sound in sounds):
        yield Flaw("media-not-playable", "There is no sound in it: the player shows nothing.")
    elif all(_sound_fault(sound) for sound in sounds):
        yield Flaw("media-not-playable", f"Its sound is {_sound_fault(sounds[0])}.")


def _film_flaws(pictures: list[Track], sounds: list[Track]) -> Iterator[Flaw]:
    if not pictures:
        yield Flaw("media-not-playable", "It has no picture: learners see a black frame.", ABSENT)
    elif all(map(_picture_fault, pictures)):
        yield Flaw("media-not-playable", f"Its picture is {_picture_fault(pictures[0])}.")
    if not sounds:
        yield Flaw("media-without-sound", "It has no sound track: learners hear nothing.", ABSENT)
    elif all(map(_sound_fault, sounds)):
        yield Flaw("media-without-sound", f"Its sound is {_sound_fault(sounds[0])}.")


def _picture_fault(track: Track) -> str | None:
    """Why browsers do not show a picture, as the end of a sentence; None if they do."""
    if track.is_locked:
        return "encrypted: nobody sees it without the key"
    if track.is_empty:
        return "empty, it has not one frame: learners see nothing"
    if track.format not in _PICTURES:
        return f"{_name(track)}, which most browsers do not play: learners see no picture"
    if track.format != "AVC":
        return None
    if track.depth != 8 or track.colours not in ("4:2:0", "4:0:0"):
        named = f"{_name(track)} with {track.depth} bit and {track.colours}"
        return f"{named}, which browsers do not play: learners see no picture"
    return None


def _sound_fault(track: Track) -> str | None:
    """Why browsers do not play a sound, as the end of a sentence; None if they do."""
    if track.is_locked:
        return "encrypted: nobody hears it without the key"
    if track.is_empty:
        return "empty: learners hear nothing"
    is_old = track.format == "MPEG Audio" and track.profile in ("Layer 1", "Layer 2")
    if is_old or track.format not in _SOUNDS:
        layer = f" {track.profile}" if is_old else ""
        return f"{_name(track)}{layer}, which browsers do not play: learners hear nothing"
    return None


def _name(track: Track) -> str:
    return _NAMES.get(track.format, track.format) or "of an unknown format"
