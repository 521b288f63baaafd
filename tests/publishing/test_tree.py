"""Which nodes are exported, and where they stand."""

from __future__ import annotations

import pytest

from fake_studio.publishing import CannotPublish
from support.desk import Desk, a_question, an_id, mastery


def positions(desk: Desk) -> dict[str, tuple[int, int, int]]:
    return {row["title"]: (row["lft"], row["rght"], row["level"]) for row in desk.rows("contentnode")}


def test_nodes_are_numbered_in_the_order_of_reading(desk: Desk) -> None:
    topic = desk.add("topic", "topic")
    desk.add("inner", parent=topic)
    desk.add("last")
    assert positions(desk) == {"A channel": (1, 8, 0), "topic": (2, 5, 1), "inner": (3, 4, 2), "last": (6, 7, 1)}


def test_a_deep_tree_is_exported(desk: Desk) -> None:
    parent = desk.root
    for level in range(1500):
        parent = desk.add(f"level {level}", "topic", parent)
    desk.add("deep", parent=parent)
    assert positions(desk)["deep"] == (1502, 1503, 1501)


def test_topics_without_a_resource_below_are_left_out(desk: Desk) -> None:
    hollow = desk.add("hollow", "topic")
    desk.add("empty", "topic", hollow)
    desk.add("document")
    assert desk.titles() == ["document"]
    assert [(node.title, reason) for node, reason in desk.publish().left_out] == [
        ("hollow", "a topic with nothing in it is not published")
    ]


def test_incomplete_nodes_are_exported(desk: Desk) -> None:
    desk.add("no file, no license", license=None)
    assert desk.titles() == ["no file, no license"]


def test_an_exercise_without_a_mastery_model_is_left_out_and_its_topic_is_not(desk: Desk) -> None:
    topic = desk.add("topic", "topic")
    desk.add("exercise", "exercise", topic, questions=[a_question()])
    assert desk.titles() == ["topic"]
    assert [node.title for node, _ in desk.publish().left_out] == ["exercise"]


def test_a_unit_with_questions_and_no_mastery_model_goes_with_all_below(desk: Desk) -> None:
    unit = desk.add("unit", "topic", questions=[a_question()], extra_fields={"options": {"modality": "UNIT"}})
    desk.add("inside", parent=unit)
    desk.add("outside")
    assert desk.titles() == ["outside"]


def test_a_unit_with_questions_has_an_archive_and_no_assessment_metadata(desk: Desk) -> None:
    fields = mastery("pre_post_test", pre_post_test={"version_a_item_ids": []})
    fields["options"]["modality"] = "UNIT"
    unit = desk.add("unit", "topic", questions=[a_question()], extra_fields=fields)
    desk.add("inside", parent=unit)
    assert [row["preset"] for row in desk.rows("file")] == ["qti", "exercise"]
    assert desk.rows("assessmentmetadata") == []


def test_the_root_has_the_name_of_the_channel(desk: Desk) -> None:
    desk.add("document")
    root = next(row for row in desk.rows("contentnode") if row["parent_id"] is None)
    assert (root["id"], root["title"], root["kind"]) == (desk.channel.id, "A channel", "topic")


def test_content_that_stands_in_two_places_is_two_nodes(desk: Desk) -> None:
    desk.add("one", content_id=an_id("shared"))
    desk.add("two", content_id=an_id("shared"))
    assert desk.titles() == ["one", "two"]


def test_a_node_id_that_comes_twice_is_one_row_where_the_later_stands(desk: Desk) -> None:
    first, second = desk.add("first", "topic"), desk.add("second", "topic")
    desk.add("once", parent=first, node_id=an_id("twin"))
    desk.add("filler", parent=first)
    desk.add("again", parent=second, node_id=an_id("twin"))
    assert desk.titles() == ["first", "filler", "second", "again"]


def test_a_node_below_itself_cannot_be_published(desk: Desk) -> None:
    topic = desk.add("topic", "topic")
    inner = desk.add("inner", "topic", topic)
    desk.add("topic again", "document", inner, node_id=topic.node_id)
    with pytest.raises(CannotPublish, match="a topic above it has the same node_id"):
        desk.publish()


def test_ids_in_any_spelling_become_hex_digits(desk: Desk) -> None:
    desk.add("document", node_id=an_id("document").upper())
    assert desk.row("document")["title"] == "document"


def test_an_id_that_is_no_uuid_cannot_be_published(desk: Desk) -> None:
    desk.add("document", node_id="abc-123")
    with pytest.raises(CannotPublish, match=r"'document' .*the node_id 'abc-123' is not a UUID"):
        desk.publish()


def test_an_id_that_is_no_uuid_is_replaced_where_that_is_wanted(desk: Desk) -> None:
    desk.strict = False
    topic = desk.add("topic", "topic", node_id="abc-123")
    desk.add("document", parent=topic)
    [row] = [row for row in desk.rows("contentnode") if row["title"] == "topic"]
    assert len(row["id"]) == 32
    assert desk.row("document")["parent_id"] == row["id"]
    assert len(desk.publish().left_out) == 1


def test_a_channel_without_a_language_cannot_be_published(desk: Desk) -> None:
    desk.add("document")
    desk.channel.language = None
    with pytest.raises(CannotPublish, match="must have a language"):
        desk.publish()


def test_a_channel_without_a_resource_cannot_be_published(desk: Desk) -> None:
    desk.add("topic", "topic")
    with pytest.raises(CannotPublish, match="no resource"):
        desk.publish()


def test_a_node_without_a_kind_cannot_be_published(desk: Desk) -> None:
    desk.add("document", kind=None)  # type: ignore[arg-type]
    with pytest.raises(CannotPublish, match="no kind"):
        desk.publish()
