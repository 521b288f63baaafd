"""Which requests a fault is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from fake_studio.core.journal import body_nodes, json_contains
from fake_studio.core.model import Json

ENDPOINTS = {
    "internal": (
        *("authenticate_user_internal", "check_version", "file_diff", "file_upload", "create_channel", "add_nodes"),
        *("finish_channel", "publish_channel", "check_user_is_editor", "get_channel_status_bulk", "get_tree_data"),
        "get_node_tree_data",
    ),
    "uploads": ("upload_url",),
    "storage": ("put_file", "storage_file", "storage_elsewhere", "storage_write", "database"),
    "public": ("info", "channel_name", "public_channels", "lookup"),
}
ENDPOINT_NAMES = (*ENDPOINTS, *(name for names in ENDPOINTS.values() for name in names))  # groups, then their members


class Call(Protocol):
    """A request, as far as faults ask about it.

    ``size`` is that of its body in bytes, ``channels`` are the ids and names of the channel that it is about,
    ``files`` the names of the files: those in storage and the chef's own.
    """

    @property
    def endpoint(self) -> str | None: ...

    @property
    def method(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def username(self) -> str | None: ...

    @property
    def body(self) -> Json: ...

    @property
    def channels(self) -> Collection[str]: ...

    @property
    def files(self) -> Collection[str]: ...


@dataclass(frozen=True)
class Conditions:
    """What a request must have; what is left out is not asked for.

    ``file`` may have wildcards, ``node`` is part of one of an add_nodes' nodes, ``body`` part of the body.
    """

    endpoints: tuple[str, ...] = ()
    method: str | None = None
    min_bytes: int = 0
    user: str | None = None
    channel: str | None = None
    file: str | None = None
    node: Mapping[str, Json] | None = None
    body: Json = None

    def matches(self, call: Call) -> bool:
        """Whether a request is one of those."""
        # The line comes first: it is known without reading the body.
        return self._line_fits(call) and self._content_fits(call)

    def _line_fits(self, call: Call) -> bool:
        return (
            (not self.endpoints or call.endpoint in self.endpoints)
            and self.method in (None, call.method)
            and call.size >= self.min_bytes
            and (self.user is None or call.username == self.user)
        )

    def _content_fits(self, call: Call) -> bool:
        return (
            (self.channel is None or self.channel in call.channels)
            and (self.file is None or any(fnmatchcase(name, self.file) for name in call.files))
            and (self.node is None or any(json_contains(node, self.node) for node in body_nodes(call.body)))
            and (self.body is None or json_contains(call.body, self.body))
        )
