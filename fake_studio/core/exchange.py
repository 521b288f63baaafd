"""One request and its answer, kept as they went over the wire and read when somebody looks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, Optional

from fake_studio.core.model import Json
from fake_studio.core.secrets import mask_members, mask_text, may_hold_secrets

MOST_LEVELS = 200  # of lists and objects inside each other; what nests deeper is given as its text
_FIXED_COST = 1024  # bytes of memory that an exchange takes, whatever was sent


class KeptHeaders(dict[str, str]):
    """Headers with their ``size`` in bytes of memory, roughly. Never changed: messages share them."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self.size = sum(map(len, chain.from_iterable(headers.items())))


class Message(Mapping[str, Json]):
    """A request's or an answer's ``headers`` and ``body``; reads as a dict with these two keys.

    The body is kept as its bytes, or None where it is not kept. Asked for, it is data where it is JSON, else text;
    what nests more than MOST_LEVELS deep is text too, since hardly anything can walk through it.
    """

    __slots__ = ("_headers", "_is_json", "_length", "content")

    def __init__(
        self,
        headers: Mapping[str, str],
        content: bytes | None = None,
        *,
        is_json: bool = True,
        length: str | None = None,
    ) -> None:
        self._headers = headers if isinstance(headers, KeptHeaders) else KeptHeaders(headers)
        self._length = length
        self.content = content
        self._is_json = is_json

    @property
    def size(self) -> int:
        """Roughly the bytes of memory that it takes."""
        return len(self.content or b"") + self._headers.size

    @property
    def headers(self) -> dict[str, str]:
        """A copy, since messages that have the same headers share them, all but the length of their body."""
        return {**self._headers, "Content-Length": self._length} if self._length else dict(self._headers)

    @property
    def body(self) -> Json:
        """The body, read anew each time; secrets in it, such as the signature of an upload URL, are masked."""
        if self.content is None:
            return None
        if self._is_json:
            try:
                data = json.loads(self.content)
                if not _is_deep(self.content, data):
                    return mask_members(data) if may_hold_secrets(self.content) else data
            except (ValueError, RecursionError):
                pass
        return mask_text(self.content.decode("utf-8", "replace"))

    def __getitem__(self, key: str) -> Json:
        if key == "headers":
            return self.headers
        if key == "body":
            return self.body
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(("headers", "body"))

    def __len__(self) -> int:
        return 2


def _is_deep(content: bytes, data: Json) -> bool:
    if content.count(b"[") + content.count(b"{") <= MOST_LEVELS:
        return False
    level = [data]
    for _ in range(MOST_LEVELS):
        level = [child for parent in level for child in _children(parent)]
    return bool(level)


def _children(parent: Any) -> list[Any]:
    members = parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ()
    return [member for member in members if isinstance(member, (dict, list))]


@dataclass
class Exchange:
    """One request and its answer.

    ``time`` is in seconds since 1970, ``duration`` in seconds. ``request`` and ``answer`` have ``headers`` and
    ``body`` (data where it was JSON; ``md5``, ``size`` and what is short for what is too large to keep; None for an
    upload).
    ``refusal`` is the full cause of a refusal. ``fault`` names the fault that was applied to it;
    ``status`` is 0 if that let no answer through. ``kept_nodes`` are the node_ids of a body that is too large to keep,
    as JSON.
    """

    number: int
    time: float
    method: str
    path: str
    endpoint: Optional[str]
    user: Optional[str]
    channel: Optional[str]
    request: Mapping[str, Json]
    status: int
    answer: Mapping[str, Json]
    duration: float
    refusal: Optional[dict[str, Json]] = None
    fault: Optional[str] = None
    kept_nodes: Optional[bytes] = field(default=None, repr=False)

    @property
    def nodes(self) -> list[Json]:
        """The node_ids that it is about."""
        if self.kept_nodes is not None:
            return list(json.loads(self.kept_nodes))
        return [node.get("node_id") for node in body_nodes(self.request.get("body"))]

    @property
    def size(self) -> int:
        """Roughly the bytes of memory that it takes."""
        cause = len(str(self.refusal["message"])) if self.refusal else 0
        messages = _size_of(self.request) + _size_of(self.answer)
        return _FIXED_COST + messages + cause + len(self.path) + len(self.kept_nodes or b"")

    def to_dict(self) -> dict[str, Json]:
        """The exchange as plain data: its fields, and ``nodes``."""
        data = {field_.name: getattr(self, field_.name) for field_ in fields(self) if field_.name != "kept_nodes"}
        return {**data, "request": dict(self.request), "answer": dict(self.answer), "nodes": self.nodes}

    told = to_dict  # its name in tests that were written before 0.2


def _size_of(message: Mapping[str, Json]) -> int:
    # By its type: to ask an abstract class takes ten times as long.
    return message.size if type(message) is Message else 0


def body_nodes(body: Json) -> list[dict[str, Json]]:
    """The nodes that the body of an add_nodes brings; none for any other body, and nothing that is no node."""
    return list(body_nodes_by_index(body).values())


def body_nodes_by_index(body: Json) -> dict[int, dict[str, Json]]:
    """The same by their place in the list that was sent, which is how a refusal names them."""
    content = body.get("content_data") if isinstance(body, dict) else None
    places = enumerate(content) if isinstance(content, list) else ()
    return {place: node for place, node in places if isinstance(node, dict)}
