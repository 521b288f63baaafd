"""What MediaInfo says of a film or a sound. It knows every format, and takes 5 to 10 ms for the smallest file."""

from __future__ import annotations

from typing import Any, BinaryIO

from fake_studio.content.bounded import BoundedStream
from fake_studio.content.tracks import Media, Track


def ask_mediainfo(stream: BinaryIO, bytes_read: int) -> Media:
    """What is in a file. Raises LimitMet behind so many bytes; ImportError, OSError, RuntimeError without MediaInfo."""
    from pymediainfo import MediaInfo  # loads a library of 8 MB, and many a channel has no media

    stream.seek(0)
    # At its usual speed it reads a film to its end, to measure bit rates.
    parsed = MediaInfo.parse(BoundedStream(stream, bytes_read=bytes_read), parse_speed=0)
    data = [track.to_data() for track in parsed.tracks]
    general = next((track for track in data if track.get("track_type") == "General"), {})
    durations = [float(track["duration"]) / 1000 for track in data if track.get("duration")]
    return Media(str(general.get("format") or ""), [_track(track) for track in data], max(durations, default=None))


def _track(data: dict[str, Any]) -> Track:
    codec, frames, duration = str(data.get("codec_id")), data.get("frame_count"), data.get("duration")
    return Track(
        kind=str(data.get("track_type")),
        format=str(data.get("format") or data.get("codec_id") or ""),
        profile=str(data.get("format_profile") or ""),
        depth=int(data.get("bit_depth") or 8),
        colours=str(data.get("chroma_subsampling") or "4:2:0"),
        duration=float(duration) / 1000 if duration else None,
        frames=int(frames) if frames is not None else None,
        is_locked=bool(data.get("encryption")) or codec.startswith(("encv", "enca")),
    )
