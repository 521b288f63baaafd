"""Nodes of an add_nodes that name a resource of another channel: found, and copied.

Source: Studio views/internal.py handle_remote_node.
"""

from __future__ import annotations

from typing import Any

from fake_studio.core import values
from fake_studio.core.model import Channel, Node, User
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable
from fake_studio.core.state import State
from fake_studio.core.trees import resources
from fake_studio.operations.copy_node import copy_node
from fake_studio.rules.files import ValidationContext, parse_node_files
from fake_studio.rules.nodes import check_completeness_readable, parse_labels, parse_tags


def copy_remote_node(state: State, context: ValidationContext, data: dict[str, Any], node: Node) -> None:
    """Fill a new node with a copy of the one that ``data`` names. Raises NodeInvalid and NodeNotStorable."""
    user = state.users[context.user_id]
    channel = _viewable(state, user, data["source_channel_id"])
    source = _source(channel, data.get("source_node_id"), data.get("source_content_id"))
    may_edit = user.is_admin or user.id in channel.editors
    # The source is looked for before the node's own id is read (recordings remote-order/*).
    labels = parse_labels(data)
    node.node_id = values.check_id(data["node_id"], "node_id", NodeNotStorable, coerce=context.strictness.coerce)
    copy_node(source, node, {**data, **labels}, may_edit=may_edit, new_id=state.ids.hex)
    own = parse_node_files(context, data.get("files", []))
    # A chef may send a thumbnail of its own with a copy, and Studio has one thumbnail of a preset on a node.
    replaced = {file.preset for file in own if file.preset and values.PRESETS[file.preset].thumbnail}
    node.files = [file for file in node.files if file.preset not in replaced] + own
    node.tags = list(dict.fromkeys([*node.tags, *parse_tags(data.get("tags"), context.strictness)]))
    check_completeness_readable(node)


def _viewable(state: State, user: User, channel_id: Any) -> Channel:
    field = "source_channel_id"
    key = values.lookup_key(channel_id, field)
    channel = state.channels.get(key) if key is not None else None
    visible = channel and (user.is_admin or user.id in channel.editors or (channel.public and not channel.deleted))
    if channel is None or not visible:
        raise NodeInvalid(f"there is no channel {channel_id!r:.60} that {user.username} may see.", field=field)
    return channel


def _source(channel: Channel, node_id: Any, content_id: Any) -> Node:
    if not node_id and not content_id:
        raise NodeInvalid("a remote node needs a source_node_id or a source_content_id.", field="source_node_id")
    # Studio gets one node by node_id, and fails where there are several; by content_id it takes the first.
    source = _matches(channel, "node_id", node_id)
    if len(source) > 1:
        raise NodeNotStorable(f"{node_id!r} stands {len(source)} times in the source channel.", field="source_node_id")
    source = source or _matches(channel, "content_id", content_id)
    if not source:
        raise NodeInvalid(
            f"the main tree of channel {channel.id} has no resource with node_id {node_id!r:.60} or content_id "
            f"{content_id!r:.60}; only deployed resources can be copied, and no topics.",
            field="source_node_id",
        )
    return source[0]


def _matches(channel: Channel, key: str, value: Any) -> list[Node]:
    key_value = values.lookup_key(value, f"source_{key}") if value else None
    return [node for node in resources(channel) if getattr(node, key) == key_value] if key_value else []
