"""A copy of the state that stays as it is while the Studio goes on.

Copied is what changes in place: users, channels, runs and nodes. What a node holds is only ever replaced, and shared.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Dict, List

from fake_studio.ids import Ids
from fake_studio.model import Channel, Node, Run
from fake_studio.publisher import Publishing, copied_tree
from fake_studio.state import State


def copied(state: State) -> State:
    """The same users, channels, trees and uploads. With a seed, its ids go on as those of any other copy do."""
    twin = State((), state.ids.seed)
    twin.ids = Ids(state.ids.seed, *state.ids.made)
    twin.users = {key: replace(user, staged_files=dict(user.staged_files)) for key, user in state.users.items()}
    for channel in state.channels.values():
        twin.register(_channel(channel))
    twin.announced = dict(state.announced)
    twin.checksums = set(state.checksums)
    return twin


def _channel(channel: Channel) -> Channel:
    twin = copy.copy(channel)
    twin.editors, twin.tokens = list(channel.editors), list(channel.tokens)
    twin.published_versions = {number: dict(edition) for number, edition in channel.published_versions.items()}
    twin.trees = {name: root and copied_tree(root) for name, root in channel.trees.items()}
    twin.publishing = channel.publishing and _publishing(channel.publishing)
    nodes = {node.id: node for root in twin.trees.values() if root for node in root.family()}
    twin.run = channel.run and _run(channel.run, nodes)
    return twin


def _run(run: Run, nodes: Dict[str, Node]) -> Run:
    def twins(found: List[Node]) -> List[Node]:
        return [nodes[node.id] for node in found if node.id in nodes]

    cut_short = [twins(chunk) for chunk in run.cut_short]
    return replace(run, overwritten=list(run.overwritten), skipped=twins(run.skipped), cut_short=cut_short)


def _publishing(job: Publishing) -> Publishing:
    """A publish that is over. Nobody goes on with one that was under way."""
    if job.is_over:
        return job
    twin = replace(job, state="failed", cause="the Studio was saved while it was under way", done=type(job.done)())
    twin.done.set_result(None)
    return twin
