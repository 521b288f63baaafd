"""Publishing in the background, as Studio does it: one export after the other, from a copy of the tree.

Source: Studio viewsets/channel.py publish, utils/publish.py publish_channel; what is exported is in publishing/.
"""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from fake_studio import publishing
from fake_studio.core.model import Channel, Node, User
from fake_studio.core.publish_job import PublishJob
from fake_studio.core.refusals import NothingPublished
from fake_studio.core.state import State
from fake_studio.core.store import Store
from fake_studio.core.trees import copy_tree
from fake_studio.rules import channels

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)


class Publisher:
    """Exports the channels of a Studio, one at a time, into a folder of databases."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool: ThreadPoolExecutor | None = None
        self._jobs: list[PublishJob] = []
        self.fail_next: dict[str, str] = {}  # the channels whose next publish shall fail, and why

    def queue(self, user: User, channel: Channel, version_notes: Any, *, strict: bool) -> PublishJob:
        """Publish a channel's main tree for a user when its turn comes. Call with the Studio's lock held.

        With ``strict``, what ends Studio's own publish ends this one too.
        """
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            # One worker, so that a seeded Studio gives its ids in the same order; made late, as most never publish.
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="fake-studio-publish")
        job = PublishJob(channel.version + 1, version_notes)
        channel.publishing = job
        state, asker = self._store.state, publishing.Asker(user.id, self._store.storage.era)
        self._jobs = [*(other for other in self._jobs if not other.is_over), job]
        self._pool.submit(self._run, _Order(state, asker, channel, job, strict))
        return job

    def close(self) -> None:
        """Wait for the export that is under way, and end those whose turn has not come as failed."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        # Who waits for one of these, in a report after the end, must not wait for ever.
        for job in self._jobs:
            if not job.done.done():
                job.state, job.cause = "failed", "the Studio was stopped before its turn came"
                job.done.set_result(None)

    def _run(self, order: _Order) -> None:
        job = order.job
        try:
            self._publish(order)
        except publishing.CannotPublish as cause:
            job.state, job.cause = "failed", cause.cause
        except Exception as error:
            job.state, job.cause = "failed", f"fake_studio itself failed: {type(error).__name__}: {error}"
            if self._is_current(order):
                log.exception("publishing %s failed", order.channel.id)
            else:  # what it reads is gone, and what it makes is wanted no more
                job.cause = _OVERTAKEN
        finally:
            job.done.set_result(None)

    def _is_current(self, order: _Order) -> bool:
        return self._store.state is order.state

    def _publish(self, order: _Order) -> None:
        store, state, channel, job = self._store, order.state, order.channel, order.job
        with store.lock:
            self._check_current(order)
            job.state = "running"
            if channel.id in self.fail_next:
                raise publishing.CannotPublish(self.fail_next.pop(channel.id))
            main = channel.root("main")
            if main is None or not channels.has_changes(channel):
                job.state = "unchanged"
                return
            # A copy: chefs go on adding and deploying while the export reads, and it must not see half of that.
            snapshot, tree, job.version = copy.copy(channel), copy_tree(main), channel.version + 1
        from fake_studio.publishing.export import export  # sqlite3 and all of publishing: not at every start

        path = store.databases.path / f"{state.ids.hex()}.sqlite3"
        published = export(
            snapshot, tree, store.storage, path, job.version, state.ids.hex, strict=order.strict, asker=order.asker
        )
        with store.lock:
            if not self._is_current(order):
                path.unlink()
            self._check_current(order)
            job.left_out = [{"node_id": n.node_id, "title": n.title, "reason": why} for n, why in published.left_out]
            _record_published(order, main, tree, published)

    def _check_current(self, order: _Order) -> None:
        if not self._is_current(order):
            raise publishing.CannotPublish(_OVERTAKEN)


_OVERTAKEN = "the Studio was reset, or went back, before it was done"


class _Order(NamedTuple):
    """One publish as it was asked for. A reset gives the Studio another state, and the order is void then."""

    state: State
    asker: publishing.Asker
    channel: Channel
    job: PublishJob
    strict: bool


def _record_published(order: _Order, main: Node, tree: Node, published: publishing.PublishedDatabase) -> None:
    """Write on the channel, and on the nodes that got files, what was published."""
    state, channel, job = order.state, order.channel, order.job
    channels.mark_published(channel, main, {node.id for node in tree.iter_tree()}, state.ids.now())
    for node in main.iter_tree():
        if node.id in published.files:
            state.hang(node, published.files[node.id])
    version_data = {name: value for name, value in vars(published).items() if name not in ("left_out", "files")}
    version_data.update(
        version_notes=job.version_notes, published=channel.last_published, database=str(published.database)
    )
    channel.published_versions[published.version] = version_data
    # Studio makes a token for a channel that has none; later versions keep it.
    if not channel.tokens:
        channel.tokens.append(publishing.new_token(state.ids.random))
    job.state = "done"


def wait_for(channel: Channel, timeout: float | None = None) -> PublishJob:
    """Wait (seconds) until the channel's last publish is over. Raises NothingPublished, TimeoutError."""
    job: PublishJob | None = channel.publishing
    if job is None:
        raise NothingPublished(f"The channel {channel.id} was never published.")
    job.done.result(timeout)
    return job
