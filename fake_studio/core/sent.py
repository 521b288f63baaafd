"""What a chef sent for the nodes of one add_nodes, kept as it came and read when somebody looks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


class SentNodes:
    """The nodes of one request. They share its bytes, with each other and with the journal.

    A chef's dict takes three times the memory of the text that it came in, and hardly any of them is looked at again.
    """

    __slots__ = ("_body", "_nodes")

    def __init__(self, nodes: Any, body: bytes | None = None) -> None:
        self._body = body
        self._nodes = nodes if body is None else ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.read()!r})"

    @property
    def is_ascii(self) -> bool:
        """Whether each character of it is ASCII and none is NUL: JSON writes that, and all others, as an escape."""
        body = self._body
        # To look for one character takes a fortieth of the time that it takes to look for two.
        return body is not None and body.isascii() and (b"\\" not in body or b"\\u" not in body)

    def read(self) -> Sequence[Any]:
        """The nodes in the order in which they were sent; read anew each time where they came as JSON."""
        if self._body is None:
            return self._nodes
        nodes: Sequence[Any] = json.loads(self._body)["content_data"]
        return nodes


class SentReader:
    """Reads what was sent for many nodes, those of one request together: they mostly follow each other."""

    def __init__(self) -> None:
        self._requests: dict[SentNodes, Sequence[Any]] = {}

    def read(self, request: SentNodes, place: int) -> Any:
        """What was sent for the node at a place of a request."""
        nodes = self._requests.pop(request, None)
        # The one that was asked for last is the last to go: a topic's siblings come back behind all that is below it.
        self._requests[request] = request.read() if nodes is None else nodes
        if len(self._requests) > _REQUESTS_READ:
            del self._requests[next(iter(self._requests))]
        return self._requests[request][place]


_REQUESTS_READ = 10  # at once: the levels of a deep channel
