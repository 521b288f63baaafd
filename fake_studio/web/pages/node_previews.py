"""What a node's page shows of its content: a list of previews, each with the template that draws it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fake_studio.content import bloom
from fake_studio.content.archive import Archive
from fake_studio.content.epub import read_book
from fake_studio.content.h5p import read_package
from fake_studio.content.html5 import explain_missing_entry
from fake_studio.content.notes import InspectionNotes
from fake_studio.content.zips import find_entry
from fake_studio.core.model import File, Node
from fake_studio.core.refusals import FileNotStored
from fake_studio.core.storage import Storage
from fake_studio.web.pages.media import SHOWN
from fake_studio.web.pages.stored_zips import open_zip


@dataclass(frozen=True)
class Preview:
    """One thing to look at: ``template`` draws it, from its file and from what was read in that (``inside``)."""

    template: str
    file: File | None = None
    inside: Any = None


def previews_of(node: Node, storage: Storage) -> Iterator[Preview]:
    """The previews of a node, its main content first."""
    if node.questions:
        yield Preview("exercise")
    if node.slides:
        yield Preview("slides")
    in_slides = {slide.checksum for slide in node.slides}
    # What a publish made is for Kolibri's own viewers: a QTI package is no app, a manifest no document.
    visible = [file for file in node.files if file.checksum not in in_slides and not file.generated]
    for file in sorted(visible, key=_is_thumbnail):
        if SHOWN.get(file.extension) != "subtitles":  # they are shown with their film
            yield _preview(node, file, storage)


def _is_thumbnail(file: File) -> bool:
    return "thumbnail" in (file.preset or "")


def _preview(node: Node, file: File, storage: Storage) -> Preview:
    if not storage.has(file.name):
        return Preview("missing", file)
    template = SHOWN.get(file.extension, "unknown")
    if template not in (*_READERS, "app"):
        return Preview(template, file)
    try:
        with open_zip(storage, file.name) as archive:
            if template == "app":
                return _app_preview(node, file, archive)
            return Preview(template, file, _READERS[template](archive))
    except FileNotStored as problem:
        return Preview("unreadable", file, problem.message)


def _app_preview(node: Node, file: File, packed: zipfile.ZipFile) -> Preview:
    """The page that Kolibri opens, and no other; without it, why learners see an error."""
    is_book = file.extension in ("bloompub", "bloomd")
    entry = bloom.PAGE if is_book else node.options.get("entry")
    page = find_entry(packed, entry)
    if page:
        return Preview("app", file, page)
    archive = Archive(packed, InspectionNotes())
    reason = bloom.explain_missing(archive, bloom.PAGE) if is_book else explain_missing_entry(archive, entry)
    return Preview("unreadable", file, reason)


_READERS = {"book": read_book, "package": read_package}
