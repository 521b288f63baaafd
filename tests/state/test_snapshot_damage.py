"""A damaged snapshot is refused, naming where, and never half loaded."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.snapshot import SnapshotDamaged, load, read, save, text
from support.chefs_driver import state_of

Way = tuple[Any, ...]
CHANNEL: Way = ("channels", 0)
TREES: Way = (*CHANNEL, "trees")
MAIN: Way = (*TREES, "main")
EDITION: Way = (*CHANNEL, "published_versions", 0)
RUN: Way = (*CHANNEL, "run")
# Where any JSON at all is right.
FREE = ("sent", "extra_fields", "answers", "hints", "overwritten", "stage", "version_notes", "kind_count", "left_out")


def spoilt(data: Any, way: Way, value: Any) -> Any:
    """The same data, with another value at one place."""
    if not way:
        return value(data) if callable(value) else value
    first, *rest = way
    changed = copy.copy(data)
    changed[first] = spoilt(data[first], tuple(rest), value)
    return changed


def twice(members: list[Any]) -> list[Any]:
    return [*members, members[0]]


def test_no_damage_is_half_loaded(rich: Studio, other: Studio) -> None:
    """Each value in turn is replaced by one of another type: it is refused, and that is where."""
    data, before = json.loads(text(rich.snapshot())), state_of(other)
    for way in list(ways(data))[1::5]:
        with pytest.raises(SnapshotDamaged) as damage:
            load(other, spoilt(data, way, {"odd": [1]}))
        assert str(damage.value.field).startswith(place(way))
    assert state_of(other) == before


def ways(data: Any, way: Way = ()) -> Iterator[Way]:
    """The way to each value of a type in some data."""
    yield way
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if key not in FREE and not ("slides" in way and key not in ("sort_order", "files")):
            yield from ways(value, (*way, key))


def place(way: Way) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in way).removeprefix(".")


@pytest.mark.parametrize(
    ("way", "value", "field"),
    [
        (("format",), 99, "format"),
        (("format",), None, "format"),
        (("format",), True, "format"),
        (("users",), [], "users"),
        (("users",), twice, "users[2].id"),
        (("users", 0, "token"), 5, "users[0].token"),
        (("users", 0, "staged_files"), {"a": "b"}, "users[0].staged_files.a"),
        (("ids",), {"numbers": 1}, "ids.moments"),
        (("ids", "numbers"), 1, "channels[0].trees.chef[0].number"),
        (("surprise",), 1, "surprise"),
        (("channels",), None, "channels"),
        (("announced", 0, "checksum"), None, "announced[0].checksum"),
        (("checksums", 0), 5, "checksums[0]"),
        ((*CHANNEL, "surprise"), 1, "channels[0].surprise"),
        ((*CHANNEL, "editors"), [], "channels[0].editors"),
        ((*CHANNEL, "editors"), [99], "channels[0].editors"),
        ((*CHANNEL, "version"), 7, "channels[0].version"),
        ((*CHANNEL, "trees"), {}, "channels[0].trees"),
        ((*TREES, "chef"), [], "channels[0].trees.chef"),
        ((*MAIN, 1, "title"), None, "channels[0].trees.main[1].title"),
        ((*MAIN, 1, "parent"), "nobody", "channels[0].trees.main[1].parent"),
        ((*MAIN, 1, "parent"), None, "channels[0].trees.main[1].parent"),
        ((*MAIN, 1, "number"), True, "channels[0].trees.main[1].number"),
        ((*MAIN, 1, "channel_id"), "a" * 32, "channels[0].trees.main[1].channel_id"),
        ((*MAIN, 1, "kind"), "zebra", "channels[0].trees.main[1].kind"),
        ((*MAIN, 1, "labels"), {"categories": [5]}, "channels[0].trees.main[1].labels.categories[0]"),
        ((*MAIN, 2, "files", 0, "size"), "big", "channels[0].trees.main[2].files[0].size"),
        ((*MAIN, 2, "files", 0, "preset"), "zebra", "channels[0].trees.main[2].files"),
        (MAIN, twice, "channels[0].trees.main[12].parent"),
        ((*RUN, "user_id"), 99, "channels[0].run.user_id"),
        ((*RUN, "skipped", 0), "nobody", "channels[0].run.skipped[0]"),
        ((*RUN, "cut_short"), [["nobody"]], "channels[0].run.cut_short[0][0]"),
        ((*RUN, "overwritten"), [["name", "old"]], "channels[0].run.overwritten[0]"),
        ((*CHANNEL, "run"), [], "channels[0].run"),
        ((*CHANNEL, "publishing", "state"), "running", "channels[0].publishing.state"),
        ((*CHANNEL, "published_versions"), twice, "channels[0].published_versions[2].version"),
        ((*EDITION, "published_size"), "big", "channels[0].published_versions[0].published_size"),
        ((*EDITION, "database"), "../../secret", "channels[0].published_versions[0].database"),
        ((*EDITION, "content"), None, "channels[0].published_versions[0].database"),
        ((*EDITION, "content"), "AAAA", "channels[0].published_versions[0].database"),
        (("files",), twice, "files[5].name"),
        (("files", 0, "md5"), "0" * 32, "files[0].md5"),
        (("files", 0, "size"), 1, "files[0].size"),
        (("files", 0, "content"), "!", "files[0].content"),
        (("files", 0, "content"), 5, "files[0].content"),
        (("files", 0, "content"), None, "files[0].md5"),
    ],
)
def test_damage_is_named(rich: Studio, other: Studio, way: Way, value: Any, field: str) -> None:
    data, before = json.loads(text(rich.snapshot())), state_of(other)
    inner = data
    for key in way[:-1]:
        inner = inner[key]
    if isinstance(inner, dict):
        inner.setdefault(way[-1], None)
    with pytest.raises(SnapshotDamaged) as damage:
        load(other, spoilt(data, way, value))
    assert damage.value.field == field
    assert state_of(other) == before


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"format": 1}', b"\xff", b"[" * 100_000])
def test_what_is_no_snapshot(other: Studio, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    with pytest.raises(SnapshotDamaged):
        other.start_with(path)


def test_a_file_that_is_no_snapshot_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text("{")
    with pytest.raises(SnapshotDamaged, match="odd"):
        read(path)


@pytest.mark.parametrize("number", [0, 2, None, "1", True, 1.0, []])
def test_another_format_is_refused(rich: Studio, other: Studio, number: Any) -> None:
    before = state_of(other)
    with pytest.raises(SnapshotDamaged, match="cannot be read; this version reads 1") as damage:
        load(other, {**rich.snapshot(), "format": number})
    assert damage.value.field == "format"
    assert state_of(other) == before


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", ""])
def test_no_file_outside_of_the_folder_is_opened(rich: Studio, other: Studio, tmp_path: Path, name: str) -> None:
    file = {**rich.snapshot()["files"][0], "md5": name, "content": None}
    with pytest.raises(SnapshotDamaged, match="hex digits"):
        load(other, spoilt(rich.snapshot(), ("files", 0), file), tmp_path)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"other bytes")])
def test_the_files_beside_it_are_checked(rich: Studio, other: Studio, tmp_path: Path, damage: Any) -> None:
    before = state_of(other)
    save(rich, tmp_path / "saved.json")
    for path in (tmp_path / "saved.json.files").iterdir():
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)  # so that it is no link to what the Studio has
        damage(path)
        with pytest.raises(SnapshotDamaged):
            load(other, *read(tmp_path / "saved.json"))
        path.write_bytes(content)
    assert state_of(other) == before


def test_a_full_disk_leaves_everything_as_it_was(rich: Studio, other: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    before, data, receive = state_of(other), rich.snapshot(), other.storage.receive
    calls = iter([receive])

    def received(stream: Any) -> Any:
        try:
            return next(calls)(stream)
        except StopIteration:
            raise OSError(28, "No space left on device") from None

    monkeypatch.setattr(other.storage, "receive", received)
    with pytest.raises(OSError, match="space"):
        load(other, data)
    assert state_of(other) == before
