"""A real Kolibri imports what we publish, and then has it as it was sent."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support.kitchen import CHANNEL, Cook, an_id, cook_every_kind
from support.kolibri_home import Kolibri, kolibri_at

ITEM_FILES = (
    "select * from content_file join content_assessmentmetadata using (contentnode_id) where preset = 'exercise'"
)


@pytest.fixture(scope="module")
def imported(cook: Cook, kolibri: Kolibri) -> Kolibri:
    cook_every_kind(cook)
    cook.publish()
    kolibri.import_channel(CHANNEL, CHANNEL)
    return kolibri


def test_every_exported_node_is_there_and_available(imported: Kolibri) -> None:
    nodes = imported.rows("select title, available from content_contentnode")
    assert len(nodes) == 1 + 51 + 15  # the root, the resources, and every topic but the empty one
    assert [node["title"] for node in nodes if not node["available"]] == []


def test_a_token_with_its_dash_imports_the_same(imported: Kolibri, token: str, empty_home: Callable[[], Path]) -> None:
    query = "select id, available, lft, rght from content_contentnode order by id"
    with kolibri_at(imported.python, empty_home(), imported.studio_url) as other:
        other.import_channel(token, CHANNEL)
        assert list(map(tuple, other.rows(query))) == list(map(tuple, imported.rows(query)))


def test_every_file_is_stored_under_its_own_md5(imported: Kolibri) -> None:
    files = imported.rows("select id, extension, available, file_size from content_localfile")
    assert len(files) > 15
    for file in files:
        content = imported.get_stored_file(f"{file['id']}.{file['extension']}").read_bytes()
        assert (hashlib.md5(content).hexdigest(), len(content)) == (file["id"], file["file_size"])
        assert file["available"]


def test_the_tree_is_a_nested_set_without_gaps(imported: Kolibri) -> None:
    nodes = imported.rows("select lft, rght from content_contentnode")
    numbers = sorted(number for node in nodes for number in node)
    assert numbers == list(range(1, 2 * len(nodes) + 1))


def test_each_node_stands_inside_its_parent_one_level_below(imported: Kolibri) -> None:
    assert imported.rows(
        "select child.title from content_contentnode child left join content_contentnode parent"
        " on parent.id = child.parent_id where child.level > 0 and (parent.id is null"
        " or child.level != parent.level + 1 or child.lft < parent.lft or child.rght > parent.rght)"
    ) == []  # fmt: skip


def test_no_row_points_nowhere(imported: Kolibri) -> None:
    assert imported.rows("pragma foreign_key_check") == []


def test_each_archive_holds_the_items_that_kolibri_asks_for(imported: Kolibri) -> None:
    exercises = imported.rows(ITEM_FILES)
    assert len(exercises) == 2  # the third mixes raw Perseus with others, and is QTI only
    for exercise in exercises:
        ids = json.loads(exercise["assessment_item_ids"])
        with zipfile.ZipFile(imported.get_stored_file(f"{exercise['local_file_id']}.perseus")) as archive:
            items = {name[: -len(".json")] for name in archive.namelist() if name.endswith(".json")} - {"exercise"}
            told = json.loads(archive.read("exercise.json"))
        assert set(ids) == items == set(told["assessment_mapping"])
        assert ids == told["all_assessment_items"]
        assert exercise["number_of_assessments"] == len(ids)


def test_durations_languages_and_coach_content_arrive(imported: Kolibri) -> None:
    told = "select title, duration, lang_id, coach_content from content_contentnode where kind in ('video', 'audio')"
    assert sorted(map(tuple, imported.rows(told))) == [("audio", 33, "es", 0), ("video", 90, "sw", 1)]


def test_labels_arrive_from_the_topic_above(imported: Kolibri) -> None:
    [node] = imported.rows("select grade_levels, categories from content_contentnode where title = 'pdf'")
    assert tuple(node) == ("H64ZOHfi", "d&WXdXWF.qs0Xlaxq.0t5msbL5")


def test_kolibri_shows_the_channel_and_an_exercise(imported: Kolibri) -> None:
    channel, node = imported.ask("/api/content/channel/", f"/api/content/contentnode/{an_id('mixed')}/")
    assert [told["id"] for told in json.loads(channel["text"])] == [CHANNEL]
    told = json.loads(node["text"])
    assert (told["title"], told["available"]) == ("mixed", True)
    assert len(told["assessmentmetadata"]["assessment_item_ids"]) == 2


def test_kolibri_serves_what_is_in_an_archive(imported: Kolibri) -> None:
    [exercise] = [row for row in imported.rows(ITEM_FILES) if row["contentnode_id"] == an_id("plain")]
    item = json.loads(exercise["assessment_item_ids"])[0]
    [answer] = imported.ask(f"/zipcontent/{exercise['local_file_id']}.perseus/{item}.json")
    assert answer["status"] == 200
    shown = json.loads(answer["text"])["question"]["content"]
    image = shown.partition("${☣ LOCALPATH}/")[2].partition(")")[0]
    with zipfile.ZipFile(imported.get_stored_file(f"{exercise['local_file_id']}.perseus")) as archive:
        assert hashlib.md5(archive.read(image)).hexdigest() in image


def test_import_from_studio_lists_a_public_channel(imported: Kolibri, cook: Cook) -> None:
    question = "what Import from Studio lists"
    channel = cook.server.studio.channel(CHANNEL)
    assert [json.loads(answer["text"]) for answer in imported.ask(question)] == [[]]
    channel.make_public()
    (told,) = json.loads(imported.ask(question)[0]["text"])
    assert (told["id"], told["name"], told["version"], told["public"]) == (CHANNEL, channel.name, 1, True)
    channel.make_public(False)
