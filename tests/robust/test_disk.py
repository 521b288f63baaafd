"""Storage while others read, the disk is full or gone, or the process forks."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_studio import FakeStudio, Studio
from fake_studio.core import incoming
from fake_studio.core.refusals import StorageUnwritable
from fake_studio.core.storage import Storage
from fake_studio.core.temporary_folder import TemporaryFolder, check_writable
from fake_studio.snapshot import blobs, disk
from support.chefs_driver import Chef, md5, state_of

PDF = b"%PDF the document"
PATH = f"/content/storage/{md5(PDF)[0]}/{md5(PDF)[1]}/{md5(PDF)}.pdf"
NAME = f"{md5(PDF)}.pdf"


@pytest.fixture
def storage() -> Iterator[Storage]:
    made = Storage()
    yield made
    made.close()


def test_a_read_gives_the_old_bytes_or_the_new_ones(storage: Storage) -> None:
    contents = [bytes([number]) * 5000 for number in range(20)]
    storage.put(contents[0], "a.pdf", "application/pdf")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for content in contents:
                storage.put(content, "a.pdf", "application/pdf")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(500):
            stored, file = storage.open_stored("a.pdf")
            with file:
                content = file.read()
            assert (md5(content), len(content)) == (stored.md5, stored.size)
    finally:
        stop.set()
        writer.join()


def test_bytes_stay_while_somebody_reads(storage: Storage) -> None:
    stored = storage.put(PDF, NAME, "application/pdf")
    with storage.reading():
        storage.remove_file(NAME)
        assert storage.path(stored.md5).read_bytes() == PDF
        storage.put(PDF, NAME, "application/pdf")
        storage.clear()
        assert storage.path(stored.md5).read_bytes() == PDF
    assert list(storage.folder.iterdir()) == []


def test_a_snapshot_is_whole_though_files_change(documented: Chef) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            documented.studio.storage.put(os.urandom(3000), NAME, "application/pdf")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(30):
            documented.studio.snapshot()
    finally:
        stop.set()
        writer.join()


def test_a_folder_that_was_taken_away_is_made_anew(chef: Chef) -> None:
    chef.upload(PDF)
    shutil.rmtree(chef.studio.storage.folder)
    assert chef.client.get(PATH).status_code == 404
    assert chef.studio.file_diff([NAME]) == [NAME]
    chef.upload(PDF)
    assert chef.client.get(PATH, buffered=True).data == PDF


@pytest.mark.parametrize("cause", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_disk_that_takes_nothing_refuses_the_upload(chef: Chef, monkeypatch: pytest.MonkeyPatch, cause: int) -> None:
    url = chef.announce(PDF).get_json()["uploadURL"]
    before = state_of(chef.studio)

    def full(*_: object) -> int:
        raise OSError(cause, os.strerror(cause))

    monkeypatch.setattr(incoming.os, "write", full)
    answer = chef.put(url, PDF)
    form = chef.file_upload(PDF, NAME)
    monkeypatch.undo()
    assert answer.status_code == (507 if chef.dialect == "documented" else 503)
    assert form.status_code == (507 if chef.dialect == "documented" else 500)
    refusal = chef.studio.journal.entries()[-1].refusal or {}
    assert str(chef.studio.storage.folder) in refusal["message"]
    assert os.strerror(cause) in refusal["message"]
    assert state_of(chef.studio) == before
    assert list(chef.studio.storage.folder.iterdir()) == []
    assert chef.put(url, PDF).status_code == 200


def test_a_disk_that_takes_a_part_loses_no_byte(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(incoming.os, "write", lambda handle, data: write(handle, data[:1000]))
    storage.put(b"x" * 12_345, NAME, "application/pdf")
    with storage.open(NAME) as file:
        assert file.read() == b"x" * 12_345


def test_what_the_stream_raises_is_no_matter_of_the_disk(storage: Storage) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        storage.receive(Broken())
    assert list(storage.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named_at_the_start(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    for folder in (blocked, blocked / "below"):
        with pytest.raises(OSError, match=str(folder)):
            FakeStudio(files=folder)
    check_writable(tmp_path / "new")


@pytest.mark.parametrize("option", ["--files", "TMPDIR"])
def test_the_command_names_a_folder_that_is_missing(tmp_path: Path, option: str) -> None:
    place = str(tmp_path / "none" if option == "TMPDIR" else "/dev/null/files")
    command = [sys.executable, "-m", "fake_studio", "serve", "--port", "0"]
    command += [] if option == "TMPDIR" else [option, place]
    env = {**os.environ, **({"TMPDIR": place} if option == "TMPDIR" else {})}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert place in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder is needed that root cannot write to either")
def test_the_command_names_what_it_cannot_write_to() -> None:
    env = {**os.environ, "TMPDIR": "/proc"}
    command = [sys.executable, "-m", "fake_studio"]
    ended = subprocess.run([*command, "serve"], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "'/proc'" in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)
    command += ["cook", __file__, "--junit", "/proc/report.xml"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "--junit: cannot write /proc:" in ended.stderr) == (2, True)
    assert "STUDIO_URL" not in ended.stdout


def test_a_snapshot_that_a_full_disk_cut_short_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, documented: Chef
) -> None:
    def fill(source: Path, target: Path) -> None:
        target.write_bytes(b"a part")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    path = tmp_path / "studio.json"
    disk.save(documented.studio, path)
    before = path.read_text(encoding="utf-8")
    documented.upload(PDF + bytes(10_000))
    monkeypatch.setattr(blobs.os, "link", fill)
    monkeypatch.setattr(blobs.shutil, "copyfile", fill)
    with pytest.raises(OSError, match="No space left"):
        disk.save(documented.studio, path)
    assert path.read_text(encoding="utf-8") == before
    assert [str(left) for left in tmp_path.rglob("*.partial")] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_that_ends_deletes_nothing() -> None:
    script = """if True:
        import os, sys
        from fake_studio import Studio
        studio = Studio()
        studio.storage.put(b"x", "ab.pdf", "application/pdf")
        folder = studio.storage.folder
        child = os.fork()
        if not child:
            studio.close()
            sys.exit(0)
        os.waitpid(child, 0)
        print(len(list(folder.iterdir())), folder)
    """
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    count, _, folder = ended.stdout.strip().partition(" ")
    assert count == "1"
    assert not Path(folder).exists()


def test_a_temporary_folder_is_made_anew_and_removed() -> None:
    folder = TemporaryFolder("fake-studio-test-")
    assert not folder.is_made
    folder.path.rmdir()
    assert folder.path.is_dir()
    path = folder.path
    folder.close()
    assert not path.exists()


def test_databases_go_with_the_state_that_they_belong_to(documented: Chef) -> None:
    root = documented.create()
    documented.studio.databases.path.joinpath("old.sqlite3").write_bytes(b"x")
    documented.studio.reset()
    assert list(documented.studio.databases.path.iterdir()) == []
    assert root


def test_a_mark_that_is_set_again_keeps_no_old_bytes(documented: Chef) -> None:
    for number in range(5):
        documented.studio.storage.put(bytes([number]) * 10, NAME, "application/pdf")
        documented.studio.mark("again")
    folder = documented.studio.marks._folder.path
    assert len(list(folder.iterdir())) == 1


# One server to a snapshot file


def test_the_second_server_on_a_snapshot_refuses_to_start(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    with FakeStudio(snapshot=path), pytest.raises(OSError, match=f"In use by process {os.getpid()}"):
        FakeStudio(snapshot=path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["studio.json"]
    with FakeStudio(snapshot=path):
        pass


def test_the_second_server_may_know_the_snapshot_by_another_name(tmp_path: Path) -> None:
    path, link = tmp_path / "studio.json", tmp_path / "link.json"
    with FakeStudio(snapshot=path):
        pass
    link.symlink_to(path)
    with FakeStudio(snapshot=link) as fake:
        fake.studio.storage.put(PDF + bytes(10_000), NAME, "application/pdf")
        with pytest.raises(OSError, match="In use by process"):
            FakeStudio(snapshot=path)
    assert link.is_symlink()
    with FakeStudio(snapshot=path) as fake:
        assert fake.studio.storage.names() == [NAME]


def test_a_server_whose_snapshot_is_damaged_lets_go_of_it(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    path.write_text("{}")
    for _ in range(2):
        with pytest.raises(Exception, match="format"):
            FakeStudio(snapshot=path)
    path.unlink()
    with FakeStudio(snapshot=path):
        pass


def test_snapshots_of_two_files_do_not_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio, inside, go_on = Studio(), threading.Event(), threading.Event()
    capture = disk.capture

    def slow(*arguments: object, **options: object) -> object:
        if threading.current_thread() is not threading.main_thread():
            inside.set()
            go_on.wait(10)
        return capture(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(disk, "capture", slow)
    first = threading.Thread(target=disk.save, args=(studio, tmp_path / "one.json"))
    first.start()
    assert inside.wait(10)
    began = time.monotonic()
    disk.save(studio, tmp_path / "two.json")
    assert time.monotonic() - began < 5
    go_on.set()
    first.join()
    studio.close()


def test_storage_that_cannot_be_made_is_a_refusal(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(StorageUnwritable, match=str(blocked)):
        Storage(blocked / "below").put(b"x", NAME, "application/pdf")
