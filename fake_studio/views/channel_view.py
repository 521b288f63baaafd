"""A channel as a test looks at it: plain data, findings, differences, and assertions that show the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from fake_studio.core.model import Channel, JsonDict, Node, User
from fake_studio.core.refusals import NodeNotFound
from fake_studio.core.store import Store
from fake_studio.core.words import count_of
from fake_studio.diff.difference import Difference, difference
from fake_studio.findings import Finding, findings_of, path_of
from fake_studio.views import dicts

if TYPE_CHECKING:
    from fake_studio.core.publish_job import PublishJob


class Actions(Protocol):
    """What a person can have a Studio do with a channel."""

    def deploy_channel(self, channel_id: Any) -> Channel: ...

    def publish_channel(self, user: User, channel_id: Any, version_notes: Any = None) -> PublishJob: ...

    def wait_until_published(self, channel_id: Any) -> PublishJob: ...

    def set_public(self, channel_id: Any, is_public: bool) -> Channel: ...


class ChannelView:
    """One channel. Where a method takes the name of a tree, the newest one is meant if none is given."""

    def __init__(self, store: Store, channel: Channel, actions: Actions) -> None:
        self._store = store
        self._actions = actions
        self._channel = channel

    def __repr__(self) -> str:
        return f"<channel {self.name!r} {self.id}: {self.status}>"

    @property
    def id(self) -> str:
        """The channel's id, 32 hex digits as a rule."""
        return self._channel.id

    @property
    def name(self) -> str:
        """The channel's name."""
        return self._channel.name

    @property
    def status(self) -> str:
        """``active``, ``staged``, ``unpublished`` or ``deleted``."""
        return str(self.to_dict()["status"])

    @property
    def version(self) -> int:
        """How often it was published."""
        return self._channel.version

    @property
    def findings(self) -> list[Finding]:
        """What deserves a person's eye."""
        return findings_of(self._store, self._channel)

    def to_dict(self) -> JsonDict:
        """What GET /_fake/channels/ID answers: see ``dicts.channel``."""
        with self._store.lock:
            return dicts.channel(self._channel)

    told = to_dict  # its name in tests that were written before 0.2

    def tree(self, name: str | None = None) -> JsonDict:
        """A tree as plain data that stays equal from run to run: see ``dicts.tree_snapshot``. Raises TreeUnknown."""
        with self._store.lock:
            return dicts.tree_snapshot(dicts.root_of(self._channel, name))

    def text(self, name: str | None = None) -> str:
        """A tree as lines of titles and kinds."""
        with self._store.lock:
            return dicts.tree_outline(dicts.root_of(self._channel, name))

    def nodes(self, name: str | None = None) -> list[JsonDict]:
        """Every node of a tree, parents before children, each as in ``tree`` but without its children."""
        with self._store.lock:
            return [_flat(node) for node in self._descendants(name)]

    def node(self, key: str, name: str | None = None) -> JsonDict:
        """The one node with this node_id, title or path of titles (``"Topic > Title"``), and ``sent``, the chef's dict.

        Raises NodeNotFound, which shows the tree, if there is none or more than one.
        """
        __tracebackhide__ = True
        with self._store.lock:
            matches = [node for node in self._descendants(name) if key in (node.node_id, node.title, path_of(node))]
            if len(matches) == 1:
                return {**_flat(matches[0]), "sent": matches[0].sent}
        which = (
            f"{len(matches)} nodes are called {key!r}: name one by its path" if matches else f"There is no node {key!r}"
        )
        raise NodeNotFound(f"{which}. The tree is:\n{self.text(name)}")

    def _descendants(self, name: str | None) -> Iterator[Node]:
        return dicts.root_of(self._channel, name).descendants()

    def diff(self, old: str = "main", new: str | None = None) -> Difference:
        """What changed from one tree to another."""
        with self._store.lock:
            return dicts.changes(self._channel, old, new)

    def deploy(self) -> None:
        """A manual Deploy: staging becomes main."""
        self._actions.deploy_channel(self.id)

    def publish(self, version_notes: str | None = None) -> PublishJob:
        """Publish the main tree for the channel's first editor, and wait for it."""
        editor = self._store.state.first_editor(self._channel)
        self._actions.publish_channel(editor, self.id, version_notes)
        return self._actions.wait_until_published(self.id)

    @property
    def public(self) -> bool:
        """Whether Kolibri's own list of Studio's channels has it, once it is published."""
        return self._channel.public

    def make_public(self, is_public: bool = True) -> None:
        """Put it on that list, or take it off again."""
        self._actions.set_public(self.id, is_public)

    def wait_until_published(self) -> PublishJob:
        """Wait for the publish that a chef asked for. Raises NothingPublished."""
        return self._actions.wait_until_published(self.id)

    def assert_tree(self, expected: JsonDict, name: str | None = None) -> None:
        """Fail, with the differences in the tree, unless the tree is as expected (what ``tree`` gave before)."""
        __tracebackhide__ = True
        changes = difference(expected, self.tree(name))
        if not changes.empty:
            raise AssertionError(f"the tree of {self.name!r} is not as expected:\n{changes}")

    def assert_no_findings(self, allow: Collection[str] = ()) -> None:
        """Fail, with the findings, if there are any but those of the allowed codes."""
        __tracebackhide__ = True
        left = [finding for finding in self.findings if finding.code not in allow]
        if left:
            said = "\n".join(f"  {finding}\n    {finding.cure}" for finding in left)
            raise AssertionError(f"{left[0]}\n{count_of(len(left), 'finding')} about {self.name!r}:\n{said}")


def _flat(node: Node) -> JsonDict:
    return {key: value for key, value in dicts.node_snapshot(node).items() if key != "children"}
