"""Studio: the state behind a lock, and one method for each thing that can be done to it. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from fake_studio import operations, views
from fake_studio import snapshot as snapshots
from fake_studio.core import refusals, trees, values
from fake_studio.core.incoming import Stream
from fake_studio.core.journal import DEFAULT_BYTES, DEFAULT_LIMIT
from fake_studio.core.model import Channel, File, Json, Node, User
from fake_studio.core.publish_job import PublishJob
from fake_studio.core.state import State
from fake_studio.core.storage import StoredFile
from fake_studio.core.store import Store
from fake_studio.core.uploads import SignedUpload, UploadSigner, check_names, stored_name
from fake_studio.faults import FaultRegistry
from fake_studio.publishing.publisher import Publisher, wait_for
from fake_studio.rules import Strictness, channels, versions
from fake_studio.rules.question_texts import reading_texts_first

if TYPE_CHECKING:
    from fake_studio.reports.report import Report

DEFAULT_USER = User(1, "chef@example.org", "c0ffee0000000000000000000000000000c0ffee", "Charlie", "Chef")

START = "start"  # the mark that reset goes back to, where the Studio began with a snapshot


class Studio(Store):
    """A Kolibri Studio in memory. Thread-safe.

    A method that acts for somebody takes that user first. Where Studio says no it raises a ``Refusal``, and the state
    is as it was (but for ``create_channel`` with ``keep_shell``).
    """

    def __init__(
        self,
        users: Iterable[User] = (),
        *,
        files_folder: Path | None = None,
        seed: int | None = None,
        max_journal: int = DEFAULT_LIMIT,
        max_journal_bytes: int = DEFAULT_BYTES,
    ) -> None:
        self._first_users = list(users) or [DEFAULT_USER]
        sizes = {"max_journal": max_journal, "max_journal_bytes": max_journal_bytes}
        super().__init__(self._first_users, files_folder=files_folder, seed=seed, **sizes)
        self.tickets = UploadSigner()
        self.publisher = Publisher(self)
        self.faults = FaultRegistry(seed)
        self.marks = snapshots.Checkpoints(self)

    def reset(self) -> None:
        """Back to the start: the users and the snapshot that it was started with, and nothing else."""
        with self.lock:
            self.state = State(self._first_users, self.seed)
            self.storage.clear()
            self.publisher.fail_next.clear()
            if START in self.marks.names():
                self.marks.restore(START)
            snapshots.drop_databases(self)
            self.journal.reset()
            self.chef_runs.clear()
            self.refresh_kept()
            self.faults.reset()

    def start_with(self, path: Path) -> None:
        """Load a snapshot file, and make it what ``reset`` goes back to. Raises SnapshotDamaged, OSError."""
        snapshots.load_file(self, path)
        self.mark(START)

    def snapshot(self) -> dict[str, Json]:
        """The whole state as plain data, the bytes of files embedded; see ``fake_studio.snapshot``."""
        return snapshots.dump(self)

    def mark(self, name: str) -> None:
        """Keep this moment under a name, for ``restore``."""
        self.marks.set(name)

    def restore(self, name: str) -> None:
        """Go back to a marked moment. Raises LookupError."""
        self.marks.restore(name)

    def close(self) -> None:
        """Give up the uploaded bytes, if they lie in a folder of our own."""
        self.marks.close()
        self.publisher.close()
        self.storage.close()
        self.databases.close()

    # Users

    def add_user(self, user: User) -> User:
        """Add an account, or replace the one of the same id."""
        with self.lock:
            return self.state.add_user(user)

    def authenticate(self, token: str) -> User:
        """The active user of a token. Raises TokenUnknown and UserInactive."""
        return self.state.user_of(token)

    def check_version(self, version: Json, thresholds: versions.Thresholds) -> tuple[int, str]:
        """How this ricecooker version stands: status 0 to 3 and its message. Raises VersionNotComparable."""
        return versions.status_of(version, thresholds)

    def report(self, **options: Any) -> Report:
        """The account of what chefs did here; the options are the fields of ``ReportOptions``."""
        # With all that looks for findings: not at every start.
        from fake_studio.reports.report import ReportOptions, build_report

        return build_report(self, ReportOptions(**options))

    # Files

    def file_diff(self, names: Json) -> list[str]:
        """Those of the named files that are not in storage. Raises BodyMisshapen and ValueUnusable."""
        check_names(names)
        return [name for name in names if not self.storage.has(stored_name(name))]

    def file_upload(self, user: User, filename: str, stream: Stream) -> StoredFile:
        """Store a file named ``<checksum>.<extension>``.

        Raises FileNameInvalid, then QuotaExceeded, then ChecksumMismatch.
        """
        return operations.upload_files.store_form_upload(self, user, filename, stream)

    def upload_url(self, user: User, announced: Json) -> tuple[SignedUpload, File, bool]:
        """Let a file be uploaded: its ticket, its record, and whether a file of this checksum is known already.

        Raises FieldsInvalid, QuotaExceeded, FileNotKept.
        """
        return operations.upload_files.announce_upload(self, self.tickets, user, announced)

    def put_file(
        self, ticket: SignedUpload, stream: Stream, *, media_type: str, md5: str | None, verify: bool
    ) -> StoredFile:
        """Store the bytes that an upload URL was made for.

        ``md5`` (hex) is the sum that the client sent along; with ``verify`` the bytes must also be those that were
        announced. Raises UploadNotSigned, UploadExpired, ChecksumMismatch.
        """
        return operations.upload_files.store_signed_upload(
            self, self.tickets, ticket, stream, operations.upload_files.UploadHeaders(media_type, md5, verify)
        )

    def get_stored_file(self, name: str) -> StoredFile:
        """What storage holds under a name. Raises FileNotStored."""
        stored = self.storage.get(name)
        if stored is None:
            raise refusals.FileNotStored(f"{name!r:.80} is not in storage.")
        return stored

    def open_stored(self, name: str) -> tuple[StoredFile, BinaryIO]:
        """What storage holds under a name, and the bytes to read. Raises FileNotStored."""
        try:
            return self.storage.open_stored(name)
        except KeyError:
            raise refusals.FileNotStored(f"{name!r:.80} is not in storage.") from None

    # Channels

    @property
    def channels(self) -> list[views.ChannelView]:
        """Every channel, deleted ones too, in the order of their creation."""
        return [views.ChannelView(self, channel, self) for channel in list(self.state.channels.values())]

    def channel(self, channel_id: Json) -> views.ChannelView:
        """The channel of this id, deleted or not, to look at. Raises ChannelNotFound and ValueUnusable."""
        return views.ChannelView(self, self.state.channel(channel_id), self)

    def get_channel_record(self, channel_id: Json) -> Channel:
        """The channel of this id, deleted or not, as it is kept. Raises ChannelNotFound and ValueUnusable."""
        return self.state.channel(channel_id)

    def check_user_is_editor(self, user: User, channel_id: Json) -> Channel:
        """The channel, if this user may edit it. Raises ChannelNotFound, ValueUnusable, NotEditor."""
        return self.state.editable(user, channel_id)

    def create_channel(self, user: User, data: Json, *, strictness: Strictness, keep_shell: bool) -> Channel:
        """Create a channel, or overwrite the description of a live one; either gets a new, empty chef tree.

        With ``keep_shell``, a new channel that is refused after its id was read stays behind, empty, as in Studio.
        Raises KeyMissing, ChannelNotStorable, NotEditor, NodeInvalid, NodeNotStorable.
        """
        with self.lock:
            channel_id = channels.parse_channel_id(data, coerce=strictness.coerce)
            is_new = channel_id not in self.state.channels
            if is_new:
                channel = operations.create_channel.new_empty_channel(self.state, user, channel_id, keep=keep_shell)
            else:
                channel = self.state.editable(user, channel_id)
            return operations.create_channel.create_or_update(
                self.state, operations.make_context(self, user, strictness), channel, data, is_new=is_new
            )

    def add_nodes(
        self,
        user: User,
        root_id: Json,
        nodes: Json,
        *,
        strictness: Strictness,
        by_number: bool,
        body: bytes | None = None,
    ) -> list[Node]:
        """Add nodes below a parent, all or none; returns those that are new, in order.

        ``body`` is the JSON object that has ``nodes`` as its ``content_data``, if they came in one: it is kept instead.
        Raises ParentNotFound, ValueUnusable, NotEditor, NodeInvalid, NodeNotStorable.
        """
        with reading_texts_first(nodes), self.lock:
            parent = self.state.node(root_id, by_number=by_number)
            self.state.editable(user, parent.channel_id)
            context = operations.make_context(self, user, strictness)
            return operations.add_nodes.add_nodes(self.state, context, parent, nodes, body)

    def finish_channel(self, user: User, channel_id: Json, *, stage: Json, honour_stage: bool) -> tuple[Channel, str]:
        """The chef tree becomes the staging tree, and also the main tree if ``stage`` is false and that is honoured.

        Returns the channel and a task's id. Raises ChannelNotFound, NotEditor, NothingToFinish, QuotaExceeded.
        """
        return operations.stage_channel.finish(self, user, channel_id, stage=stage, honour_stage=honour_stage)

    def deploy_channel(self, channel_id: Json, user: User | None = None) -> Channel:
        """The person's click: the staging tree becomes the main tree, the main tree the previous one.

        Acts for the channel's first editor if nobody is named. Raises ChannelNotFound, NothingStaged, QuotaExceeded.
        """
        return operations.stage_channel.deploy(self, channel_id, user)

    def publish_channel(
        self, user: User, channel_id: Json, version_notes: Json = None, *, strict: bool = False
    ) -> PublishJob:
        """Queue the main tree for export. Nothing is exported if nothing changed since the last time.

        With ``strict``, what ends Studio's publish ends this one. Raises ChannelNotFound, ValueUnusable, NotEditor.
        """
        with self.lock:
            channel = self.state.editable(user, channel_id)
            values.check_json(version_notes, "version_notes", refusals.ValueUnusable)
            if channel.run:
                channel.run.published = True
            return self.publisher.queue(user, channel, version_notes, strict=strict)

    def wait_until_published(self, channel_id: Json, timeout: float | None = None) -> PublishJob:
        """Wait (seconds) for the last publish to end. Raises ChannelNotFound, NothingPublished, TimeoutError."""
        return wait_for(self.state.channel(channel_id), timeout)

    def publish_all(self) -> None:
        """Deploy and publish every channel, as a person would in Studio, and wait until that is done."""
        for channel in self.channels:
            if channel.to_dict()["trees"]["staging"] is not None:
                channel.deploy()
            channel.publish()

    def delete_channel(self, channel_id: Json) -> Channel:
        """Mark a channel as deleted, as a person's click does; create_channel undeletes it."""
        with self.lock:
            return self.state.delete(self.state.channel(channel_id))

    def set_public(self, channel_id: Json, is_public: bool) -> Channel:
        """Let everybody find a channel once it is published, or nobody without its token. Raises ChannelNotFound.

        In Studio an admin does it.
        """
        with self.lock:
            channel = self.state.channel(channel_id)
            channel.public = is_public
            return channel

    def get_channel_status_bulk(self, user: User, channel_ids: Json) -> dict[str, str]:
        """The status of each channel. Raises ValueUnusable, ChannelNotFound, NotEditor."""
        keys = values.lookup_keys(channel_ids, "channel_ids")
        with self.lock:
            return {key: channels.status_of(self.state.editable(user, key)) for key in keys}

    def get_tree_data(
        self, user: User, channel_id: Json, tree: str, name_of: views.tree_data.NodeName
    ) -> list[dict[str, Json]]:
        """Everything below a tree's root; ``name_of`` gives a node's studio_id. Raises ChannelNotFound, TreeUnknown."""
        with self.lock:
            root = trees.root_of(self.state.editable(user, channel_id), tree)
            return views.tree_data.children_data(root, name_of)

    def get_node_tree_data(
        self, user: User, channel_id: Json, tree: str, node_id: str | None, name_of: views.tree_data.NodeName
    ) -> tuple[list[dict[str, Json]], bool]:
        """The children of one node (or the root), and whether anything is staged. Raises as above, and NodeNotFound."""
        with self.lock:
            channel = self.state.editable(user, channel_id)
            node = trees.find_node(trees.root_of(channel, tree), node_id)
            return [views.tree_data.node_data(child, name_of) for child in node.children], channel.root(
                "staging"
            ) is not None
