"""Publishing in the background, as Studio does it: one export after the other, from a copy of the tree.

Source: Studio viewsets/channel.py publish, utils/publish.py publish_channel; what is exported is in publishing/.
"""

from __future__ import annotations

import copy
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fake_studio.core.model import Channel, Node, PublishJob
from fake_studio.core.refusals import NothingPublished
from fake_studio.core.store import Store
from fake_studio.core.trees import copy_tree
from fake_studio.publishing import CannotPublish, PublishedDatabase, new_token
from fake_studio.rules import channels

log = logging.getLogger(__name__)


class Publisher:
    """Exports the channels of a Studio, one at a time, into a folder of databases."""

    def __init__(self, studio: Store) -> None:
        self._studio = studio
        self._pool: ThreadPoolExecutor | None = None
        self.fail_next: dict[str, str] = {}  # the channels whose next publish shall fail, and why

    def queue(self, channel: Channel, version_notes: Any, *, strict: bool) -> PublishJob:
        """Publish a channel's main tree when its turn comes. Call with the Studio's lock held.

        With ``strict``, what ends Studio's own publish ends this one too.
        """
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="fake-studio-publish")
        job = PublishJob(channel.version + 1, version_notes)
        channel.publishing = job
        self._pool.submit(self._run, channel, job, strict)
        return job

    def close(self) -> None:
        """Wait for the export that is under way, and remove the databases."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _run(self, channel: Channel, job: PublishJob, strict: bool) -> None:
        try:
            self._publish(channel, job, strict)
        except CannotPublish as cause:
            job.state, job.cause = "failed", cause.cause
        except Exception as error:
            log.exception("publishing %s failed", channel.id)
            job.state, job.cause = "failed", f"fake_studio itself failed: {type(error).__name__}: {error}"
        finally:
            job.done.set_result(None)

    def _publish(self, channel: Channel, job: PublishJob, strict: bool) -> None:
        studio = self._studio
        with studio.lock:
            job.state, state = "running", studio.state
            if channel.id in self.fail_next:
                raise CannotPublish(self.fail_next.pop(channel.id))
            main = channel.root("main")
            if main is None or not channels.has_changes(channel):
                job.state = "unchanged"
                return
            snapshot, tree, job.version = copy.copy(channel), copy_tree(main), channel.version + 1
        from fake_studio.publishing.export import export  # sqlite3 and all of publishing: not at every start

        path = studio.databases.path / f"{state.ids.hex()}.sqlite3"
        published = export(snapshot, tree, studio.storage, path, job.version, state.ids.hex, strict=strict)
        with studio.lock:
            job.left_out = [{"node_id": n.node_id, "title": n.title, "reason": why} for n, why in published.left_out]
            self._note(channel, main, tree, job, published)

    def _note(self, channel: Channel, main: Node, tree: Node, job: PublishJob, published: PublishedDatabase) -> None:
        ids = self._studio.state.ids
        channels.mark_published(channel, main, {node.id for node in tree.iter_tree()}, ids.now())
        details = {name: value for name, value in vars(published).items() if name != "left_out"}
        details.update(
            version_notes=job.version_notes, published=channel.last_published, database=str(published.database)
        )
        channel.published_versions[published.version] = details
        if not channel.tokens:
            channel.tokens.append(new_token(ids.random))
        job.state = "done"


def wait_for(channel: Channel, timeout: float | None = None) -> PublishJob:
    """Wait (seconds) until the channel's last publish is over. Raises NothingPublished, TimeoutError."""
    job: PublishJob | None = channel.publishing
    if job is None:
        raise NothingPublished(f"The channel {channel.id} was never published.")
    job.done.result(timeout)
    return job
