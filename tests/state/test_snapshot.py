"""Snapshots: the same state gives the same bytes, and what is damaged is refused whole."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from chefs_driver import CHANNEL, LENIENT, channel_data, exercise_data, file_data, node_data

from fake_studio import FakeStudio, Studio
from fake_studio.model import User
from fake_studio.snapshot import SnapshotDamaged, dump, load, loading, parsed, read, save, text

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "fixtures" / "channels").glob("*.json"))


@pytest.fixture
def rich() -> Iterator[Studio]:
    """A published channel, and a second run that is not finished."""
    studio = Studio(seed=3)
    user = studio.state.users[1]
    content = b"a document"
    studio.file_upload(user, file_data(content, "pdf", "document")["filename"], _stream(content))
    for finished in (True, False):
        root = studio.create_channel(user, channel_data(), admission=LENIENT, keep_shell=False).trees["chef"]
        assert root is not None
        document = node_data("d", "document", files=[file_data(content, "pdf", "document")], tags=["one"])
        [topic] = studio.add_nodes(user, root.number, [node_data()], admission=LENIENT, by_number=True)
        studio.add_nodes(user, topic.number, [document, exercise_data()], admission=LENIENT, by_number=True)
        studio.add_nodes(user, topic.number, [document], admission=LENIENT, by_number=True)
        if finished:
            studio.finish_channel(user, CHANNEL, stage=False, honour_stage=True)
            studio.publish_channel(user, CHANNEL, "Notes")
            assert studio.wait_until_published(CHANNEL, 30).state == "done"
    yield studio
    studio.close()


def _stream(content: bytes) -> Any:
    import io

    return io.BytesIO(content)


@pytest.fixture
def other() -> Iterator[Studio]:
    studio = Studio([User(9, "nobody@example.org", "9" * 40)], seed=3)
    yield studio
    studio.close()


def test_the_same_state_gives_the_same_bytes(rich: Studio, other: Studio) -> None:
    before = text(rich.snapshot())
    assert text(rich.snapshot()) == before
    load(other, parsed(before))
    assert text(other.snapshot()) == before


def test_a_loaded_studio_goes_on_as_the_saved_one(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    load(rich, rich.snapshot())
    for studio in (rich, other):
        studio.finish_channel(studio.state.users[1], CHANNEL, stage=True, honour_stage=True)
        studio.deploy_channel(CHANNEL)
        assert studio.channel(CHANNEL).publish().state == "done"
    assert text(other.snapshot()) == text(rich.snapshot())


def test_what_was_published_is_still_served(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    [edition] = other.state.channels[CHANNEL].published_versions.values()
    assert Path(edition["database"]).read_bytes()[:15] == b"SQLite format 3"
    assert other.channel(CHANNEL).told()["tokens"] == rich.channel(CHANNEL).told()["tokens"]


def test_the_run_and_its_findings_are_kept(rich: Studio, other: Studio) -> None:
    load(other, rich.snapshot())
    codes = [finding.code for finding in rich.channel(CHANNEL).findings]
    assert {"node-skipped", "run-unfinished"} <= set(codes)
    assert [finding.code for finding in other.channel(CHANNEL).findings] == codes


def test_files_lie_beside_it_and_small_ones_in_it(rich: Studio, other: Studio, tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    save(rich, path, embed=4)
    folder = tmp_path / "saved.json.files"
    assert len(list(folder.iterdir())) == len(rich.storage.names()) + 1  # and the database
    load(other, *read(path))
    assert text(other.snapshot()) == text(rich.snapshot())
    rich.reset()
    save(rich, path)
    assert list(folder.iterdir()) == []


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in some data."""
    yield path
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(value, (*path, key))


def spoilt(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    told = copy.deepcopy(data)
    inner = told
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return told


def test_no_damage_is_half_loaded(rich: Studio, other: Studio) -> None:
    """Each value in turn is replaced by one of another type: either it is refused, or nothing minded its type."""
    data = json.loads(text(rich.snapshot()))
    before, refused = text(other.snapshot()), []
    for path in [path for path in places(data) if path and "sent" not in path and "extra_fields" not in path][::3]:
        try:
            load(other, spoilt(data, path, {"odd": [1]}))
        except SnapshotDamaged as damage:
            refused.append((path[0], damage.field))
        else:
            load(other, parsed(before))
        assert text(other.snapshot()) == before
    assert len(refused) > 100
    assert all(str(field).startswith(str(top)) for top, field in refused)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("format",), 99, "format"),
        (("format",), None, "format"),
        (("users", 0, "token"), 5, "users[0].token"),
        (("channels", 0, "trees", "main", 1, "title"), None, "channels[0].trees.main[1].title"),
        (("channels", 0, "trees", "main", 1, "parent"), "nobody", "channels[0].trees.main[1].parent"),
        (("channels", 0, "trees", "main", 2, "files", 0, "size"), "big", "channels[0].trees.main[2].files[0].size"),
        (("files", 0, "md5"), "0" * 32, "files[0].md5"),
        (("files", 0, "content"), "!", "files[0].content"),
        (("files", 0, "content"), None, "files[0]"),
        (("channels", 0, "surprise"), 1, "channels[0].surprise"),
    ],
)
def test_damage_is_named(rich: Studio, other: Studio, path: tuple[Any, ...], value: Any, field: str) -> None:
    before = text(other.snapshot())
    with pytest.raises(SnapshotDamaged) as damage:
        load(other, spoilt(json.loads(text(rich.snapshot())), path, value))
    assert damage.value.field == field
    assert text(other.snapshot()) == before


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": 1}'])
def test_what_is_no_snapshot(other: Studio, tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(content)
    with pytest.raises(SnapshotDamaged):
        other.start_with(path)


def test_no_file_outside_of_the_folder_is_opened(rich: Studio, other: Studio, tmp_path: Path) -> None:
    data = dump(rich, embed=0)
    for name in ("../secret", "/etc/passwd", ".."):
        with pytest.raises(SnapshotDamaged, match="beside"):
            load(other, spoilt(data, ("files", 0, "md5"), name), tmp_path)


def test_an_older_format_is_migrated(rich: Studio, other: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def from_nought(data: Any) -> Any:
        return {**data, "format": 1, "users": data["people"], "people": None} | {}

    old = rich.snapshot()
    old["people"], old["format"] = old.pop("users"), 0
    with pytest.raises(SnapshotDamaged):
        load(other, old)
    monkeypatch.setitem(loading.MIGRATIONS, 0, from_nought)
    load(other, old)
    assert text(other.snapshot()) == text(rich.snapshot())


def test_marks(rich: Studio) -> None:
    before = text(rich.snapshot())
    rich.mark("seeded")
    rich.delete_channel(CHANNEL)
    rich.storage.clear()
    rich.restore("seeded")
    assert text(rich.snapshot()) == before
    with pytest.raises(LookupError, match="there are: seeded"):
        rich.restore("other")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_load_and_stay_the_same(example: Path, tmp_path: Path) -> None:
    studio = Studio()
    studio.start_with(example)
    save(studio, tmp_path / example.name)
    assert (tmp_path / example.name).read_text() == example.read_text()
    studio.reset()
    assert studio.channel(studio.channels[0].id).name == "A small channel"
    studio.close()


def test_there_are_examples() -> None:
    assert [path.stem for path in EXAMPLES] == ["small_published", "small_staged"]


def test_over_http() -> None:
    with FakeStudio(seed=1) as one, FakeStudio(seed=1) as other:
        one.studio.start_with(EXAMPLES[0])
        told = requests.get(f"{one.url}/_fake/snapshot").content
        assert requests.put(f"{other.url}/_fake/snapshot", data=told).json() == {"status": "ok"}
        assert requests.get(f"{other.url}/_fake/snapshot").content == told
        answer = requests.put(f"{other.url}/_fake/snapshot", data="{}")
        assert (answer.status_code, "format" in answer.json()["error"]) == (400, True)


def test_a_server_saves_what_it_holds_and_goes_on_with_it(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    with FakeStudio(snapshot=path) as fake:
        fake.studio.create_channel(fake.studio.users[0], channel_data(), admission=LENIENT, keep_shell=False)
    with FakeStudio(snapshot=path) as fake:
        assert fake.channel().name == "A channel"
        fake.reset()
        assert fake.channel().name == "A channel"


KILLED = """
import sys
from pathlib import Path
from fake_studio import Studio
from fake_studio.snapshot import save
sys.path.insert(0, sys.argv[2])
from chefs_driver import LENIENT, channel_data
studio = Studio()
for number in range(10**9):
    data = channel_data(id=f"{number % 50:032x}", name=str(number), description="x" * 300)
    studio.create_channel(studio.users[0], data, admission=LENIENT, keep_shell=False)
    studio.storage.put(bytes(8000) + str(number % 9).encode(), f"{number % 9:032x}.pdf", "application/pdf")
    save(studio, Path(sys.argv[1]))
    print(number, flush=True)
"""


def test_a_kill_at_any_moment_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    path, studio = tmp_path / "killed.json", Studio()
    for round_ in range(12):
        program = [sys.executable, "-c", KILLED, str(path), str(ROOT / "tests")]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.003 * round_)
            process.kill()
        load(studio, *read(path))
        assert studio.channels
    studio.close()
