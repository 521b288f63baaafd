"""Films and sounds: what browsers play passes, in whatever odd shape; what they do not is said, with its codec."""

from __future__ import annotations

import io
import re
import struct
import time
from pathlib import Path

import pytest

from fake_studio.content.bounded import BoundedStream, LimitMet
from fake_studio.content.flaw import Inspection
from fake_studio.content.media import find_layout, inspect_media, read_plain
from fake_studio.content.mediainfo import ask_mediainfo

MEDIA = Path(__file__).parents[2] / "fixtures" / "media"


def read(name: str) -> bytes:
    return (MEDIA / name).read_bytes()


def inspect(content: bytes, extension: str) -> Inspection:
    return inspect_media(io.BytesIO(content), extension)


def codes(inspection: Inspection) -> list[str]:
    return [flaw.code for flaw in inspection.flaws]


def id3(size: int) -> bytes:
    """A tag with a cover of this size (bytes)."""
    return b"ID3\x04\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + b"\xff\xd8" * (size // 2)


PLAYED = {
    "index at the end": ("film.mp4", "mp4"),
    "index first": ("index-first.mp4", "mp4"),
    "in fragments": ("fragmented.mp4", "mp4"),
    "from a phone": ("quicktime.mov", "mp4"),
    "sound in MP3": ("mp3-sound.mp4", "mp4"),
    "sound in Opus": ("opus-sound.mp4", "mp4"),
    "VP8": ("vp8.webm", "webm"),
    "VP9": ("vp9.webm", "webm"),
    "AV1": ("av1.webm", "webm"),
    "without index or length": ("recording.webm", "webm"),
    "song": ("song.mp3", "mp3"),
}


# What this package leaves to MediaInfo.
ASKED = (
    *("fragmented.mp4", "four-two-two.mp4", "ten-bit.mp4", "mpeg-4-part-2.mp4", "mp3-sound.mp4", "layer-2.mp2"),
    "recording.webm",
)


@pytest.mark.parametrize(("name", "extension"), PLAYED.values(), ids=PLAYED)
def test_what_plays_has_no_flaw(name: str, extension: str) -> None:
    inspection = inspect(read(name), extension)
    assert (inspection.flaws, inspection.unchecked) == ((), ())
    assert name == "recording.webm" or 0.9 < inspection.facts["duration"] < 1.5


@pytest.mark.parametrize("path", sorted(MEDIA.glob("*.mp*")) + sorted(MEDIA.glob("*.webm")), ids=lambda path: path.name)
def test_what_is_read_here_mediainfo_says_too(path: Path) -> None:
    content = io.BytesIO(path.read_bytes())
    extension, size = path.suffix[1:].replace("mp2", "mp3"), path.stat().st_size
    media = read_plain(content, extension, size, find_layout(content, extension, size))
    if media is None:
        assert path.name in ASKED
        return
    asked = ask_mediainfo(content, 10**8)
    formats = [(track.kind, track.format) for track in asked.tracks if track.kind in ("Video", "Audio")]
    assert [(track.kind, track.format) for track in media.tracks] == formats
    assert media.container == asked.container
    assert media.duration == pytest.approx(asked.duration, abs=0.1)


def test_the_usual_films_are_not_shown_to_mediainfo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymediainfo", None)
    for name in ("film.mp4", "index-first.mp4", "opus-sound.mp4", "vp8.webm", "vp9.webm", "av1.webm", "song.mp3"):
        inspection = inspect(read(name), name.rpartition(".")[2])
        assert (inspection.flaws, inspection.unchecked) == ((), ()), name


def test_a_song_with_a_large_cover() -> None:
    assert inspect(id3(300_000) + read("song.mp3") + b"TAG" + bytes(125), "mp3") == inspect(read("song.mp3"), "mp3")


def test_a_song_behind_what_is_no_sound() -> None:
    for front in (bytes(100_000), b"junk \xff\xfb of a stream" * 4000, id3(40) + id3(4000)):
        assert inspect(front + read("song.mp3"), "mp3").flaws == ()


def test_a_large_film_is_not_read_to_its_end() -> None:
    content = read("film.mp4")
    moov = content.index(b"moov") - 4
    free = struct.pack(">I4s", 90_000_000, b"free") + bytes(90_000_000 - 8)
    inspection = inspect(content[:moov] + free + content[moov:], "mp4")
    assert (inspection.flaws, inspection.unchecked) == ((), ())
    hevc = read("hevc.mp4")
    moov = hevc.index(b"moov") - 4
    assert codes(inspect(hevc[:moov] + free + hevc[moov:], "mp4")) == ["media-not-playable"]


def test_bytes_behind_the_film_do_not_matter() -> None:
    free = struct.pack(">I4s", 20, b"free") + b"made by hand"
    for tail in (free, b"\0" * 512, b"\r\n", b"trailing words of a server"):
        assert inspect(read("film.mp4") + tail, "mp4").flaws == ()


def test_a_wrong_size_of_mdat_does_not_matter_where_all_samples_are_there() -> None:
    content = read("index-first.mp4")
    at = content.index(b"mdat") - 4
    longer = struct.pack(">I", struct.unpack_from(">I", content, at)[0] + 5000)
    assert inspect(content[:at] + longer + content[at + 4 :], "mp4").flaws == ()


UNPLAYABLE = {
    "hevc.mp4": ("media-not-playable", "HEVC (H.265)"),
    "ten-bit.mp4": ("media-not-playable", "H.264 with 10 bit and 4:2:0"),
    "four-two-two.mp4": ("media-not-playable", "H.264 with 8 bit and 4:2:2"),
    "mpeg-4-part-2.mp4": ("media-not-playable", "MPEG-4 Part 2"),
    "no-picture.mp4": ("media-not-playable", "no picture"),
    "no-sound.mp4": ("media-without-sound", "no sound track"),
    "ac-3-sound.mp4": ("media-without-sound", "AC-3 (Dolby Digital)"),
}


@pytest.mark.parametrize("name", UNPLAYABLE)
def test_what_browsers_do_not_play(name: str) -> None:
    [flaw] = inspect(read(name), "mp4").flaws
    code, says = UNPLAYABLE[name]
    assert flaw.code == code
    assert says in flaw.message


def with_count(content: bytes, track: int, count: int) -> bytes:
    """A film whose table of sizes has so many samples for this track."""
    at = [match.start() for match in re.finditer(b"stsz", content)][track]
    return content[: at + 12] + struct.pack(">I", count) + content[at + 16 :]


def test_a_track_without_one_frame() -> None:
    [flaw] = inspect(with_count(read("film.mp4"), 0, 0), "mp4").flaws
    assert (flaw.code, "has not one frame" in flaw.message) == ("media-not-playable", True)
    [flaw] = inspect(with_count(read("film.mp4"), 1, 0), "mp4").flaws
    assert (flaw.code, "sound is empty" in flaw.message) == ("media-without-sound", True)


WRONG = {
    "sound.wav": ("mp3", "Wave"),
    "sound.aac": ("mp3", "ADTS"),
    "no-picture.mp4": ("mp3", "MPEG-4"),
    "film.avi": ("mp4", "AVI"),
    "vp9.webm": ("mp4", "WebM"),
    "film.mp4": ("webm", "MPEG-4"),
    "matroska.mkv": ("webm", "Matroska"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bytes_of_another_format(name: str) -> None:
    extension, says = WRONG[name]
    [flaw] = inspect(read(name), extension).flaws
    assert flaw.code == "file-extension-differs"
    assert says in flaw.message


@pytest.mark.parametrize("extension", ["mp4", "webm", "mp3"])
def test_what_is_no_media_at_all(extension: str) -> None:
    page, zeros, text = b"<!DOCTYPE html><title>404</title>" * 20, bytes(20_000), b"Not found\n" * 9
    for content, says in ((page, "a web page"), (zeros, "filled with zeros"), (text, "neither video nor audio")):
        [flaw] = inspect(content, extension).flaws
        assert (flaw.code, says in flaw.message) == ("file-extension-differs", True), flaw
    assert codes(inspect(b"", extension)) == ["file-empty"]


def test_layer_2_is_no_mp3() -> None:
    [flaw] = inspect(read("layer-2.mp2"), "mp3").flaws
    assert flaw.code == "media-not-playable"
    assert "Layer 2" in flaw.message


@pytest.mark.parametrize("share", [0.4, 0.6, 0.95])
@pytest.mark.parametrize(
    "name", ["film.mp4", "index-first.mp4", "fragmented.mp4", "vp8.webm", "vp9.webm", "av1.webm", "song.mp3"]
)
def test_half_a_download_is_cut_short(name: str, share: float) -> None:
    content = read(name)
    if name == "song.mp3" and share > 0.9:
        return  # taggers leave the size as wrong as that
    [flaw] = inspect(content[: int(len(content) * share)], name.rpartition(".")[2]).flaws
    assert flaw.code == "media-cut-short"


def test_bytes_that_are_missing_are_counted() -> None:
    content = read("index-first.mp4")
    [flaw] = inspect(content[:-100], "mp4").flaws
    assert f"needs {len(content):,} bytes and has {len(content) - 100:,}" in flaw.message


def test_a_download_that_reserved_its_space_and_broke_off() -> None:
    content = read("index-first.mp4")
    [flaw] = inspect(content[:-2000] + bytes(2000), "mp4").flaws
    assert (flaw.code, "its end is filled with zeros" in flaw.message) == ("media-cut-short", True)
    assert inspect(content + struct.pack(">I4s", 5008, b"free") + bytes(5000), "mp4").flaws == ()


def test_an_index_of_nonsense_costs_nothing() -> None:
    content = read("film.mp4")
    for kind in (b"stco", b"stsz", b"stsc", b"moov", b"trak"):
        at = content.index(kind)
        broken = content[: at + 8] + b"\xff" * 8 + content[at + 16 :]
        begin = time.process_time()
        inspect(broken, "mp4")
        assert time.process_time() - begin < 2


def test_many_boxes_cost_seconds_at_most() -> None:
    begin = time.process_time()
    inspect(struct.pack(">I4s", 8, b"ftyp") + struct.pack(">I4s", 8, b"free") * 500_000, "mp4")
    assert time.process_time() - begin < 5


def test_without_the_library_what_it_would_say_is_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymediainfo", None)
    inspection = inspect(read("ten-bit.mp4"), "mp4")
    assert inspection.flaws == ()
    assert "MediaInfo cannot be used" in inspection.unchecked[0]
    assert codes(inspect(read("hevc.mp4"), "mp4")) == ["media-not-playable"], "its index says it plainly"
    cut = inspect(read("hevc.mp4")[:3000], "mp4")
    assert codes(cut) == ["media-cut-short"]


def test_reading_ends_when_the_budget_is_used_up() -> None:
    stream = BoundedStream(io.BytesIO(bytes(1000)), bytes_read=100)
    assert len(stream.read(60)) == 60
    stream.seek(0)
    assert len(stream.read(60)) == 41, "one more than is left, so that the next one stops"
    with pytest.raises(LimitMet):
        stream.read(60)
    with pytest.raises(LimitMet):
        BoundedStream(io.BytesIO(b"x"), seconds=-1).read(1)
