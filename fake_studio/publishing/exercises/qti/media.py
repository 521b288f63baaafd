"""The stored files that an item shows, and where they lie in a package.

Source: Studio utils/assessment/qti/media.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Match

_ATTRIBUTE = re.compile(r"(src|href|data|srcset)(\s*=\s*)([\"'])([^\"']*)\3")
_ENTRY = re.compile(r"(?<![^\s,])([^\s,]+)((?:\s+(?:\d+(?:\.\d+)?|\.\d+)[xwh])+)")


def rewrite_media(item: str, paths: Mapping[str, str]) -> str:
    """The text of an item with the names of its files replaced by their ``paths``; every other character stays."""
    if not paths:
        return item

    def rewrite_entry(entry: Match[str]) -> str:
        return paths.get(entry[1], entry[1]) + entry[2]

    def rewrite(attribute: Match[str]) -> str:
        name, equals, quote, value = attribute.groups()
        value = _ENTRY.sub(rewrite_entry, value) if name == "srcset" else paths.get(value, value)
        return f"{name}{equals}{quote}{value}{quote}"

    return _ATTRIBUTE.sub(rewrite, item)
