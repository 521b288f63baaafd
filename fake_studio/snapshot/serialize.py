"""A moment as plain data, and as text. Each thing has the fields of its dataclass."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from math import isfinite
from typing import Any, Callable, Optional

from fake_studio.core.json_text import escape_halves, replace_infinity
from fake_studio.core.model import Channel, CookingRun, JsonDict, Node
from fake_studio.core.sent import SentNodes, SentReader
from fake_studio.core.state import State
from fake_studio.core.store import Store
from fake_studio.snapshot.blobs import BlobStore
from fake_studio.snapshot.moment import StateCopy, capture
from fake_studio.snapshot.schema import FORMAT

_ELSEWHERE = (
    *("parent", "children", "request", "place", "drops_files"),
    *("trees", "run", "earlier", "lost", "declared_files", "publishing", "published_versions"),
)
_DEPTH = 10  # levels below which a value is written in one line; only what a chef made up nests deeper
_ROW = 6  # levels down to a node, which is written in one piece
_PLAIN = frozenset((str, int, float, bool, type(None), dict))
_FLAT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False).encode

Embedded = Callable[[str], Optional[str]]


class Rows:
    """The members of a long list, each made when its turn to be written comes: nobody needs all of them at once."""

    def __init__(self, members: Iterable[Any]) -> None:
        self._members = members

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members)


MakeList = Callable[[Iterable[Any]], Any]  # list, or Rows


def dump(store: Store, *, embed: int | None = None) -> JsonDict:
    """The state as ``state_to_dict`` makes it, with the content of files up to ``embed`` bytes (None: of all)."""
    return state_to_dict(capture(store, BlobStore(), embed=embed))


def state_to_dict(moment: StateCopy, make_list: MakeList = list) -> JsonDict:
    """A moment with the fields of ``schema.Snapshot``; bytes that are not embedded stand there by their md5 alone.

    With ``Rows`` for ``make_list`` the nodes and files are for ``text`` only, and of a
    large channel the data is never there as a whole.
    """

    def content_of(md5: str) -> str | None:
        content = moment.contents.embedded.get(md5)
        return None if content is None else base64.b64encode(content).decode("ascii")

    state = moment.state
    numbers, moments = state.ids.made
    return {
        "format": FORMAT,
        "ids": {"numbers": numbers, "moments": moments},
        "users": [dataclass_to_dict(user) for user in state.users.values()],
        "channels": [_channel(channel, content_of, make_list) for channel in state.channels.values()],
        # Sorted, so that the same state is the same text.
        "announced": [dataclass_to_dict(file) for _, files in sorted(state.announced.items()) for file in files],
        # Studio answers might_skip for a file that was ever announced or sent, though nothing has it any more.
        "checksums": sorted(state.checksums - set(_checksums(state))),
        "loose": _loose(state),
        "files": make_list({**dataclass_to_dict(file), "content": content_of(file.md5)} for file in moment.stored),
    }


def _checksums(state: State) -> Iterator[str]:
    """Those that stand in the rest of the snapshot anyway."""
    yield from state.announced
    for node in state.nodes.values():
        yield from (file.checksum for file in node.all_files())


def _loose(state: State) -> list[JsonDict]:
    counts = {(file.uploaded_by, file.checksum): 1 for files in state.announced.values() for file in files}
    uploads = sorted((key, count) for key, count in state.loose.items() if count != counts.get(key, 0))
    return [{"user_id": user_id, "checksum": checksum, "count": count} for (user_id, checksum), count in uploads]


def dataclass_to_dict(value: Any) -> Any:
    """A dataclass as a dict of its fields, and what is in it likewise."""
    if isinstance(value, list):
        return [dataclass_to_dict(element) for element in value]
    names = _names(value.__class__)
    if names is None:
        return value
    # Nearly all values are plain: a snapshot has a million of them.
    return {
        name: member if type(member := getattr(value, name)) in _PLAIN else dataclass_to_dict(member) for name in names
    }


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """The fields of a dataclass that stand in its own dict; None for what is no dataclass."""
    if not is_dataclass(kind):
        return None
    return tuple(field.name for field in fields(kind) if field.name not in _ELSEWHERE)


def _channel(channel: Channel, content_of: Embedded, make_list: MakeList) -> JsonDict:
    read_sent = SentReader().read
    return {
        **dataclass_to_dict(channel),
        "trees": {
            name: root and make_list(_node(node, read_sent) for node in root.iter_tree())
            for name, root in channel.trees.items()
        },
        "run": channel.run and _run(channel.run),
        "publishing": channel.publishing and channel.publishing.to_dict(),
        "published_versions": _published_versions(channel, content_of),
    }


def _published_versions(channel: Channel, content_of: Embedded) -> list[JsonDict]:
    versions = [published for _, published in sorted(channel.published_versions.items())]
    return [{**published, "content": content_of(published["database"])} for published in versions]


def _node(node: Node, read_sent: Callable[[SentNodes, int], Any]) -> JsonDict:
    sent = read_sent(node.request, node.place) if node.request else {}
    return {**dataclass_to_dict(node), "sent": sent, "parent": node.parent and node.parent.id}


def _run(run: CookingRun) -> JsonDict:
    return {
        **dataclass_to_dict(run),
        "overwritten": [list(change) for change in run.overwritten],
        "skipped": [node.id for node in run.skipped],
        "cut_short": [[node.id for node in chunk] for chunk in run.cut_short],
    }


def text(data: JsonDict) -> str:
    """A snapshot as JSON: sorted, indented, one line a value, so that two of them can be compared line by line."""
    return "".join([*map(escape_halves, _pieces(data, "\n")), "\n"])


def _pieces(value: Any, line: str) -> Iterator[str]:
    below = f"{line} "
    if isinstance(value, dict) and value and len(line) < _ROW:
        for number, key in enumerate(sorted(value)):
            yield f"{',' if number else '{'}{below}{_FLAT(str(key))}: "
            yield from _pieces(value[key], below)
        yield f"{line}}}"
    elif isinstance(value, (list, Rows)) and len(line) < _ROW:
        begin = "["
        for member in value:
            yield f"{begin}{below}"
            yield from _pieces(member, below)
            begin = ","
        yield "[]" if begin == "[" else f"{line}]"
    else:
        yield _valid(value, line)


def _valid(value: Any, line: str) -> str:
    try:
        return _write_value(value, line)
    except ValueError:
        return _write_value(replace_infinity(value), line)


def _write_value(value: Any, line: str) -> str:
    """A value's JSON; ``line`` begins a line of its level. For json's own indenting, a large channel takes minutes.

    Raises ValueError for a number that JSON lacks.
    """
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if not value:
        return _EMPTY.get(type(value)) or _FLAT(value)
    if not isinstance(value, (dict, list)) or len(line) > _DEPTH:
        return _FLAT(value)
    below = f"{line} "
    if isinstance(value, list):
        return f"[{below}{f',{below}'.join([_write_value(member, below) for member in value])}{line}]"
    members = [_write_key(key) + _write_value(value[key], below) for key in sorted(value)]
    return f"{{{below}{f',{below}'.join(members)}{line}}}"


def _write_float(value: float) -> str:
    return repr(value) if isfinite(value) else _FLAT(value)


@lru_cache(maxsize=1024)
def _write_key(key: Any) -> str:
    """A key as it stands before its value: nearly all are the names of fields."""
    return f"{_FLAT(str(key))}: "


_EMPTY: dict[type, str] = {list: "[]", dict: "{}"}
# What json does for these types, without what it prepares for each value that may hold others.
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: json.encoder.encode_basestring,
    int: repr,
    float: _write_float,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}
