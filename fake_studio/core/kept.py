"""What was found out about the state, kept as long as it holds: about each node, and about all of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Callable, Optional, TypeVar

from fake_studio.core.model import Channel, Node
from fake_studio.core.state import State
from fake_studio.core.storage import Storage, StoredFile
from fake_studio.core.watch import Watch

_Value = TypeVar("_Value")
_Stored = dict[str, Optional[StoredFile]]


class Slot:
    """The place for what is found out about a node as it is: once the node changes, it gets another slot.

    ``stored`` is what storage had under the names that were asked for. A finding names the topics above its node, so
    that the title and the parent of a node matter to those below it.
    """

    __slots__ = ("parent", "stored", "title", "value")

    def __init__(self, node: Node) -> None:
        self.title, self.parent = node.title, node.parent
        self.value: Any = None
        self.stored: _Stored = {}

    def holds(self, storage: Storage) -> bool:
        """Whether storage still has what was asked for."""
        return all(storage.get(name) is stored for name, stored in self.stored.items())


class Kept:
    """Results about one Studio. Hold its lock to call any method.

    ``refresh`` comes before you rely on what is kept of a node, ``complete`` before you rely on what is kept of all.
    """

    def __init__(self) -> None:
        self._state: State | None = None
        self._storage_changes = -1
        self._watch = Watch()
        self._slots: dict[Node, Slot] = {}
        self._results: dict[Hashable, tuple[Any, Any]] = {}
        self._is_complete = False

    def refresh(self, state: State, storage: Storage) -> None:
        """Forget what does not hold any more, whoever changed it."""
        if state is not self._state:
            self._state, self._watch, self._slots = state, Watch(), {}
            self._results, self._is_complete = {}, False
        changed = self._watch.take_changed()
        if changed:
            self._results, self._is_complete = {}, False
            self._forget_below([node for node in changed if isinstance(node, Node) and self._forget(node)])
        if storage.changes != self._storage_changes:
            self._storage_changes, self._results = storage.changes, {}
            outdated = [node for node, slot in self._slots.items() if not slot.holds(storage)]
            self._slots.update((node, Slot(node)) for node in outdated)

    def unwatched(self, state: State) -> list[Any]:
        """What the state has that is not watched yet: one can begin with each while others have the lock in between."""
        return [] if self._is_complete else [owner for owner in _owners(state) if owner not in self._watch]

    def watch(self, owner: Any) -> None:
        """Begin to watch a part of the state."""
        if owner not in self._watch:
            self._watch.add(owner, *_parts_of(owner))
            if isinstance(owner, Node):
                self._slots[owner] = Slot(owner)

    def complete(self, state: State) -> None:
        """Watch whatever the state has now, and nothing else."""
        if self._is_complete:
            return
        present = set(_owners(state))
        for owner in present:
            self.watch(owner)
        for owner in self._watch.owners() - present:
            self._watch.drop(owner)
            self._slots.pop(owner, None)
        self._is_complete = True

    def slot(self, node: Node) -> Slot | None:
        """The slot of a node; None for one that is not watched."""
        return self._slots.get(node)

    def is_filled(self, node: Node) -> bool:
        """Whether something is known of a node that holds."""
        slot = self._slots.get(node)
        return slot is not None and slot.value is not None

    def fill(self, node: Node, slot: Slot, value: Any, stored: _Stored, storage: Storage) -> None:
        """Keep what was found out about a node, unless it or its files changed since its slot was asked for."""
        slot.stored = stored
        if self._slots.get(node) is slot and slot.holds(storage):
            slot.value = value

    def remember(self, name: Hashable, stamp: Any, compute: Callable[[], _Value]) -> _Value:
        """What ``compute`` made of the whole state, kept until anything in it changes, or the stamp is another one."""
        # Where a refresh comes in between, the result goes into the dict that is thrown away.
        results = self._results
        kept_stamp, value = results.get(name, (None, None))
        if name not in results or kept_stamp != stamp:
            value = compute()
            results[name] = stamp, value
        result: _Value = value
        return result

    def _forget(self, node: Node) -> bool:
        """Forget what is known of a node; returns whether those below it stand in another place now."""
        slot = self._slots.pop(node, None)
        return slot is not None and (slot.title != node.title or slot.parent is not node.parent)

    def _forget_below(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self._slots.update((below, Slot(below)) for below in node.descendants() if below in self._slots)


def _owners(state: State) -> Iterator[Any]:
    yield state
    for channel in state.channels.values():
        yield channel
        earlier = channel.run.earlier if channel.run else None
        for root in filter(None, (*channel.trees.values(), earlier)):
            yield from root.iter_tree()


def _parts_of(owner: Any) -> tuple[Iterable[Any], Iterable[Any]]:
    """The objects that belong to an owner, and lists or dicts that belong to none of them."""
    if isinstance(owner, Node):
        # What was sent is looked at only where Studio did not take all of it.
        sent = (owner.request,) if owner.drops_files and owner.request else ()
        return [owner, *owner.questions, *owner.slides, *owner.all_files(), *sent], ()
    if isinstance(owner, Channel):
        return filter(None, (owner, owner.run, owner.publishing)), ()
    return owner.users.values(), (owner.users, owner.channels, owner.nodes)
