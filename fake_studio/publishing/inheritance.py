"""What resources take over from the topics above them.

Source: Studio utils/publish.py TreeMapper._gather_inherited_metadata.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Optional

from fake_studio.core.model import Node

INHERITED = ("grade_levels", "resource_types", "categories", "learner_needs")


@dataclass(frozen=True)
class Heritage:
    """The labels and the language that hold at one place of the tree."""

    labels: Dict[str, List[str]] = field(default_factory=dict)
    language: Optional[str] = None


NOTHING = Heritage()


def at(node: Node, above: Heritage) -> Heritage:
    """What holds at a node: its own labels and those from above, its own language or else the one from above."""
    labels = {name: most_specific([*above.labels.get(name, ()), *node.labels.get(name, ())]) for name in INHERITED}
    return Heritage(labels, node.language or above.language)


def most_specific(labels: Iterable[str]) -> List[str]:
    """The labels without those that begin another one (``a`` goes where ``a.b`` is), long ones first.

    Studio leaves the order of equally long ones to chance; here it is the alphabet's.
    """
    known = sorted(set(labels), key=lambda label: (-len(label), label))
    return [label for label in known if not any(o != label and o.startswith(label) for o in known)]
