"""What Kolibri takes for one thing and what for two: twins in a folder, and content_ids that several contents share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence

from le_utils.constants import content_kinds

from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.findings.examined import ExaminedTree
from fake_studio.findings.finding import Finding, make_finding, path_of
from fake_studio.findings.signature import Signature

_MANY = 5  # nodes that a finding names


def find_identity_issues(store: Store, examined: ExaminedTree) -> Iterator[Finding]:
    """Twin siblings of the newest tree, and content_ids of different contents."""
    pairs = zip(examined.nodes, examined.examinations)
    signatures = {node: examination.signature for node, examination in pairs}
    resources = [(node, signature) for node, signature in signatures.items() if node.kind != content_kinds.TOPIC]
    yield from _twins(examined.channel, resources)
    yield from _twin_topics(examined.channel, examined.nodes, signatures)
    yield from _shared_ids(examined.channel, resources)


def _twins(channel: Channel, resources: list[tuple[Node, Signature]]) -> Iterator[Finding]:
    twins: dict[Hashable, list[Node]] = defaultdict(list)
    for node, signature in resources:
        if any(signature):
            twins[(id(node.parent), node.title.strip(), signature)].append(node)
    for nodes in twins.values():
        # Siblings of one node_id are a finding of their own.
        count = len({node.node_id for node in nodes})
        if count > 1:
            detail = f"{nodes[0].title!r} is there {count} times, with source_ids {_source_ids(nodes)}."
            yield make_finding("twin-resources", channel, nodes[-1], detail)


def _twin_topics(channel: Channel, nodes: Sequence[Node], signatures: Mapping[Node, Signature]) -> Iterator[Finding]:
    """Topics of one title beside each other with the same resources in them."""
    namesakes: dict[Hashable, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.kind == content_kinds.TOPIC and node.parent is not None:
            namesakes[(id(node.parent), node.title.strip())].append(node)
    for topics in namesakes.values():
        if len(topics) > 1:
            yield from _same_topics(channel, topics, signatures)


def _same_topics(channel: Channel, topics: list[Node], signatures: Mapping[Node, Signature]) -> Iterator[Finding]:
    twins: dict[Hashable, list[Node]] = defaultdict(list)
    for topic in topics:
        twins[_content_of(topic, signatures)].append(topic)
    for content, same in twins.items():
        if content and len({topic.node_id for topic in same}) > 1:
            ids = _source_ids(same)
            detail = f"The topic {same[0].title!r} is there {len(same)} times with the same in it, source_ids {ids}."
            yield make_finding("twin-resources", channel, same[-1], detail)


def _content_of(topic: Node, signatures: Mapping[Node, Signature]) -> frozenset[tuple[str, Signature]]:
    """Titles and contents of the resources below a topic. Empty where one of them has no content."""
    resources = [node for node in topic.descendants() if node.kind != content_kinds.TOPIC]
    if not all(any(signatures[node]) for node in resources):
        return frozenset()
    return frozenset((node.title.strip(), signatures[node]) for node in resources)


def _source_ids(nodes: list[Node]) -> str:
    return _list_names([repr(node.source_id) for node in nodes])


def _list_names(names: list[str]) -> str:
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return f"{', '.join(names[:_MANY])}{more}"


def _shared_ids(channel: Channel, resources: list[tuple[Node, Signature]]) -> Iterator[Finding]:
    by_id: dict[str, dict[Signature, Node]] = defaultdict(dict)
    for node, signature in resources:
        if any(signature):
            by_id[node.content_id].setdefault(signature, node)
    for different in by_id.values():
        if len(different) > 1:
            first, *_ = nodes = list(different.values())
            places = _list_names([repr(path_of(node)) for node in nodes])
            yield make_finding("content-id-shared", channel, first, f"The same content_id is used for {places}.")
