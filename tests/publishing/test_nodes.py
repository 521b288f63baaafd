"""What a node's row tells."""

from __future__ import annotations

import json

import pytest

from fake_studio.publishing import CannotPublish
from support.desk import Desk


def test_a_resource_takes_its_language_from_itself_the_topics_above_or_the_channel(desk: Desk) -> None:
    french = desk.add("french", "topic", language="fr")
    inner = desk.add("inner", "topic", french)
    desk.add("own", parent=inner, language="sw")
    desk.add("inherited", parent=inner)
    desk.add("plain")
    languages = [desk.row(name)["lang_id"] for name in ("own", "inherited", "plain", "inner", "french")]
    assert languages == ["sw", "fr", "en", "en", "fr"]


def test_without_a_chef_nothing_is_inherited(desk: Desk) -> None:
    desk.channel.ricecooker_version = None
    topic = desk.add("topic", "topic", language="fr", labels={"grade_levels": ["level"]})
    desk.add("document", parent=topic)
    row = desk.row("document")
    assert (row["lang_id"], row["grade_levels"]) == ("en", None)


def test_labels_from_above_join_those_of_a_resource(desk: Desk) -> None:
    topic = desk.add("topic", "topic", labels={"categories": ["a"], "grade_levels": ["g"]})
    desk.add("document", parent=topic, labels={"categories": ["bb"]})
    row = desk.row("document")
    assert (row["categories"], row["grade_levels"]) == ("bb,a", "g")


def test_only_the_most_specific_labels_are_kept(desk: Desk) -> None:
    topic = desk.add("topic", "topic", labels={"categories": ["a", "a.b", "c"]})
    desk.add("document", parent=topic, labels={"categories": ["a.b.c"]})
    assert desk.row("document")["categories"] == "a.b.c,c"


def test_a_topic_shows_only_its_own_labels_all_of_them(desk: Desk) -> None:
    above = desk.add("above", "topic", labels={"categories": ["z"]})
    topic = desk.add("topic", "topic", above, labels={"categories": ["a.b", "a"], "learning_activities": ["x"]})
    desk.add("document", parent=topic)
    row = desk.row("topic")
    assert (row["categories"], row["learning_activities"]) == ("a,a.b", None)


def test_activities_and_accessibility_labels_are_not_inherited(desk: Desk) -> None:
    labels = {"learning_activities": ["watch"], "accessibility_labels": ["signs"]}
    topic = desk.add("topic", "topic", labels=labels)
    desk.add("below", parent=topic)
    desk.add("own", labels=labels)
    assert (desk.row("below")["learning_activities"], desk.row("below")["accessibility_labels"]) == (None, None)
    assert (desk.row("own")["learning_activities"], desk.row("own")["accessibility_labels"]) == ("watch", "signs")


@pytest.mark.parametrize("model", ["time", "approx_time"])
def test_a_time_to_complete_is_the_duration(desk: Desk, model: str) -> None:
    criteria = {"model": model, "threshold": 60, "learner_managed": False}
    media = [desk.file(extension="mp4", preset="high_res_video", duration=90)]
    desk.add("video", "video", files=media, extra_fields={"options": {"completion_criteria": criteria}})
    assert desk.row("video")["duration"] == 60


def test_the_longest_file_is_the_duration_of_audio_and_video(desk: Desk) -> None:
    for name, kind in (("video", "video"), ("document", "document")):
        media = [desk.file(bytes([n]), "mp4", "high_res_video", duration=n) for n in (80, 90, 70)]
        desk.add(name, kind, files=media)
    assert [desk.row(name)["duration"] for name in ("video", "document")] == [90, None]


def test_a_suggested_duration_is_no_duration(desk: Desk) -> None:
    desk.add("document", suggested_duration=120)
    assert desk.row("document")["duration"] is None


def test_options_have_their_keys_in_the_order_of_the_database(desk: Desk) -> None:
    desk.add("app", "html5", extra_fields={"options": {"width": 1, "aa": [{"é": 1, "zz": 2, "b": 3}], "b": None}})
    assert desk.row("app")["options"] == '{"b": null, "aa": [{"b": 3, "zz": 2, "\\u00e9": 1}], "width": 1}'


def test_options_that_are_no_object_cannot_be_published(desk: Desk) -> None:
    desk.add("document", extra_fields={"options": ""})
    with pytest.raises(CannotPublish, match="its options are no object"):
        desk.publish()


def test_a_license_of_ones_own_keeps_its_description_and_no_other_does(desk: Desk) -> None:
    words = {"license_description": "You may look", "copyright_holder": "Me"}
    desk.add("special", license="Special Permissions", **words)
    desk.add("plain", license="CC BY", **words)
    rows = [desk.row("special"), desk.row("plain")]
    assert [(row["license_name"], row["license_description"], row["license_owner"]) for row in rows] == [
        ("Special Permissions", "You may look", "Me"),
        ("CC BY", "", "Me"),
    ]


def test_each_license_is_told_once_for_each_description(desk: Desk) -> None:
    for number, words in enumerate(("a", "b", "a", None)):
        desk.add(f"special {number}", license="Special Permissions", license_description=words)
    assert [(row["id"], row["license_description"]) for row in desk.rows("license")] == [(1, "a"), (2, "b"), (3, None)]
    assert desk.row("special 2")["license_id"] == 1


def test_what_was_sent_as_null_is_empty(desk: Desk) -> None:
    desk.add("document", author=None, copyright_holder=None)
    row = desk.row("document")
    assert (row["author"], row["license_owner"], row["license_id"], row["license_name"]) == ("", "", None, None)


@pytest.mark.parametrize(("role", "coach_content"), [("coach", 1), ("learner", 0)])
def test_content_for_coaches_is_marked(desk: Desk, role: str, coach_content: int) -> None:
    desk.add("document", role=role)
    assert desk.row("document")["coach_content"] == coach_content


def test_tags_are_told_once_and_linked_to_each_node(desk: Desk) -> None:
    desk.add("one", tags=["algebra", "video"])
    desk.add("two", tags=["algebra"])
    names = {row["id"]: row["tag_name"] for row in desk.rows("contenttag")}
    assert sorted(names.values()) == ["algebra", "video"]
    assert [names[row["contenttag_id"]] for row in desk.rows("contentnode_tags")] == ["algebra", "video", "algebra"]


def test_a_tag_that_is_too_long_is_not_linked(desk: Desk) -> None:
    desk.add("document", tags=["x" * 31])
    assert len(desk.rows("contenttag")) == 1
    assert desk.rows("contentnode_tags") == []


def test_each_language_in_use_is_told(desk: Desk) -> None:
    desk.add("document", language="pt-BR", files=[desk.file(extension="vtt", preset="video_subtitle", language="ar")])
    told = {row["id"]: row for row in desk.rows("language")}
    assert set(told) == {"en", "pt-BR", "ar"}
    assert (told["pt-BR"]["lang_code"], told["pt-BR"]["lang_subcode"]) == ("pt", "BR")
    assert told["ar"]["lang_direction"] == "rtl"


def test_the_quiz_modality_reaches_kolibri_in_the_options(desk: Desk) -> None:
    desk.add("document", extra_fields={"options": {"modality": "QUIZ"}, "other": 1})
    assert json.loads(desk.row("document")["options"]) == {"modality": "QUIZ"}
