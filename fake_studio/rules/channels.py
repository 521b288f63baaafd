"""What create_channel may say of a channel.

Source: Studio views/internal.py create_channel and models.py Channel. Limits that Studio has no message for end
there as "Internal server error".
"""

from __future__ import annotations

from typing import Any

from fake_studio.core import values
from fake_studio.core.model import Channel, Node
from fake_studio.core.refusals import ChannelNotStorable, KeyMissing

# Key -> (most characters, whether null is kept). Null in any other ends in Studio's database, and so as a 500.
LIMITS = {
    "name": (200, False),
    "description": (400, False),
    "thumbnail": (None, True),
    "tagline": (150, True),
    "source_id": (200, True),
    "source_domain": (300, True),
    "ricecooker_version": (100, True),
}
NEEDED = ("name", "description", "thumbnail")
SOURCE_URL_LIMIT = 200


def parse_channel_id(data: Any, *, coerce: bool) -> str:
    """The id of ``channel_data``. Raises KeyMissing and ChannelNotStorable."""
    if not isinstance(data, dict):
        raise ChannelNotStorable(f"must be an object, not {values.json_name(data)}.", field="channel_data")
    if "id" not in data:
        raise KeyMissing("channel_data.id")
    value = values.check_text(data["id"], "channel_data.id", 32, ChannelNotStorable, coerce=False)
    # The deployed Studio does make a channel whose id is '' (recording create/id-empty).
    if not value and not coerce:
        raise ChannelNotStorable("must not be empty.", field="channel_data.id")
    return value


def parse_description(data: dict[str, Any], *, is_new: bool, coerce: bool) -> dict[str, Any]:
    """The channel's fields by their names on ``Channel``, as they will be kept. Raises KeyMissing, ChannelNotStorable.

    The keys are those of ``LIMITS`` and ``language``; ``tagline`` only if it was sent. A new channel also takes its
    source_domain as ``source_url``, which is shorter.
    """
    # First, as it is the one mistake that Studio answers with a 400 (recordings create/missing-*): the rest are 500s.
    for key in NEEDED:
        if key not in data:
            raise KeyMissing(f"channel_data.{key}")
    fields: dict[str, Any] = {}
    for key, (limit, may_be_null) in LIMITS.items():
        # ricecooker before 0.6.45 sends no tagline: the channel keeps the one that it has.
        if key == "tagline" and key not in data:
            continue
        read = values.check_optional_text if may_be_null else values.check_text
        fields[key] = read(data.get(key), f"channel_data.{key}", limit, ChannelNotStorable, coerce=coerce)
    fields["language"] = values.language_code(data.get("language"), "channel_data.language", ChannelNotStorable)
    if is_new:
        fields["source_url"] = values.check_optional_text(
            fields["source_domain"], "channel_data.source_domain", SOURCE_URL_LIMIT, ChannelNotStorable
        )
    return fields


def parse_extra_fields(data: dict[str, Any], channel: Channel) -> dict[str, Any]:
    """The chef tree root's extra_fields: those sent, and the ``ricecooker_version`` that cooked the channel before.

    Raises ChannelNotStorable.
    """
    # ricecooker sends a string of JSON. What is empty counts as nothing (recording create/extra-fields-empty-string).
    fields = data.get("extra_fields") or {}
    if isinstance(fields, str):
        fields = values.json_text(fields, "channel_data.extra_fields", ChannelNotStorable)
    fields = values.check_object(fields, "channel_data.extra_fields", ChannelNotStorable)
    values.check_json(fields, "channel_data.extra_fields", ChannelNotStorable)
    return {**fields, "ricecooker_version": channel.ricecooker_version}


def live_changes(channel: Channel, description: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """What a new description changes at once of a published channel: fields, old and new values."""
    if not is_published(channel):
        return []
    watched = ("name", "description", "thumbnail", "language", "tagline")
    changes = [(key, getattr(channel, key), description.get(key, getattr(channel, key))) for key in watched]
    return [change for change in changes if change[1] != change[2]]


def apply_description(channel: Channel, description: dict[str, Any], sent: dict[str, Any]) -> None:
    """Give the channel its new description; the live channel has it at once. Undeletes it.

    A change of what Studio tracks also marks the main tree as changed (Studio models.py Channel.on_update).
    """
    main = channel.root("main")
    if main and any(getattr(channel, key) != description[key] for key in _TRACKED):
        main.changed = True
    for key, value in description.items():
        setattr(channel, key, value)
    channel.deleted = False
    channel.sent = dict(sent)


_TRACKED = ("name", "description", "thumbnail", "language")


def is_published(channel: Channel) -> bool:
    """Whether the main tree was ever published."""
    main = channel.root("main")
    return main is not None and main.published


def has_changes(channel: Channel) -> bool:
    """Whether anything in the main tree changed since it was last published."""
    main = channel.root("main")
    return main is not None and any(node.changed for node in main.iter_tree())


def mark_published(channel: Channel, main: Node, exported: set[str], now: float) -> None:
    """Count the channel's version up, and mark the nodes that were exported as published and unchanged.

    ``exported`` are the ids of nodes, ``now`` is in seconds since 1970. A node that came while the export ran stays
    changed.
    """
    channel.version += 1
    channel.last_published = now
    for node in main.iter_tree():
        if node.id in exported:
            node.changed, node.published = False, True


def status_of(channel: Channel) -> str:
    """``deleted``, ``staged``, ``unpublished`` or ``active``: tested in this order (Studio internal.py get_status)."""
    if channel.deleted:
        return "deleted"
    if channel.root("staging") is not None:
        return "staged"
    if channel.publishing is not None and not channel.publishing.is_over:
        return "active"  # what is being published no longer counts as unpublished
    main = channel.root("main")
    changed = main is not None and any(node.changed for node in main.descendants())
    return "unpublished" if changed else "active"
