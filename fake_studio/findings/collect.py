"""Every finding about a channel: those about each node by itself are kept until that node changes."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fake_studio.core.model import Channel, Node
from fake_studio.core.store import Store
from fake_studio.core.trees import newest
from fake_studio.findings import (
    answers,
    audience,
    content,
    files,
    identity,
    nodes,
    publishing,
    questions,
    run,
    subtitles,
    texts,
    tree,
)
from fake_studio.findings.examined import Examination, ExaminedTree, FilesOfNode, NodeRule, TreeRule
from fake_studio.findings.finding import Finding, errors_first, make_finding
from fake_studio.findings.signature import signature_of

_AT_ONCE, _PAUSE = 200, 0.0005  # parts of the state that are watched in a turn: some milliseconds, and seconds between
# In this order they are told: a rule about the tree or the channel, or one about a node.
_RULES: Sequence[tuple[TreeRule | None, NodeRule | None]] = (
    (None, nodes.find_incomplete),
    (None, answers.find_answer_faults),
    (texts.find_channel_issues, texts.find_text_faults),
    (None, files.find_file_faults),
    (files.find_channel_issues, None),
    (None, questions.find_question_faults),
    (None, content.find_content_faults),
    (None, subtitles.find_language_faults),
    (tree.find_tree_issues, None),
    (identity.find_identity_issues, None),
    (audience.find_audience_issues, None),
    (run.find_run_issues, None),
    (publishing.find_publish_issues, None),
    (None, subtitles.find_cue_faults),
)
_NODE_RULES = [(place, rule) for place, (_, rule) in enumerate(_RULES) if rule]
# A root is no node of its chef's: it has nothing but files.
_ROOT_RULES = [
    (place, rule)
    for place, rule in _NODE_RULES
    if rule in (files.find_file_faults, questions.find_question_faults, content.find_content_faults)
]


def findings_of(store: Store, channel: Channel) -> list[Finding]:
    """Every finding about a channel's newest tree and last run: errors first, then by place in the tree."""
    with examined(store, [channel]):
        return kept_findings(store, channel)


def kept_findings(store: Store, channel: Channel) -> list[Finding]:
    """The same, for who is within ``examined``."""
    return list(store.kept.remember(("findings", channel), store.journal.changes, lambda: _collect(store, channel)))


def _collect(store: Store, channel: Channel) -> list[Finding]:
    return errors_first(_all(store, _examined_tree(store, channel)))


def _all(store: Store, examined: ExaminedTree) -> Iterator[Finding]:
    with_findings = [examination.findings for examination in examined.examinations if examination.findings]
    for place, (about_tree, about_node) in enumerate(_RULES):
        if about_tree:
            yield from about_tree(store, examined)
        for findings in with_findings if about_node else ():
            yield from findings.get(place, ())


@contextmanager
def examined(store: Store, channels: Collection[Channel] | None = None) -> Iterator[None]:
    """Hold the lock, with each node of the newest trees looked at, unless what was found out before still holds.

    To look takes long for large films and many questions, so it is done before the lock is held, and chefs go on
    meanwhile: do not hold it when you come here.
    """
    with store.lock:
        store.refresh_kept()
        unwatched = store.kept.unwatched(store.state)
        pending = content.pending_nodes(store, channels)
        if not pending and not unwatched:
            store.kept.complete(store.state)
            yield
            return
    content.inspect_contents(store, pending)
    for channel, node in pending:
        _examine_unlocked(store, channel, node)
    _watch_in_turns(store, unwatched)
    with store.lock:
        store.refresh_kept()
        store.kept.complete(store.state)
        yield


def _examine_unlocked(store: Store, channel: Channel, node: Node) -> None:
    with store.lock:
        store.kept.watch(node)
        slot = store.kept.slot(node)
    try:
        examination, files_of_node = _examine(store, channel, node)
    except Exception:  # something changed while it was read: who holds the lock looks again, and meets what is wrong
        return
    if slot is not None and files_of_node.is_inspected:
        with store.lock:
            store.kept.fill(node, slot, examination, files_of_node.stored, store.storage)


def _watch_in_turns(store: Store, owners: Sequence[Any]) -> None:
    """Begin to watch some at a time."""
    for first in range(0, len(owners), _AT_ONCE):
        with store.lock:
            for owner in owners[first : first + _AT_ONCE]:
                store.kept.watch(owner)
        # Who takes a lock again at once gets it before those who wait for it have woken up.
        time.sleep(_PAUSE)


def _examined_tree(store: Store, channel: Channel) -> ExaminedTree:
    """The newest tree with what is known of its nodes, for who is within ``examined``."""
    return store.kept.remember(("examined tree", channel), None, lambda: _examine_tree(store, channel))


def _examine_tree(store: Store, channel: Channel) -> ExaminedTree:
    root = newest(channel)
    own = list(root.iter_tree()) if root else []
    return ExaminedTree(
        channel, own, [_kept(store, channel, node) or _examine(store, channel, node)[0] for node in own]
    )


def unchecked_of(store: Store, channel: Channel) -> list[str]:
    """What could not be looked at in a channel, a sentence each, for who is within ``examined``."""
    return content.find_unchecked(_examined_tree(store, channel))


def _kept(store: Store, channel: Channel, node: Node) -> Examination | None:
    slot = store.kept.slot(node)
    examination: Examination | None = slot.value if slot else None
    return examination if examination and examination.channel_id == channel.id else None


def _examine(store: Store, channel: Channel, node: Node) -> tuple[Examination, FilesOfNode]:
    files_of_node = FilesOfNode(store, node)
    findings = {}
    for place, rule in _NODE_RULES if node.parent else _ROOT_RULES:
        faults = [make_finding(code, channel, node, detail) for code, detail in rule(files_of_node, node)]
        if faults:
            findings[place] = faults
    unchecked = tuple(content.unchecked_in(files_of_node, node))
    return Examination(channel.id, signature_of(node), findings, unchecked), files_of_node
