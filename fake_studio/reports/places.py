"""What a rejected request is about."""

from __future__ import annotations

from fake_studio.core.exchange import Exchange


def place_of(exchange: Exchange) -> list[str]:
    """What a refusal is about, as far as it says: a node, a file, a field."""
    cause, body = exchange.refusal or {}, exchange.request.get("body")
    place = [f"node {cause['title']!r} ({cause['node_id']})"] if cause.get("node_id") else []
    if exchange.endpoint == "upload_url" and isinstance(body, dict):
        place.append(f"file {body.get('name')!r}")
    return place + ([str(cause["field"])] if cause.get("field") else [])


def format_cause(exchange: Exchange) -> str:
    """What a refusal is about, and why it was refused."""
    place = ", ".join(place_of(exchange))
    message = str((exchange.refusal or {}).get("message"))
    return f"{place}: {message}" if place else message
