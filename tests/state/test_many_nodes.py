"""Where there are many: topics with more children than are looked through each time, channels that share a cook."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node
from fake_studio.findings import files
from support.chefs_driver import CHANNEL, LENIENT, an_id, channel_data, node_data

MANY = 240


@pytest.fixture
def studio() -> Studio:
    return Studio(seed=1)


def created(studio: Studio, **changes: Any) -> Node:
    channel = studio.create_channel(studio.users[0], channel_data(**changes), strictness=LENIENT, keep_shell=False)
    root = channel.root("chef")
    assert root is not None
    return root


def add(studio: Studio, parent: Node, words: list[str]) -> list[str]:
    sent = [node_data(word) for word in words]
    added = studio.add_nodes(studio.users[0], parent.id, sent, strictness=LENIENT, by_number=False)
    return [node.node_id for node in added]


def filled(studio: Studio) -> Node:
    root = created(studio)
    for first in range(0, MANY, 10):
        words = [f"n{number}" for number in range(first, first + 10)]
        assert add(studio, root, words) == [an_id(word) for word in words]
    return root


def test_what_stands_in_a_wide_topic_is_skipped_whenever_it_came(studio: Studio) -> None:
    root = filled(studio)
    assert add(studio, root, ["n0", "n99", "n100", f"n{MANY - 1}", "new"]) == [an_id("new")]
    assert add(studio, root, ["new"]) == []
    assert len(root.children) == MANY + 1


def test_a_refused_chunk_leaves_nothing_behind_in_a_wide_topic(studio: Studio) -> None:
    root = filled(studio)
    wrong = [node_data("new"), node_data("wrong", "document", license="no such license")]
    with pytest.raises(Exception, match="license"):
        studio.add_nodes(studio.users[0], root.id, wrong, strictness=LENIENT, by_number=False)
    assert add(studio, root, ["new"]) == [an_id("new")]


def test_a_twice_sent_node_is_built_twice_in_a_wide_topic_too(studio: Studio) -> None:
    root = filled(studio)
    assert add(studio, root, ["new", "new"]) == [an_id("new")] * 2
    assert add(studio, root, ["new"]) == []


def test_a_wide_topic_is_known_after_it_was_staged(studio: Studio) -> None:
    root = filled(studio)
    studio.finish_channel(studio.users[0], CHANNEL, stage=True, honour_stage=True)
    assert add(studio, root, ["n7", "new"]) == [an_id("new")]


def test_a_wide_topic_goes_back_with_a_mark(studio: Studio) -> None:
    root = filled(studio)
    studio.mark("before")
    add(studio, root, ["new"])
    studio.restore("before")
    again = studio.state.nodes[root.id]
    assert add(studio, again, ["new"]) == [an_id("new")]
    assert len(again.children) == MANY + 1


def test_a_node_has_slots_where_python_makes_them() -> None:
    assert hasattr(Node, "__slots__") is (sys.version_info >= (3, 10))


def test_a_twin_has_the_same_values(studio: Studio) -> None:
    node = filled(studio).children[3]
    twin = node.shallow_copy()
    assert twin is not node
    names = [name for name in Node.__dataclass_fields__ if getattr(twin, name) is not getattr(node, name)]
    assert names == []


def test_unused_files_are_looked_for_once_in_a_report(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        created(studio, id=an_id(f"channel {number}"))
    studio.storage.put(b"%PDF", f"{an_id('file')}.pdf", "application/pdf", studio.users[0].id)
    looked: list[Studio] = []
    used_names = files._used_names
    monkeypatch.setattr(files, "_used_names", lambda studio: (looked.append(studio), used_names(studio))[1])
    found = [finding for finding in studio.report().findings if finding.code == "file-never-used"]
    assert [finding.channel for finding in found] == [an_id("channel 4")]
    assert len(looked) == 1
