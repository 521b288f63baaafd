"""The database as a file, and what is told of it."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import pytest

from fake_studio.publishing import CannotPublish
from support.desk import Desk, a_picture, a_question, an_id, mastery, rows_of
from support.growth import LARGE, LINEAR, SMALL, growth


def filled(desk: Desk) -> Desk:
    topic = desk.add("topic", "topic", language="fr", tags=["a"])
    image = desk.file(a_picture(), "png", "exercise_image")
    shown = a_question(text=f"![](${{☣ CONTENTSTORAGE}}/{image.name})")
    desk.add("exercise", "exercise", topic, questions=[shown], extra_fields=mastery(), license="CC BY")
    desk.add("document", parent=topic, files=[desk.file(), desk.file(a_picture(), "png", "document_thumbnail")])
    return desk


def test_a_later_version_replaces_the_database(desk: Desk) -> None:
    filled(desk).publish(1)
    desk.publish(2)
    with closing(sqlite3.connect(desk.database)) as connection:
        assert connection.execute("select version from content_channelmetadata").fetchall() == [(2,)]


def test_a_publish_that_fails_leaves_the_old_database_and_nothing_else(desk: Desk) -> None:
    filled(desk).publish(1)
    before = desk.database.read_bytes()
    desk.add("broken", node_id="no uuid")
    with pytest.raises(CannotPublish):
        desk.publish(2)
    assert desk.database.read_bytes() == before
    assert list(desk.folder.iterdir()) == [desk.database]


def test_a_write_that_fails_leaves_the_old_database_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(desk).publish(1)
    before = desk.database.read_bytes()
    desk.root.children[0].title = None  # type: ignore[assignment]
    with pytest.raises(CannotPublish, match="does not fit into the database"):
        desk.publish(2)
    assert desk.database.read_bytes() == before
    assert list(desk.folder.iterdir()) == [desk.database]


def test_the_same_channel_gives_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = filled(Desk(tmp_path / "a")), filled(Desk(tmp_path / "b"))
    one.publish()
    other.publish()
    assert one.database.read_bytes() == other.database.read_bytes()
    assert one.storage.names() == other.storage.names()


def test_publishing_twice_makes_no_file_twice(desk: Desk) -> None:
    filled(desk).publish(1)
    names = desk.storage.names()
    desk.publish(2)
    assert desk.storage.names() == names


def test_an_archive_is_stored_with_a_fixed_date_and_order(desk: Desk) -> None:
    archive = filled(desk).archive()
    assert {entry.date_time for entry in archive.infolist()} == {(2013, 3, 14, 1, 59, 26)}
    assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    assert [Path(name).suffix for name in archive.namelist()] == [".json", ".png", ".json"]


def test_channel_and_tree_stay_as_they_are(desk: Desk) -> None:
    filled(desk)

    def values() -> list[object]:
        nodes = [[getattr(node, each.name) for each in fields(node)] for node in desk.root.iter_tree()]
        return [vars(desk.channel).copy(), nodes]

    before = values()
    desk.publish()
    assert values() == before


def test_no_reference_leads_nowhere(desk: Desk) -> None:
    filled(desk).publish()
    with closing(sqlite3.connect(desk.database)) as connection:
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_the_channel_row(desk: Desk) -> None:
    desk.channel.tagline = "In short"
    [row] = filled(desk).rows("channelmetadata")
    assert row == {
        "id": desk.channel.id,
        "name": "A channel",
        "description": "All of it",
        "tagline": "In short",
        "author": "",
        "version": 1,
        "thumbnail": "",
        "last_updated": None,
        "min_schema_version": "1",
        "root_id": desk.channel.id,
        "root_pk": desk.channel.id,
    }


def test_what_is_counted_is_the_whole_tree_below_the_root(desk: Desk) -> None:
    desk.add("empty", "topic", language="sw")
    sent = [desk.file(b"12345"), desk.file(b"WEBVTT", "vtt", "video_subtitle", language="ar")]
    desk.add("one", files=sent)
    desk.add("two", files=[desk.file(b"12345")])
    desk.add("dropped", "exercise", questions=[a_question()])
    published = desk.publish()
    assert published.total_resource_count == 3
    assert published.kind_count == [
        {"kind_id": "document", "count": 2},
        {"kind_id": "exercise", "count": 1},
        {"kind_id": "topic", "count": 1},
    ]
    assert published.published_size == 11
    assert published.included_languages == ["ar", "sw"]


def test_the_size_counts_the_archives_too(desk: Desk) -> None:
    desk.add("exercise", "exercise", questions=[a_question()], extra_fields=mastery())
    package, archive = desk.rows("file")
    assert (package["preset"], archive["preset"]) == ("qti", "exercise")
    assert desk.publish().published_size == package["file_size"] + archive["file_size"]


def test_a_database_may_lie_in_a_folder_that_is_not_there_yet(desk: Desk) -> None:
    desk.folder = desk.folder / "new" / "folder"
    filled(desk).publish()
    assert desk.database.is_file()


def test_three_times_the_nodes_are_written_in_three_times_the_time(tmp_path: Path) -> None:
    small, large = (desk_of(tmp_path / str(count), count) for count in (SMALL, LARGE))
    assert growth(small.publish, large.publish) < LINEAR
    assert len(rows_of(large.database, "contentnode")) == LARGE + LARGE // 100 + 1


def desk_of(folder: Path, count: int) -> Desk:
    """Documents in topics of a hundred."""
    folder.mkdir()
    desk = Desk(folder)
    page = desk.file()
    for number in range(count // 100):
        topic = desk.add(f"topic {number}", "topic")
        for inner in range(100):
            name = f"page {number}/{inner}"
            desk.add(name, parent=topic, files=[replace(page, id=an_id(name))], license="CC BY", tags=["x"])
    return desk
