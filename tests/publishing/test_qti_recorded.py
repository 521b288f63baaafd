"""The recorded exercises played against us give the archives and rows that the running Studio wrote."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
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

FIXTURES = Path(__file__).parents[2] / "fixtures"
RECORDED = FIXTURES / "published" / "qti"
CASES = sorted(path.name[: -len(".rows.json")] for path in RECORDED.glob("*.rows.json"))
TAKEN = [case for case in CASES if json.loads((RECORDED / f"{case}.json").read_text())["add_nodes_status"] == 200]
COUNTED = ("sort_order", "lft", "rght")  # the recorded channel had exercises that are not among these

Row = dict[str, Any]


@dataclass
class Ours:
    """What we made of the conversation."""

    database: Path
    storage: Storage

    def rows(self, table: str, node_id: str) -> list[Row]:
        key = "id" if table == "contentnode" else "contentnode_id"
        return [row for row in rows_of(self.database, table) if row[key] == node_id]

    def archive(self, preset: str, node_id: str) -> bytes | None:
        for row in self.rows("file", node_id):
            if row["preset"] == preset:
                with self.storage.open(f"{row['checksum']}.{row['extension']}") as stored:
                    return stored.read()
        return None


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Ours:
    users = load_users(PACKAGED / "users.json")
    known = User.__dataclass_fields__
    accounts = [
        User(id=number, **{key: value for key, value in user.items() if key in known})
        for number, user in enumerate(users.values(), start=1)
    ]
    database = tmp_path_factory.mktemp("qti") / "qti.sqlite3"
    server = FakeStudio(dialect="deployed", users=accounts)
    with server:
        [scenario] = load_scenarios(RECORDED / "conversation.json")
        result = Player(server.url, users, settle=lambda _: None).play(scenario)
        assert result.ok, str(result)
        [channel] = server.studio.state.channels.values()
        main = channel.trees["staging"] or channel.trees["main"]
        assert main is not None
        export(channel, main, server.studio.storage, database, 1, IdGenerator(1).hex)
        storage = Storage(tmp_path_factory.mktemp("storage"))
        for stored in server.studio.storage.all():
            with server.studio.storage.open(stored.name) as content:
                storage.put(content.read(), stored.name, stored.media_type)
        return Ours(database, storage)


def recorded(case: str) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = json.loads((RECORDED / f"{case}.rows.json").read_text())
    return rows


def node_of(case: str) -> Any:
    return json.loads((RECORDED / f"{case}.json").read_text())["node"]


def entries(archive: bytes | None) -> dict[str, Any] | None:
    """Every entry with its bytes and what else the archive says of it, in order."""
    if archive is None:
        return None
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {
            info.filename: (
                opened.read(info),
                info.date_time,
                info.compress_type,
                info.create_system,
                info.external_attr,
                info.comment,
            )
            for info in opened.infolist()
        }


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("preset", "extension"), [("qti", "zip"), ("exercise", "perseus")])
def test_archives_have_the_same_entries_to_the_byte(ours: Ours, case: str, preset: str, extension: str) -> None:
    path = RECORDED / f"{case}.{extension}"
    told = entries(path.read_bytes() if path.exists() else None)
    mine = entries(ours.archive(preset, node_of(case)["node_id"]))
    if extension == "perseus":
        mine, told = _with_json(mine), _with_json(told)
    assert mine == told
    assert list(mine or ()) == list(told or ())


def _with_json(archive: dict[str, Any] | None) -> dict[str, Any] | None:
    """Studio's templates set the JSON of Perseus apart with blanks that mean nothing."""
    return archive and {
        name: (json.loads(content), *rest) if name.endswith(".json") and "/" not in name else (content, *rest)
        for name, (content, *rest) in archive.items()
    }


@pytest.mark.parametrize("case", CASES)
def test_rows_are_the_same_but_for_ids_and_places(ours: Ours, case: str) -> None:
    node_id = node_of(case)["node_id"]
    for table in ("contentnode", "file", "assessmentmetadata"):
        mine, told = ours.rows(table, node_id), recorded(case)[table]
        assert [_plain(table, row) for row in mine] == [_plain(table, row) for row in told]


def _plain(table: str, row: Row) -> Row:
    left_out = COUNTED if table == "contentnode" else ("id",)
    if table == "file" and row["preset"] != "qti":  # what is in a Perseus archive is compared above
        left_out = (*left_out, "checksum", "local_file_id", "file_size")
    return {name: value for name, value in row.items() if name not in left_out}


def test_the_cases_are_all_here() -> None:
    assert (len(CASES), len(TAKEN)) == (44, 39)
