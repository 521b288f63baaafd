"""What became of the last publish."""

from __future__ import annotations

from collections.abc import Iterator

from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.findings.finding import Finding, make_finding


def find_publish_issues(store: Store, channel: Channel) -> Iterator[Finding]:
    """A publish that failed, and the nodes that it left out or changed."""
    job = channel.publishing
    if job is None:
        return
    if job.state == "failed":
        yield make_finding("publish-failed", channel, detail=f"Cause: {job.cause}.")
    for left_out in job.left_out:
        yield make_finding(
            "publish-changed",
            channel,
            _node(channel, left_out["node_id"]),
            f"{left_out['title']!r}: {left_out['reason']}.",
        )


def _node(channel: Channel, node_id: str) -> Node | None:
    main = channel.root("main")
    return next((node for node in main.descendants() if node.node_id == node_id), None) if main else None
