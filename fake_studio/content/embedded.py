"""Films and sounds inside an archive, and what no browser has a player for any more."""

from __future__ import annotations

import io

from fake_studio.content.archive import Archive
from fake_studio.content.errors import ContentUnreadable
from fake_studio.content.flaw import Flaw
from fake_studio.content.media import ABSENT, inspect_media
from fake_studio.content.notes import InspectionNotes

_LIMIT = 32 * 1024 * 1024  # bytes of a film that is read into memory
_PLAYED = ("mp4", "webm", "mp3")
# Flash, and containers that no browser opens.
_NOT_PLAYED = ("swf", "flv", "avi", "wmv", "mpg", "mpeg", "wma", "mid", "midi", "rm", "dcr")
_SAID = ("media-not-playable", "media-cut-short")


def find_media_flaw(archive: Archive, name: str, notes: InspectionNotes) -> Flaw | None:
    """What keeps a film or a sound of an archive from being played; None for one that plays, as far as it is known.

    That there is no picture, or no sound, may be meant: pages have sounds in MP4 and films as background.
    """
    extension = name.rpartition(".")[2].lower()
    if extension in _NOT_PLAYED:
        return Flaw("media-not-playable", f"No browser plays .{extension} files.")
    if extension not in _PLAYED or notes.is_late:
        return None
    try:
        inspection = inspect_media(io.BytesIO(archive.read(name, _LIMIT)), extension)
    except ContentUnreadable:
        return None  # too large, or damaged, which is noted for the whole archive
    return next((flaw for flaw in inspection.flaws if flaw.code in _SAID and flaw.place != ABSENT), None)
