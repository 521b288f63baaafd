"""A request as this app has it."""

from __future__ import annotations

import sys
import time
from typing import Any

from flask import Request

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
