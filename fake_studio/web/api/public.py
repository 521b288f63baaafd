"""What Kolibri reads: who this server is, its published channels, and their databases. Nobody needs a token here."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request, send_file

from fake_studio.core.refusals import ApiVersionUnknown
from fake_studio.views import public_api
from fake_studio.web.access import public_url
from fake_studio.web.api.uploads import storage
from fake_studio.web.request import studio

public = Blueprint("public", __name__, url_prefix="/api/public")


@public.get("/info")
@public.get("/info/")
def info() -> dict[str, Any]:
    return public_api.info(request.args.get("v", "1"), uuid.uuid5(uuid.NAMESPACE_URL, public_url()).hex)


@public.get("/<version>/channels")
def public_channels(version: str) -> Response:
    _check_version(version)
    with studio().lock:
        channels = public_api.list_channels(studio().state.channels.values(), request.args)
        return jsonify([public_api.channel_to_dict(channel, request.args) for channel in channels])


@public.get("/<version>/channels/lookup/<identifier>")
def lookup(version: str, identifier: str) -> Response:
    _check_version(version)
    with studio().lock:
        channels = public_api.lookup(studio().state.channels.values(), identifier)
        return jsonify([public_api.channel_to_dict(channels, request.args)])


def _check_version(version: str) -> None:
    if version != "v1":
        raise ApiVersionUnknown(f"The public API has no version {version!r:.40}.", allowed=["v1"])


@storage.get("/databases/<name>")
def database(name: str) -> Response:
    """A published channel's content database, the newest or one of its versions."""
    path = public_api.database(studio().state.channels, name)
    return send_file(path, mimetype="application/vnd.sqlite3", max_age=0)
