"""One finding, and how it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Optional

from fake_studio.core.model import Channel, Node
from fake_studio.findings.codes import CODES, ERROR


@dataclass(frozen=True)
class Finding:
    """One thing to look at. ``path`` are the titles from the channel down to the node that it concerns."""

    code: str
    severity: str
    channel: str
    message: str
    cure: str
    node_id: Optional[str] = None
    title: Optional[str] = None
    path: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        return asdict(self)

    told = to_dict  # its name in tests that were written before 0.2

    def __str__(self) -> str:
        where = f"{self.path:.120}: " if self.path else ""
        return f"{self.severity} {self.code}: {where}{self.message}"


def make_finding(code: str, channel: Channel, node: Node | None = None, detail: str = "") -> Finding:
    """A finding of this code, about a node or the whole channel; ``detail`` says what is special about this case."""
    code_row = CODES[code]
    return Finding(
        code=code,
        severity=code_row.severity,
        channel=channel.id,
        message=f"{code_row.meaning} {detail}".strip(),
        cure=code_row.cure,
        node_id=node.node_id if node else None,
        title=node.title if node else None,
        path=path_of(node) if node else "",
    )


def path_of(node: Node) -> str:
    """The titles from the top of the channel down to a node."""
    below_root = [node, *node.ancestors()][:-1] or [node]
    return " > ".join(ancestor.title for ancestor in reversed(below_root))


def errors_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the errors before the rest, each part in the order in which it came."""
    return sorted(findings, key=lambda finding: finding.severity != ERROR)
