"""Publishing: a channel's main tree as the content database and the files that Kolibri imports. Knows no HTTP.

The export itself is ``export.export``: it is imported when something is published.
"""

from __future__ import annotations

from fake_studio.publishing.context import Asker, CannotPublish, PublishedDatabase
from fake_studio.publishing.tokens import new_token, shown_token

__all__ = ["Asker", "CannotPublish", "PublishedDatabase", "new_token", "shown_token"]
