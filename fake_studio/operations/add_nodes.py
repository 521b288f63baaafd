"""The nodes of one add_nodes call: built and checked one after the other, attached by the caller once all are good.

Source: Studio views/internal.py convert_data_to_nodes, handle_remote_node.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from le_utils.constants import content_kinds

from fake_studio.core import values
from fake_studio.core.model import Channel, CookingRun, Node, User
from fake_studio.core.node_location import NodeLocation
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable, Refusal
from fake_studio.core.state import State
from fake_studio.core.trees import resources
from fake_studio.operations.copy_node import copy_node
from fake_studio.rules.files import ValidationContext, parse_node_files
from fake_studio.rules.nodes import (
    check_completeness_readable,
    check_foreign_keys,
    parse_labels,
    parse_node,
    parse_tags,
)
from fake_studio.rules.plain_nodes import fill_plain_node


@dataclass
class AddResult:
    """What one call brought: the nodes that are new, and those that stood below the parent already, both in order.

    ``places`` are where the new ones stood in the call.
    """

    added: list[Node] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    skipped: list[Node] = field(default_factory=list)
    ends_skipped: bool = False


def build_nodes(state: State, context: ValidationContext, parent: Node, content_data: Any) -> AddResult:
    """The new nodes, not yet attached. Raises NodeInvalid and NodeNotStorable, with the node's place in the call.

    A node_id that stands below the parent already is skipped; one that comes twice in a call is built twice.
    """
    if parent.kind != content_kinds.TOPIC:
        raise NodeInvalid(f"The parent must be a topic, and is of kind {parent.kind!r}.", field="root_id")
    if not isinstance(content_data, (list, dict, str)):
        raise NodeNotStorable(f"must be a list of nodes, not {values.json_name(content_data)}.", field="content_data")
    # Read once, before the first node: Studio also looks before the loop, so that twins within one call are both built.
    chunk, present = AddResult(), state.children_by_node_id(parent)
    for index, data in enumerate(content_data):
        try:
            node = _node(state, context, parent, data, present)
        except Refusal as refusal:
            refusal.place = location_of(index, data)
            raise
        chunk.ends_skipped = node is None
        if node is None:
            chunk.skipped.append(present[data["node_id"]])
        else:
            chunk.added.append(node)
            chunk.places.append(index)
    _check_foreign_keys(chunk, context)
    state.loose.update(context.loose.maps[0])
    return chunk


def _check_foreign_keys(chunk: AddResult, context: ValidationContext) -> None:
    # Last of all: PostgreSQL checks them when the transaction ends (recordings ordering/*).
    for index, node in zip(chunk.places, chunk.added):
        try:
            check_foreign_keys(node, context.strictness)
        except Refusal as refusal:
            refusal.place = location_of(index, node.sent)
            raise


def record_skipped(run: CookingRun | None, chunk: AddResult) -> None:
    """Remember of a call what no tree shows: who was skipped, and whether that cost the others their children."""
    if run is None or not chunk.skipped:
        return
    run.skipped.extend(chunk.skipped)
    if chunk.ends_skipped:
        run.cut_short.append(chunk.added)


def location_of(index: int, data: Any) -> NodeLocation:
    """Which node of a call a refusal is about."""
    sent: dict[str, Any] = data if isinstance(data, dict) else {}
    return NodeLocation(index, sent.get("node_id"), sent.get("title"))


def _node(state: State, context: ValidationContext, parent: Node, data: Any, present: dict[str, Node]) -> Node | None:
    data = values.check_object(data, "", NodeNotStorable)
    node_id = values.check_present(data, "node_id", NodeNotStorable)
    # ricecooker up to 0.7.3 sends a whole parent again after a failure: what arrived the first time stays single.
    if isinstance(node_id, str) and node_id in present:
        return None
    node = state.new_node(parent.channel_id)
    node.sent = _intern_values(data)
    # The key alone makes it a remote node, as in Studio; its value may be wrong.
    if "source_channel_id" in data:
        return _remote(state, context, data, node)
    if fill_plain_node(context, data, node):
        return node
    node.node_id = values.check_id(node_id, "node_id", NodeNotStorable, coerce=context.strictness.coerce)
    content_id = data.get("content_id", "" if not context.strictness.every_key else None)
    node.content_id = values.check_id(content_id, "content_id", NodeNotStorable, coerce=context.strictness.coerce)
    return parse_node(context, data, node)


# What nodes have in common, as a rule. json.loads makes a new text each time, and a channel has many nodes.
_COMMON = (
    "kind",
    "language",
    "license",
    "copyright_holder",
    "author",
    "provider",
    "aggregator",
    "role",
    "source_domain",
)


def _intern_values(data: dict[str, Any]) -> dict[str, Any]:
    for key in _COMMON:
        value = data.get(key)
        if value and type(value) is str:
            data[key] = sys.intern(value)
    return data


def _remote(state: State, context: ValidationContext, data: dict[str, Any], node: Node) -> Node:
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
    return node


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
