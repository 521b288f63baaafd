"""Publishing: a channel's main tree as the content database and the files that Kolibri imports. Knows no HTTP.

The export itself is ``export.export``: it is imported when something is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_studio.core.lazy_names import make_getattr

if TYPE_CHECKING:
    from fake_studio.publishing.context import Asker, CannotPublish, PublishedDatabase
    from fake_studio.publishing.tokens import new_token, shown_token

__all__ = ["Asker", "CannotPublish", "PublishedDatabase", "new_token", "shown_token"]

_HOMES = {
    "Asker": "context",
    "CannotPublish": "context",
    "PublishedDatabase": "context",
    "new_token": "tokens",
    "shown_token": "tokens",
}
__getattr__ = make_getattr(__name__, _HOMES)
