"""Why a file cannot be read as what its name says."""

from __future__ import annotations


class ContentUnreadable(Exception):
    """The bytes are not what they should be: ``message`` says what is missing or broken."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
