"""The nodes of one add_nodes call: built and checked one after the other, attached by the caller once all are good.

Source: Studio views/internal.py convert_data_to_nodes, handle_remote_node.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from le_utils.constants import content_kinds

from fake_studio.core import values
from fake_studio.core.model import CookingRun, Node
from fake_studio.core.node_location import NodeLocation
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable, Refusal
from fake_studio.core.sent import SentNodes
from fake_studio.core.state import State
from fake_studio.operations.remote_nodes import copy_remote_node
from fake_studio.rules.files import ValidationContext, drops_files
from fake_studio.rules.nodes import (
    check_foreign_keys,
    parse_node,
)
from fake_studio.rules.plain_nodes import make_plain_nodes


@dataclass
class AddResult:
    """What one call brought: the nodes that are new, and those that stood below the parent already, both in order.

    ``present`` are the children that the parent had before, by node_id.
    """

    request: SentNodes
    present: dict[str, Node]
    added: list[Node] = field(default_factory=list)
    skipped: list[Node] = field(default_factory=list)
    ends_skipped: bool = False


def add_nodes(
    state: State, context: ValidationContext, parent: Node, content_data: Any, body: bytes | None
) -> list[Node]:
    """Build nodes and put them below a parent, all or none; returns the new ones. Raises as ``build_nodes``."""
    chunk = build_nodes(state, context, parent, content_data, body)
    state.append_children(parent, chunk.added)
    record_skipped(state.channels[parent.channel_id].run, chunk)
    return chunk.added


def build_nodes(
    state: State, context: ValidationContext, parent: Node, content_data: Any, body: bytes | None = None
) -> AddResult:
    """The new nodes, not yet attached. Raises NodeInvalid and NodeNotStorable, with the node's place in the call.

    ``body`` is the JSON that ``content_data`` was read from, if it was: nodes keep that instead of the data.
    A node_id that stands below the parent already is skipped; one that comes twice in a call is built twice.
    """
    if parent.kind != content_kinds.TOPIC:
        raise NodeInvalid(f"The parent must be a topic, and is of kind {parent.kind!r}.", field="root_id")
    if not isinstance(content_data, (list, dict, str)):
        raise NodeNotStorable(f"must be a list of nodes, not {values.json_name(content_data)}.", field="content_data")
    request = SentNodes(content_data, body)
    # Read once, before the first node: Studio also looks before the loop, so that twins within one call are both built.
    chunk = AddResult(request, state.children_by_node_id(parent))
    maker = _NodeMaker(state, context, parent.channel_id, is_ascii=request.is_ascii)
    index, data = 0, None
    try:
        if not _add_plain(chunk, maker, content_data):
            for index, data in enumerate(content_data):
                _add_node(chunk, maker, index, data)
        # Last of all: PostgreSQL checks them when the transaction ends (recordings ordering/*).
        for node in maker.unchecked:
            index, data = node.place, content_data[node.place]
            check_foreign_keys(node, context.strictness)
    except Refusal as refusal:
        refusal.place = location_of(index, data)
        raise
    state.loose.update(context.loose.maps[0])
    return chunk


def _add_plain(chunk: AddResult, maker: _NodeMaker, content_data: Any) -> bool:
    """Add all nodes of a call at once, if that can be done; returns whether it was."""
    is_new = bool(content_data) and all(_is_new(data, chunk.present) for data in content_data)
    nodes = maker.make_plain(content_data) if is_new else None
    for place, node in enumerate(nodes or ()):
        node.request, node.place = chunk.request, place
    chunk.added = nodes or []
    return nodes is not None


def _is_new(data: Any, present: Mapping[str, Node]) -> bool:
    """Whether it is no copy, and stands not below the parent already."""
    if type(data) is not dict or "source_channel_id" in data:
        return False
    node_id = data.get("node_id")
    return not (type(node_id) is str and node_id in present)


def _add_node(chunk: AddResult, maker: _NodeMaker, index: int, data: Any) -> None:
    data = values.check_object(data, "", NodeNotStorable)
    node_id = values.check_present(data, "node_id", NodeNotStorable)
    # ricecooker up to 0.7.3 sends a whole parent again after a failure: what arrived the first time stays single.
    chunk.ends_skipped = isinstance(node_id, str) and node_id in chunk.present
    if chunk.ends_skipped:
        chunk.skipped.append(chunk.present[node_id])
        return
    node = maker.make(data)
    node.request, node.place = chunk.request, index
    chunk.added.append(node)


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


class _NodeMaker:
    """Makes the nodes of one call. ``unchecked`` are those of which it is not known whether their foreign keys lead
    anywhere.
    """

    def __init__(self, state: State, context: ValidationContext, channel_id: str, *, is_ascii: bool) -> None:
        self._state = state
        self._context = context
        self._channel_id = channel_id
        self._is_ascii = is_ascii
        self.unchecked: list[Node] = []

    def make_plain(self, nodes: Sequence[Any]) -> list[Node] | None:
        """New nodes, if each of them is as nearly every chef sends it."""
        return make_plain_nodes(self._context, self._state.ids, nodes, self._channel_id, is_ascii=self._is_ascii)

    def make(self, data: dict[str, Any]) -> Node:
        """A new node. Raises NodeInvalid and NodeNotStorable."""
        # The key alone makes it a remote node, as in Studio; its value may be wrong.
        is_remote = "source_channel_id" in data
        plain = None if is_remote else self.make_plain([data])
        if plain:
            return plain[0]
        _intern_values(data)
        node = self._state.new_node(self._channel_id)
        self.unchecked.append(node)
        if is_remote:
            copy_remote_node(self._state, self._context, data, node)
        else:
            _fill(self._context, data, node)
        node.drops_files = drops_files(data)
        return node


def _fill(context: ValidationContext, data: dict[str, Any], node: Node) -> None:
    strictness = context.strictness
    node.node_id = values.check_id(data["node_id"], "node_id", NodeNotStorable, coerce=strictness.coerce)
    content_id = data.get("content_id", None if strictness.every_key else "")
    node.content_id = values.check_id(content_id, "content_id", NodeNotStorable, coerce=strictness.coerce)
    parse_node(context, data, node)


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


def _intern_values(data: dict[str, Any]) -> None:
    for key in _COMMON:
        value = data.get(key)
        if value and type(value) is str:
            data[key] = sys.intern(value)
