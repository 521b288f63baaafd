"""A channel beside its earlier self: under another id, with another file, published before it was deployed."""

from __future__ import annotations

from typing import Any

import pytest

from fake_studio.reports.against import EarlierTrees
from support.chefs_driver import CHANNEL, Chef, Data, an_id, channel_data, node_data
from support.provocations import begin, document, send

OTHER = an_id("other channel")


def send_again(chef: Chef, *nodes: Data, **changes: Any) -> None:
    """The next run, by a chef that changed what its channel's id is made of."""
    data = channel_data(**{"id": OTHER, "source_id": "src-2", **changes})
    answer = chef.post("create_channel", {"channel_data": data}).get_json()
    chef.added(answer["root"], *nodes)
    chef.post("finish_channel", {"channel_id": OTHER, "stage": True})


def again(chef: Chef, **options: Any) -> list[str]:
    return [f.message for f in chef.studio.report(**options).findings if f.code == "channel-again"]


@pytest.mark.parametrize(("changes", "is_said"), [
    ({}, True),
    ({"name": "Renamed"}, True),
    ({"source_domain": "moved.example.org"}, True),
    ({"name": "Renamed", "source_domain": "moved.example.org"}, False),
])  # fmt: skip
def test_the_same_resources_in_another_channel(chef: Chef, changes: Data, is_said: bool) -> None:
    send(chef, document(), document("e"))
    send_again(chef, document(), document("e"), **changes)
    assert bool(again(chef)) is is_said


def test_another_channel_of_the_same_domain(chef: Chef) -> None:
    send(chef, document(), document("e"))
    send_again(chef, document("f"), document("g"), name="Another")
    assert again(chef) == []


def test_the_last_run_had_another_id(chef: Chef) -> None:
    """In a Studio of its own, as cook has: the tree that the chef left last time says so, if it holds the same."""
    send(chef, document())
    last = {"id": OTHER, "name": "A channel", "source_id": "src-2"}
    same, other = ({**last, "children": [child]} for child in (document(), document("e")))
    assert again(chef, earlier=EarlierTrees({OTHER: same}))
    assert again(chef, earlier=EarlierTrees({OTHER: other})) == []


def test_a_file_of_another_channel_is_said(chef: Chef) -> None:
    send(chef, document())
    earlier = EarlierTrees({OTHER: {"name": "Maths", "children": [document("e")]}}, is_chosen=True)
    [line] = chef.studio.report(earlier=earlier).unchecked
    assert "'Maths'" in line


def test_what_ricecooker_cut_of_the_channel(chef: Chef) -> None:
    send(chef, document(), description=400 * "x")
    declared = {"id": CHANNEL, "name": "A channel", "description": 500 * "x", "children": [document()]}
    [finding] = [f for f in chef.studio.report(declared=[declared]).findings if f.code == "field-cut"]
    assert "description: 500 characters became 400." in finding.message


def test_a_thumbnail_that_came_too_late_is_said_once(chef: Chef) -> None:
    send(chef, document())
    declared = {"id": CHANNEL, "name": "A channel", "thumbnail": "a.png", "children": [document()]}
    codes = "channel-thumbnail-missing"
    [finding] = [f for f in chef.studio.report(declared=[declared]).findings if f.code == codes]
    assert "a.png" in finding.message
    assert "0.8.0" in finding.cure


def test_publishing_what_is_only_staged_is_one_story(deployed: Chef) -> None:
    root = begin(deployed)
    deployed.added(root, document())
    deployed.finish(stage=False)
    deployed.post("publish_channel", {"channel_id": CHANNEL})
    deployed.studio.wait_until_published(CHANNEL)
    [cause] = [cause for cause in deployed.studio.report().causes if cause.severity == "error"]
    assert cause.kind == "stage-ignored"
    assert set(cause.consequences) == {"published-without-deploy", "publish-failed"}


def test_a_topic_that_is_there_twice(chef: Chef) -> None:
    root = begin(chef)
    added = chef.added(
        root, node_data("t", title="Rivers"), node_data("u", title="Rivers"), node_data("v", title="Rivers")
    )
    for topic, page in (("t", "d"), ("u", "e"), ("v", "f")):
        same = {"title": "Page"} if topic != "v" else {"title": "Another page"}
        chef.added(added[an_id(topic)], document(page, **same))
    chef.finish()
    [finding] = [f for f in chef.studio.report().findings if f.code == "twin-resources"]
    assert "The topic 'Rivers' is there 2 times" in finding.message
