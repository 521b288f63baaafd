"""What a Studio holds at one moment: users, channels and the index of their nodes. No rules, no lock."""

from __future__ import annotations

import hmac
from collections import ChainMap
from collections.abc import Iterable, Sequence

from le_utils.constants import content_kinds

from fake_studio.core.ids import IdGenerator
from fake_studio.core.model import Channel, File, Json, Node, User
from fake_studio.core.refusals import ChannelNotFound, NotEditor, ParentNotFound, TokenUnknown, UserInactive
from fake_studio.core.values import lookup_key

_MANY = 100  # children: to look through fewer costs less than to remember them


class State:
    """Users by id, channels by id, nodes by id and by number, and the uploads that were announced, by checksum."""

    def __init__(self, users: Iterable[User], seed: int | None = None) -> None:
        self.ids = IdGenerator(seed)
        self.users: dict[int, User] = {}
        self.channels: dict[str, Channel] = {}
        self.nodes: dict[str, Node] = {}
        self.numbered: dict[int, Node] = {}
        self.announced: dict[str, list[File]] = {}
        self.loose: dict[tuple[int, str], int] = {}  # how many uploads hang on no question, by user and checksum
        self.checksums: set[str] = set()
        self._siblings: dict[str, dict[str, Node]] = {}  # by node_id, below nodes that still get children, by their id
        self.usage: dict[int, dict[str, int]] = {}  # of quota.used, by user, until a tree or a channel changes
        for user in users:
            self.add_user(user)

    def add_user(self, user: User) -> User:
        """Add a copy of this account, or replace the one of the same id."""
        # A copy: two Studios that are made of one list of accounts share none of them.
        copy = User(**{**vars(user), "staged_files": {}})
        self.users[copy.id] = copy
        return copy

    def user_of(self, token: str) -> User:
        """The active user of a token. Raises TokenUnknown and UserInactive.

        Every token is compared in full, so that the time tells nothing of them.
        """
        # list() first: another thread may add a user meanwhile, and this is asked without the lock.
        matching = [user for user in list(self.users.values()) if _same(user.token, token)]
        if not matching:
            raise TokenUnknown("The token belongs to no user of this Studio.", field="Authorization")
        if not matching[0].is_active:
            raise UserInactive(f"The account {matching[0].username} is not active.", field="Authorization")
        return matching[0]

    def channel(self, channel_id: Json) -> Channel:
        """The channel of this id, deleted or not. Raises ChannelNotFound and ValueUnusable."""
        key = lookup_key(channel_id, "channel_id")
        if key is None or key not in self.channels:
            raise ChannelNotFound(f"Channel not found: {channel_id!r:.60}.", field="channel_id")
        return self.channels[key]

    def editable(self, user: User, channel_id: Json) -> Channel:
        """The channel, if this user may edit it: editors may, admins may all. Raises as ``channel``, and NotEditor."""
        channel = self.channel(channel_id)
        if not user.is_admin and user.id not in channel.editors:
            raise NotEditor(
                f"{user.username} is not an editor of the channel {channel.name!r:.80} ({channel.id}).",
                field="channel_id",
            )
        return channel

    def first_editor(self, channel: Channel) -> User:
        """For whom a person's click in Studio is made where nobody is named."""
        return self.users[channel.editors[0]]

    def announce(self, file: File) -> bool:
        """Remember a user's newest wish to upload a file; returns whether its checksum was known before."""
        is_known = file.checksum in self.checksums
        self.checksums.add(file.checksum)
        of_others = [other for other in self.announced.get(file.checksum, ()) if other.uploaded_by != file.uploaded_by]
        self.announced[file.checksum] = [*of_others, file]
        if file.uploaded_by is not None:
            key = (file.uploaded_by, file.checksum)
            self.loose[key] = self.loose.get(key, 0) + 1
        return is_known

    def draft_loose(self) -> ChainMap[tuple[int, str], int]:
        """The loose uploads for one call: what it changes is in the first map, and kept only if it succeeds."""
        return ChainMap({}, self.loose)

    def has_announced(self, user_id: int, checksum: str) -> bool:
        """Whether this user asked for an upload URL for a file of this checksum."""
        return any(file.uploaded_by == user_id for file in self.announced.get(checksum, ()))

    def node(self, root_id: Json, *, by_number: bool) -> Node:
        """The node of a root_id: of that number or that id. Raises ParentNotFound and ValueUnusable."""
        if by_number and type(root_id) is int:  # true is an int to Python, and no number of a node
            node = self.numbered.get(root_id)
        else:
            node = self.nodes.get(lookup_key(root_id, "root_id") or "")
        if node is None:
            raise ParentNotFound(
                f"Node not found: {root_id!r:.60}. create_channel and add_nodes return these ids.", field="root_id"
            )
        return node

    def new_node(self, channel_id: str) -> Node:
        """A node that stands nowhere yet."""
        return Node(self.ids.hex(), self.ids.number(), "", "", "", None, channel_id=channel_id, created=self.ids.now())

    def new_root(self, channel: Channel, title: str) -> Node:
        """The root of a tree of this channel."""
        node = self.new_node(channel.id)
        # As ricecooker and Studio have it: the root of a published channel goes by the channel's id.
        node.node_id = node.content_id = channel.id
        node.title, node.kind = title, content_kinds.TOPIC
        node.original_channel_id = node.source_channel_id = channel.id
        return node

    def new_channel(self, channel_id: str, editor: User) -> Channel:
        """A channel with an empty main tree and trash, not yet registered."""
        channel = Channel(channel_id, editors=[editor.id], created=self.ids.now())
        channel.trees["main"] = self.new_root(channel, "")
        channel.trees["trash"] = self.new_root(channel, "")
        return channel

    def register(self, channel: Channel) -> None:
        """Make a channel and its trees known."""
        self.usage = {}
        self.channels[channel.id] = channel
        for root in filter(None, channel.trees.values()):
            self._remember_tree(root)

    def set_tree(self, channel: Channel, name: str, root: Node | None) -> None:
        """Put a tree in its place. What stood there is thrown away, unless it stands elsewhere in the channel too."""
        self.usage = {}
        old = channel.trees[name]
        channel.trees[name] = root
        if root is not None:
            self._remember_tree(root)
        # Deploying moves a tree from one place to another: what moved must stay known.
        if old is not None and old not in channel.trees.values():
            self._forget(old)

    def stage_chef_tree(self, channel: Channel) -> None:
        """The chef tree becomes the staging tree."""
        # The next run begins with another chef tree: nobody adds to these nodes any more.
        self._siblings = {}
        chef = channel.root("chef")
        for node in chef.iter_tree() if chef else ():
            node.original_channel_id = node.source_channel_id = channel.id
        channel.trees["chef"] = None
        self.set_tree(channel, "staging", chef)

    def deploy(self, channel: Channel, user: User) -> None:
        """The staging tree becomes the main tree, the main tree the previous one."""
        main, staging = channel.root("main"), channel.root("staging")
        channel.trees["main"] = channel.trees["staging"] = None
        self.set_tree(channel, "previous", main)
        self.set_tree(channel, "main", staging)
        # What came by file_upload counts until the next deploy (Studio viewsets/channel.py, deploy).
        user.staged_files.clear()

    def delete(self, channel: Channel) -> Channel:
        """Mark a channel as deleted; its newest database is no longer served."""
        self.usage = {}
        channel.deleted = True
        main = channel.root("main")
        if main is not None:
            main.published = False
        return channel

    def children_by_node_id(self, parent: Node) -> dict[str, Node]:
        """The children by node_id, the last of those that share one. Only to read."""
        children = self._siblings.get(parent.id)
        if children is None:
            children = {child.node_id: child for child in parent.children}
            if len(children) > _MANY:
                self._siblings[parent.id] = children
        return children

    def append_children(self, parent: Node, nodes: Sequence[Node]) -> None:
        """Put nodes below a parent, after those that are there."""
        self.usage = {}
        for place, node in enumerate(nodes, len(parent.children) + 1):
            node.parent = parent
            node.sort_order = float(place)
        parent.children.extend(nodes)
        parent.changed = parent.changed or bool(nodes)
        if parent.id in self._siblings:
            self._siblings[parent.id].update([(node.node_id, node) for node in nodes])
        self._remember(nodes)

    def hang(self, node: Node, files: list[File]) -> None:
        """Give a node other files of its own."""
        self.usage = {}
        node.files = files
        self.checksums.update(file.checksum for file in files)

    def _remember_tree(self, root: Node) -> None:
        self._remember(list(root.iter_tree()))

    def _remember(self, nodes: Sequence[Node]) -> None:
        self.nodes.update([(node.id, node) for node in nodes])
        self.numbered.update([(node.number, node) for node in nodes])
        self.checksums.update([file.checksum for node in nodes for file in node.all_files()])

    def _forget(self, root: Node) -> None:
        for node in root.iter_tree():
            self.nodes.pop(node.id, None)
            self._siblings.pop(node.id, None)
            self.numbered.pop(node.number, None)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8", "surrogatepass"))
