"""Whether things have changed since somebody looked: what was found out about them can be kept until then.

Objects report their attributes themselves. A watched one has a class of its own, which reports the first change and
gives way to the plain class, so that nothing is slower before or after. Lists and dicts report nothing: they are
compared with copies, all of them in one comparison that runs in C.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any

_DEEPEST = 50  # levels of lists and dicts that are copied; what nests deeper counts as changed
_UNREAD = ("sent",)  # verbatim, for people to look at: large, and no result is made of it
_ATOMS = frozenset((str, bytes, type(None)))
_NUMBERS = frozenset((int, float, bool))

_watches: tuple[weakref.ref[Watch], ...] = ()
_making = threading.Lock()


class Watch:
    """Things of one Studio, each for an owner: if one of them changes, its owner has changed.

    Hold the Studio's lock to call its methods; the things themselves may be changed by anybody at any time.
    """

    def __init__(self) -> None:
        self._things: dict[Any, list[Any]] = {}
        self._owners: dict[int, tuple[Any, ...]] = {}
        self._values: dict[Any, list[Any]] = {}
        self._copies: dict[Any, list[Any]] = {}
        self._flat: tuple[list[Any], list[Any]] | None = ([], [])
        self.reported: deque[int] = deque()
        _begin(self)

    def __contains__(self, owner: Any) -> bool:
        return owner in self._things

    def owners(self) -> set[Any]:
        """Those for whom something is watched."""
        return set(self._things)

    def add(self, owner: Any, things: Iterable[Any], values: Iterable[Any] = ()) -> None:
        """Watch objects, and lists or dicts that belong to none, for an owner that is not watched yet."""
        watched = list(things)
        for thing in watched:
            _make_watched(thing)
            self._owners[id(thing)] = (*self._owners.get(id(thing), ()), owner)
        own = [value for thing in watched for value in _values_of(thing) if isinstance(value, _MUTABLE)]
        self._things[owner] = watched
        self._values[owner] = [*own, *values]
        self._copies[owner] = [_copy(value, _DEEPEST) for value in self._values[owner]]
        self._flat = None

    def drop(self, owner: Any) -> None:
        """Watch nothing for this owner any more."""
        for thing in self._things.pop(owner, ()):
            others = tuple(other for other in self._owners.pop(id(thing), ()) if other is not owner)
            if others:
                self._owners[id(thing)] = others
        self._values.pop(owner, None)
        self._copies.pop(owner, None)
        self._flat = None

    def take_changed(self) -> set[Any]:
        """The owners that have changed. They are watched no more."""
        changed: set[Any] = set()
        while self.reported:
            changed.update(self._owners.get(self.reported.popleft(), ()))
        values, copies = self._flattened()
        if values != copies:
            changed.update(owner for owner, own in self._values.items() if own != self._copies[owner])
        for owner in changed:
            self.drop(owner)
        return changed

    def _flattened(self) -> tuple[list[Any], list[Any]]:
        """All values and all copies in a row: one comparison of two lists takes half as long as one of two dicts."""
        if self._flat is None:
            self._flat = (
                list(chain.from_iterable(self._values.values())),
                list(chain.from_iterable(self._copies.values())),
            )
        return self._flat


def _begin(watch: Watch) -> None:
    global _watches
    with _making:
        _watches = (*(reference for reference in _watches if reference() is not None), weakref.ref(watch))


def _report(thing: Any) -> None:
    for reference in _watches:
        watch = reference()
        if watch is not None:
            watch.reported.append(id(thing))


def _make_watched(thing: Any) -> None:
    if not hasattr(type(thing), "_plain_class"):
        object.__setattr__(thing, "__class__", _watched_class(thing.__class__))


@cache
def _watched_class(kind: Any) -> Any:
    """The class of watched things of this kind: to all appearances the plain one."""

    def set_attribute(thing: Any, name: str, value: Any) -> None:
        # The change first: who looks between the two is told of it afterwards.
        object.__setattr__(thing, name, value)
        object.__setattr__(thing, "__class__", kind)
        _report(thing)

    members: dict[str, Any] = {"__slots__": (), "__setattr__": set_attribute, "_plain_class": kind}
    members.update({"__module__": kind.__module__, "__qualname__": kind.__qualname__, "__doc__": kind.__doc__})
    if "__eq__" in vars(kind):
        members.update({"__eq__": _equality_of(kind), "__hash__": None})
    return type(kind.__name__, (kind,), members)


def _equality_of(kind: Any) -> Callable[[Any, Any], Any]:
    """A dataclass equals its own class only; here a watched thing equals a plain one."""
    values = attrgetter(*(field.name for field in fields(kind) if field.compare))

    def is_equal(thing: Any, other: Any) -> Any:
        return values(thing) == values(other) if isinstance(other, kind) else NotImplemented

    return is_equal


def _values_of(thing: Any) -> Iterable[Any]:
    own = getattr(thing, "__dict__", None)
    if own is None:
        return _slots_of(thing.__class__)(thing)
    return (value for name, value in own.items() if name not in _UNREAD)


@cache
def _slots_of(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(name for parent in kind.__mro__ for name in getattr(parent, "__slots__", ())))


class _Number:
    """Equals a number of the same type only: to findings, True is not 1."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self._value) and (other is self._value or other == self._value)

    __hash__ = None  # type: ignore[assignment]


class _Unequal:
    """Equals nothing: stands for what cannot be compared."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


def _copy(value: Any, levels: int) -> Any:
    """What equals a value as long as nothing in it changes."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind in _NUMBERS:
        return _Number(value)
    if kind in _CONTAINERS and levels:
        return _CONTAINERS[kind](value, levels - 1) if value else _EMPTY[kind]
    # Other objects of ours count as one thing here: those that findings depend on are watched themselves.
    return value if is_dataclass(value) else _Unequal()


_CONTAINERS: Mapping[type, Callable[[Any, int], Any]] = {
    list: lambda value, levels: [member if type(member) in _ATOMS else _copy(member, levels) for member in value],
    tuple: lambda value, levels: tuple(_copy(member, levels) for member in value),
    dict: lambda value, levels: {
        key: member if type(member) in _ATOMS else _copy(member, levels) for key, member in value.items()
    },
    set: lambda value, levels: set(value),
}
_EMPTY: Mapping[type, Any] = {kind: kind() for kind in _CONTAINERS}
_MUTABLE = tuple(_CONTAINERS)
