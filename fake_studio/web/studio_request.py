"""A request as this app has it."""

from __future__ import annotations

import io
import sys
import time
from typing import Any

from flask import Request, request
from werkzeug.exceptions import ClientDisconnected

_UPLOADS = ("storage.put_file", "internal.file_upload", "control.load_snapshot", "pages.load_snapshot_form")


class StudioRequest(Request):
    """A request that knows when it began (by ``time.perf_counter``)."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.began = time.perf_counter()
        super().__init__(*arguments, **options)

    @property
    def max_content_length(self) -> int | None:
        """Bytes of its body. A file that is uploaded streams to disk, so that its size costs nothing."""
        # None would mean the limit of the app.
        return sys.maxsize if self.endpoint in _UPLOADS else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


def read_body() -> bytes:
    """The whole body of a request. Raises RequestEntityTooLarge, ClientDisconnected.

    Our own host ends it where Content-Length says, so that it is read without what werkzeug puts around it.
    """
    asked: StudioRequest = request._get_current_object()  # type: ignore[attr-defined]
    length, limit = asked.content_length, asked.max_content_length
    is_read_already = "stream" in vars(asked)  # by a hook that somebody added, who has kept it then
    is_of_our_host = "fake_studio.connection" in asked.environ
    if is_read_already or not is_of_our_host or not length or limit is None or length > limit:
        return asked.get_data(cache=False)
    try:
        content: bytes = asked.environ["wsgi.input"].read(length)
    except (OSError, ValueError):
        raise ClientDisconnected from None
    asked.stream = io.BytesIO()  # whoever reads on finds the end
    return content
