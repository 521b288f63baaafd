"""Reading what was noted inside a chef's process; see ``inside/sitecustomize.py``."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_studio.core.chef_run import ChangedText, NodeFailure


@dataclass
class ChefNotes:
    """The addresses of Studio that ricecooker read, the texts that it changed, the nodes that ended it."""

    addresses: list[str] = field(default_factory=list)
    changed_texts: list[ChangedText] = field(default_factory=list)
    node_failures: list[NodeFailure] = field(default_factory=list)

    def add(self, what: str, **details: Any) -> None:
        """Take a note: ``address``, ``text`` or ``node``. Others are passed over."""
        if what == "address":
            self.addresses.append(str(details["url"]))
        elif what == "text":
            self.changed_texts.append(ChangedText(**details))
        elif what == "node":
            self.node_failures.append(NodeFailure(**details))


def read_notes(path: Path) -> ChefNotes:
    """The notes of a file, which may be missing; a line that was not written to its end is passed over."""
    notes = ChefNotes()
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        try:
            details: dict[str, Any] = json.loads(line)
            notes.add(**details)
        except (ValueError, TypeError, KeyError):
            continue
    return notes
