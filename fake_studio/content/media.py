"""Films and sounds: whether browsers can play them, and whether they are whole.

MediaInfo says what is in them; whether bytes are missing is read from the container itself, because MediaInfo takes
recordings of an unknown length for cut ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from fake_studio.content import mp3, mp4, webm
from fake_studio.content.bounded import BoundedStream, LimitMet, bytes_at, size_of
from fake_studio.content.flaw import Flaw, Inspection

_CONTAINERS = {"mp4": "MPEG-4", "webm": "WebM", "mp3": "MPEG Audio"}
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
# Taggers and splitters leave the promised size a little wrong.
_MP3_TOLERANCE = 0.95

Track = dict[str, Any]


def inspect_media(stream: BinaryIO, extension: str) -> Inspection:
    """What keeps a film or a sound from being played. ``facts``: "duration" in seconds, if MediaInfo finds it."""
    container = _CONTAINERS.get(extension)
    if container is None:
        return Inspection(unchecked=(f"Files of the format {extension!r:.20} are not looked into.",))
    size = size_of(stream)
    if not size:
        return Inspection((Flaw("file-empty", "It has 0 bytes: the player shows nothing."),))
    cut = tuple(_cut(stream, extension, size))
    is_likely = _begins_as(stream, extension)
    try:
        tracks = _tracks(stream, _BYTES_READ if is_likely else _BYTES_NAMED)
    except LimitMet:
        if not is_likely:
            return Inspection(tuple(_flaws(stream, [], extension, container)))
        return Inspection(cut, ("It takes too long to read: its codecs were not checked.",))
    except (ImportError, OSError, RuntimeError) as error:
        return Inspection(cut, (f"Codecs of media were not checked: MediaInfo cannot be used ({error!r:.120}).",))
    flaws = cut or tuple(_flaws(stream, tracks, extension, container))
    return Inspection(flaws, facts=_facts(tracks))


def _begins_as(stream: BinaryIO, extension: str) -> bool:
    """Whether a file begins as one of its extension, so that it is worth reading on."""
    if extension == "mp3":
        return mp3.has_frame(stream)
    front = bytes_at(stream, 0, 8)
    return front.startswith(_EBML) if extension == "webm" else front[4:] in _FIRST_BOXES


def _tracks(stream: BinaryIO, bytes_read: int) -> list[Track]:
    """What MediaInfo says of a file, and of each thing in it."""
    from pymediainfo import MediaInfo  # loads a library of 8 MB, and many a channel has no media

    stream.seek(0)
    # At its usual speed it reads a film to its end, to measure bit rates.
    media = MediaInfo.parse(BoundedStream(stream, bytes_read=bytes_read), parse_speed=0)
    return [track.to_data() for track in media.tracks]


def _facts(tracks: list[Track]) -> dict[str, Any]:
    durations = [float(track["duration"]) / 1000 for track in tracks if track.get("duration")]
    return {"duration": max(durations)} if durations else {}


def _cut(stream: BinaryIO, extension: str, size: int) -> Iterator[Flaw]:
    if extension == "mp4" and bytes_at(stream, 4, 4) == b"ftyp":
        layout = mp4.layout_of(stream, size)
        if not layout.has_index:
            yield _cut_short("its index (moov) is missing, so that no player opens it")
        elif layout.needs > size:
            yield _missing_bytes(size, layout.needs)
    elif extension == "webm" and webm.needed_size(stream) > size:
        yield _missing_bytes(size, webm.needed_size(stream))
    elif extension == "mp3" and mp3.needed_size(stream) * _MP3_TOLERANCE > size:
        yield _missing_bytes(size, mp3.needed_size(stream))


def _missing_bytes(size: int, needed: int) -> Flaw:
    return _cut_short(f"it needs {needed:,} bytes and has {size:,}, so that it stops before its end")


def _cut_short(reason: str) -> Flaw:
    return Flaw("media-cut-short", f"It is cut short: {reason}.")


def _flaws(stream: BinaryIO, tracks: list[Track], extension: str, container: str) -> Iterator[Flaw]:
    general = next(iter(_of_kind(tracks, "General")), {})
    if general.get("format") != container:
        yield Flaw("file-extension-differs", f"It is {_what(stream, general)}, not {extension}: players reject it.")
    elif extension == "mp3":
        yield from _sound_flaws(_of_kind(tracks, "Audio"))
    else:
        yield from _film_flaws(_of_kind(tracks, "Video"), _of_kind(tracks, "Audio"))


def _of_kind(tracks: list[Track], kind: str) -> list[Track]:
    return [track for track in tracks if track.get("track_type") == kind]


def _what(stream: BinaryIO, general: Track) -> str:
    if general.get("format"):
        return f"a file of the format {general['format']}"
    begin = bytes_at(stream, 0, 256).lstrip().lower()
    if begin.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    return "no film or sound" if begin.strip(b"\0") else "filled with zeros"


def _sound_flaws(sounds: list[Track]) -> Iterator[Flaw]:
    if not any(sound.get("frame_count") or sound.get("duration") for sound in sounds):
        yield Flaw("media-not-playable", "There is no sound in it: the player shows nothing.")
    elif all(_sound_fault(sound) for sound in sounds):
        yield Flaw("media-not-playable", f"Its sound is {_sound_fault(sounds[0])}.")


def _film_flaws(pictures: list[Track], sounds: list[Track]) -> Iterator[Flaw]:
    if not pictures:
        yield Flaw("media-not-playable", "It has no picture: learners see a black frame.")
    elif all(map(_picture_fault, pictures)):
        yield Flaw("media-not-playable", f"Its picture is {_picture_fault(pictures[0])}.")
    if not sounds:
        yield Flaw("media-without-sound", "It has no sound track: learners hear nothing.")
    elif all(map(_sound_fault, sounds)):
        yield Flaw("media-without-sound", f"Its sound is {_sound_fault(sounds[0])}.")


def _picture_fault(track: Track) -> str | None:
    """Why browsers do not show a picture, as the end of a sentence; None if they do."""
    if _is_locked(track):
        return "encrypted: nobody sees it without the key"
    name = _name(track)
    if track.get("format") not in _PICTURES:
        return f"{name}, which most browsers do not play: learners see no picture"
    if track.get("format") != "AVC":
        return None
    depth, colours = track.get("bit_depth") or 8, track.get("chroma_subsampling") or "4:2:0"
    if depth != 8 or colours not in ("4:2:0", "4:0:0"):
        return f"{name} with {depth} bit and {colours}, which browsers do not play: learners see no picture"
    return None


def _sound_fault(track: Track) -> str | None:
    """Why browsers do not play a sound, as the end of a sentence; None if they do."""
    if _is_locked(track):
        return "encrypted: nobody hears it without the key"
    layer = str(track.get("format_profile") or "")
    is_old = track.get("format") == "MPEG Audio" and layer in ("Layer 1", "Layer 2")
    if is_old or track.get("format") not in _SOUNDS:
        return f"{_name(track)}{f' {layer}' if is_old else ''}, which browsers do not play: learners hear nothing"
    return None


def _is_locked(track: Track) -> bool:
    return bool(track.get("encryption")) or str(track.get("codec_id")).startswith(("encv", "enca"))


def _name(track: Track) -> str:
    kind = str(track.get("format") or track.get("codec_id") or "of an unknown format")
    return _NAMES.get(kind, kind)
