"""create_channel: a new channel, or a new description and an empty chef tree for one that is there.

Source: Studio views/internal.py create_channel.
"""

from __future__ import annotations

from typing import Any

from fake_studio.core.model import Channel, CookingRun, Node, User
from fake_studio.core.state import State
from fake_studio.rules import channels
from fake_studio.rules.files import ValidationContext, parse_node_files


def create_or_update(
    state: State, context: ValidationContext, channel: Channel, data: dict[str, Any], *, is_new: bool
) -> Channel:
    """Describe the channel anew and give it an empty chef tree. Nothing changes if this is refused.

    Raises KeyMissing, ChannelNotStorable, NodeInvalid, NodeNotStorable.
    """
    # All of it is read and checked before the channel is touched: what is refused changes nothing of the live channel.
    extra_fields = channels.parse_extra_fields(data, channel)
    description = channels.parse_description(data, is_new=is_new, coerce=context.strictness.coerce)
    chef = _chef_root(state, channel, description)
    chef.extra_fields = extra_fields
    chef.files = parse_node_files(context, data.get("files") or [], "channel_data.files")
    channel.run = CookingRun(
        context.user_id,
        state.ids.now(),
        overwritten=channels.live_changes(channel, description),
        earlier=channel.root("staging") or channel.root("main"),
    )
    channels.apply_description(channel, description, data)
    state.register(channel)
    state.set_tree(channel, "chef", chef)
    return channel


def new_empty_channel(state: State, user: User, channel_id: str, *, keep: bool) -> Channel:
    """A new channel without description; with ``keep`` it is there even if what follows is refused."""
    channel = state.new_channel(channel_id, user)
    if keep:
        state.register(channel)
    return channel


def _chef_root(state: State, channel: Channel, description: dict[str, Any]) -> Node:
    chef = state.new_root(channel, description["name"])
    # Studio has the new root take this over from the main tree (create_channel).
    chef.published = channels.is_published(channel)
    chef.source_id, chef.source_domain = description["source_id"], description["source_domain"]
    return chef
