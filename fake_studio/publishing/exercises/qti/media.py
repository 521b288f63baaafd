"""The stored files that an item shows, and where they lie in a package.

Source: Studio utils/assessment/qti/media.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Match

from fake_studio.srcset import find_addresses

_ATTRIBUTE = re.compile(r"(src|href|data|srcset)(\s*=\s*)([\"'])([^\"']*)\3")


def rewrite_media(item: str, paths: Mapping[str, str]) -> str:
    """The text of an item with the names of its files replaced by their ``paths``; every other character stays."""
    if not paths:
        return item

    def rewrite(attribute: Match[str]) -> str:
        name, equals, quote, value = attribute.groups()
        value = _rewrite_srcset(value, paths) if name == "srcset" else paths.get(value, value)
        return f"{name}{equals}{quote}{value}{quote}"

    return _ATTRIBUTE.sub(rewrite, item)


def _rewrite_srcset(srcset: str, paths: Mapping[str, str]) -> str:
    parts, place = [], 0
    for begin, end in find_addresses(srcset):
        address = srcset[begin:end]
        parts += [srcset[place:begin], paths.get(address, address)]
        place = end
    return "".join([*parts, srcset[place:]])
