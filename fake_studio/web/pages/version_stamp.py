"""Whether a page is out of date: a short text that changes with the Studio."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from fake_studio.core.model import Channel
from fake_studio.studio import Studio


def pulse_of(studio: Studio) -> str:
    """A text that is another one as soon as there is something new to show."""
    with studio.lock:
        seen = tuple(_seen(studio))
    return f"{zlib.crc32(repr(seen).encode('utf-8', 'surrogatepass')):08x}"


def _seen(studio: Studio) -> Iterator[Any]:
    journal, state = studio.journal, studio.state
    yield id(state), len(state.nodes), len(state.users), journal.seen
    yield [(run.folder, run.seconds, run.requests) for run in studio.chef_runs]
    yield [exchange.time for exchange in journal.entries()[-1:]]  # a cleared journal counts from the start again
    yield from ((fault.id, fault.seen, fault.fired) for fault in studio.faults.list())
    for channel in state.channels.values():
        yield tuple(_channel(channel))


def _channel(channel: Channel) -> Iterator[Any]:
    yield channel.id, channel.version, channel.deleted, channel.name, channel.public
    yield channel.run and (channel.run.finished, channel.run.lost is None)
    yield channel.publishing and (channel.publishing.version, channel.publishing.state)
    yield from (root and root.id for root in channel.trees.values())
