"""What a chef meant to send and did not, kept with its run, so that whoever looks at the channel sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Collection, Iterable, Iterator, List

from fake_studio.declared import Declared, FailedFile, compare, failed
from fake_studio.findings import Finding
from fake_studio.model import Channel

if TYPE_CHECKING:
    from fake_studio.studio import Studio


def lost(
    studio: Studio, channel: Channel, declared: Declared, failed_files: Collection[FailedFile]
) -> Iterator[Finding]:
    """What a chef wanted of this channel, and did not get: its nodes and what is in them, then its files."""
    refused = {str(node): each.number for each in studio.journal.refusals() for node in each.nodes}
    yield from compare(declared, channel, refused)
    yield from failed(failed_files, channel)


def remember(studio: Studio, trees: Iterable[Declared], failed_files: Collection[FailedFile]) -> None:
    """Keep what is lost at the end of a chef with the last run of each channel. The next run takes it away again."""
    with studio.lock:
        for tree in trees:
            channel = studio.state.channels.get(str(tree.get("id")))
            if channel is not None and channel.run is not None:
                channel.run.lost = list(lost(studio, channel, tree, failed_files))


def remembered(channel: Channel) -> List[Finding]:
    """What was lost of a channel's last run, as far as it is known what was meant."""
    return list(channel.run.lost or ()) if channel.run else []
