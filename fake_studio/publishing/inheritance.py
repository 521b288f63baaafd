"""What resources take over from the topics above them.

Source: Studio utils/publish.py TreeMapper._gather_inherited_metadata.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fake_studio.core.model import Node

INHERITED = ("grade_levels", "resource_types", "categories", "learner_needs")


@dataclass(frozen=True)
class InheritedMetadata:
    """The labels and the language that hold at one place of the tree."""

    labels: dict[str, list[str]] = field(default_factory=dict)
    language: str | None = None


NOTHING = InheritedMetadata()


def inherit(node: Node, above: InheritedMetadata) -> InheritedMetadata:
    """What holds at a node: its own labels and those from above, its own language or else the one from above."""
    labels = {name: most_specific([*above.labels.get(name, ()), *node.labels.get(name, ())]) for name in INHERITED}
    return InheritedMetadata(labels, node.language or above.language)


def most_specific(labels: Iterable[str]) -> list[str]:
    """The labels without those that begin another one (``a`` goes where ``a.b`` is), long ones first.

    Studio leaves the order of equally long ones to chance; here it is the alphabet's.
    """
    longest_first = sorted(set(labels), key=lambda label: (-len(label), label))
    return [label for label in longest_first if not any(o != label and o.startswith(label) for o in longest_first)]
