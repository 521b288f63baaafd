"""Random calls beside a small model of what Studio should then hold, checked after every step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fake_studio import Studio
from fake_studio.core.model import Node, User
from fake_studio.core.refusals import NotEditor, NothingStaged, NothingToFinish, Refusal
from fake_studio.snapshot import dump, load, parse, text
from support.chefs_driver import LENIENT, channel_data, node_data
from support.made_up import lives

CHEF = User(1, "chef@example.org", "1" * 40)
OTHER = User(2, "other@example.org", "2" * 40)
ADMIN = User(3, "admin@example.org", "3" * 40, is_admin=True)
CHANNELS = ("a" * 32, "b" * 32)
WORDS = st.sampled_from([f"n{number}" for number in range(12)])
KINDS = st.sampled_from(["topic", "topic", "document"])

Outline = list[Any]  # of [node_id, kind, Outline]


class Expected:
    """What one channel should hold: an outline for each tree, or None where there is no tree."""

    def __init__(self) -> None:
        self.trees: dict[str, Outline | None] = {"chef": None, "staging": None, "main": [], "previous": None}
        self.deleted = False
        self.unpublished = False

    @property
    def status(self) -> str:
        if self.deleted:
            return "deleted"
        if self.trees["staging"] is not None:
            return "staged"
        return "unpublished" if self.unpublished else "active"


def outline_of(root: Node | None) -> Outline | None:
    if root is None:
        return None
    return [[child.node_id, child.kind, outline_of(child)] for child in root.children]


class StudioLife(RuleBasedStateMachine):
    """Chefs, an outsider and an admin at work on two channels."""

    def __init__(self) -> None:
        super().__init__()
        self.studio = Studio([CHEF, OTHER, ADMIN], seed=1)
        self.expected: dict[str, Expected] = {}

    def teardown(self) -> None:
        self.studio.close()

    @property
    def user(self) -> User:
        return self.studio.state.users[CHEF.id]

    @rule(channel=st.sampled_from(CHANNELS), name=st.text(max_size=20))
    def create_channel(self, channel: str, name: str) -> None:
        data = channel_data(id=channel, name=name)
        try:
            self.studio.create_channel(self.user, data, strictness=LENIENT, keep_shell=False)
        except Refusal:
            assert "\x00" in name or any("\ud800" <= char <= "\udfff" for char in name)
            return
        expected = self.expected.setdefault(channel, Expected())
        expected.trees["chef"], expected.deleted = [], False

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), words=st.lists(WORDS, max_size=4), kind=KINDS, spoil=st.booleans())
    def add_nodes(self, data: st.DataObject, words: list[str], kind: str, spoil: bool) -> None:
        channel = data.draw(st.sampled_from(sorted(self.expected)))
        outline = self.expected[channel].trees["chef"]
        root = self.studio.state.channels[channel].root("chef")
        if root is None or outline is None:
            return
        parent, place = self._drawn(data, root, outline)
        sent = [node_data(word, kind, files=[]) for word in words]
        wrong = [node_data("wrong", "document", license="no such license")] if spoil else []
        try:
            self._add(parent, sent + wrong)
        except Refusal as refusal:
            refused = refusal.field  # root_id where the parent is no topic, license where one was spoilt
        else:
            refused = None
        assert refused == ("root_id" if parent.kind != "topic" else "license" if spoil else None)
        if refused:
            return
        present = {node_id for node_id, _, _ in place}
        place.extend([node["node_id"], kind, []] for node in sent if node["node_id"] not in present)

    def _drawn(self, data: st.DataObject, root: Node, outline: Outline) -> tuple[Node, Outline]:
        """A node of the tree, and its place in the outline."""
        node, place = root, outline
        while node.children and data.draw(st.booleans()):
            number = data.draw(st.integers(0, len(node.children) - 1))
            node, place = node.children[number], place[number][2]
        return node, place

    def _add(self, parent: Node, sent: list[dict[str, Any]]) -> None:
        self.studio.add_nodes(self.user, parent.number, sent, strictness=LENIENT, by_number=True)

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), stage=st.booleans(), honour=st.booleans())
    def finish_channel(self, data: st.DataObject, stage: bool, honour: bool) -> None:
        channel = data.draw(st.sampled_from(sorted(self.expected)))
        expected = self.expected[channel]
        if expected.trees["chef"] is None:
            with pytest.raises(NothingToFinish):
                self.studio.finish_channel(self.user, channel, stage=stage, honour_stage=honour)
            return
        self.studio.finish_channel(self.user, channel, stage=stage, honour_stage=honour)
        expected.trees["staging"], expected.trees["chef"] = expected.trees["chef"], None
        if honour and not stage:
            self._deployed(expected)

    def _deployed(self, expected: Expected) -> None:
        trees = expected.trees
        trees["previous"], trees["main"], trees["staging"] = trees["main"], trees["staging"], None
        expected.unpublished = bool(trees["main"])

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def deploy_channel(self, data: st.DataObject) -> None:
        channel = data.draw(st.sampled_from(sorted(self.expected)))
        if self.expected[channel].trees["staging"] is None:
            with pytest.raises(NothingStaged):
                self.studio.deploy_channel(channel)
        else:
            self.studio.deploy_channel(channel)
            self._deployed(self.expected[channel])

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def delete_channel(self, data: st.DataObject) -> None:
        channel = data.draw(st.sampled_from(sorted(self.expected)))
        self.studio.delete_channel(channel)
        self.expected[channel].deleted = True

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def an_outsider_changes_nothing(self, data: st.DataObject) -> None:
        channel = data.draw(st.sampled_from(sorted(self.expected)))
        outsider = self.studio.state.users[OTHER.id]
        with pytest.raises(NotEditor):
            self.studio.finish_channel(outsider, channel, stage=True, honour_stage=True)
        with pytest.raises(NotEditor):
            self.studio.create_channel(outsider, channel_data(id=channel), strictness=LENIENT, keep_shell=True)

    @rule()
    def reset(self) -> None:
        self.studio.reset()
        self.expected = {}

    @rule()
    def save_and_go_on_from_the_snapshot(self) -> None:
        saved = text(dump(self.studio))
        self.studio.close()
        self.studio = Studio([CHEF, OTHER, ADMIN], seed=1)
        load(self.studio, parse(saved))
        assert text(dump(self.studio)) == saved

    @invariant()
    def trees_are_as_expected(self) -> None:
        channels = self.studio.state.channels
        assert set(channels) == set(self.expected)
        for channel_id, expected in self.expected.items():
            trees = {name: outline_of(channels[channel_id].root(name)) for name in expected.trees}
            assert trees == expected.trees

    @invariant()
    def an_admin_sees_every_status(self) -> None:
        admin = self.studio.state.users[ADMIN.id]
        statuses = self.studio.get_channel_status_bulk(admin, list(self.expected))
        assert statuses == {channel: expected.status for channel, expected in self.expected.items()}

    @invariant()
    def the_index_has_each_node_once(self) -> None:
        roots = [root for channel in self.studio.state.channels.values() for root in channel.trees.values() if root]
        nodes = [node for root in roots for node in root.iter_tree()]
        assert len(nodes) == len({node.id for node in nodes}) == len(self.studio.state.nodes)
        assert {node.number for node in nodes} == set(self.studio.state.numbered)
        assert all(child.parent is node for node in nodes for child in node.children)

    @invariant()
    def the_report_changes_nothing(self) -> None:
        assert self.studio.report().to_dict() == self.studio.report().to_dict()


TestStudioLife = StudioLife.TestCase
TestStudioLife.settings = lives(40, steps=30)
