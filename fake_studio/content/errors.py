"""Why a file cannot be read as what its name says."""

from __future__ import annotations


class ContentUnreadable(Exception):
    """The bytes are not what they should be: ``message`` says what is missing or broken."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ContentTooLarge(ContentUnreadable):
    """A limit was met: what lies behind it is not looked at, and may be right or wrong."""


class ContentLocked(ContentUnreadable):
    """The bytes are encrypted: who has no password, or no reader of a certain make, gets nothing."""
