"""Marks: back to a named moment, bytes and all."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from fake_studio import Studio
from fake_studio.core.refusals import UploadNotSigned
from fake_studio.snapshot import text
from support.chefs_driver import CHANNEL, node_data, state_of
from support.snapshots_driver import a_document, cook, finish, publish, upload


def changed_in_every_way(studio: Studio) -> None:
    user = studio.users[0]
    user.staged_files["a"] = 1
    finish(studio, CHANNEL, stage=True)
    studio.deploy_channel(CHANNEL)
    publish(studio, CHANNEL)
    studio.delete_channel(CHANNEL)
    cook(studio, CHANNEL, [node_data()])
    cook(studio, "a" * 32, [node_data()])
    channel = studio.state.channels[CHANNEL]
    channel.tokens.append("token")
    channel.editors.append(2)
    assert channel.run is not None
    root = channel.root("chef")
    assert root is not None
    channel.run.skipped.append(root)
    studio.storage.remove_file(studio.storage.names()[0])
    upload(studio, b"new", "pdf")


def test_back_to_a_mark_as_often_as_one_likes(rich: Studio) -> None:
    before, held = text(rich.snapshot()), state_of(rich)["files"]
    rich.mark("seeded")
    for _ in range(2):
        changed_in_every_way(rich)
        assert text(rich.snapshot()) != before
        rich.restore("seeded")
        assert text(rich.snapshot()) == before
        assert state_of(rich)["files"] == held


def test_the_bytes_come_back_too(rich: Studio) -> None:
    before = contents_of(rich)
    rich.mark("seeded")
    rich.storage.clear()
    rich.restore("seeded")
    assert contents_of(rich) == before


def contents_of(studio: Studio) -> dict[str, bytes]:
    return {stored.name: studio.storage.path(stored.md5).read_bytes() for stored in studio.storage.all()}


def test_back_to_nothing() -> None:
    studio = Studio()
    studio.mark("empty")
    upload(studio, b"new", "pdf")
    studio.restore("empty")
    assert studio.storage.names() == []
    assert list(studio.storage.folder.iterdir()) == []
    studio.close()


def test_what_happens_after_a_mark_happens_again_alike(rich: Studio) -> None:
    rich.mark("seeded")
    told = []
    for _ in range(2):
        rich.restore("seeded")
        changed_in_every_way(rich)
        told.append(text(rich.snapshot()))
    assert told[0] == told[1]


def test_databases_of_one_name_are_kept_apart() -> None:
    """With a seed, a Studio that was reset gives its next database the same name."""
    studio, contents = Studio(seed=1), []
    for word in ("one", "two"):
        studio.reset()
        upload(studio, b"a document\n" * 1000, "pdf")
        cook(studio, CHANNEL, [a_document(word)])
        finish(studio, CHANNEL, stage=False)
        publish(studio, CHANNEL)
        contents.append(database_of(studio))
        studio.mark(word)
    for mark in (0, 1, 0):
        studio.restore(("one", "two")[mark])
        assert database_of(studio) == contents[mark]
    assert contents[0] != contents[1]
    studio.close()


def database_of(studio: Studio) -> bytes:
    [edition] = studio.state.channels[CHANNEL].published_versions.values()
    return Path(edition["database"]).read_bytes()


def test_an_unknown_mark_names_those_that_there_are(rich: Studio) -> None:
    with pytest.raises(LookupError, match="there are: none"):
        rich.restore("seeded")
    rich.mark("seeded")
    rich.mark("again")
    with pytest.raises(LookupError, match="there are: again, seeded"):
        rich.restore("other")


def test_a_mark_can_be_set_anew(rich: Studio) -> None:
    rich.mark("seeded")
    changed_in_every_way(rich)
    rich.mark("seeded")
    before = text(rich.snapshot())
    cook(rich, "b" * 32, [])
    rich.restore("seeded")
    assert text(rich.snapshot()) == before


def test_an_upload_that_was_under_way_is_not_kept(rich: Studio) -> None:
    rich.mark("seeded")
    before = contents_of(rich)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if not self.tell():
                rich.restore("seeded")
            return super().read(size)

    with pytest.raises(UploadNotSigned), rich.storage.receiving(Slow(b"too late")) as received:
        rich.storage.commit(received, "late.pdf", "application/pdf")
    assert contents_of(rich) == before
    assert len(list(rich.storage.folder.iterdir())) == len(set(before.values()))
