"""Every finding about a channel."""

from __future__ import annotations

from typing import Iterator, List

from fake_studio.core.model import Channel
from fake_studio.core.store import Store
from fake_studio.findings import files, nodes, publishing, questions, run, tree
from fake_studio.findings.finding import Finding, errors_first


def findings_of(studio: Store, channel: Channel) -> List[Finding]:
    """Every finding about a channel's newest tree and last run: errors first, then by place in the tree."""
    with studio.lock:
        found = list(_all(studio, channel))
    return errors_first(found)


def _all(studio: Store, channel: Channel) -> Iterator[Finding]:
    for look in (nodes.look, files.look, questions.look, tree.look, run.look, publishing.look):
        yield from look(studio, channel)
