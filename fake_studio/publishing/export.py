"""The export: a channel's main tree into a content database.

Source: Studio utils/publish.py publish_channel, create_content_database, map_channel_to_kolibri_channel,
fill_published_fields.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from le_utils.constants import content_kinds

from fake_studio.core.model import Channel, File, Node
from fake_studio.core.storage import Storage
from fake_studio.core.trees import with_resources
from fake_studio.publishing import schema
from fake_studio.publishing.context import (
    NOBODY,
    Asker,
    CannotPublish,
    ExportContext,
    ExportLog,
    PublishedDatabase,
    channel_id_of,
)
from fake_studio.publishing.generated_files import channel_icon
from fake_studio.publishing.rows import RowCollector
from fake_studio.publishing.tree import export_tree


def export(
    channel: Channel,
    main_tree: Node,
    storage: Storage,
    database: Path,
    version: int,
    new_id: Callable[[], str],
    *,
    strict: bool = True,
    asker: Asker = NOBODY,
) -> PublishedDatabase:
    """Write the content database of a tree as ``version`` of the channel; whole, or not at all.

    Files that Studio makes at publish go into storage and are returned; channel and tree stay as they are. ``new_id``
    makes the ids of such files, of tags and of assessment metadata. With ``strict``, whatever ends Studio's own
    publish raises CannotPublish; without, what is possible is published, and the rest listed in ``left_out``. A channel
    without a language, without any resource, or whose id is no UUID is never published.
    """
    context = replace(_context_of(channel, main_tree, storage, ExportLog(strict), RowCollector(new_id)), asker=asker)
    icon = channel_icon(context, main_tree)
    files = export_tree(context, main_tree)
    context.rows.add("channelmetadata", _channel_row(context, main_tree, icon, version))
    _write(database, context)
    counts = _counts(list(main_tree.descendants()), files)
    left_out = context.log.left_out
    hung = {node.id: own for node, own in files.items() if own is not node.files}
    return PublishedDatabase(database, version, **counts, icon_encoding=icon or None, left_out=left_out, files=hung)


def _write(database: Path, context: ExportContext) -> None:
    try:
        schema.write(database, context.rows.by_table())
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise CannotPublish(f"a value does not fit into the database: {error}") from error


def _context_of(channel: Channel, root: Node, storage: Storage, log: ExportLog, rows: RowCollector) -> ExportContext:
    if not channel.language:
        raise CannotPublish("a channel must have a language to be published")
    # Studio refuses these two before it begins (TreeMapper, publish_channel).
    if root not in with_resources(root):
        raise CannotPublish("there is no resource in the main tree")
    return ExportContext(channel, channel_id_of(channel), channel.language, storage, rows, log)


def _channel_row(context: ExportContext, root: Node, icon: str, version: int) -> schema.Row:
    root_id = context.id_of(root, "node_id", is_logged=True)
    return {
        "id": context.channel_id,
        "name": context.channel.name,
        "description": context.channel.description,
        "tagline": context.channel.tagline,
        "author": "",
        "version": version,
        "thumbnail": icon,
        # Kolibri sets this and available itself at import.
        "last_updated": None,
        "min_schema_version": schema.MIN_SCHEMA_VERSION,
        "root_id": root_id,
        "root_pk": root_id,
    }


def _counts(below: list[Node], exported: Mapping[Node, list[File]]) -> dict[str, Any]:
    return {
        "total_resource_count": sum(node.kind != content_kinds.TOPIC for node in below),
        "kind_count": _kind_count(below),
        "published_size": _size_of(below, exported),
        "included_languages": _languages_of(below),
    }


def _kind_count(nodes: list[Node]) -> list[dict[str, Any]]:
    counts = Counter(node.kind for node in nodes if node.kind is not None)
    return [{"kind_id": kind, "count": counts[kind]} for kind in sorted(counts)]


def _size_of(nodes: list[Node], exported: Mapping[Node, list[File]]) -> int:
    # Checksum and size together, as Studio's query has it: one content that was sent with two sizes counts twice.
    files: set[tuple[str, int]] = set()
    for node in nodes:
        files.update((file.checksum, file.size or 0) for file in exported.get(node, node.files))
    return sum(size for _, size in files)


def _languages_of(nodes: list[Node]) -> list[str]:
    codes = {node.language for node in nodes} | {file.language for node in nodes for file in node.files}
    return sorted(filter(None, codes))
