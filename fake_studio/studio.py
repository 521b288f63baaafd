"""Studio: the state behind a lock, and one method for each thing that can be done to it. Knows nothing of HTTP."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

from fake_studio import adding, quota, refusals, trees
from fake_studio.files import Storage, Stored, Stream
from fake_studio.journal import DEFAULT_LIMIT, Journal
from fake_studio.model import Channel, File, Json, Node, User
from fake_studio.rules import Admission, channels, fields, values, versions
from fake_studio.rules.files import Intake, node_files
from fake_studio.state import State
from fake_studio.uploads import Ticket, Tickets, announced_file, check_md5, check_names, media_type_of

DEFAULT_USER = User(1, "chef@example.org", "c0ffee0000000000000000000000000000c0ffee", "Charlie", "Chef")


class Studio:
    """A Kolibri Studio in memory. Thread-safe.

    A method that acts for somebody takes that user first. Where Studio says no it raises a ``Refusal``, and the state
    is as it was (but for ``create_channel`` with ``keep_shell``).
    """

    def __init__(
        self,
        users: Iterable[User] = (),
        *,
        files_folder: Optional[Path] = None,
        seed: Optional[int] = None,
        max_journal: int = DEFAULT_LIMIT,
    ) -> None:
        self.lock = threading.RLock()
        self.storage = Storage(files_folder)
        self.tickets = Tickets()
        self._first_users = list(users) or [DEFAULT_USER]
        self._seed = seed
        self.state = State(self._first_users, seed)
        self.journal = Journal(max_journal)

    def reset(self) -> None:
        """Back to the start: the users that it was started with, no channel, no file."""
        with self.lock:
            self.state = State(self._first_users, self._seed)
            self.storage.clear()
            self.journal.clear()

    def close(self) -> None:
        """Give up the uploaded bytes, if they lie in a folder of our own."""
        self.storage.close()

    # Users

    @property
    def users(self) -> List[User]:
        """Every account."""
        return list(self.state.users.values())

    def add_user(self, user: User) -> User:
        """Add an account, or replace the one of the same id."""
        with self.lock:
            return self.state.add_user(user)

    def authenticate(self, token: str) -> User:
        """The active user of a token. Raises TokenUnknown and UserInactive."""
        user = self.state.user_of(token)
        if user is None:
            raise refusals.TokenUnknown("The token belongs to no user of this Studio.", field="Authorization")
        if not user.is_active:
            raise refusals.UserInactive(f"The account {user.username} is not active.", field="Authorization")
        return user

    def check_version(self, version: Json, thresholds: versions.Thresholds) -> Tuple[int, str]:
        """How this ricecooker version stands: status 0 to 3 and its message. Raises VersionNotComparable."""
        return versions.status_of(version, thresholds)

    # Files

    def file_diff(self, names: Json) -> List[str]:
        """Those of the named files that are not in storage. Raises BodyMisshapen and ValueUnusable."""
        check_names(names)
        return [name for name in names if not self.storage.has(name)]

    def file_upload(self, user: User, filename: str, stream: Stream) -> Stored:
        """Store a file named ``<checksum>.<extension>``.

        Raises FileNameInvalid, then QuotaExceeded, then ChecksumMismatch.
        """
        checksum, dot, extension = filename.partition(".")
        if not dot or "." in extension:
            raise refusals.FileNameInvalid(f"The file is named {filename!r:.80}, and must be <checksum>.<extension>.")
        with self.storage.arriving(stream) as received:
            with self.lock:
                quota.check_staged_space(user, received.size, checksum)
            check_md5(received.md5, filename, [checksum])
            with self.lock:
                user.staged_files[checksum] = received.size
            name = f"{checksum}.{extension.lower()}"
            return self.storage.keep(received, name, media_type_of(name), user.id)

    def upload_url(self, user: User, announced: Json) -> Tuple[Ticket, File, bool]:
        """Let a file be uploaded: its ticket, its record, and whether a file of this checksum is known already.

        Raises FieldsInvalid, QuotaExceeded, FileNotKept.
        """
        told = fields.upload(announced)
        with self.lock:
            quota.check_space(self.state.channels.values(), user, told["size"], told["checksum"])
            fields.check_kept(told)
            file = announced_file(self.state.ids.hex(), user.id, told)
            known = self.state.announce(file)
            return self.tickets.issue(file.name, user.id, self.state.ids.now()), file, known

    def put_file(self, ticket: Ticket, stream: Stream, *, media_type: str, md5: Optional[str], verify: bool) -> Stored:
        """Store the bytes that an upload URL was made for.

        ``md5`` (hex) is the sum that the client sent along; with ``verify`` the bytes must also be those that were
        announced. Raises UploadNotSigned, UploadExpired, ChecksumMismatch.
        """
        self.tickets.check(ticket, self.state.ids.now())
        with self.storage.arriving(stream) as received:
            check_md5(received.md5, ticket.name, [md5, ticket.name[:32] if verify else None])
            return self.storage.keep(received, ticket.name, media_type, ticket.user_id)

    def stored(self, name: str) -> Stored:
        """What storage holds under a name. Raises FileNotStored."""
        found = self.storage.get(name)
        if found is None:
            raise refusals.FileNotStored(f"{name!r:.80} was never uploaded.")
        return found

    # Channels

    @property
    def channels(self) -> List[Channel]:
        """Every channel, deleted ones too, in the order of their creation."""
        return list(self.state.channels.values())

    def channel(self, channel_id: Json) -> Channel:
        """The channel of this id, deleted or not. Raises ChannelNotFound and ValueUnusable."""
        key = values.lookup_key(channel_id, "channel_id")
        if key is None or key not in self.state.channels:
            raise refusals.ChannelNotFound(f"There is no channel {channel_id!r:.60}.", field="channel_id")
        return self.state.channels[key]

    def editable(self, user: User, channel_id: Json) -> Channel:
        """The channel, if this user may edit it: editors may, admins may all. Raises as ``channel``, and NotEditor."""
        channel = self.channel(channel_id)
        if not user.is_admin and user.id not in channel.editors:
            raise refusals.NotEditor(
                f"{user.username} is no editor of the channel {channel.name!r:.80} ({channel.id}).", field="channel_id"
            )
        return channel

    check_user_is_editor = editable

    def create_channel(self, user: User, data: Json, *, admission: Admission, keep_shell: bool) -> Channel:
        """Create a channel, or overwrite the description of a live one; either gets a new, empty chef tree.

        With ``keep_shell``, a new channel that is refused after its id was read stays behind, empty, as in Studio.
        Raises KeyMissing, ChannelNotStorable, NotEditor, NodeInvalid, NodeNotStorable.
        """
        with self.lock:
            state, channel_id = self.state, channels.channel_id(data, coerce=admission.coerce)
            is_new = channel_id not in state.channels
            channel = state.new_channel(channel_id, user) if is_new else self.editable(user, channel_id)
            if is_new and keep_shell:
                state.register(channel)
            extra_fields = channels.extra_fields_of(data, channel)
            described = channels.described(data, is_new=is_new, coerce=admission.coerce)
            chef = state.new_root(channel, described["name"])
            chef.extra_fields, chef.published = extra_fields, channels.is_published(channel)
            chef.source_id, chef.source_domain = described["source_id"], described["source_domain"]
            chef.files = node_files(self._intake(user, admission), data.get("files") or [], "channel_data.files")
            channels.describe(channel, described, data)
            state.register(channel)
            state.plant(channel, "chef", chef)
            return channel

    def add_nodes(
        self, user: User, root_id: Json, content_data: Json, *, admission: Admission, by_number: bool
    ) -> List[Node]:
        """Add nodes below a parent, all or none; returns those that are new, in order.

        Raises ParentNotFound, ValueUnusable, NotEditor, NodeInvalid, NodeNotStorable.
        """
        with self.lock:
            parent = self._parent(user, root_id, by_number)
            added = list(adding.built(self.state, self._intake(user, admission), parent, content_data).values())
            self.state.attach(parent, added)
            return added

    def _parent(self, user: User, root_id: Json, by_number: bool) -> Node:
        if by_number and isinstance(root_id, int):
            node = self.state.numbered.get(root_id)
        else:
            node = self.state.nodes.get(values.lookup_key(root_id, "root_id") or "")
        if node is None:
            raise refusals.ParentNotFound(
                f"There is no node {root_id!r:.60}; create_channel and add_nodes give these ids.", field="root_id"
            )
        self.editable(user, node.channel_id)
        return node

    def _intake(self, user: User, admission: Admission) -> Intake:
        announced = self.state.announced

        def is_announced(checksum: str) -> bool:
            return any(file.uploaded_by == user.id for file in announced.get(checksum, ()))

        return Intake(self.storage, self.state.ids.hex, user.id, admission, is_announced)

    def finish_channel(self, user: User, channel_id: Json, *, stage: bool) -> Tuple[Channel, str]:
        """The chef tree becomes the staging tree, and with ``stage`` false the main tree; also a task's id.

        Raises ChannelNotFound, NotEditor, NothingToFinish, QuotaExceeded (only without ``stage``).
        """
        with self.lock:
            channel = self.editable(user, channel_id)
            chef = channel.tree("chef")
            if chef is None:
                raise refusals.NothingToFinish("There is no chef tree: create_channel comes first, and once per run.")
            if not stage:
                quota.check_channel_space(self.state.channels.values(), user, chef)
            self._stage(channel, chef)
            if not stage:
                self._deploy(channel, user)
            return channel, self.state.ids.task()

    def _stage(self, channel: Channel, chef: Node) -> None:
        for node in chef.family():
            node.original_channel_id = node.source_channel_id = channel.id
        channel.trees["chef"] = None
        self.state.plant(channel, "staging", chef)

    def deploy_channel(self, channel_id: Json, user: Optional[User] = None) -> Channel:
        """The person's click: the staging tree becomes the main tree, the main tree the previous one.

        Acts for the channel's first editor if nobody is named. Raises ChannelNotFound, NothingStaged, QuotaExceeded.
        """
        with self.lock:
            channel = self.channel(channel_id)
            staging = channel.tree("staging")
            if staging is None:
                raise refusals.NothingStaged(f"The channel {channel.id} has no staging tree to deploy.")
            deployer = user or self.state.users[channel.editors[0]]
            quota.check_channel_space(self.state.channels.values(), deployer, staging)
            self._deploy(channel, deployer)
            return channel

    def _deploy(self, channel: Channel, user: User) -> None:
        main, staging = channel.tree("main"), channel.tree("staging")
        channel.trees["main"] = channel.trees["staging"] = None
        self.state.plant(channel, "previous", main)
        self.state.plant(channel, "main", staging)
        user.staged_files.clear()

    def publish_channel(self, user: User, channel_id: Json, version_notes: Json = None) -> Channel:
        """Publish the main tree, if anything changed. Raises ChannelNotFound, ValueUnusable, NotEditor."""
        with self.lock:
            channel = self.editable(user, channel_id)
            if channel.language and channels.has_changes(channel):
                channels.mark_published(channel, version_notes, self.state.ids.now())
            return channel

    def delete_channel(self, channel_id: Json) -> Channel:
        """Mark a channel as deleted, as a person's click does; create_channel undeletes it."""
        with self.lock:
            channel = self.channel(channel_id)
            channel.deleted = True
            return channel

    def get_channel_status_bulk(self, user: User, channel_ids: Json) -> Dict[str, str]:
        """The status of each channel. Raises BodyMisshapen, ValueUnusable, ChannelNotFound, NotEditor."""
        if not isinstance(channel_ids, (list, dict, str)):
            raise refusals.BodyMisshapen(f"channel_ids must be a list, not {values.json_name(channel_ids)}.")
        with self.lock:
            return {channel_id: channels.status_of(self.editable(user, channel_id)) for channel_id in channel_ids}

    def get_tree_data(self, user: User, channel_id: Json, tree: str, name_of: trees.NodeName) -> List[Dict[str, Json]]:
        """Everything below a tree's root; ``name_of`` gives a node's studio_id. Raises ChannelNotFound, TreeUnknown."""
        with self.lock:
            root = trees.root_of(self.editable(user, channel_id), tree)
            return trees.children_data(root, name_of)

    def get_node_tree_data(
        self, user: User, channel_id: Json, tree: str, node_id: Optional[str], name_of: trees.NodeName
    ) -> Tuple[List[Dict[str, Json]], bool]:
        """The children of one node (of the root, without a node_id), and whether the channel has a staging tree.

        Raises ChannelNotFound, NotEditor, TreeUnknown, NodeNotFound.
        """
        with self.lock:
            channel = self.editable(user, channel_id)
            node = trees.found(trees.root_of(channel, tree), node_id)
            return [trees.node_data(child, name_of) for child in node.children], channel.tree("staging") is not None
