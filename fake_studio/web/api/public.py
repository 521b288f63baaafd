"""What Kolibri reads: who this server is, its published channels, and their databases. Nobody needs a token here."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request

from fake_studio.core.refusals import ApiVersionUnknown, FileNotStored
from fake_studio.views import public_api
from fake_studio.web.access import public_url
from fake_studio.web.api.uploads import storage
from fake_studio.web.file_answer import file_answer
from fake_studio.web.request import check_format, studio

View = TypeVar("View", bound=Callable[..., Any])
public = Blueprint("public", __name__, url_prefix="/api/public")
public.before_request(check_format)


def endless(path: str, *, bare: bool = False) -> Callable[[View], View]:
    """Route a path, and whatever goes on from it: Studio's patterns have no end. ``bare`` without a slash between."""

    def register(view: View) -> View:
        for end in ("", "/", "/<path:rest>", *(["<path:rest>"] if bare else [])):
            public.get(path + end)(view)
        return view

    return register


@endless("/info", bare=True)
def info(rest: str = "") -> dict[str, Any]:
    return public_api.info(request.args.get("v", "1"), uuid.uuid5(uuid.NAMESPACE_URL, public_url()).hex)


@public.get("/<version>/channels")
def public_channels(version: str) -> Response:
    _check_version(version)
    with studio().lock:
        channels = public_api.list_channels(studio().state.channels.values(), request.args)
        return jsonify([public_api.channel_to_dict(channel, request.args) for channel in channels])


@endless("/channel/<channel_id>")
def channel_name(channel_id: str, rest: str = "") -> dict[str, Any]:
    """Any channel by its id, published or not."""
    return public_api.name_to_dict(studio().state.channels, channel_id)


@endless("/<version>/channels/lookup/<identifier>")
def lookup(version: str, identifier: str, rest: str = "") -> Response:
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
    try:
        file = Path(path).open("rb")  # noqa: SIM115
    except FileNotFoundError:  # the Studio was reset since
        raise FileNotStored(f"There is no database {name!r:.80} any more.") from None
    about = os.fstat(file.fileno())
    etag = f"{about.st_mtime_ns:x}-{about.st_size:x}"
    answer = file_answer(file, about.st_size, "application/vnd.sqlite3", etag)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
