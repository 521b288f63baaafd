"""What went wrong outside of this program, as a sentence for whoever typed the command."""

from __future__ import annotations

import errno
import json


def describe_error(error: Exception) -> str:
    """A file that is not there, a port that is taken, a text that is not JSON; anything else by its own words."""
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON: {error}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    if error.errno == errno.EADDRINUSE:
        return f"{error.strerror or error}. Pass another --port, or 0 for any free one."
    if error.errno == errno.ENOENT and error.filename:
        return f"there is no file or program {str(error.filename)!r}"
    return f"{error.strerror}: {str(error.filename)!r}" if error.filename else str(error)
