"""What is odd about the shape of a channel's newest tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from fake_studio.core.model import Channel, Node
from fake_studio.core.refusals import QuotaExceeded
from fake_studio.core.store import Store
from fake_studio.core.trees import with_resources
from fake_studio.findings.examined import ExaminedTree
from fake_studio.findings.finding import Finding, make_finding, path_of
from fake_studio.rules import quota


def find_tree_issues(store: Store, examined: ExaminedTree) -> Iterator[Finding]:
    """Empty topics, repeated node_ids, a channel without language, and what will not fit when it is deployed."""
    if not examined.channel.language:
        yield make_finding("language-missing", examined.channel)
    if examined.root is not None:
        yield from _empty(examined.channel, examined.root, examined.descendants)
        yield from _find_repeated_nodes(examined)
    yield from _quota(store, examined.channel)


def _empty(channel: Channel, root: Node, nodes: Sequence[Node]) -> Iterator[Finding]:
    filled = with_resources(root)
    if root not in filled:
        yield make_finding("channel-empty", channel)
        return
    for node in nodes:
        if node not in filled:
            yield make_finding("topic-empty", channel, node)


def _find_repeated_nodes(examined: ExaminedTree) -> Iterator[Finding]:
    places: dict[str, list[Node]] = defaultdict(list)
    for node in examined.descendants:
        places[node.node_id].append(node)
    for first, *others in places.values():
        detail = f"The other is {path_of(first)!r}." if others else ""
        for node in others:
            # Either way the published database has one row for both, of the later node.
            code = "node-id-repeated" if node.parent is first.parent else "node-id-in-two-places"
            yield make_finding(code, examined.channel, node, detail)


def _quota(store: Store, channel: Channel) -> Iterator[Finding]:
    staging = channel.root("staging")
    editor = store.state.users.get(channel.editors[0]) if channel.editors else None
    if staging is None or editor is None:
        return
    try:
        quota.check_channel_space(store.state, editor, staging)
    except QuotaExceeded as refusal:
        yield make_finding("quota-broken-by-staging", channel, detail=refusal.message)
