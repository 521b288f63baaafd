"""A moment: what a Studio held at one time, the bytes of its files included. It can be saved, kept and restored."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fake_studio.core.ids import IdGenerator
from fake_studio.core.model import Channel, CookingRun, Node
from fake_studio.core.publish_job import PublishJob
from fake_studio.core.state import State
from fake_studio.core.storage import StoredFile
from fake_studio.core.store import Store
from fake_studio.core.trees import copy_tree
from fake_studio.snapshot.blobs import BlobStore, md5_at


def copy_state(state: State) -> State:
    """The same users, channels, trees and uploads. With a seed, its ids go on as those of any other copy do."""
    twin = State((), state.ids.seed)
    twin.ids = IdGenerator(state.ids.seed, *state.ids.made)
    twin.users = {key: replace(user, staged_files=dict(user.staged_files)) for key, user in state.users.items()}
    for channel in state.channels.values():
        twin.register(_channel(channel))
    twin.announced = dict(state.announced)
    twin.loose = dict(state.loose)
    twin.checksums = set(state.checksums)
    return twin


def _channel(channel: Channel) -> Channel:
    twin = copy.copy(channel)
    twin.editors, twin.tokens = list(channel.editors), list(channel.tokens)
    twin.published_versions = {number: dict(published) for number, published in channel.published_versions.items()}
    twin.trees = {name: root and copy_tree(root) for name, root in channel.trees.items()}
    twin.publishing = channel.publishing and _publishing(channel.publishing)
    nodes = {node.id: node for root in twin.trees.values() if root for node in root.iter_tree()}
    twin.run = channel.run and _run(channel.run, nodes)
    return twin


def _run(run: CookingRun, nodes: dict[str, Node]) -> CookingRun:
    def twins(originals: list[Node]) -> list[Node]:
        # A run may remember nodes of a tree that was thrown away since.
        return [nodes[node.id] for node in originals if node.id in nodes]

    cut_short = [twins(chunk) for chunk in run.cut_short]
    return replace(run, overwritten=list(run.overwritten), skipped=twins(run.skipped), cut_short=cut_short)


def _publishing(job: PublishJob) -> PublishJob:
    """A publish that is over. Nobody goes on with one that was under way."""
    if job.is_over:
        return job
    twin = replace(job, state="failed", cause="the Studio was saved while it was under way", done=type(job.done)())
    twin.done.set_result(None)
    return twin


@dataclass
class StateCopy:
    """The state, what was stored, and the bytes. Published databases are named by their md5, as files are."""

    state: State
    stored: list[StoredFile]
    contents: BlobStore

    def published_versions(self) -> Iterator[dict[str, Any]]:
        """Everything that was published, each with the fields of ``schema.PublishedVersion``."""
        for channel in self.state.channels.values():
            yield from channel.published_versions.values()

    def beside(self) -> Iterator[str]:
        """The md5 of the bytes that are not embedded."""
        sums = [
            *(stored.md5 for stored in self.stored),
            *(published["database"] for published in self.published_versions()),
        ]
        return (md5 for md5 in sums if md5 not in self.contents.embedded)


def capture(store: Store, contents: BlobStore, *, embed: int | None) -> StateCopy:
    """The present moment; ``contents`` takes the bytes, files of up to ``embed`` bytes in memory. Raises OSError.

    The lock is held while the state is copied, and no longer.
    """
    with store.storage.reading():
        with store.lock:
            moment = StateCopy(copy_state(store.state), list(store.storage.all()), contents)
            for published in moment.published_versions():
                path = Path(published["database"])
                published["database"] = md5_at(path)
                contents.keep(published["database"], path, embed)
        for stored in list(moment.stored):
            try:
                contents.keep(stored.md5, store.storage.path(stored.md5), embed)
            except FileNotFoundError:  # a cleaner took the bytes away, and storage does not know yet
                moment.stored.remove(stored)
    return moment


def restore_state(store: Store, moment: StateCopy) -> None:
    """Make a moment the present one. What can fail comes first: after an OSError the Studio is as it was.

    The moment's state is the Studio's own from then on. Chefs go on while the bytes of its files are brought.
    """
    with store.storage.replacing(moment.stored, moment.contents.open) as replace_files, store.lock:
        for published in moment.published_versions():
            path = store.databases.path / f"{published['database']}.sqlite3"
            moment.contents.place(published["database"], path)
            published["database"] = str(path)
        replace_files()
        store.state = moment.state
        store.refresh_kept()
        drop_databases(store)


def drop_databases(store: Store) -> None:
    """Delete the databases that no channel has: of a state that was reset, or that another took the place of."""
    if not store.databases.is_made:
        return
    channels = store.state.channels.values()
    needed = {published["database"] for channel in channels for published in channel.published_versions.values()}
    for path in store.databases.path.iterdir():
        # An export that is under way writes to a hidden file, and ends of itself.
        if str(path) not in needed and not path.name.startswith("."):
            with suppress(OSError):  # on Windows, while somebody reads it
                path.unlink()
