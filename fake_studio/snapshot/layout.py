"""What a snapshot looks like where that is not what the model has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from fake_studio.model import File, User

FORMAT = 1


@dataclass
class Counters:
    """How many numbers and moments were given out."""

    numbers: int
    moments: int


@dataclass
class Edition:
    """What was published as one version. ``database`` is the md5 of its bytes."""

    version: int
    total_resource_count: int
    kind_count: List[Dict[str, Any]]
    published_size: int
    included_languages: List[str]
    database: str
    icon_encoding: Optional[str] = None
    version_notes: Any = None
    published: Optional[float] = None


@dataclass
class Snapshot:
    """The whole. ``checksums`` are those that are known, though no file that is told of has them any more."""

    format: int
    ids: Counters
    users: List[User]
    channels: List[Any]
    files: List[Any]
    announced: List[File] = field(default_factory=list)
    checksums: List[str] = field(default_factory=list)
