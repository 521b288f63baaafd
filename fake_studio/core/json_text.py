"""JSON that every reader takes: the numbers that it lacks become texts, and halves of surrogate pairs escapes."""

from __future__ import annotations

import json
import math
import re
from typing import Any

_NOT_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def to_json(data: Any, **options: Any) -> str:
    """JSON text, with the ``options`` of ``json.dumps``; a chef's 1e400 is ``"Infinity"`` (RFC 8259, 6 has no other).

    Raises TypeError for what is no JSON data.
    """
    try:
        text = json.dumps(data, allow_nan=False, **options)
    except ValueError:
        text = json.dumps(replace_infinity(data), **options)
    return escape_halves(text)


def replace_infinity(data: Any) -> Any:
    """JSON data with the texts ``"Infinity"``, ``"-Infinity"`` and ``"NaN"`` in place of these numbers."""
    if isinstance(data, dict):
        return {name: replace_infinity(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [replace_infinity(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return _NOT_FINITE.get(data, "NaN")
    return data


def escape_halves(text: str) -> str:
    """A JSON text with escapes for halves of surrogate pairs: UTF-8 has no bytes for them."""
    return text if text.isascii() else _HALF_A_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
