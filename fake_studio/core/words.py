"""Numbers of things in words."""

from __future__ import annotations


def count_of(number: int, noun: str, plural: str = "") -> str:
    """``1 file``, ``2 files``, ``1,200 files``; ``plural`` where an s does not make it."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
