"""A moment: what a Studio held at one time, the bytes of its files included. It can be told, kept, and gone back to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional

from fake_studio.files import Stored
from fake_studio.snapshot.contents import Contents, md5_at
from fake_studio.snapshot.copying import copied
from fake_studio.state import State

if TYPE_CHECKING:
    from fake_studio.studio import Studio


@dataclass
class Moment:
    """The state, what was stored, and the bytes. The databases of its editions are named by their md5, as files are."""

    state: State
    stored: List[Stored]
    contents: Contents

    def editions(self) -> Iterator[Dict[str, Any]]:
        """Everything that was published."""
        for channel in self.state.channels.values():
            yield from channel.published_versions.values()

    def beside(self) -> Iterator[str]:
        """The md5 of the bytes that are not embedded."""
        sums = [*(stored.md5 for stored in self.stored), *(edition["database"] for edition in self.editions())]
        return (md5 for md5 in sums if md5 not in self.contents.embedded)


def present(studio: Studio, contents: Contents, *, embed: Optional[int]) -> Moment:
    """The present moment; ``contents`` takes the bytes, those up to ``embed`` in memory. Raises OSError.

    The lock is held while things are copied and linked, and no longer.
    """
    with studio.lock:
        moment = Moment(copied(studio.state), list(studio.storage.all()), contents)
        for edition in moment.editions():
            path = Path(edition["database"])
            edition["database"] = md5_at(path)
            contents.keep(edition["database"], path, embed)
        for stored in moment.stored:
            contents.keep(stored.md5, studio.storage.path(stored.md5), embed)
    return moment


def go_back(studio: Studio, moment: Moment) -> None:
    """Make a moment the present one. What can fail comes first: after an OSError the Studio is as it was.

    The moment's state is the Studio's own from then on.
    """
    with studio.lock:
        for edition in moment.editions():
            path = studio.publisher.folder() / f"{edition['database']}.sqlite3"
            moment.contents.place(edition["database"], path)
            edition["database"] = str(path)
        studio.storage.become(moment.stored, moment.contents.open)
        studio.state = moment.state
