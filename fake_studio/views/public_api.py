"""Published channels as Kolibri asks for them: by id, by token, or all that are public.

Source: Studio kolibri_public/views_v1.py and serializers.py PublicChannelSerializer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from fake_studio.core.model import Channel
from fake_studio.core.refusals import ChannelNameUnknown, ChannelNotMatched, FileNotStored
from fake_studio.rules.channels import is_published

# Kolibri asks with ?v=1 to 3 and checks application alone.
INFO_KEYS = ("application", "kolibri_version", "instance_id", "device_name", "operating_system")
NEWER_INFO_KEYS = {"2": ("subset_of_users_device",), "3": ("subset_of_users_device", "min_content_schema_version")}


def info(version: str, instance_id: str) -> dict[str, Any]:
    """What kind of server this is: ``INFO_KEYS``, and those of ``NEWER_INFO_KEYS`` that this version of it knows."""
    data = {
        "application": "studio",
        "kolibri_version": "0.16.0",
        "instance_id": instance_id,
        "device_name": "Kolibri Studio",
        "operating_system": None,
        "subset_of_users_device": False,
        "min_content_schema_version": "5",
    }
    newer = () if version == "1" else NEWER_INFO_KEYS.get(version, NEWER_INFO_KEYS["3"])
    return {key: data[key] for key in (*INFO_KEYS, *newer)}


def lookup(channels: Iterable[Channel], identifier: str) -> Channel:
    """The published channel with this token or id; dashes do not matter. Raises ChannelNotMatched."""
    # Kolibri sends a token as it was typed, with its dash.
    token = identifier.strip().replace("-", "")
    published = [channel for channel in channels if is_published(channel) and not channel.deleted]
    matching = [channel for channel in published if token in tokens_of(channel)]
    if not matching:
        raise ChannelNotMatched(identifier)
    return matching[0]


def name_to_dict(channels: Mapping[str, Channel], channel_id: str) -> dict[str, Any]:
    """``name``, ``description`` and ``version`` of a channel, published, deleted or not. Raises ChannelNameUnknown."""
    if channel_id not in channels:
        raise ChannelNameUnknown(channel_id, "channel has the id")
    channel = channels[channel_id]
    return {"name": channel.name, "description": channel.description, "version": channel.version}


def tokens_of(channel: Channel) -> list[str]:
    """What a channel can be asked for by: its token, and from the first publish on its id (models.py make_token)."""
    return [*channel.tokens, *([channel.id] if channel.tokens else [])]


def list_channels(channels: Iterable[Channel], query: Mapping[str, str]) -> list[Channel]:
    """The published channels that are public or whose token or id is asked for, with the keyword if there is one.

    A private channel is listed to whoever has its token. ``language`` has no effect, as in Studio.
    """
    tokens, keyword = _tokens(query), query.get("keyword", "").strip().casefold()
    return [
        channel
        for channel in channels
        if is_published(channel)
        and not channel.deleted
        and (channel.public or set(tokens) & set(tokens_of(channel)))
        and (not keyword or any(keyword in text.casefold() for text in _texts(channel)))
    ]


def _tokens(query: Mapping[str, str]) -> list[str]:
    return query.get("tokens", "").strip().replace("-", "").split(",")


def _texts(channel: Channel) -> list[str]:
    main = channel.root("main")
    tags = {tag for node in main.descendants() for tag in node.tags} if main else set()
    return [channel.name, channel.description, *tags]


def channel_to_dict(channel: Channel, query: Mapping[str, str]) -> dict[str, Any]:
    """One channel as Studio's PublicChannelSerializer has it. ``published_size`` is in bytes, times are ISO 8601."""
    newest = channel.published_versions[channel.version]
    return {
        "id": channel.id,
        "name": channel.name,
        "language": channel.language,
        "included_languages": newest["included_languages"],
        "description": channel.description,
        "total_resource_count": newest["total_resource_count"],
        "version": channel.version,
        "kind_count": newest["kind_count"],
        "published_size": float(newest["published_size"]),
        "last_published": _iso(channel.last_published),
        "icon_encoding": newest["icon_encoding"],
        "matching_tokens": [token for token in tokens_of(channel) if token in _tokens(query)],
        "public": channel.public,
        "version_notes": {
            str(number): published["version_notes"] for number, published in channel.published_versions.items()
        },
        # Kolibri asks /api/public/v2 about channels of the COMMUNITY library; we have none.
        "library": "KOLIBRI" if channel.public else None,
    }


def _iso(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def database(channels: Mapping[str, Channel], name: str) -> str:
    """The path of a database by its public name, ``<id>.sqlite3`` or ``<id>-<version>.sqlite3``.

    A deleted channel keeps only those of its versions. Raises FileNotStored.
    """
    channel_id, _, version = name[: -len(".sqlite3")].partition("-")
    channel = channels.get(channel_id) if name.endswith(".sqlite3") else None
    # Kolibri imports <id>.sqlite3 by id and <id>-<version>.sqlite3 by token.
    if channel is not None and not version and not channel.deleted:
        version = str(channel.version)
    versions = {str(number): published for number, published in channel.published_versions.items()} if channel else {}
    if version not in versions:
        raise FileNotStored(f"Database not found: {name!r:.80}. Publish the channel first.")
    return str(versions[version]["database"])
