"""Findings: what was accepted and still deserves a person's eye. Reading them changes nothing.

What looks for them reads every format of file there is, and is imported at the first question: a server starts quicker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_studio.findings.codes import CODES, ERROR, WARNING
from fake_studio.findings.finding import Finding, errors_first, make_finding, path_of

if TYPE_CHECKING:
    from fake_studio.core.model import Channel
    from fake_studio.core.store import Store

__all__ = [
    "CODES",
    "ERROR",
    "WARNING",
    "Finding",
    "errors_first",
    "findings_of",
    "inspect_contents",
    "make_finding",
    "path_of",
]


def findings_of(store: Store, channel: Channel) -> list[Finding]:
    """What there is to say of the channel's newest tree and of how it came to be, errors first."""
    from fake_studio.findings import collect

    return collect.findings_of(store, channel)


def inspect_contents(store: Store) -> None:
    """Look at every node and into the files of every channel; do not hold the lock meanwhile."""
    from fake_studio.findings import collect

    with collect.examined(store):
        pass
