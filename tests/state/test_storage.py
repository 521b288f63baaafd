"""Bytes in storage, disk space, and the memory that a large upload costs."""

from __future__ import annotations

import hashlib
import io
import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_studio import FakeStudio, Studio
from fake_studio.core.model import User
from fake_studio.core.refusals import (
    ChecksumMismatch,
    FieldsInvalid,
    FileNameInvalid,
    FileNotStored,
    QuotaExceeded,
    UploadExpired,
    UploadNotSigned,
)
from fake_studio.core.storage import Storage
from fake_studio.core.uploads import LIFETIME, SignedUpload, media_type_of
from support.chefs_driver import STRICT, channel_data, file_data, md5, node_data, state_of

MEGABYTE = 1024 * 1024


@pytest.fixture
def storage() -> Iterator[Storage]:
    made = Storage()
    yield made
    made.close()


@pytest.fixture
def tiny(users: dict[str, User], studio: Studio) -> User:
    """A user with 100 bytes of disk space."""
    return studio.state.users[users["tiny"].id]


def announced(size: int, checksum: str = "0" * 32) -> dict[str, object]:
    return {"size": size, "checksum": checksum, "name": "a.pdf", "file_format": "pdf", "preset": "document"}


def put(studio: Studio, ticket: SignedUpload, content: bytes, md5: str | None = None, verify: bool = False) -> None:
    studio.put_file(ticket, io.BytesIO(content), media_type="application/pdf", md5=md5, verify=verify)


def test_what_is_stored_is_found_by_name(storage: Storage) -> None:
    stored = storage.put(b"abc", "ab.pdf", "application/pdf", 7)
    assert (stored.md5, stored.size, stored.uploaded_by) == (md5(b"abc"), 3, 7)
    with storage.open("ab.pdf") as content:
        assert content.read() == b"abc"
    assert (storage.has("ab.pdf"), storage.has("ab"), storage.size("ab.pdf"), storage.size("no")) == (
        True,
        False,
        3,
        None,
    )
    with pytest.raises(KeyError):
        storage.open("no")


def test_the_same_bytes_lie_on_disk_once(storage: Storage) -> None:
    storage.put(b"abc", "one.pdf", "application/pdf")
    storage.put(b"abc", "two.pdf", "application/pdf")
    assert len(list(storage.folder.iterdir())) == 1
    storage.remove_file("one.pdf")
    assert storage.open("two.pdf").close() is None
    storage.remove_file("two.pdf")
    assert list(storage.folder.iterdir()) == []


def test_no_name_leaves_the_folder(storage: Storage) -> None:
    for name in ("../../etc/passwd", "/etc/passwd", "a/b", "..", "\0"):
        storage.put(name.encode(), name, "text/plain")
    assert all(len(path.name) == 32 for path in storage.folder.iterdir())
    assert len(list(storage.folder.iterdir())) == 5


def test_what_breaks_off_leaves_nothing(storage: Storage) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("gone")
            return super().read(10)

    with pytest.raises(OSError, match="gone"):
        storage.receive(Broken(b"x" * 100))
    assert list(storage.folder.iterdir()) == []


def test_a_temporary_folder_goes_and_a_given_one_stays(tmp_path: Path) -> None:
    temporary, given = Storage(), Storage(tmp_path / "files")
    for each in (temporary, given):
        each.put(b"abc", "ab.pdf", "application/pdf")
    folder = temporary.folder
    temporary.close()
    given.close()
    assert not folder.exists()
    assert [path.name for path in (tmp_path / "files").iterdir()] == [md5(b"abc")]


def test_a_file_that_was_never_uploaded(studio: Studio) -> None:
    with pytest.raises(FileNotStored, match="not in storage"):
        studio.get_stored_file("ab.pdf")


def test_an_upload_url_lasts_ten_minutes(studio: Studio, tiny: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, file, known = studio.upload_url(tiny, announced(3, md5(b"abc")))
    assert (file.name, file.size, file.uploaded_by, known) == (f"{md5(b'abc')}.pdf", 3, tiny.id, False)
    moment = ticket.expires
    monkeypatch.setattr(studio.state.ids, "now", lambda: moment + 1.0)
    with pytest.raises(UploadExpired, match=f"{LIFETIME} seconds"):
        put(studio, ticket, b"abc")
    monkeypatch.setattr(studio.state.ids, "now", lambda: moment - 1.0)
    put(studio, ticket, b"abc")
    assert studio.get_stored_file(file.name).size == 3


def test_no_ticket_but_its_own_lets_bytes_in(studio: Studio, tiny: User) -> None:
    ticket, _, _ = studio.upload_url(tiny, announced(3))
    before = state_of(studio)
    for changed in (
        SignedUpload("1" * 32 + ".pdf", ticket.user_id, ticket.expires, ticket.signature),
        SignedUpload(ticket.name, 1, ticket.expires, ticket.signature),
        SignedUpload(ticket.name, ticket.user_id, ticket.expires + 600, ticket.signature),
        SignedUpload(ticket.name, ticket.user_id, ticket.expires, ""),
        SignedUpload(ticket.name, ticket.user_id, ticket.expires, "é\ud800"),
    ):
        with pytest.raises(UploadNotSigned):
            put(studio, changed, b"abc")
    assert state_of(studio) == before


def test_wrong_bytes_are_thrown_away(studio: Studio, tiny: User) -> None:
    ticket, _, _ = studio.upload_url(tiny, announced(3, md5(b"abc")))
    before = state_of(studio)
    with pytest.raises(ChecksumMismatch):
        put(studio, ticket, b"xyz", md5=md5(b"abc"))
    with pytest.raises(ChecksumMismatch):
        put(studio, ticket, b"xyz", verify=True)
    assert state_of(studio) == before
    put(studio, ticket, b"xyz")  # a bucket checks only what it is told


def test_a_refused_announcement_is_forgotten(studio: Studio, tiny: User) -> None:
    before = state_of(studio)
    with pytest.raises(FieldsInvalid):
        studio.upload_url(tiny, {})
    with pytest.raises(QuotaExceeded, match="101 bytes are needed and 100 are left"):
        studio.upload_url(tiny, announced(101))
    assert state_of(studio) == before


def test_files_that_are_only_staged_take_no_space(studio: Studio, tiny: User) -> None:
    content = b"x" * 60
    channel = studio.create_channel(tiny, channel_data(), strictness=STRICT, keep_shell=True)
    root = channel.root("chef")
    assert root is not None
    file = file_data(content, "pdf", "document")
    studio.storage.put(content, file["filename"], "application/pdf")
    nodes = [node_data("d", "document", files=[file]), node_data("e", "document", files=[file])]
    studio.add_nodes(tiny, root.id, nodes, strictness=STRICT, by_number=False)
    studio.finish_channel(tiny, channel.id, stage=True, honour_stage=False)
    studio.upload_url(tiny, announced(100))
    studio.deploy_channel(channel.id)
    studio.upload_url(tiny, announced(40))
    studio.upload_url(tiny, announced(1000, md5(content)))
    with pytest.raises(QuotaExceeded):
        studio.upload_url(tiny, announced(41))


def test_a_tree_that_does_not_fit_is_not_deployed(studio: Studio, tiny: User) -> None:
    channel = studio.create_channel(tiny, channel_data(), strictness=STRICT, keep_shell=True)
    root = channel.root("chef")
    assert root is not None
    file = file_data(b"x", "pdf", "document", size=101)
    studio.storage.put(b"x", file["filename"], "application/pdf")
    studio.add_nodes(tiny, root.id, [node_data("d", "document", files=[file])], strictness=STRICT, by_number=False)
    with pytest.raises(QuotaExceeded):
        studio.finish_channel(tiny, channel.id, stage=False, honour_stage=True)
    assert channel.root("chef") is root
    studio.finish_channel(tiny, channel.id, stage=True, honour_stage=True)
    before = state_of(studio)
    with pytest.raises(QuotaExceeded):
        studio.deploy_channel(channel.id)
    assert state_of(studio) == before


def test_an_admin_may_upload_without_end(studio: Studio, users: dict[str, User]) -> None:
    admin = studio.state.users[users["admin"].id]
    admin.disk_space = 0
    studio.upload_url(admin, announced(500 * MEGABYTE))


def test_the_older_upload_counts_until_a_deploy(studio: Studio, tiny: User) -> None:
    def upload(content: bytes) -> None:
        studio.file_upload(tiny, f"{md5(content)}.txt", io.BytesIO(content))

    upload(b"x" * 60)
    upload(b"x" * 60)
    before = state_of(studio)
    with pytest.raises(QuotaExceeded):
        upload(b"y" * 41)
    assert state_of(studio) == before
    studio.create_channel(tiny, channel_data(), strictness=STRICT, keep_shell=True)
    studio.finish_channel(tiny, channel_data()["id"], stage=False, honour_stage=True)
    upload(b"y" * 41)


@pytest.mark.parametrize("name", ["abc", "a.b.c", "", "a.b."])
def test_the_older_upload_needs_a_name_with_one_dot(studio: Studio, tiny: User, name: str) -> None:
    with pytest.raises(FileNameInvalid):
        studio.file_upload(tiny, name, io.BytesIO(b"x"))


def test_the_older_upload_checks_the_bytes(studio: Studio, tiny: User) -> None:
    before = state_of(studio)
    for name in (md5(b"y") + ".txt", md5(b"x").upper() + ".txt"):
        with pytest.raises(ChecksumMismatch):
            studio.file_upload(tiny, name, io.BytesIO(b"x"))
    assert state_of(studio) == before


def test_media_types() -> None:
    names = ("a.pdf", "a.mp4", "a.mp3", "a.vtt", "a.epub", "a.zip", "a.png", "a.perseus", "a")
    assert [media_type_of(name) for name in names] == [
        "application/pdf",
        "video/mp4",
        "audio/mpeg",
        "text/vtt",
        "application/epub+zip",
        "application/zip",
        "image/png",
        "application/octet-stream",
        "application/octet-stream",
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_large_upload_streams_to_disk() -> None:
    size, piece = 256 * MEGABYTE, bytes(MEGABYTE)
    with FakeStudio() as fake:
        ticket, file, _ = fake.studio.upload_url(fake.studio.users[0], announced(size))
        query = f"user={ticket.user_id}&expires={ticket.expires}&signature={ticket.signature}"
        path = f"/content/storage/0/0/{file.name}?{query}"
        fake.app.config["DIALECT"] = unverified(fake)
        before = resident()
        with socket.create_connection(("127.0.0.1", int(fake.url.rpartition(":")[2])), timeout=20) as sock:
            sock.sendall(f"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
            peak = before
            for _ in range(size // MEGABYTE):
                sock.sendall(piece)
                peak = max(peak, resident())
            assert sock.recv(100).startswith(b"HTTP/1.1 200")
        assert fake.studio.get_stored_file(file.name).size == size
    assert peak - before < 30 * MEGABYTE


def unverified(fake: FakeStudio) -> object:
    """The dialect of the server, but taking any bytes: hashing 256 MiB twice would only cost time."""
    from dataclasses import replace

    return replace(fake.app.config["DIALECT"], verifies_uploads=False)


def resident() -> int:
    """The bytes of memory that this process holds."""
    import resource

    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def test_bytes_that_no_name_needs_any_more_are_deleted() -> None:
    storage = Storage()
    storage.put(b"one", "ab1.pdf", "application/pdf")
    storage.put(b"one", "ab2.pdf", "application/pdf")
    for name in ("ab1.pdf", "ab2.pdf"):
        storage.put(b"two", name, "application/pdf")
    assert [path.read_bytes() for path in storage.folder.iterdir()] == [b"two"]
    storage.clear()
    assert list(storage.folder.iterdir()) == []
    storage.close()


def test_what_arrives_while_storage_is_cleared_is_not_kept() -> None:
    storage = Storage()
    received = storage.receive(io.BytesIO(b"late"))
    storage.clear()
    with pytest.raises(UploadNotSigned, match="reset"):
        storage.commit(received, "ab.pdf", "application/pdf")
    assert storage.names() == []
    storage.discard(received)
    assert list(storage.folder.iterdir()) == []
    storage.close()


class Dripping:
    """A stream that gives less than it is asked for."""

    def __init__(self, content: bytes, piece: int) -> None:
        self._left, self._piece = content, piece

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._piece)
        piece, self._left = self._left[:size], self._left[size:]
        return piece


@pytest.mark.parametrize("size", [0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 900_000])
@pytest.mark.parametrize("piece", [100_000, 256 * 1024])
def test_what_arrives_in_pieces_is_hashed_and_written_in_order(size: int, piece: int) -> None:
    storage, content = Storage(), random.Random(size).randbytes(size)
    received = storage.receive(Dripping(content, piece))
    assert (received.md5, received.size) == (hashlib.md5(content).hexdigest(), size)
    assert received.path.read_bytes() == content
    storage.close()
