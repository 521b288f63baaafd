"""What one export works with: its channel, its log, who asked for it, and what it made."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from fake_studio.core.model import Channel, File, Node
from fake_studio.core.storage import Storage
from fake_studio.publishing.rows import RowCollector


class CannotPublish(Exception):
    """Studio's own publish ends without a database. ``cause`` says why in words, ``node`` where."""

    def __init__(self, cause: str, node: Node | None = None) -> None:
        where = f"{node.title!r:.80} ({node.node_id}): " if node else ""
        super().__init__(f"{where}{cause}")
        self.cause = f"{where}{cause}"
        self.node = node


@dataclass(frozen=True)
class PublishedDatabase:
    """A database that was written, and what the public API says of it.

    The counts are of every node below the root, exported or not, as Studio counts (utils/publish.py
    fill_published_fields): ``kind_count`` is a list of ``{"kind_id", "count"}`` by kind, ``published_size`` the bytes
    of the nodes' different files. ``icon_encoding`` is a data: URI. ``left_out`` pairs a node with what did not
    reach Kolibri as it was sent, and why. ``files`` are those of the nodes that got files from Studio, by node id.
    """

    database: Path
    version: int
    total_resource_count: int
    kind_count: list[dict[str, Any]]
    published_size: int
    included_languages: list[str]
    icon_encoding: Optional[str] = None
    left_out: list[tuple[Node, str]] = field(default_factory=list)
    files: dict[str, list[File]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asker:
    """Who asked for an export, and the era of the storage that it began in: what it makes belongs to both."""

    user_id: int | None = None
    era: int | None = None


NOBODY = Asker()


class ExportLog:
    """What an export has to say of single nodes. With ``strict`` it ends where Studio's own publish would."""

    def __init__(self, strict: bool) -> None:
        self._strict = strict
        self.left_out: list[tuple[Node, str]] = []

    def log_left_out(self, node: Node, reason: str) -> None:
        """Something is not in the database, and publishing goes on."""
        self.left_out.append((node, reason))

    def fail_or_log(self, node: Node, reason: str) -> None:
        """Something that Studio's publish breaks off at. Raises CannotPublish where it is to be followed in that."""
        if self._strict:
            raise CannotPublish(reason, node)
        self.left_out.append((node, f"{reason} (Studio's publish would fail here)"))


@dataclass(frozen=True)
class ExportContext:
    """A channel on its way into a database: where its files lie, its rows so far, and what there is to say.

    ``small_files`` are the small copies of images that were made so far, by the image's name and their extension:
    many nodes of a channel may show one image.
    """

    channel: Channel
    channel_id: str
    language: str
    storage: Storage
    rows: RowCollector
    log: ExportLog
    asker: Asker = NOBODY
    small_files: dict[tuple[str, str], File | None] = field(default_factory=dict)

    @property
    def inherits(self) -> bool:
        """Whether resources take labels and languages over from topics: in channels that came from a chef."""
        # Only then does Studio pass inherit_metadata to its TreeMapper.
        return bool(self.channel.ricecooker_version)

    def id_of(self, node: Node, field: str, *, is_logged: bool = False) -> str:
        """The node's ``node_id`` or ``content_id`` as 32 hex digits. What is not a UUID gets one of its own.

        That is logged, unless a row of the same node has logged it (``is_logged``). Raises CannotPublish where Studio
        fails (kolibri_content/fields.py UUIDField).
        """
        value = getattr(node, field)
        hex_value = hex_id(value)
        if hex_value is None:
            # Derived and not random: in the next version the node has the same id, and learners keep their progress.
            hex_value = uuid.uuid5(uuid.UUID(self.channel_id), value).hex
            if not is_logged:
                self.log.fail_or_log(node, f"the {field} {value!r:.60} is not a UUID, and is published as {hex_value}")
        return hex_value


def hex_id(value: str) -> str | None:
    """A UUID in any of its spellings as 32 hex digits, or None."""
    try:
        return uuid.UUID(value).hex
    except ValueError:
        return None


def channel_id_of(channel: Channel) -> str:
    """The channel's id as 32 hex digits. Raises CannotPublish: nothing imports a channel that has no UUID."""
    hex_value = hex_id(channel.id)
    if hex_value is None:
        raise CannotPublish(f"the channel's id {channel.id!r:.60} is not a UUID")
    return hex_value
