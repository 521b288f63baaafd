"""JSON as Studio's database gives it back: PostgreSQL keeps the keys of an object in an order of its own."""

from __future__ import annotations

from typing import Any, Iterable, List


def as_stored(value: Any) -> Any:
    """The same data with every object's keys in the order of PostgreSQL's jsonb: short before long, then by bytes.

    The content database and the slideshow manifests show this order (recording published/rich).
    """
    if isinstance(value, dict):
        return {key: as_stored(value[key]) for key in key_order(value)}
    if isinstance(value, list):
        return [as_stored(entry) for entry in value]
    return value


def key_order(keys: Iterable[str]) -> List[str]:
    """Keys as jsonb orders them."""
    return sorted(keys, key=lambda key: (len(key.encode("utf-8", "surrogatepass")), key))
