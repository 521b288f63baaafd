"""Numbers of things in words."""

from __future__ import annotations

from collections.abc import Mapping


def count_of(number: int, noun: str, plural: str = "") -> str:
    """``1 file``, ``2 files``, ``1,200 files``; ``plural`` where an s does not make it."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_COUNTED_KINDS = ("topic", "video", "document", "exercise", "slideshow")  # nobody says audios or html5s


def size_of(count: float | None) -> str:
    """Bytes as people read them, and as Studio counts them (1 KB is 1,024 bytes): ``1.4 MB``."""
    if count is None:
        return "unknown"
    value, unit = float(min(count, 1e300)), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.0f} {_UNITS[0]}" if unit == 0 else f"{value:.1f} {_UNITS[unit]}"


def kinds_of(kinds: Mapping[str, int]) -> str:
    """How many nodes there are of each kind: ``6 documents, 1 audio, 2 html5``."""
    return ", ".join(
        count_of(count, kind) if kind in _COUNTED_KINDS else f"{count:,} {kind}" for kind, count in kinds.items()
    )
