"""What one export works with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from fake_studio.core.model import Channel, File, Node
from fake_studio.core.storage import Storage
from fake_studio.publishing.rows import Rows


class CannotPublish(Exception):
    """Studio's own publish ends without a database. ``cause`` says why in words, ``node`` where."""

    def __init__(self, cause: str, node: Optional[Node] = None) -> None:
        where = f"{node.title!r:.80} ({node.node_id}): " if node else ""
        super().__init__(f"{where}{cause}")
        self.cause = f"{where}{cause}"
        self.node = node


@dataclass(frozen=True)
class Published:
    """A database that was written, and what the public API tells of it.

    The counts are of every node below the root, exported or not, as Studio counts (utils/publish.py
    fill_published_fields): ``kind_count`` is a list of ``{"kind_id", "count"}`` by kind, ``published_size`` the bytes
    of the nodes' different files. ``icon_encoding`` is a data: URI. ``left_out`` pairs a node with what did not
    reach Kolibri as it was sent, and why. ``files`` are those of the nodes that got files from Studio, by node id.
    """

    database: Path
    version: int
    total_resource_count: int
    kind_count: List[Dict[str, Any]]
    published_size: int
    included_languages: List[str]
    icon_encoding: Optional[str] = None
    left_out: List[Tuple[Node, str]] = field(default_factory=list)
    files: Dict[str, List[File]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asker:
    """Who asked for an export, and the era of the storage that it began in: what it makes belongs to both."""

    user_id: Optional[int] = None
    era: Optional[int] = None


NOBODY = Asker()


class Remarks:
    """What an export has to say of single nodes. With ``strict`` it ends where Studio's own publish would."""

    def __init__(self, strict: bool) -> None:
        self._strict = strict
        self.told: List[Tuple[Node, str]] = []

    def left_out(self, node: Node, reason: str) -> None:
        """Something is not in the database, and publishing goes on."""
        self.told.append((node, reason))

    def broken(self, node: Node, reason: str) -> None:
        """Something that Studio's publish breaks off at. Raises CannotPublish where it is to be followed in that."""
        if self._strict:
            raise CannotPublish(reason, node)
        self.told.append((node, f"{reason} (Studio's publish would fail here)"))


@dataclass(frozen=True)
class Edition:
    """A channel on its way into a database: where its files lie, its rows so far, and what there is to say.

    ``small_files`` are the small copies of images that were made so far, by the image's name and their extension:
    many nodes of a channel may show one image.
    """

    channel: Channel
    channel_id: str
    language: str
    storage: Storage
    rows: Rows
    remarks: Remarks
    asker: Asker = NOBODY
    small_files: Dict[Tuple[str, str], Optional[File]] = field(default_factory=dict)

    @property
    def inherits(self) -> bool:
        """Whether resources take labels and languages over from topics: in channels that came from a chef."""
        return bool(self.channel.ricecooker_version)

    def id_of(self, node: Node, field: str, *, told: bool = False) -> str:
        """The node's ``node_id`` or ``content_id`` as 32 hex digits. What is no UUID gets one of its own.

        Unless that was ``told`` before, it is remarked on. Raises CannotPublish where Studio fails
        (kolibri_content/fields.py UUIDField).
        """
        value = getattr(node, field)
        known = hex_id(value)
        if known is None:
            known = uuid.uuid5(uuid.UUID(self.channel_id), value).hex
            if not told:
                self.remarks.broken(node, f"the {field} {value!r:.60} is no UUID, and is published as {known}")
        return known


def hex_id(value: str) -> Optional[str]:
    """A UUID in any of its spellings as 32 hex digits, or None."""
    try:
        return uuid.UUID(value).hex
    except ValueError:
        return None


def channel_id_of(channel: Channel) -> str:
    """The channel's id as 32 hex digits. Raises CannotPublish: nothing imports a channel that has no UUID."""
    known = hex_id(channel.id)
    if known is None:
        raise CannotPublish(f"the channel's id {channel.id!r:.60} is no UUID")
    return known
