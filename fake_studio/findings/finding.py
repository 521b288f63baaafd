"""One finding, and how it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Optional

from fake_studio.core.model import Channel, Node
from fake_studio.findings.codes import CODES, ERROR

# A chain of 10,000 topics with a finding in each would have paths of gigabytes.
_DEEP = 50

Fault = tuple[str, str]  # the code of a finding, and what is special about this case


@dataclass(frozen=True)
class Finding:
    """One thing to look at. ``path`` are the titles from the channel down to the node that it concerns.

    ``severity`` is ``error`` or ``warning``, ``channel`` an id, ``cure`` what to do about it. ``cause`` is the key of
    the cause that explains it, empty if it stands for itself; a consequence stands below it, and does not count.
    """

    code: str
    severity: str
    channel: str
    message: str
    cure: str
    node_id: Optional[str] = None
    title: Optional[str] = None
    path: str = ""
    cause: str = ""
    is_consequence: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The finding by the names of its fields."""
        return dict(vars(self))

    told = to_dict  # its name in tests that were written before 0.2

    @property
    def detail(self) -> str:
        """What is special about this case: the message without the meaning of its code."""
        return self.message[len(CODES[self.code].meaning) :].strip()

    def due_to(self, cause: str, *, is_consequence: bool = True) -> Finding:
        """The same finding, explained by a cause."""
        return replace(self, cause=cause, is_consequence=is_consequence)

    def __str__(self) -> str:
        where = f"{self.path:.120}: " if self.path else ""
        return f"{self.severity} {self.code}: {where}{self.message}"


def make_finding(code: str, channel: Channel, node: Optional[Node] = None, detail: str = "") -> Finding:
    """A finding of this code, about a node or the whole channel; ``detail`` says what is special about this case."""
    row = CODES[code]
    return Finding(
        code=code,
        severity=row.severity,
        channel=channel.id,
        message=f"{row.meaning} {detail}".strip(),
        cure=row.cure,
        node_id=node.node_id if node else None,
        title=node.title if node else None,
        path=path_of(node) if node else "",
    )


def path_of(node: Node) -> str:
    """The titles from the top of the channel down to a node; of one that lies too deep, the last ones."""
    nearest = [node, *islice(node.ancestors(), _DEEP)]
    if nearest[-1].parent is None:
        return " > ".join(ancestor.title for ancestor in reversed(nearest[:-1] or nearest))
    return " > ".join(["...", *(ancestor.title for ancestor in reversed(nearest))])


def errors_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the errors before the rest, each part in the order in which it came."""
    return sorted(findings, key=lambda finding: finding.severity != ERROR)
