"""What a snapshot looks like where that is not what the model has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Optional

from fake_studio.core.model import File, User
from fake_studio.core.refusals import Refusal


class SnapshotDamaged(Refusal):
    """A snapshot that cannot be loaded. ``field`` is where in it, as ``channels[0].trees.main[3].title``."""

    def below(self, step: str) -> None:
        """Name one more step of the way, from the outside: a field's name, or ``[3]``."""
        dot = "." if self.field and not self.field.startswith("[") else ""
        self.field = f"{step}{dot}{self.field or ''}"


@contextmanager
def at_path(step: str) -> Iterator[None]:
    """Whatever is damaged in this block lies below that step."""
    try:
        yield
    except SnapshotDamaged as damage:
        damage.below(step)
        raise


FORMAT = 1


@dataclass
class IdCounters:
    """How many numbers and moments were given out."""

    numbers: int
    moments: int


@dataclass
class PublishedVersion:
    """What was published as one version. ``database`` is the md5 of its bytes, ``published_size`` is in bytes.

    ``published`` is in seconds since 1970, ``icon_encoding`` a data: URI, ``kind_count`` a list of
    ``{"kind_id", "count"}``.
    """

    version: int
    total_resource_count: int
    kind_count: list[dict[str, Any]]
    published_size: int
    included_languages: list[str]
    database: str
    icon_encoding: Optional[str] = None
    version_notes: Any = None
    published: Optional[float] = None


@dataclass
class LooseUploads:
    """How many uploads of a checksum by a user hang on no question."""

    user_id: int
    checksum: str
    count: int


@dataclass
class Snapshot:
    """The whole. ``checksums`` are those that are known, though no file of the snapshot has them any more.

    ``loose`` has only what is not one for each announced file.
    """

    format: int
    ids: IdCounters
    users: list[User]
    channels: list[Any]
    files: list[Any]
    announced: list[File] = field(default_factory=list)
    checksums: list[str] = field(default_factory=list)
    loose: list[LooseUploads] = field(default_factory=list)
