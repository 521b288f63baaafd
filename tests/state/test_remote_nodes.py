"""Nodes that name another channel's resource: what is copied, and who may copy what."""

from __future__ import annotations

from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node, User
from fake_studio.core.refusals import NodeInvalid, NodeNotStorable, Refusal, ValueUnusable
from support.chefs_driver import STRICT, Data, an_id, channel_data, exercise_data, node_data, state_of, without

SOURCE = "5" * 32


@pytest.fixture
def source(studio: Studio, user: User) -> list[Node]:
    """The nodes of a deployed channel: a document, a topic, an exercise."""
    channel = studio.create_channel(user, channel_data(id=SOURCE), strictness=STRICT, keep_shell=True)
    root = channel.root("chef")
    assert root is not None
    nodes = [node_data("d", "document", tags=["x"], author="A. Uthor"), node_data("t"), exercise_data()]
    added = studio.add_nodes(user, root.id, nodes, strictness=STRICT, by_number=False)
    studio.finish_channel(user, SOURCE, stage=True, honour_stage=False)
    studio.deploy_channel(SOURCE)
    return added


def remote(**changes: Any) -> Data:
    return {
        "node_id": an_id("remote"),
        "source_channel_id": SOURCE,
        "source_node_id": an_id("d"),
        "source_content_id": an_id("content d"),
        **changes,
    }


def add(studio: Studio, user: User, root: Node, data: Data) -> Node:
    (node,) = studio.add_nodes(user, root.id, [data], strictness=STRICT, by_number=False)
    return node


def test_a_copy_is_its_source_under_a_name_of_its_own(
    studio: Studio, user: User, source: list[Node], root: Node
) -> None:
    copy = add(studio, user, root, remote())
    assert (copy.title, copy.kind, copy.license, copy.tags) == ("Node d", "document", "CC BY", ["x"])
    assert (copy.content_id, copy.node_id) == (source[0].content_id, an_id("remote"))
    assert (copy.source_channel_id, copy.source_node_id) == (SOURCE, an_id("d"))


def test_an_editor_of_the_source_may_override_what_others_may_not(
    studio: Studio, users: dict[str, User], user: User, source: list[Node], root: Node
) -> None:
    changes = {"title": "My title", "author": "Me"}
    assert (add(studio, user, root, remote(**changes)).title, root.children[0].author) == ("My title", "Me")
    other = studio.state.users[users["other"].id]
    studio.get_channel_record(SOURCE).public = True
    channel = studio.create_channel(other, channel_data(id="d" * 32), strictness=STRICT, keep_shell=True)
    root = channel.root("chef")
    assert root is not None
    copy = add(studio, other, root, remote(**changes))
    assert (copy.title, copy.author) == ("My title", "A. Uthor")


def test_a_copy_has_questions_of_its_own(studio: Studio, user: User, source: list[Node], root: Node) -> None:
    copy = add(studio, user, root, remote(source_node_id=an_id("e")))
    assert copy.questions == source[2].questions
    assert copy.questions[0] is not source[2].questions[0]


def test_a_copy_may_have_null_for_a_text_and_its_own_extra_fields(
    studio: Studio, user: User, source: list[Node], root: Node
) -> None:
    copy = add(studio, user, root, remote(author=None, provider=None, extra_fields={"options": {"x": 1}}))
    assert (copy.author, copy.provider, copy.extra_fields) == (None, None, {"options": {"x": 1}})


def test_the_content_id_finds_what_the_node_id_does_not(
    studio: Studio, user: User, source: list[Node], root: Node
) -> None:
    assert add(studio, user, root, remote(source_node_id="0" * 32)).title == "Node d"


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        ({"source_channel_id": "0" * 32}, NodeInvalid, "source_channel_id"),
        ({"source_channel_id": None}, NodeInvalid, "source_channel_id"),
        ({"source_channel_id": 5}, ValueUnusable, "source_channel_id"),
        ({"source_node_id": 5}, ValueUnusable, "source_node_id"),
        ({"extra_fields": "{}"}, NodeNotStorable, "extra_fields"),
        ({"source_node_id": None, "source_content_id": ""}, NodeInvalid, "source_node_id"),
        ({"source_node_id": an_id("t"), "source_content_id": None}, NodeInvalid, "source_node_id"),
        ({"title": "x" * 201}, NodeNotStorable, "title"),
        ({"categories": ["no such"]}, NodeInvalid, "categories"),
        ({"tags": ["x" * 31]}, NodeInvalid, "tags[0]"),
    ],
)
def test_a_broken_copy_changes_nothing(
    studio: Studio, user: User, source: list[Node], root: Node, changes: Data, kind: type[Refusal], field: str
) -> None:
    before = state_of(studio)
    with pytest.raises(kind) as caught:
        add(studio, user, root, remote(**changes))
    assert caught.value.field == field
    assert state_of(studio) == before


def test_a_private_channel_is_no_source_for_others(studio: Studio, users: dict[str, User], source: list[Node]) -> None:
    other = studio.state.users[users["other"].id]
    channel = studio.create_channel(other, channel_data(id="d" * 32), strictness=STRICT, keep_shell=True)
    root = channel.root("chef")
    assert root is not None
    with pytest.raises(NodeInvalid, match=r"other@example.org may see"):
        add(studio, other, root, remote())


def test_what_is_only_staged_is_no_source(studio: Studio, user: User, root: Node) -> None:
    studio.finish_channel(user, root.channel_id, stage=True, honour_stage=False)
    second = studio.create_channel(user, channel_data(id="e" * 32), strictness=STRICT, keep_shell=True).root("chef")
    assert second is not None
    with pytest.raises(NodeInvalid, match="only deployed resources"):
        add(studio, user, second, without(remote(source_channel_id=root.channel_id), "source_content_id"))
