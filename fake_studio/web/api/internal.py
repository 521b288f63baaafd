"""The Internal API (a page of Studio's own docs), and the two tree endpoints beside it. One function an endpoint."""

from __future__ import annotations

import math
from typing import Any, Dict, List

from flask import Blueprint, Response, jsonify

from fake_studio.core.model import Node
from fake_studio.core.refusals import AnswerNotJson
from fake_studio.rules import serializers as fields
from fake_studio.web.request import (
    authenticate,
    body,
    boolean,
    dialect,
    endpoint,
    field,
    form_or_json,
    option,
    studio,
    uploaded_file,
    user,
)

internal = Blueprint("internal", __name__, url_prefix="/api/internal")
internal.before_request(authenticate)

Answer = Dict[str, Any]


@endpoint(internal, "/authenticate_user_internal", "POST", "GET")
def authenticate_user_internal() -> Answer:
    me = user()
    return {
        "success": True,
        "user_id": me.id,
        "username": me.username,
        "first_name": me.first_name,
        "last_name": me.last_name,
        "is_admin": me.is_admin,
    }


@endpoint(internal, "/check_version", "POST")
def check_version() -> Answer:
    status, message = studio().check_version(field(body(), "version"), dialect().thresholds)
    return {"success": True, "status": status, "message": message}


@endpoint(internal, "/file_diff", "POST")
def file_diff() -> Response:
    missing: List[str] = studio().file_diff(body())
    return jsonify(missing)


@endpoint(internal, "/file_upload", "POST")
def file_upload() -> Answer:
    name, stream = uploaded_file()
    studio().file_upload(user(), name, stream)
    return {"success": True}


@endpoint(internal, "/create_channel", "POST")
def create_channel() -> Answer:
    speech = dialect()
    channel = studio().create_channel(
        user(),
        field(body(), "channel_data"),
        admission=speech.admission,
        keep_shell=speech.keeps_refused_channels,
    )
    root = channel.trees["chef"]
    return {"success": True, "root": root and speech.name_of(root), "channel_id": channel.id}


@endpoint(internal, "/add_nodes", "POST")
def add_nodes() -> Answer:
    data, speech = body(), dialect()
    content_data, root_id = field(data, "content_data"), field(data, "root_id")
    added = studio().add_nodes(user(), root_id, content_data, admission=speech.admission, by_number=speech.integer_ids)
    return {"success": True, "root_ids": _root_ids(added)}


def _root_ids(added: List[Node]) -> Dict[Any, Any]:
    """The new nodes by the node_id that was sent for them. Raises AnswerNotJson: by then they are stored."""
    root_ids = {node.sent["node_id"]: dialect().name_of(node) for node in added}
    for node_id in root_ids:
        if isinstance(node_id, float) and not math.isfinite(node_id):
            raise AnswerNotJson(f"The nodes are stored, but {node_id} cannot be a key of a JSON answer.")
    return root_ids


@endpoint(internal, "/finish_channel", "POST")
def finish_channel() -> Answer:
    data, speech = body(), dialect()
    channel_id = field(data, "channel_id")
    stage = boolean(data, "stage", True) if speech.honours_stage else option(data, "stage")
    channel, task_id = studio().finish_channel(user(), channel_id, stage=stage, honour_stage=speech.honours_stage)
    return {"success": True, "new_channel": channel.id, "diff_task_id": task_id}


@endpoint(internal, "/publish_channel", "POST")
def publish_channel() -> Answer:
    data = body()
    channel_id = field(data, "channel_id")
    studio().publish_channel(user(), channel_id, option(data, "version_notes"), strict=dialect().publishes_strictly)
    return {"success": True, "channel": channel_id}


@endpoint(internal, "/check_user_is_editor", "POST")
def check_user_is_editor() -> Answer:
    studio().check_user_is_editor(user(), field(body(), "channel_id"))
    return {"success": True}


@endpoint(internal, "/get_channel_status_bulk", "POST")
def get_channel_status_bulk() -> Answer:
    return {"success": True, "statuses": studio().get_channel_status_bulk(user(), field(body(), "channel_ids"))}


@endpoint(internal, "/get_tree_data", "POST")
def get_tree_data() -> Answer:
    asked = fields.tree(form_or_json())
    tree = studio().get_tree_data(user(), asked["channel_id"], asked["tree"], dialect().name_of)
    return {"success": True, "tree": tree}


@endpoint(internal, "/get_node_tree_data", "POST")
def get_node_tree_data() -> Answer:
    asked = fields.tree(form_or_json())
    tree, staged = studio().get_node_tree_data(
        user(), asked["channel_id"], asked["tree"], asked["node_id"], dialect().name_of
    )
    return {"success": True, "tree": tree, "staged": staged}
