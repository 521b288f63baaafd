"""The files of nodes, as published."""

from __future__ import annotations

import base64
import io
import json

import pytest
from PIL import Image

from fake_studio.publishing import CannotPublish
from support.desk import Desk, a_picture, a_question, an_id, mastery


def test_a_file_tells_what_its_preset_says(desk: Desk) -> None:
    subtitle = desk.file(b"WEBVTT", "vtt", "video_subtitle", language="fr")
    desk.add("video", "video", files=[desk.file(b"video", "mp4", "low_res_video"), subtitle])
    video, words = desk.rows("file")
    assert (video["priority"], video["supplementary"], video["thumbnail"], video["included_presets"]) == (2, 0, 0, 2)
    assert (words["priority"], words["supplementary"], words["lang_id"], words["included_presets"]) == (
        4,
        1,
        "fr",
        None,
    )
    assert [row["local_file_id"] for row in (video, words)] == [video["checksum"], words["checksum"]]


def test_bytes_that_two_nodes_share_are_told_once(desk: Desk) -> None:
    desk.add("one", files=[desk.file()])
    desk.add("two", files=[desk.file()])
    assert len(desk.rows("file")) == 2
    [local] = desk.rows("localfile")
    assert (local["extension"], local["available"], local["file_size"]) == ("pdf", 0, len(b"content"))


def test_a_size_beyond_32_bits_stands_in_the_wider_column_only(desk: Desk) -> None:
    file = desk.file()
    file.size = 2**31
    desk.add("document", files=[file])
    [local] = desk.rows("localfile")
    assert (local["file_size"], local["file_size_bigint"]) == (None, 2**31)


@pytest.mark.parametrize("preset", ["exercise_image", "exercise_graphie"])
def test_pictures_of_questions_are_no_files_of_a_node(desk: Desk, preset: str) -> None:
    desk.add("document", files=[desk.file(extension="png", preset=preset)])
    assert desk.rows("file") == []


def test_a_file_without_a_preset_cannot_be_published(desk: Desk) -> None:
    desk.add("document", files=[desk.file(preset=None)])
    with pytest.raises(CannotPublish, match="has no preset"):
        desk.publish()


def test_a_file_without_a_preset_is_left_out_where_that_is_wanted(desk: Desk) -> None:
    desk.strict = False
    desk.add("document", files=[desk.file(preset=None), desk.file(b"other")])
    assert len(desk.rows("file")) == 1
    [(node, reason)] = desk.publish().left_out
    assert node.title == "document"
    assert "has no preset" in reason


def test_a_file_that_was_never_uploaded_is_left_out(desk: Desk) -> None:
    file = desk.file()
    desk.storage.remove_file(file.name)
    desk.add("document", files=[file])
    assert desk.rows("file") == desk.rows("localfile") == []
    assert "never uploaded" in desk.publish().left_out[0][1]


def test_a_file_whose_bytes_have_another_md5_is_left_out(desk: Desk) -> None:
    file = desk.file()
    desk.storage.put(b"other bytes", file.name, "application/pdf")
    desk.add("document", files=[file])
    assert desk.rows("file") == []


def test_a_thumbnail_is_made_small(desk: Desk) -> None:
    desk.add("document", files=[desk.file(a_picture(), "png", "document_thumbnail")])
    [row] = desk.rows("file")
    with desk.storage.open(f"{row['checksum']}.png") as stored, Image.open(stored) as image:
        assert image.size == (400, 225)
    assert (row["thumbnail"], row["supplementary"], row["extension"]) == (1, 1, "png")


def test_a_thumbnail_that_is_no_image_stays_as_it_is(desk: Desk) -> None:
    file = desk.file(b"no image", "png", "document_thumbnail")
    desk.add("document", files=[file])
    [row] = desk.rows("file")
    assert (row["id"], row["checksum"]) == (file.id, file.checksum)


def test_a_second_thumbnail_shows_the_first_image(desk: Desk) -> None:
    pictures = [
        desk.file(a_picture(1), "png", "video_thumbnail"),
        desk.file(a_picture(9), "png", "document_thumbnail"),
    ]
    desk.add("document", files=pictures)
    first, second = desk.rows("file")
    assert first["checksum"] == second["checksum"]
    assert (first["preset"], second["preset"]) == ("video_thumbnail", "document_thumbnail")


def test_a_topic_has_its_thumbnail(desk: Desk) -> None:
    topic = desk.add("topic", "topic", files=[desk.file(a_picture(), "png", "topic_thumbnail")])
    desk.add("document", parent=topic)
    assert [row["contentnode_id"] for row in desk.rows("file")] == [an_id("topic")]


def test_a_slideshow_gets_a_manifest(desk: Desk) -> None:
    told = {"slideshow_data": [{"sort_order": 0, "caption": "é", "checksum": "c"}]}
    desk.add("slides", "slideshow", files=[desk.file(a_picture(), "png", "slideshow_image")], extra_fields=told)
    image, manifest = desk.rows("file")
    assert (image["preset"], manifest["preset"], manifest["extension"]) == (
        "slideshow_image",
        "slideshow_manifest",
        "json",
    )
    with desk.storage.open(f"{manifest['checksum']}.json") as stored:
        text = stored.read()
    assert json.loads(text) == told
    assert list(json.loads(text)["slideshow_data"][0]) == ["caption", "checksum", "sort_order"]
    assert text.isascii()


def test_archives_of_the_chefs_give_way_to_our_own(desk: Desk) -> None:
    sent = [desk.file(b"sent", "perseus", "exercise"), desk.file(b"sent too", "zip", "qti")]
    desk.add("exercise", "exercise", files=sent, questions=[a_question()], extra_fields=mastery())
    rows = desk.rows("file")
    assert [row["preset"] for row in rows] == ["qti", "exercise"]
    assert {row["checksum"] for row in rows}.isdisjoint(file.checksum for file in sent)


def test_the_channel_thumbnail_is_a_small_image_in_the_channel_row(desk: Desk) -> None:
    desk.channel.thumbnail = desk.file(a_picture(), "png", "channel_thumbnail").name
    desk.add("document")
    [channel] = desk.rows("channelmetadata")
    head, _, data = channel["thumbnail"].partition(",")
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        assert image.size == (400, 225)
    assert desk.publish().icon_encoding == channel["thumbnail"]


@pytest.mark.parametrize("thumbnail", [None, "", "/static/img/kolibri_placeholder.png"])
def test_a_channel_may_have_no_thumbnail(desk: Desk, thumbnail: str | None) -> None:
    desk.channel.thumbnail = thumbnail
    desk.add("document")
    assert desk.rows("channelmetadata")[0]["thumbnail"] == ""
    assert desk.publish().icon_encoding is None


def test_a_channel_thumbnail_may_be_an_image_in_the_text(desk: Desk) -> None:
    desk.channel.thumbnail = "data:image/png;base64,AAAA"
    desk.add("document")
    assert desk.rows("channelmetadata")[0]["thumbnail"] == "data:image/png;base64,AAAA"


def test_a_channel_thumbnail_that_is_not_stored_cannot_be_published(desk: Desk) -> None:
    desk.channel.thumbnail = "thumb.png"
    desk.add("document")
    with pytest.raises(CannotPublish, match=r"thumbnail 'thumb\.png' is not a stored image"):
        desk.publish()
