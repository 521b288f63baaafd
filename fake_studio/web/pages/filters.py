"""How pages say sizes, times, numbers and data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template

from fake_studio.core.json_text import to_json
from fake_studio.core.labels import name_value
from fake_studio.core.words import count_of, kinds_of, size_of


def render(template: str, **data: Any) -> str:
    """A template with its data. What no text can be sent as (half a surrogate pair) becomes a question mark."""
    return render_template(template, **data).encode("utf-8", "replace").decode("utf-8")


_LONGEST = 20_000  # characters of data on a page
_ONE_LINE = 60  # characters of data that need no lines of their own


def size(count: float | None) -> str:
    """Bytes as people read them: ``1.4 MB``."""
    return size_of(count)


def moment(seconds: float | None) -> str:
    """A time by this machine's clock."""
    return "never" if seconds is None else datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")


def plural(count: int, word: str) -> str:
    """``1 node``, ``1,200 nodes``."""
    return count_of(count, word)


def kinds(counts: Mapping[str, int]) -> str:
    """``6 documents, 1 audio``."""
    return kinds_of(counts)


def as_json(data: Any) -> str:
    """JsonDict as indented JSON, cut where it gets long; text as it is."""
    text = data if isinstance(data, str) else _format_json(data)
    text = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be sent
    left = len(text) - _LONGEST
    return f"{text[:_LONGEST]}\n... and {left:,} more characters" if left > 0 else text


def _format_json(data: Any) -> str:
    short = to_json(data, ensure_ascii=False, default=str)
    return short if len(short) <= _ONE_LINE else to_json(data, indent=2, ensure_ascii=False, default=str)


FILTERS = {
    "size": size,
    "moment": moment,
    "plural": plural,
    "kinds": kinds,
    "as_json": as_json,
    "name_value": name_value,
}
