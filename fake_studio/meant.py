"""What a chef meant to send, kept with the run of it, so that whoever looks at the channel sees what never arrived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Collection, Iterable, Iterator

from fake_studio.declared import Declared, FailedFile, compare, failed
from fake_studio.findings import Finding
from fake_studio.model import Channel

if TYPE_CHECKING:
    from fake_studio.studio import Studio


@dataclass(frozen=True)
class Meant:
    """The tree of a run as its chef declared it, and the files that the chef could not get."""

    tree: Declared
    failed_files: Collection[FailedFile] = ()

    def findings(self, studio: Studio, channel: Channel) -> Iterator[Finding]:
        """What the chef wanted of this channel, and did not get."""
        refused = {str(node): each.number for each in studio.journal.refusals() for node in each.nodes}
        yield from compare(self.tree, channel, refused)
        yield from failed(self.failed_files, channel)


def remember(studio: Studio, trees: Iterable[Declared], failed_files: Collection[FailedFile]) -> None:
    """Keep what a chef meant with the last run of each channel. The next run takes it away again."""
    with studio.lock:
        for tree in trees:
            channel = studio.state.channels.get(str(tree.get("id")))
            if channel is not None and channel.run is not None:
                channel.run.meant = Meant(tree, failed_files)


def findings_of_meant(studio: Studio, channel: Channel) -> Iterator[Finding]:
    """What never arrived of a channel's last run, as far as it is known what was meant to."""
    if channel.run is not None and channel.run.meant is not None:
        yield from channel.run.meant.findings(studio, channel)
