"""A cause: one thing that went wrong, and all that it took along."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional

from fake_studio.findings.codes import ERROR


@dataclass(frozen=True)
class Affected:
    """A node that a cause concerns, or took along: ``code`` is the finding about it, ``note`` how it is concerned."""

    path: str
    code: str = ""
    note: str = ""
    node_id: Optional[str] = None
    title: Optional[str] = None


@dataclass(frozen=True)
class Cause:
    """One story: what happened, what to do, and the nodes of it.

    ``key`` is what its findings name it by. ``kind`` is ``run``, ``rejected``, ``lost``, or the code of its findings.
    ``requests`` are the numbers of rejected requests, ``consequences`` the codes of findings that only follow from it.
    """

    key: str
    kind: str
    message: str
    fix: str
    severity: str = ERROR
    channel: str = ""
    nodes: list[Affected] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    consequences: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """As plain data: the fields by their names."""
        nodes = [dict(vars(node)) for node in self.nodes]
        return {**vars(self), "nodes": nodes, "requests": list(self.requests), "consequences": list(self.consequences)}
