"""What Kolibri takes for one thing and what for two: twins in a folder, and content_ids that several contents share."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping

from le_utils.constants import content_kinds

from fake_studio.core import values
from fake_studio.core.model import Channel, Node, Question
from fake_studio.core.store import Store
from fake_studio.core.trees import newest
from fake_studio.findings.finding import Finding, make_finding, path_of

Signature = tuple[frozenset[str], tuple[Hashable, ...]]
_MANY = 5  # nodes that a finding names


def find_identity_issues(store: Store, channel: Channel) -> Iterator[Finding]:
    """Twin siblings of the newest tree, and content_ids of different contents."""
    root = newest(channel)
    resources = [node for node in root.descendants() if node.kind != content_kinds.TOPIC] if root else []
    signatures = {id(node): _signature(node) for node in resources}
    yield from _twins(channel, resources, signatures)
    yield from _twin_topics(channel, root, signatures) if root else ()
    yield from _shared_ids(channel, resources, signatures)


def _signature(node: Node) -> Signature:
    """What is in a resource: its files but thumbnails and subtitles, and its questions."""
    presets = ((file, values.PRESETS.get(file.preset or "")) for file in node.files)
    files = frozenset(file.checksum for file, preset in presets if not (preset and preset.supplementary))
    return files, tuple(map(_question, node.questions))


def _question(question: Question) -> Hashable:
    return question.type, question.question, json.dumps(question.answers, sort_keys=True), question.raw_data


def _twins(channel: Channel, resources: list[Node], signatures: dict[int, Signature]) -> Iterator[Finding]:
    twins: dict[Hashable, list[Node]] = defaultdict(list)
    for node in resources:
        if any(signatures[id(node)]):
            twins[(id(node.parent), node.title.strip(), signatures[id(node)])].append(node)
    for nodes in twins.values():
        # Siblings of one node_id are a finding of their own.
        count = len({node.node_id for node in nodes})
        if count > 1:
            detail = f"{nodes[0].title!r} is there {count} times, with source_ids {_source_ids(nodes)}."
            yield make_finding("twin-resources", channel, nodes[-1], detail)


def _twin_topics(channel: Channel, root: Node, signatures: Mapping[int, Signature]) -> Iterator[Finding]:
    """Topics of one title beside each other with the same resources in them."""
    contents = _contents_of_topics(root, signatures)
    twins: dict[Hashable, list[Node]] = defaultdict(list)
    for topic, content in contents.items():
        if content and topic.parent is not None:
            twins[(id(topic.parent), topic.title.strip(), frozenset(content))].append(topic)
    for topics in twins.values():
        if len({topic.node_id for topic in topics}) > 1:
            ids = _source_ids(topics)
            detail = (
                f"The topic {topics[0].title!r} is there {len(topics)} times with the same in it, source_ids {ids}."
            )
            yield make_finding("twin-resources", channel, topics[-1], detail)


def _contents_of_topics(root: Node, signatures: Mapping[int, Signature]) -> dict[Node, set[tuple[str, Signature]]]:
    """What is below each topic: titles and contents of its resources. Empty where one of them has no content."""
    contents: dict[Node, set[tuple[str, Signature]]] = defaultdict(set)
    for node in root.descendants():
        if node.kind != content_kinds.TOPIC:
            for topic in node.ancestors():
                contents[topic].add((node.title.strip(), signatures[id(node)]))
    return {topic: held for topic, held in contents.items() if all(any(signature) for _, signature in held)}


def _source_ids(nodes: list[Node]) -> str:
    return _listed([repr(node.source_id) for node in nodes])


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return f"{', '.join(names[:_MANY])}{more}"


def _shared_ids(channel: Channel, resources: list[Node], signatures: dict[int, Signature]) -> Iterator[Finding]:
    by_id: dict[str, list[Node]] = defaultdict(list)
    for node in resources:
        by_id[node.content_id].append(node)
    for nodes in by_id.values():
        different = list({signatures[id(node)]: node for node in reversed(nodes) if any(signatures[id(node)])}.values())
        if len(different) > 1:
            different.reverse()
            places = _listed([repr(path_of(node)) for node in different])
            yield make_finding("content-id-shared", channel, different[0], f"The same content_id is used for {places}.")
