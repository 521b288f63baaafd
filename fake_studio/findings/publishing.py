"""What became of the last publish."""

from __future__ import annotations

from collections.abc import Iterator

from fake_studio.core.store import Store
from fake_studio.core.trees import first_by_node_id
from fake_studio.findings.examined import ExaminedTree
from fake_studio.findings.finding import Finding, make_finding


def find_publish_issues(store: Store, examined: ExaminedTree) -> Iterator[Finding]:
    """A publish that failed, and the nodes that it left out or changed."""
    channel = examined.channel
    job = channel.publishing
    if job is None:
        return
    if job.state == "failed":
        yield make_finding("publish-failed", channel, detail=f"Cause: {job.cause}.")
    main = channel.root("main")
    nodes = first_by_node_id(main.descendants() if main and job.left_out else ())
    for left_out in job.left_out:
        detail = f"{left_out['title']!r}: {left_out['reason']}."
        yield make_finding("publish-changed", channel, nodes.get(left_out["node_id"]), detail)
