"""The Internal API (a page of Studio's own docs), and the two tree endpoints beside it. One function an endpoint."""

from __future__ import annotations

import math
from typing import Any

from flask import Blueprint, Response, jsonify

from fake_studio.core.model import Node
from fake_studio.core.refusals import AnswerNotJson
from fake_studio.rules import serializers
from fake_studio.web.request import (
    api_route,
    authenticate,
    body,
    body_bytes,
    boolean,
    dialect,
    field,
    form_or_json,
    option,
    studio,
    uploaded_file,
    user,
)

internal = Blueprint("internal", __name__, url_prefix="/api/internal")
internal.before_request(authenticate)

Answer = dict[str, Any]


@api_route(internal, "/authenticate_user_internal", "POST", "GET")
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


@api_route(internal, "/check_version", "POST")
def check_version() -> Answer:
    status, message = studio().check_version(field(body(), "version"), dialect().thresholds)
    return {"success": True, "status": status, "message": message}


@api_route(internal, "/file_diff", "POST")
def file_diff() -> Response:
    missing: list[str] = studio().file_diff(body())
    return jsonify(missing)


@api_route(internal, "/file_upload", "POST")
def file_upload() -> Answer:
    name, stream = uploaded_file()
    studio().file_upload(user(), name, stream)
    return {"success": True}


@api_route(internal, "/create_channel", "POST")
def create_channel() -> Answer:
    spoken = dialect()
    channel = studio().create_channel(
        user(),
        field(body(), "channel_data"),
        strictness=spoken.strictness,
        keep_shell=spoken.keeps_refused_channels,
    )
    root = channel.trees["chef"]
    return {"success": True, "root": root and spoken.name_of(root), "channel_id": channel.id}


@api_route(internal, "/add_nodes", "POST")
def add_nodes() -> Answer:
    data, spoken = body(), dialect()
    content_data, root_id = field(data, "content_data"), field(data, "root_id")
    added = studio().add_nodes(
        user(),
        root_id,
        content_data,
        strictness=spoken.strictness,
        by_number=spoken.integer_ids,
        body=body_bytes(),
    )
    return {"success": True, "root_ids": _root_ids(added, content_data)}


def _root_ids(added: list[Node], content_data: Any) -> dict[Any, Any]:
    """The new nodes by the node_id that was sent for them. Raises AnswerNotJson: by then they are stored."""
    name_of = dialect().name_of
    root_ids = {content_data[node.place]["node_id"]: name_of(node) for node in added}
    for node_id in root_ids:
        if isinstance(node_id, float) and not math.isfinite(node_id):
            raise AnswerNotJson(f"The nodes are stored, but {node_id} cannot be a key of a JSON answer.")
    return root_ids


@api_route(internal, "/finish_channel", "POST")
def finish_channel() -> Answer:
    data, spoken = body(), dialect()
    channel_id = field(data, "channel_id")
    stage = boolean(data, "stage", True) if spoken.honours_stage else option(data, "stage")
    channel, task_id = studio().finish_channel(user(), channel_id, stage=stage, honour_stage=spoken.honours_stage)
    return {"success": True, "new_channel": channel.id, "diff_task_id": task_id}


@api_route(internal, "/publish_channel", "POST")
def publish_channel() -> Answer:
    data = body()
    channel_id = field(data, "channel_id")
    studio().publish_channel(user(), channel_id, option(data, "version_notes"), strict=dialect().publishes_strictly)
    return {"success": True, "channel": channel_id}


@api_route(internal, "/check_user_is_editor", "POST")
def check_user_is_editor() -> Answer:
    studio().check_user_is_editor(user(), field(body(), "channel_id"))
    return {"success": True}


@api_route(internal, "/get_channel_status_bulk", "POST")
def get_channel_status_bulk() -> Answer:
    return {"success": True, "statuses": studio().get_channel_status_bulk(user(), field(body(), "channel_ids"))}


@api_route(internal, "/get_tree_data", "POST")
def get_tree_data() -> Answer:
    query = serializers.parse_tree_query(form_or_json())
    tree = studio().get_tree_data(user(), query["channel_id"], query["tree"], dialect().name_of)
    return {"success": True, "tree": tree}


@api_route(internal, "/get_node_tree_data", "POST")
def get_node_tree_data() -> Answer:
    query = serializers.parse_tree_query(form_or_json())
    tree, staged = studio().get_node_tree_data(
        user(), query["channel_id"], query["tree"], query["node_id"], dialect().name_of
    )
    return {"success": True, "tree": tree, "staged": staged}
