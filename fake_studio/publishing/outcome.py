"""How an export ends: with what was published and what was left out of it, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from fake_studio.model import Node


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
    reach Kolibri as it was sent, and why.
    """

    database: Path
    version: int
    total_resource_count: int
    kind_count: List[Dict[str, Any]]
    published_size: int
    included_languages: List[str]
    icon_encoding: Optional[str] = None
    left_out: List[Tuple[Node, str]] = field(default_factory=list)


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
