"""What became of the last publish."""

from __future__ import annotations

from typing import Iterator, Optional

from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.findings.finding import Finding, about


def look(studio: Store, channel: Channel) -> Iterator[Finding]:
    """A publish that failed, and the nodes that it left out or changed."""
    job = channel.publishing
    if job is None:
        return
    if job.state == "failed":
        yield about("publish-failed", channel, detail=f"Cause: {job.cause}.")
    for told in job.left_out:
        yield about(
            "publish-changed", channel, _node(channel, told["node_id"]), f"{told['title']!r}: {told['reason']}."
        )


def _node(channel: Channel, node_id: str) -> Optional[Node]:
    main = channel.root("main")
    return next((node for node in main.descendants() if node.node_id == node_id), None) if main else None
