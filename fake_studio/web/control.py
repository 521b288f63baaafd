"""The control API under /_fake/: for tests and people, from this machine only. Always JSON."""

from __future__ import annotations

from typing import Any, Dict

from flask import Blueprint, Response, jsonify, request

from fake_studio import account
from fake_studio.web.incoming import body, dialect, studio
from fake_studio.web.local import check_caller

control = Blueprint("control", __name__, url_prefix="/_fake")
control.before_request(check_caller)


@control.get("/health")
def health() -> Dict[str, Any]:
    return {"status": "ok", "dialect": dialect().name}


@control.post("/reset")
def reset() -> Dict[str, str]:
    studio().reset()
    return {"status": "ok"}


@control.get("/users")
def users() -> Response:
    return jsonify([account.user(user) for user in studio().users])


@control.post("/users")
def add_user() -> Dict[str, Any]:
    return account.user(studio().add_user(account.user_from(body(), len(studio().users) + 1)))


@control.get("/channels")
def channels() -> Response:
    return jsonify([account.channel(channel) for channel in studio().channels])


@control.get("/channels/<channel_id>")
def channel(channel_id: str) -> Dict[str, Any]:
    return account.channel(studio().channel(channel_id))


@control.delete("/channels/<channel_id>")
def delete_channel(channel_id: str) -> Dict[str, Any]:
    return account.channel(studio().delete_channel(channel_id))


@control.get("/channels/<channel_id>/tree")
def tree(channel_id: str) -> Dict[str, Any]:
    found = studio().channel(channel_id)
    return account.tree(found, request.args.get("tree", "main"))


@control.post("/channels/<channel_id>/deploy")
def deploy(channel_id: str) -> Dict[str, Any]:
    return account.channel(studio().deploy_channel(channel_id))
