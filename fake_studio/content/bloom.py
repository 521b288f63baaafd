"""Bloom books (bloompub, bloomd): the page and the description that the player opens, and what the page asks for."""

from __future__ import annotations

import json
from typing import BinaryIO

from fake_studio.content.archive import Archive, open_for_inspection
from fake_studio.content.errors import ContentUnreadable
from fake_studio.content.flaw import Inspection
from fake_studio.content.notes import InspectionNotes
from fake_studio.content.site import Site, missing_hint

PAGE, DESCRIPTION = "index.htm", "meta.json"


def inspect_bloom(stream: BinaryIO) -> Inspection:
    """A book of Bloom.

    Sources: Kolibri 0.19.5 BloomRunner, which opens the first page whose name ends with .htm and fails without one, or
    without meta.json; Bloom itself, whose books and players have index.htm.
    """
    notes = InspectionNotes()
    archive = open_for_inspection(stream, notes)
    if archive is not None:
        for name in (PAGE, DESCRIPTION):
            if name not in archive.names:
                notes.add("archive-reference-missing", name, explain_missing(archive, name), name)
        _check_description(archive, notes)
        # The player has the book's layout itself: of the style sheets that a book names, many lack some.
        Site(archive, notes, ignored=("link", "@import", "script", "module", "import")).visit([PAGE], links=False)
    return notes.inspection()


def explain_missing(archive: Archive, name: str) -> str:
    """What to say of a book without its page or its description."""
    hint = missing_hint(archive, name)
    pages = sorted(other for other in archive.names if other.lower().endswith((".htm", ".html")))
    other = f" (it has {pages[0]!r:.120}: name it {PAGE})" if name == PAGE and pages and not hint else ""
    is_found_by_some = name == PAGE and any(page.endswith(".htm") for page in pages)
    effect = "only some players open the book" if is_found_by_some else "the book does not open"
    return f"There is no {name} at the top of the archive{hint}{other}: {effect}."


def _check_description(archive: Archive, notes: InspectionNotes) -> None:
    try:
        if DESCRIPTION in archive.names:
            json.loads(archive.read(DESCRIPTION))
    except (ValueError, ContentUnreadable, RecursionError) as error:
        notes.add("archive-damaged", DESCRIPTION, f"{DESCRIPTION} is not valid JSON ({error}): the book does not open.")
