"""Which channels were meant to be one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from fake_studio.core.model import Channel
from fake_studio.core.trees import newest
from fake_studio.reports.compared_trees import contents_below, tree_of_root


class Likenesses:
    """Same name and domain, or one of these, an editor in common, and at least half of the older one's resources.

    Who changes the domain or the source_id makes a new channel (ricecooker #203), and may rename it in the same run.
    Each tree is read once, and only if there are several channels: many chefs of one domain may cook in one Studio.
    """

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._channels = channels
        self._namesakes: dict[Any, list[Channel]] = defaultdict(list)
        for channel in channels:
            self._namesakes[channel.name, channel.source_domain].append(channel)

    def find_alike(self, channel: Channel) -> list[Channel]:
        """The channels that this one may have been meant to be, itself among them."""
        alike = list(self._namesakes[channel.name, channel.source_domain])
        if len(self._channels) > 1:
            alike += [other for other in self._holding_same(channel) if other not in alike]
        return alike

    @cached_property
    def _contents(self) -> dict[Channel, set[Any]]:
        roots = ((channel, newest(channel)) for channel in self._channels)
        return {channel: contents_below(tree_of_root(root)) if root else set() for channel, root in roots}

    @cached_property
    def _holders(self) -> dict[Any, list[Channel]]:
        holders: dict[Any, list[Channel]] = defaultdict(list)
        for channel, contents in self._contents.items():
            for content in contents:
                holders[content].append(channel)
        return holders

    def _holding_same(self, channel: Channel) -> list[Channel]:
        shared = Counter(holder for content in self._contents[channel] for holder in self._holders[content])
        return [
            other
            for other, count in shared.items()
            if 2 * count >= len(self._contents[other]) and _is_of_same_people(channel, other)
        ]


def _is_of_same_people(channel: Channel, other: Channel) -> bool:
    is_like = other.name == channel.name or other.source_domain == channel.source_domain
    return is_like and not set(channel.editors).isdisjoint(other.editors)
