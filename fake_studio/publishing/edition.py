"""What one export works with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple

from fake_studio.files import Storage
from fake_studio.model import Channel, File, Node
from fake_studio.publishing.outcome import CannotPublish, Remarks
from fake_studio.publishing.rows import Rows


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
