"""Publishing: a channel's main tree as the content database and the files that Kolibri imports. Knows no HTTP."""

from __future__ import annotations

from fake_studio.publishing.export import export
from fake_studio.publishing.outcome import CannotPublish, Published
from fake_studio.publishing.tokens import new_token, shown_token

__all__ = ["CannotPublish", "Published", "export", "new_token", "shown_token"]
