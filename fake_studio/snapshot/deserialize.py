"""From a snapshot back to the state: everything is read and checked before anything is replaced."""

from __future__ import annotations

import base64
import binascii
import gc
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fake_studio.core.ids import IdGenerator
from fake_studio.core.model import Channel, CookingRun, JsonDict, User
from fake_studio.core.publish_job import PublishJob
from fake_studio.core.state import State
from fake_studio.core.storage import StoredFile
from fake_studio.core.store import Store
from fake_studio.rules.channels import is_published
from fake_studio.snapshot.blobs import BlobStore, md5_of
from fake_studio.snapshot.decode import check_object, list_of, record
from fake_studio.snapshot.disk import folder_of
from fake_studio.snapshot.moment import StateCopy, restore_state
from fake_studio.snapshot.schema import FORMAT, PublishedVersion, Snapshot, SnapshotDamaged, at_path
from fake_studio.snapshot.trees import TreeLoader, node_in

_MD5 = re.compile("[0-9a-f]{32}")  # and so the plain name of a file


def verified_size(contents: BlobStore, md5: str, content: Any, name: str) -> int:
    """The size, in bytes, of what is embedded as ``content``, or lies in the folder if that is null.

    ``name`` is the field of the md5. Raises SnapshotDamaged and OSError.
    """
    if not _MD5.fullmatch(md5):
        raise SnapshotDamaged("must be 32 hex digits.", field=name)
    if content is not None:
        contents.embedded[md5] = _decode(content)
    elif contents.folder is None or not (contents.folder / md5).is_file():
        there = f"in {contents.folder}" if contents.folder else "beside the snapshot"
        raise SnapshotDamaged(f"the bytes are not embedded, and no file of this name lies {there}.", field=name)
    # Hashed again: a snapshot may have been edited, and Kolibri breaks off at bytes that have another md5.
    with contents.open(md5) as stream:
        computed, size = md5_of(stream), stream.tell()
    if computed != md5:
        raise SnapshotDamaged(f"is not that of the bytes, {computed}.", field=name)
    return size


def _decode(content: Any) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise SnapshotDamaged("is not base64.", field="content") from None


_APART = ("trees", "run", "publishing", "published_versions")
_OVER = ("done", "unchanged", "failed")


def read(path: Path) -> tuple[JsonDict, Path]:
    """A snapshot file's data, not checked yet, and the folder of its files.

    Raises SnapshotDamaged, naming the file, and OSError.
    """
    try:
        return parse(path.read_text(encoding="utf-8")), folder_of(path)
    except UnicodeDecodeError as error:
        raise SnapshotDamaged(f"is not text: {error}.", field=str(path)) from None
    except SnapshotDamaged as damage:
        damage.field = str(path)
        raise


def load_file(store: Store, path: Path) -> None:
    """Load a snapshot file. Raises SnapshotDamaged, naming the file, and OSError: then the Studio is as it was."""
    data, folder = read(path)
    try:
        load(store, data, folder)
    except SnapshotDamaged as damage:
        damage.field = f"{path}: {damage.field}"
        raise


@contextmanager
def no_collections() -> Iterator[None]:
    """Meanwhile Python looks for no garbage: of a large snapshot it would go through a million new objects, again and
    again, for as long as all the rest takes. Nothing is lost if two threads do this at a time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def parse(text: str) -> JsonDict:
    """The data in a snapshot's text, not checked yet. Raises SnapshotDamaged."""
    try:
        with at_path("the snapshot"), no_collections():
            return check_object(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise SnapshotDamaged(f"is not JSON: {error}.", field="the snapshot") from None


def load(store: Store, data: JsonDict, folder: Path | None = None) -> None:
    """Replace a Studio's state by a snapshot's. Raises SnapshotDamaged or OSError, and the Studio is as it was."""
    check_format(data)
    with no_collections():
        snapshot: Snapshot = record(Snapshot)(data)
        contents = BlobStore(folder)
        state = _state(snapshot, store.seed, contents)
        with at_path("files"):
            stored = list_of(lambda file: _stored_file(file, contents))(snapshot.files)
            _check_unique((file.name for file in stored), "name")
        restore_state(store, StateCopy(state, stored, contents))


def check_format(data: JsonDict) -> None:
    """Raises SnapshotDamaged for any format but today's, of which there was no other yet."""
    number = check_object(data).get("format")
    if type(number) is not int or number != FORMAT:  # True and 1.0 equal 1
        raise SnapshotDamaged(f"{number!r:.40} cannot be read; this version reads {FORMAT}.", field="format")


def _state(snapshot: Snapshot, seed: int | None, contents: BlobStore) -> State:
    if not snapshot.users:
        raise SnapshotDamaged("must not be empty.", field="users")
    with at_path("users"):
        _check_unique((user.id for user in snapshot.users), "id")
    state = State((), seed)
    state.ids = IdGenerator(seed, snapshot.ids.numbers, snapshot.ids.moments)
    state.users = {user.id: user for user in snapshot.users}
    _read_channels(state, snapshot, contents)
    for file in snapshot.announced:
        state.announce(file)
    state.checksums.update(snapshot.checksums)
    state.loose.update({(uploads.user_id, uploads.checksum): uploads.count for uploads in snapshot.loose})
    return state


def _read_channels(state: State, snapshot: Snapshot, contents: BlobStore) -> None:
    loader = TreeLoader(snapshot.ids.numbers)

    def register(node: Any) -> str:
        channel = _channel(dict(check_object(node)), loader, contents)
        _check_people(channel, state.users)
        state.register(channel)
        return channel.id

    with at_path("channels"):
        _check_unique(list_of(register)(snapshot.channels), "id")


def _channel(data_of_channel: JsonDict, loader: TreeLoader, contents: BlobStore) -> Channel:
    trees, run, publishing, versions = (data_of_channel.pop(name, None) for name in _APART)
    channel: Channel = record(Channel, _APART)(data_of_channel)
    with at_path("trees"):
        channel.trees = loader.trees(trees, channel.id)
    with at_path("run"):
        channel.run = None if run is None else _run(dict(check_object(run)), channel)
    with at_path("publishing"):
        channel.publishing = None if publishing is None else _publishing(publishing)
    with at_path("published_versions"):
        versions_read = list_of(lambda version: _published_version(version, contents))(versions)
        _check_unique((version["version"] for version in versions_read), "version")
    channel.published_versions = {version["version"]: version for version in versions_read}
    # The public API looks up what was published as this version, and would end as a 500.
    if (channel.version or is_published(channel)) and channel.version not in channel.published_versions:
        raise SnapshotDamaged(f"{channel.version} is none of the published ones.", field="version")
    return channel


def _check_people(channel: Channel, users: dict[int, User]) -> None:
    if not channel.editors or not users.keys() >= set(channel.editors):
        raise SnapshotDamaged("must be the ids of one or more of the users.", field="editors")
    if channel.run and channel.run.user_id not in users:
        raise SnapshotDamaged("must be the id of a user.", field="run.user_id")


def _run(data: JsonDict, channel: Channel) -> CookingRun:
    skipped, cut_short = data.pop("skipped", []), data.pop("cut_short", [])
    run: CookingRun = record(CookingRun, ("skipped", "cut_short", "earlier", "lost", "declared_files"))(data)
    read_nodes = list_of(node_in(channel.trees))
    with at_path("skipped"):
        run.skipped = read_nodes(skipped)
    with at_path("cut_short"):
        run.cut_short = list_of(read_nodes)(cut_short)
    return run


def _publishing(data: Any) -> PublishJob:
    job: PublishJob = record(PublishJob, ("done",))(data)
    if job.state not in _OVER:
        raise SnapshotDamaged(f"{job.state!r:.40} is not how a publish ends.", field="state", allowed=_OVER)
    # Nobody will finish it any more, and whoever waits for it must not wait.
    job.done.set_result(None)
    return job


def _published_version(data: Any, contents: BlobStore) -> JsonDict:
    data = dict(check_object(data))
    content = data.pop("content", None)
    version: PublishedVersion = record(PublishedVersion)(data)
    verified_size(contents, version.database, content, "database")
    return vars(version)


def _stored_file(data: Any, contents: BlobStore) -> StoredFile:
    data = dict(check_object(data))
    content = data.pop("content", None)
    stored: StoredFile = record(StoredFile)(data)
    size = verified_size(contents, stored.md5, content, "md5")
    if size != stored.size:
        raise SnapshotDamaged(f"is not that of the bytes, {size}.", field="size")
    return stored


def _check_unique(keys: Iterable[Any], name: str) -> None:
    seen = set()
    for n, key in enumerate(keys):
        if key in seen:
            raise SnapshotDamaged(f"{key!r:.60} is there twice.", field=f"[{n}].{name}")
        seen.add(key)
