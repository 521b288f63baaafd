"""The recorded conversation played against us gives the database that the running Studio wrote."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fake_studio import FakeStudio
from fake_studio.contract import PACKAGED, Player, load_scenarios, load_users
from fake_studio.core.ids import IdGenerator
from fake_studio.core.model import User
from fake_studio.core.storage import Storage
from fake_studio.publishing.export import export
from support.desk import rows_of

PUBLISHED = Path(__file__).parents[2] / "fixtures" / "contract" / "published"
RECORDED = PUBLISHED / "rich.sqlite3"
MADE_BY_EACH_SERVER = ("exercise", "video_thumbnail", "topic_thumbnail", "channel_thumbnail")
OF_THE_BYTES = ("checksum", "local_file_id", "file_size")

Row = dict[str, Any]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """The database of the conversation, and everything in storage."""
    users = load_users(PACKAGED / "users.json")
    known = User.__dataclass_fields__
    accounts = [
        User(id=number, **{key: value for key, value in user.items() if key in known})
        for number, user in enumerate(users.values(), start=1)
    ]
    database = tmp_path_factory.mktemp("rich") / "rich.sqlite3"
    with FakeStudio(dialect="deployed", users=accounts) as server:
        [scenario] = load_scenarios(PUBLISHED / "rich.json")
        result = Player(server.url, users, settle=lambda _: None).play(scenario)
        assert result.ok, str(result)
        [channel] = server.studio.state.channels.values()
        main = channel.trees["main"]
        assert main is not None
        export(channel, main, server.studio.storage, database, 1, IdGenerator(1).hex)
        return database, _contents(server.studio.storage)


def _contents(storage: Storage) -> dict[str, bytes]:
    contents = {}
    for name in storage.names():
        with storage.open(name) as stored:
            contents[name] = stored.read()
    return contents


def whole(row: Row) -> Row:
    return row


def without(*columns: str) -> Callable[[Row], Row]:
    return lambda row: {name: value for name, value in row.items() if name not in columns}


def alike(rows: list[Row], change: Callable[[Row], Row] = whole) -> list[str]:
    """Rows in an order of their own, ready to be compared."""
    return sorted(json.dumps(change(row), sort_keys=True) for row in rows)


@pytest.mark.parametrize("table", ["contentnode", "channelmetadata", "language", "license"])
def test_rows_are_the_same_in_every_column(ours: tuple[Path, Any], table: str) -> None:
    assert rows_of(ours[0], table) != []
    assert alike(rows_of(ours[0], table)) == alike(rows_of(RECORDED, table))


@pytest.mark.parametrize("table", ["contentnode_has_prerequisite", "contentnode_related"])
def test_tables_that_stay_empty_are_there(ours: tuple[Path, Any], table: str) -> None:
    assert rows_of(ours[0], table) == rows_of(RECORDED, table) == []


def test_assessment_metadata_is_the_same_but_for_its_ids(ours: tuple[Path, Any]) -> None:
    mine, recorded = (rows_of(database, "assessmentmetadata") for database in (ours[0], RECORDED))
    assert alike(mine, without("id")) == alike(recorded, without("id"))


def test_tags_are_the_same_but_for_their_ids(ours: tuple[Path, Any]) -> None:
    assert _tags(ours[0]) == _tags(RECORDED)


def _tags(database: Path) -> list[tuple[str, str]]:
    names = {row["id"]: row["tag_name"] for row in rows_of(database, "contenttag")}
    return sorted((row["contentnode_id"], names[row["contenttag_id"]]) for row in rows_of(database, "contentnode_tags"))


def test_files_are_the_same_but_for_the_bytes_that_each_server_makes(ours: tuple[Path, Any]) -> None:
    mine, recorded = (rows_of(database, "file") for database in (ours[0], RECORDED))
    assert alike(mine, _comparable_file) == alike(recorded, _comparable_file)


def _comparable_file(row: Row) -> Row:
    made = row["preset"] in MADE_BY_EACH_SERVER
    return without("id", *OF_THE_BYTES)(row) if made else without("id")(row)


def test_stored_files_are_the_same_but_for_the_bytes_that_each_server_makes(ours: tuple[Path, Any]) -> None:
    assert alike(_sent_files(ours[0])) == alike(_sent_files(RECORDED))


def _sent_files(database: Path) -> list[Row]:
    rows = rows_of(database, "file")
    ours_alone = {row["local_file_id"] for row in rows if row["preset"] in MADE_BY_EACH_SERVER}
    return [row for row in rows_of(database, "localfile") if row["id"] not in ours_alone]


def test_the_columns_are_those_that_studio_writes(ours: tuple[Path, Any]) -> None:
    for table in ("contentnode", "file", "localfile", "channelmetadata", "assessmentmetadata", "language"):
        assert set(rows_of(ours[0], table)[0]) == set(rows_of(RECORDED, table)[0])


def _exercise_files(database: Path) -> dict[str, str]:
    return {row["contentnode_id"]: row["checksum"] for row in rows_of(database, "file") if row["preset"] == "exercise"}


def test_archives_hold_the_same_entries_and_the_same_json(ours: tuple[Path, dict[str, bytes]]) -> None:
    mine, recorded = _exercise_files(ours[0]), _exercise_files(RECORDED)
    assert mine.keys() == recorded.keys()
    for node_id, checksum in mine.items():
        one = _entries(ours[1][f"{checksum}.perseus"])
        other = _entries((PUBLISHED / "files" / f"{recorded[node_id]}.perseus").read_bytes())
        assert one == other
        assert list(one) == list(other)


def _entries(archive: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        contents = {name: opened.read(name) for name in opened.namelist()}
    # The images of the two servers differ: each made its own from the same seed, under its own name.
    return {
        name: json.loads(content) if name.endswith(".json") else bool(content) for name, content in contents.items()
    }


def test_qti_packages_are_the_same_to_the_byte(ours: tuple[Path, dict[str, bytes]]) -> None:
    packages = [row["checksum"] for row in rows_of(RECORDED, "file") if row["preset"] == "qti"]
    assert len(packages) == 4
    for checksum in packages:
        recorded = (PUBLISHED / "files" / f"{checksum}.zip").read_bytes()
        assert _bytes(ours[1][f"{checksum}.zip"]) == _bytes(recorded)


def _bytes(archive: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()]


def test_an_archive_of_raw_perseus_is_the_same_to_the_byte(ours: tuple[Path, dict[str, bytes]]) -> None:
    raw = "255f794022d1ad6235c6830a1350110a.perseus"
    assert ours[1][raw] == (PUBLISHED / "files" / raw).read_bytes()


def test_the_slideshow_manifest_is_the_same_to_the_byte(ours: tuple[Path, dict[str, bytes]]) -> None:
    manifest = "aab5c29ce7c4f1025a26f4c009407612.json"
    assert ours[1][manifest] == (PUBLISHED / "files" / manifest).read_bytes()
