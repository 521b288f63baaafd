"""What a film or a sound consists of, whoever read it: this package itself, or MediaInfo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PICTURE, SOUND = "Video", "Audio"


@dataclass(frozen=True)
class Track:
    """A picture or a sound. ``format``, ``profile`` and ``colours`` are MediaInfo's names, ``depth`` is in bits.

    ``duration`` is in seconds. It and ``frames`` are None where they are not known.
    """

    kind: str
    format: str
    profile: str = ""
    depth: int = 8
    colours: str = "4:2:0"
    duration: float | None = None
    frames: int | None = None
    is_locked: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it has not one frame, as far as that is known."""
        return self.frames == 0


@dataclass(frozen=True)
class Media:
    """A container by MediaInfo's name (empty if nobody knows it), what is in it, and how long it lasts (seconds)."""

    container: str
    tracks: Sequence[Track] = ()
    duration: float | None = None

    def of_kind(self, kind: str) -> list[Track]:
        """Its pictures or its sounds."""
        return [track for track in self.tracks if track.kind == kind]
