"""The address at which clients see this server."""

from __future__ import annotations

from flask import current_app, request


def public_url() -> str:
    """The address without a slash at its end: the configured one, else the one that the client used."""
    configured: str = current_app.config["PUBLIC_URL"]
    return (configured or request.host_url).rstrip("/")
