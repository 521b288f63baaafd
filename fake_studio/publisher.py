"""Publishing in the background, as Studio does it: one export after the other, from a copy of the tree.

Source: Studio viewsets/channel.py publish, utils/publish.py publish_channel; what is exported is in publishing/.
"""

from __future__ import annotations

import copy
import logging
import shutil
import tempfile
import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from fake_studio.model import Channel, Node
from fake_studio.publishing import CannotPublish, Published, new_token
from fake_studio.refusals import NothingPublished
from fake_studio.rules import channels

if TYPE_CHECKING:
    from fake_studio.studio import Studio

log = logging.getLogger(__name__)


@dataclass
class Publishing:
    """One publish of a channel: ``state`` is ``queued``, ``running``, ``done``, ``unchanged`` or ``failed``.

    ``cause`` says why it failed; ``left_out`` are the nodes that did not reach the database as they were sent.
    """

    version: int
    version_notes: Any = None
    state: str = "queued"
    cause: Optional[str] = None
    left_out: List[Dict[str, str]] = field(default_factory=list)
    done: Future[None] = field(default_factory=Future, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end, good or bad."""
        return self.state not in ("queued", "running")

    def told(self) -> Dict[str, Any]:
        """As plain data."""
        return {name: value for name, value in vars(self).items() if name != "done"}


class Publisher:
    """Exports the channels of a Studio, one at a time, into a folder of databases."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._pool: Optional[ThreadPoolExecutor] = None
        self._folder: Optional[Path] = None
        self.doomed: Dict[str, str] = {}  # the channels whose next publish shall fail, and why

    def queue(self, channel: Channel, version_notes: Any, *, strict: bool) -> Publishing:
        """Publish a channel's main tree when its turn comes. Call with the Studio's lock held.

        With ``strict``, what ends Studio's own publish ends this one too.
        """
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="fake-studio-publish")
        job = Publishing(channel.version + 1, version_notes)
        channel.publishing = job
        self._pool.submit(self._run, channel, job, strict)
        return job

    def close(self) -> None:
        """Wait for the export that is under way, and remove the databases."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _run(self, channel: Channel, job: Publishing, strict: bool) -> None:
        try:
            self._publish(channel, job, strict)
        except CannotPublish as cause:
            job.state, job.cause = "failed", cause.cause
        except Exception as error:
            log.exception("publishing %s failed", channel.id)
            job.state, job.cause = "failed", f"fake_studio itself failed: {type(error).__name__}: {error}"
        finally:
            job.done.set_result(None)

    def _publish(self, channel: Channel, job: Publishing, strict: bool) -> None:
        studio = self._studio
        with studio.lock:
            job.state, state = "running", studio.state
            if channel.id in self.doomed:
                raise CannotPublish(self.doomed.pop(channel.id))
            main = channel.root("main")
            if main is None or not channels.has_changes(channel):
                job.state = "unchanged"
                return
            told, tree, job.version = copy.copy(channel), copied_tree(main), channel.version + 1
        from fake_studio.publishing.export import export  # sqlite3 and all of publishing: not at every start

        path = self.folder() / f"{state.ids.hex()}.sqlite3"
        published = export(told, tree, studio.storage, path, job.version, state.ids.hex, strict=strict)
        with studio.lock:
            job.left_out = [{"node_id": n.node_id, "title": n.title, "reason": why} for n, why in published.left_out]
            self._note(channel, main, tree, job, published)

    def _note(self, channel: Channel, main: Node, tree: Node, job: Publishing, published: Published) -> None:
        ids = self._studio.state.ids
        channels.mark_published(channel, main, {node.id for node in tree.family()}, ids.now())
        told = {name: value for name, value in vars(published).items() if name != "left_out"}
        told.update(version_notes=job.version_notes, published=channel.last_published, database=str(published.database))
        channel.published_versions[published.version] = told
        if not channel.tokens:
            channel.tokens.append(new_token(ids.random))
        job.state = "done"

    def folder(self) -> Path:
        """The folder of the databases, made at first use."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="fake-studio-databases-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder


def wait_for(channel: Channel, timeout: Optional[float] = None) -> Publishing:
    """Wait (seconds) until the channel's last publish is over. Raises NothingPublished, TimeoutError."""
    job: Optional[Publishing] = channel.publishing
    if job is None:
        raise NothingPublished(f"The channel {channel.id} was never published.")
    job.done.result(timeout)
    return job


def publish_all(studio: Studio) -> None:
    """Deploy and publish every channel, as a person would in Studio, and wait until that is done."""
    for channel in studio.channels:
        if channel.told()["trees"]["staging"] is not None:
            channel.deploy()
        channel.publish()


def copied_tree(root: Node) -> Node:
    """A copy of a tree that stays as it is while the original goes on: new nodes, the same values."""
    copies = {id(node): node.twin() for node in root.family()}
    for node in root.family():
        twin = copies[id(node)]
        twin.children = [copies[id(child)] for child in node.children]
        twin.parent = copies.get(id(node.parent))
    return copies[id(root)]
