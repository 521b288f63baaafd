"""The state as plain data: what clients, tests and people are shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_studio.core.lazy_names import make_getattr

if TYPE_CHECKING:
    from fake_studio.views import tree_data
    from fake_studio.views.channel_view import ChannelView

__all__ = ["ChannelView", "tree_data"]

__getattr__ = make_getattr(__name__, {"ChannelView": "channel_view", "tree_data": "tree_data"})
