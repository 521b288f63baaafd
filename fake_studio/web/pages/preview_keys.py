"""Addresses of previews that nobody can guess: a frame has no origin, so that theirs cannot be asked for it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from flask import current_app, g

from fake_studio.core.refusals import PathUnknown


def key_of(values: dict[str, Any]) -> str:
    """The part of an address that only this server can make: one for each node, and one for each stored file.

    What runs in one preview knows its own address, and so cannot make out another's.
    """
    subject = "/".join(str(values.get(name, "")) for name in ("channel_id", "node_id", "name"))
    secret: bytes = current_app.config["PREVIEW_SECRET"]
    return hmac.new(secret, subject.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def add_key(_endpoint: str, values: dict[str, Any]) -> None:
    """For ``url_for``: the key of what is named."""
    values.setdefault("key", key_of(values))


def take_key(_endpoint: object, values: dict[str, Any] | None) -> None:
    """Keep a route's key for ``check_key``: the route itself is not told."""
    if values is not None:
        g.preview_key = values.pop("key"), key_of(values)


def check_key() -> None:
    """Before a route. Raises PathUnknown for a wrong key."""
    sent, right = g.preview_key
    if not hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), right.encode("ascii")):
        raise PathUnknown("No preview lives at this address: open it from a page.")
