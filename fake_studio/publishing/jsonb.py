"""JSON as Studio's database gives it back: PostgreSQL keeps the keys of an object in an order of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def jsonb_order(value: Any) -> Any:
    """The same data with every object's keys in the order of PostgreSQL's jsonb: short before long, then by bytes.

    The content database and the slideshow manifests show this order (recording published/rich).
    """
    if isinstance(value, dict):
        return {key: jsonb_order(value[key]) for key in key_order(value)}
    if isinstance(value, list):
        return [jsonb_order(entry) for entry in value]
    return value


def key_order(keys: Iterable[str]) -> list[str]:
    """Keys as jsonb orders them."""
    return sorted(keys, key=lambda key: (len(key.encode("utf-8", "surrogatepass")), key))
