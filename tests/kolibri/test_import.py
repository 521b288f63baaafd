"""A real Kolibri imports what we publish, and then has it as it was sent."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_studio import FakeStudio
from support.kitchen import CHANNEL, Cook, a_node, an_id, cook_every_kind
from support.kolibri_home import Kolibri
from support.warm_python import warm_python

CHEF = Path(__file__).parents[2] / "fixtures" / "chefs" / "every_kind.py"
UPGRADED = an_id("upgraded channel")
NODES = f"from content_contentnode node where node.channel_id = '{CHANNEL}'"
ITEM_FILES = (
    "select file.*, metadata.* from content_file file join content_assessmentmetadata metadata using (contentnode_id)"
    f" join content_contentnode node on node.id = contentnode_id where preset = 'exercise' and channel_id = '{CHANNEL}'"
)


@pytest.fixture(scope="module")
def imported(cook: Cook, kolibri: Kolibri) -> Kolibri:
    cook_every_kind(cook)
    cook.publish()
    kolibri.import_channel(CHANNEL, CHANNEL)
    return kolibri


def test_every_exported_node_is_there_and_available(imported: Kolibri) -> None:
    nodes = imported.rows(f"select title, available {NODES}")
    assert len(nodes) == 1 + 51 + 15  # the root, the resources, and every topic but the empty one
    assert [node["title"] for node in nodes if not node["available"]] == []


def test_a_token_with_its_dash_imports_the_same(imported: Kolibri, token: str) -> None:
    query = f"select id, available, lft, rght {NODES} order by id"
    by_id = list(map(tuple, imported.rows(query)))
    imported.manage("deletechannel", CHANNEL)
    assert imported.rows(query) == []
    assert not imported.database_of(CHANNEL).exists(), "it would be taken for the new one"
    imported.import_channel(token, CHANNEL)
    assert list(map(tuple, imported.rows(query))) == by_id


def test_every_file_is_stored_under_its_own_md5(imported: Kolibri) -> None:
    files = imported.rows("select id, extension, available, file_size from content_localfile")
    assert len(files) > 15
    for file in files:
        content = imported.get_stored_file(f"{file['id']}.{file['extension']}").read_bytes()
        assert (hashlib.md5(content).hexdigest(), len(content)) == (file["id"], file["file_size"])
        assert file["available"]


def test_the_tree_is_a_nested_set_without_gaps(imported: Kolibri) -> None:
    nodes = imported.rows(f"select lft, rght {NODES}")
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
    told = f"select title, duration, lang_id, coach_content {NODES} and kind in ('video', 'audio')"
    assert sorted(map(tuple, imported.rows(told))) == [("audio", 33, "es", 0), ("video", 90, "sw", 1)]


def test_labels_arrive_from_the_topic_above(imported: Kolibri) -> None:
    [node] = imported.rows(f"select grade_levels, categories {NODES} and title = 'pdf'")
    assert tuple(node) == ("H64ZOHfi", "d&WXdXWF.qs0Xlaxq.0t5msbL5")


def test_kolibri_shows_the_channel_and_an_exercise(imported: Kolibri) -> None:
    channel, node = imported.ask("/api/content/channel/", f"/api/content/contentnode/{an_id('mixed')}/")
    there = [row["id"] for row in imported.rows("select id from content_channelmetadata order by id")]
    assert CHANNEL in there
    assert sorted(told["id"] for told in json.loads(channel["text"])) == there
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


def cook_version(cook: Cook, version: int) -> None:
    root = cook.create(name=f"Version {version}")
    pages = [cook.file(f"page {version}".encode(), "pdf", "document")]
    kept = a_node("kept", "document", title=f"Kept in {version}", files=pages)
    cook.add(root, kept, a_node(f"only-in-{version}", "document", files=pages))
    cook.publish()


def test_an_upgrade_brings_the_changes(server: FakeStudio, kolibri: Kolibri) -> None:
    cook = Cook(server, UPGRADED)
    cook_version(cook, 1)
    kolibri.import_channel(UPGRADED, UPGRADED)
    cook_version(cook, 2)
    # Kolibri 0.19 downloads no database that it has a file of, whatever its version.
    kolibri.database_of(UPGRADED).unlink()
    kolibri.import_channel(UPGRADED, UPGRADED)
    [channel] = kolibri.rows(f"select name, version from content_channelmetadata where id = '{UPGRADED}'")
    assert tuple(channel) == ("Version 2", 2)
    query = "select id, title, available from content_contentnode where kind = 'document' and channel_id = "
    nodes = kolibri.rows(f"{query} '{UPGRADED}'")
    assert {tuple(node) for node in nodes} == {(an_id("kept"), "Kept in 2", 1), (an_id("only-in-2"), "only-in-2", 1)}


def test_what_a_chef_declared_is_in_kolibri(server: FakeStudio, kolibri: Kolibri) -> None:
    """From ``python chef.py --deploy --publish``, with every kind of node."""
    cooked = server.cook(CHEF, "--deploy", "--publish", python=warm_python())
    channel = server.channel("Water: one of every kind")
    assert server.studio.wait_until_published(channel.id, timeout=60).state == "done"
    kolibri.import_channel(channel.id, channel.id)
    query = "select id, title, kind, available from content_contentnode where level > 0 and channel_id ="
    rows = kolibri.rows(f"{query} '{channel.id}' order by lft")
    declared = list(below(cooked.declared[0]))
    assert [row["title"] for row in rows] == [node["title"] for node in declared]
    assert [row["title"] for row in rows if not row["available"]] == []


def below(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in tree.get("children", ()):
        yield child
        yield from below(child)
