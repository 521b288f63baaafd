"""Finding the node that an address names."""

from __future__ import annotations

from collections.abc import Iterator

from fake_studio.core.model import Channel, Node
from fake_studio.core.refusals import NodeNotFound
from fake_studio.studio import Studio
from fake_studio.web.pages.tree_view import SHOWN


def node_of(studio: Studio, channel: Channel, name: str) -> Node:
    """The channel's node of this id, in any of its trees, or of this node_id, in the newest that has it.

    The id is exact; the node_id stays the same from run to run. Raises NodeNotFound.
    """
    by_id = studio.state.nodes.get(name)
    if by_id is not None and by_id.channel_id == channel.id:
        return by_id
    for node in _nodes(channel):
        if node.node_id == name:
            return node
    raise NodeNotFound(
        f"Node not found: {name!r:.60}. The channel {channel.name!r:.80} does not have it: did a newer run replace it?"
    )


def _nodes(channel: Channel) -> Iterator[Node]:
    for root in filter(None, map(channel.root, SHOWN)):
        yield from root.iter_tree()
