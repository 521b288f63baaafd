"""Snapshots on disk: files beside them, atomic saving, saving every so often."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fake_studio import FakeStudio, Studio
from fake_studio.snapshot import Autosave, disk, load, read, save, text
from support.chefs_driver import CHANNEL, LENIENT, channel_data
from support.saving_program import save_for_ever
from support.snapshots_driver import cook, finish, upload

KILLS, PROGRAMS = 24, 4
# One that forks has imported it all once; threads of ours would make a fork of our own unsafe.
PROCESSES: Any = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
PROCESSES.set_forkserver_preload(["fake_studio.studio", "fake_studio.snapshot", "flask.testing"])


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_large_files_lie_beside_it_and_small_ones_in_it(rich: Studio, other: Studio, tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    for embed in (4, 4096, 10**9):
        save(rich, path, embed=embed)
        large = {stored.md5 for stored in rich.storage.all() if stored.size > embed}
        databases = (
            set()
            if embed == 10**9
            else {each["database"] for each in read(path)[0]["channels"][0]["published_versions"]}
        )
        assert names_in(tmp_path / "saved.json.files") == sorted(large | databases)
        load(other, *read(path))
        assert text(other.snapshot()) == text(rich.snapshot())


def test_what_is_no_longer_needed_goes_and_what_is_not_ours_stays(rich: Studio, tmp_path: Path) -> None:
    path, folder = tmp_path / "saved.json", tmp_path / "saved.json.files"
    save(rich, path)
    (folder / "notes.txt").write_text("mine")
    rich.reset()
    save(rich, path)
    assert names_in(folder) == ["notes.txt"]
    assert names_in(tmp_path) == ["saved.json", "saved.json.files"]


def test_a_snapshot_outlives_changes_of_what_it_was_made_from(rich: Studio, other: Studio, tmp_path: Path) -> None:
    before = text(rich.snapshot())
    save(rich, tmp_path / "saved.json", embed=0)
    rich.storage.clear()
    finish(rich, CHANNEL, stage=True)
    load(other, *read(tmp_path / "saved.json"))
    assert text(other.snapshot()) == before


def test_where_links_are_impossible_bytes_are_copied(
    rich: Studio, other: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", link)
    save(rich, tmp_path / "saved.json", embed=0)
    load(other, *read(tmp_path / "saved.json"))
    assert text(other.snapshot()) == text(rich.snapshot())


def test_a_save_that_fails_leaves_the_old_one(rich: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "saved.json"
    save(rich, path)
    before = path.read_bytes()
    cook(rich, "a" * 32, [])
    monkeypatch.setattr(disk, "text", lambda data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(rich, path)
    assert path.read_bytes() == before
    load(rich, *read(path))


def test_saved_from_many_threads_while_things_change(tmp_path: Path) -> None:
    studio, path, other = Studio(), tmp_path / "saved.json", Studio()

    def work(number: int) -> None:
        upload(studio, bytes(5000) + bytes([number]), "pdf")
        cook(studio, f"{number:032x}", [])
        save(studio, path)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(12)))
    save(studio, path)
    load(other, *read(path))
    assert text(other.snapshot()) == text(studio.snapshot())
    studio.close()
    other.close()


def wait_for(path: Path, name: str) -> None:
    for _ in range(500):
        if path.exists() and name in path.read_text(encoding="utf-8"):
            return
        time.sleep(0.01)
    raise AssertionError(f"{name} was never saved")


def test_what_changes_is_saved_every_so_often(tmp_path: Path) -> None:
    studio, path = Studio(), tmp_path / "saved.json"
    saving = Autosave(studio, path, every=0.01)
    saving.start()
    time.sleep(0.1)
    assert not path.exists()  # nothing changed yet
    for name in ("a" * 32, "b" * 32):
        cook(studio, name, [])
        wait_for(path, name)
    studio.delete_channel("a" * 32)
    wait_for(path, '"deleted": true')
    studio.state.channels["b" * 32].name = "at the very end"
    saving.stop()
    wait_for(path, "at the very end")
    assert "fake-studio-autosave" not in [thread.name for thread in threading.enumerate()]
    studio.close()


def test_saving_goes_on_after_a_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    studio, path = Studio(), tmp_path / "later" / "saved.json"
    saving = Autosave(studio, path, every=0.01)
    shutil.rmtree(path.parent)
    saving.start()
    cook(studio, CHANNEL, [])
    while "was not saved" not in caplog.text:
        time.sleep(0.01)
    path.parent.mkdir()
    wait_for(path, CHANNEL)
    saving.stop()
    studio.close()


def test_what_never_began_still_saves_at_the_end(tmp_path: Path) -> None:
    studio = Studio()
    Autosave(studio, tmp_path / "saved.json").stop()
    assert (tmp_path / "saved.json").exists()
    studio.close()


def test_a_server_saves_what_it_holds_and_goes_on_with_it(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    with FakeStudio(snapshot=path) as fake:
        fake.studio.create_channel(fake.studio.users[0], channel_data(), strictness=LENIENT, keep_shell=False)
    with FakeStudio(snapshot=path) as fake:
        assert fake.channel().name == "A channel"
        fake.reset()
        assert fake.channel().name == "A channel"


def test_a_kill_at_any_moment_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    studio = Studio()

    def killed(number: int) -> Path:
        path = tmp_path / f"{number % PROGRAMS}.json"  # and so most begin where another one was killed
        changes, theirs = PROCESSES.Pipe(duplex=False)
        program = PROCESSES.Process(target=save_for_ever, args=(path, theirs))
        program.start()
        theirs.close()
        changes.recv()
        while not path.exists() and program.is_alive():  # on a busy machine, the first takes a while
            time.sleep(0.001)
        time.sleep(0.05 + 0.0037 * number)
        program.kill()
        program.join()
        return path

    for first in range(0, KILLS, PROGRAMS):
        with ThreadPoolExecutor(PROGRAMS) as pool:
            paths = list(pool.map(killed, range(first, first + PROGRAMS)))
        for path in paths:
            load(studio, *read(path))
            assert studio.channels
    studio.close()
