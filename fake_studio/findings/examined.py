"""A tree whose nodes were looked at one by one: what is known of each is kept until it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Callable

from fake_studio.content.flaw import Inspection
from fake_studio.core.model import Channel, File, Node
from fake_studio.core.storage import Storage, StoredFile
from fake_studio.core.store import InspectionKey, Store
from fake_studio.findings.finding import Fault, Finding
from fake_studio.findings.signature import Signature


class FilesOfNode:
    """The files of one node as storage has them, and what is in them.

    ``stored`` remembers what was asked for. ``is_inspected`` turns false with the first stored file that nobody has
    looked into yet.
    """

    def __init__(self, store: Store, node: Node) -> None:
        self.storage: Storage = store.storage
        self.stored: dict[str, StoredFile | None] = {}
        self.is_inspected = True
        self._inspections = store.inspections
        entry = node.options.get("entry") if isinstance(node.options, dict) else None
        self._entry = entry if isinstance(entry, str) and entry else None

    def get(self, name: str) -> StoredFile | None:
        """What is stored under this name, or None."""
        if name not in self.stored:
            self.stored[name] = self.storage.get(name)
        return self.stored[name]

    def has(self, name: str) -> bool:
        """Whether something is stored under this name."""
        return self.get(name) is not None

    def inspection_key(self, file: File) -> InspectionKey | None:
        """What decides what is found in a file; None if it was never uploaded."""
        stored = self.get(file.name)
        return InspectionKey(stored.md5, file.extension, file.preset, self._entry) if stored else None

    def inspection_of(self, file: File) -> Inspection | None:
        """What was found in a file; None if it was never uploaded, or not looked into yet."""
        key = self.inspection_key(file)
        if key is None:
            return None
        inspection: Inspection | None = self._inspections.get(key)
        self.is_inspected = self.is_inspected and inspection is not None
        return inspection


@dataclass(frozen=True)
class Examination:
    """What was found out about one node by itself, in a channel of this id.

    ``findings`` are by the place of their rule; ``unchecked`` are sentences, each with the file that it holds for;
    ``signature`` is what is in a resource.
    """

    channel_id: str
    signature: Signature
    findings: Mapping[int, Sequence[Finding]] = field(default_factory=dict)
    unchecked: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class ExaminedTree:
    """The newest tree of a channel: its nodes in order, the root first, and what was found out about each."""

    channel: Channel
    nodes: Sequence[Node]
    examinations: Sequence[Examination]

    @property
    def root(self) -> Node | None:
        """The root; None where there is no tree."""
        return self.nodes[0] if self.nodes else None

    @property
    def descendants(self) -> Sequence[Node]:
        """The nodes without the root."""
        return self.nodes[1:]


NodeRule = Callable[[FilesOfNode, Node], Iterable[Fault]]
TreeRule = Callable[[Store, ExaminedTree], Iterable[Finding]]
