"""A channel's life without HTTP: created, overwritten, finished, deployed, deleted; who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.core.model import Channel, Node, User
from fake_studio.core.refusals import (
    ChannelNotFound,
    ChannelNotStorable,
    KeyMissing,
    NodeNotFound,
    NodeNotStorable,
    NotEditor,
    NothingStaged,
    NothingToFinish,
    Refusal,
    TreeUnknown,
    ValueUnusable,
)
from support.chefs_driver import CHANNEL, LENIENT, STRICT, Data, an_id, channel_data, node_data, state_of, without


@pytest.fixture
def other(users: dict[str, User], studio: Studio) -> User:
    return studio.state.users[users["other"].id]


@pytest.fixture
def admin(users: dict[str, User], studio: Studio) -> User:
    return studio.state.users[users["admin"].id]


def create(studio: Studio, user: User, *, keep_shell: bool = True, **changes: Any) -> Channel:
    return studio.create_channel(user, channel_data(**changes), strictness=STRICT, keep_shell=keep_shell)


def add(studio: Studio, user: User, parent: Node, *words: str) -> list[Node]:
    nodes = [node_data(word) for word in words]
    return studio.add_nodes(user, parent.id, nodes, strictness=STRICT, by_number=False)


def finish(studio: Studio, user: User, *, stage: bool = True, honour: bool = False) -> None:
    studio.finish_channel(user, CHANNEL, stage=stage, honour_stage=honour)


def root(channel: Channel, name: str = "chef") -> Node:
    found = channel.root(name)
    assert found is not None
    return found


def titles(channel: Channel, name: str) -> Any:
    found = channel.root(name)
    return None if found is None else [node.title for node in found.descendants()]


def test_a_new_channel_has_an_empty_chef_tree_and_an_empty_main_tree(studio: Studio, user: User) -> None:
    channel = create(studio, user)
    assert (channel.id, channel.name, channel.editors) == (CHANNEL, "A channel", [user.id])
    assert {name: titles(channel, name) for name in channel.trees} == {
        "chef": [],
        "staging": None,
        "main": [],
        "previous": None,
        "trash": [],
    }
    assert root(channel).node_id == CHANNEL


def test_creating_again_overwrites_the_description_and_throws_the_chef_tree_away(studio: Studio, user: User) -> None:
    first = root(create(studio, user))
    (node,) = add(studio, user, first, "a")
    channel = create(studio, user, name="Another name", tagline=None)
    assert (channel.name, channel.tagline, titles(channel, "chef")) == ("Another name", None, [])
    assert node.id not in studio.state.nodes
    assert first.id not in studio.state.nodes
    assert root(channel).id in studio.state.nodes


def test_a_missing_tagline_leaves_the_old_one(studio: Studio, user: User) -> None:
    create(studio, user, tagline="Learn")
    studio.create_channel(user, without(channel_data(), "tagline"), strictness=STRICT, keep_shell=True)
    assert studio.get_channel_record(CHANNEL).tagline == "Learn"


def test_only_the_first_source_domain_becomes_the_source_url(studio: Studio, user: User) -> None:
    create(studio, user)
    channel = create(studio, user, source_domain="elsewhere.org")
    assert (channel.source_domain, channel.source_url) == ("elsewhere.org", "example.org")


def test_creating_undeletes(studio: Studio, user: User) -> None:
    create(studio, user)
    studio.delete_channel(CHANNEL)
    assert studio.get_channel_status_bulk(user, [CHANNEL]) == {CHANNEL: "deleted"}
    assert not create(studio, user).deleted


def test_an_admin_takes_over_and_does_not_become_an_editor(studio: Studio, user: User, admin: User) -> None:
    create(studio, user)
    channel = create(studio, admin, name="Taken over")
    assert (channel.name, channel.editors) == ("Taken over", [user.id])


def test_nobody_else_creates_it_again(studio: Studio, user: User, other: User) -> None:
    create(studio, user)
    before = state_of(studio)
    with pytest.raises(NotEditor, match=r"other@example.org is not an editor of the channel 'A channel'"):
        create(studio, other, name="Mine")
    assert state_of(studio) == before


BROKEN: dict[str, tuple[Data, type[Refusal], str]] = {
    "name": (channel_data(name="x" * 201), ChannelNotStorable, "channel_data.name"),
    "description": (channel_data(description="x" * 401), ChannelNotStorable, "channel_data.description"),
    "tagline": (channel_data(tagline="x" * 151), ChannelNotStorable, "channel_data.tagline"),
    "source_id": (channel_data(source_id="x" * 201), ChannelNotStorable, "channel_data.source_id"),
    "source_domain": (channel_data(source_domain="x" * 301), ChannelNotStorable, "channel_data.source_domain"),
    "ricecooker_version": (
        channel_data(ricecooker_version="x" * 101),
        ChannelNotStorable,
        "channel_data.ricecooker_version",
    ),
    "language": (channel_data(language="xx-nope"), ChannelNotStorable, "channel_data.language"),
    "NUL": (channel_data(name="a\0b"), ChannelNotStorable, "channel_data.name"),
    "name null": (channel_data(name=None), ChannelNotStorable, "channel_data.name"),
    "extra_fields": (channel_data(extra_fields="nope"), ChannelNotStorable, "channel_data.extra_fields"),
    "NaN": (channel_data(extra_fields={"a": float("nan")}), ChannelNotStorable, "channel_data.extra_fields"),
    "no name": (without(channel_data(), "name"), KeyMissing, "channel_data.name"),
    "no thumbnail": (without(channel_data(), "thumbnail"), KeyMissing, "channel_data.thumbnail"),
    "files": (
        channel_data(files=[{"filename": "0" * 32 + ".png", "size": 1, "preset": "channel_thumbnail"}]),
        NodeNotStorable,
        "channel_data.files[0].filename",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("exists", [True, False])
def test_a_refused_channel_changes_nothing(studio: Studio, user: User, case: str, exists: bool) -> None:
    if exists:
        add(studio, user, root(create(studio, user)), "a")
    data, kind, field = BROKEN[case]
    before = state_of(studio)
    with pytest.raises(kind) as caught:
        studio.create_channel(user, data, strictness=STRICT, keep_shell=False)
    assert caught.value.field == field
    assert state_of(studio) == before


def test_a_refused_new_channel_may_leave_its_shell_as_in_studio(studio: Studio, user: User) -> None:
    with pytest.raises(ChannelNotStorable):
        create(studio, user, name="x" * 201)
    channel = studio.check_user_is_editor(user, CHANNEL)
    assert (channel.name, channel.root("chef"), titles(channel, "main")) == ("", None, [])


@pytest.mark.parametrize("bad", [None, 5, [], "x" * 33, "a\0b"])
def test_an_id_must_be_text_of_32_characters(studio: Studio, user: User, bad: Any) -> None:
    before = state_of(studio)
    with pytest.raises(ChannelNotStorable):
        create(studio, user, id=bad)
    assert state_of(studio) == before


def test_finishing_stages_and_deploying_moves_main_to_previous(studio: Studio, user: User) -> None:
    channel = create(studio, user)
    add(studio, user, root(channel), "a")
    finish(studio, user)
    assert (titles(channel, "chef"), titles(channel, "staging"), titles(channel, "main")) == (None, ["Node a"], [])
    studio.deploy_channel(CHANNEL)
    assert (titles(channel, "staging"), titles(channel, "main"), titles(channel, "previous")) == (None, ["Node a"], [])


def test_a_staging_tree_that_is_replaced_is_thrown_away(studio: Studio, user: User) -> None:
    channel = create(studio, user)
    (lost,) = add(studio, user, root(channel), "a")
    finish(studio, user)
    create(studio, user)
    finish(studio, user)
    assert titles(channel, "staging") == []
    assert lost.id not in studio.state.nodes


def test_nodes_can_be_added_to_a_staged_tree(studio: Studio, user: User) -> None:
    channel = create(studio, user)
    chef = root(channel)
    finish(studio, user)
    add(studio, user, chef, "late")
    assert titles(channel, "staging") == ["Node late"]


def test_stage_false_deploys_only_where_it_is_honoured(studio: Studio, user: User) -> None:
    channel = create(studio, user)
    finish(studio, user, stage=False)
    assert channel.root("staging") is not None
    create(studio, user)
    finish(studio, user, stage=False, honour=True)
    assert channel.root("staging") is None


def test_there_is_nothing_to_finish_or_deploy_twice(studio: Studio, user: User) -> None:
    create(studio, user)
    finish(studio, user)
    studio.deploy_channel(CHANNEL)
    before = state_of(studio)
    with pytest.raises(NothingToFinish):
        finish(studio, user)
    with pytest.raises(NothingStaged):
        studio.deploy_channel(CHANNEL)
    assert state_of(studio) == before


def test_status_goes_from_active_by_staged_to_unpublished(studio: Studio, user: User) -> None:
    def status() -> str:
        return studio.get_channel_status_bulk(user, [CHANNEL])[CHANNEL]

    channel = create(studio, user)
    add(studio, user, root(channel), "a")
    assert status() == "active"
    finish(studio, user)
    assert status() == "staged"
    studio.deploy_channel(CHANNEL)
    assert status() == "unpublished"


def test_one_foreign_channel_spoils_the_whole_list(studio: Studio, user: User, other: User, admin: User) -> None:
    create(studio, user)
    assert studio.get_channel_status_bulk(admin, [CHANNEL]) == {CHANNEL: "active"}
    assert studio.get_channel_status_bulk(other, []) == {}
    with pytest.raises(NotEditor):
        studio.get_channel_status_bulk(other, [CHANNEL])
    with pytest.raises(ChannelNotFound):
        studio.get_channel_status_bulk(user, [CHANNEL, "0" * 32])
    for bad in (5, None, [5], ["0" * 32, []]):
        with pytest.raises(ValueUnusable):
            studio.get_channel_status_bulk(user, bad)


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("0" * 32, ChannelNotFound),
        (None, ChannelNotFound),
        (5, ValueUnusable),
        ({}, ValueUnusable),
        ("\0", ValueUnusable),
    ],
)
def test_an_unknown_channel_is_no_channel_to_anybody(
    studio: Studio, admin: User, bad: Any, kind: type[Refusal]
) -> None:
    for act in (
        lambda: studio.check_user_is_editor(admin, bad),
        lambda: studio.finish_channel(admin, bad, stage=True, honour_stage=False),
        lambda: studio.publish_channel(admin, bad),
        lambda: studio.get_tree_data(admin, bad, "main", lambda node: node.id),
        lambda: studio.deploy_channel(bad),
    ):
        with pytest.raises(kind):
            act()


def test_a_tree_tells_topics_with_children_and_resources_with_sizes(studio: Studio, user: User) -> None:
    channel = create(studio, user)
    (topic,) = add(studio, user, root(channel), "t")
    (leaf,) = studio.add_nodes(user, topic.id, [node_data("d", "document")], strictness=LENIENT, by_number=False)
    told = studio.get_tree_data(user, CHANNEL, "chef", lambda node: node.id)
    inner = {"title": "Node d", "kind": "document", "file_size": None, "node_id": an_id("d"), "studio_id": leaf.id}
    assert told == [
        {"title": "Node t", "kind": "topic", "node_id": an_id("t"), "studio_id": topic.id, "children": [inner]}
    ]
    level, staged = studio.get_node_tree_data(user, CHANNEL, "chef", an_id("t"), lambda node: node.id)
    assert (level, staged) == ([inner], False)


def test_trees_and_nodes_that_are_not_there(studio: Studio, user: User) -> None:
    create(studio, user)
    with pytest.raises(TreeUnknown) as caught:
        studio.get_tree_data(user, CHANNEL, "staging", lambda node: node.id)
    assert caught.value.allowed == ["chef", "main", "trash"]
    with pytest.raises(NodeNotFound):
        studio.get_node_tree_data(user, CHANNEL, "chef", "0" * 32, lambda node: node.id)


def test_a_reset_forgets_channels_and_files_and_keeps_users(studio: Studio, user: User) -> None:
    create(studio, user)
    studio.storage.put(b"x", "ab.pdf", "application/pdf")
    studio.reset()
    assert (studio.channels, studio.storage.names()) == ([], [])
    assert studio.authenticate(user.token).username == "chef@example.org"


def test_with_a_seed_every_run_makes_the_same_ids(users: dict[str, User]) -> None:
    def ids() -> list[str]:
        studio = Studio(users.values(), seed=7)
        channel = create(studio, studio.users[1])
        made = [root(channel).id, *(node.id for node in add(studio, studio.users[1], root(channel), "a", "b"))]
        studio.close()
        return made

    assert ids() == ids()
