"""HTML5 apps and articles (KPUB): the page that Kolibri opens, and what its pages ask for.

Source: Kolibri 0.19.5 zip_wsgi.py; html5_viewer and safe_html5_viewer (``options.entry``, else index.html).
"""

from __future__ import annotations

from typing import BinaryIO

from fake_studio.content.archive import Archive, open_for_inspection
from fake_studio.content.flaw import Inspection
from fake_studio.content.notes import InspectionNotes
from fake_studio.content.site import Site, missing_hint
from fake_studio.content.zips import find_entry

_MARKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # what may stand before nothing
_SHORT = 4096  # bytes: a longer page has something in it
# An article is shown as clean HTML: what carries style or could act is taken out before.
_DROPPED_IN_ARTICLES = (
    *("script", "module", "import", "link", "CSS", "@import", "font", "iframe", "frame", "object", "embed", "input"),
    *("image", "use", "feimage", "body", "table", "td", "th"),
)


def inspect_zip(stream: BinaryIO, entry: str | None = None) -> Inspection:
    """An HTML5 app. ``entry`` is the node's ``options.entry``."""
    return _inspect(stream, entry, ())


def inspect_kpub(stream: BinaryIO, entry: str | None = None) -> Inspection:
    """A Kolibri article: one page, shown without its scripts and styles."""
    return _inspect(stream, entry, _DROPPED_IN_ARTICLES)


def inspect_dependency(stream: BinaryIO) -> Inspection:
    """A zip that apps share: nobody opens it, so it needs no page."""
    notes = InspectionNotes()
    open_for_inspection(stream, notes)
    return notes.inspection()


def _inspect(stream: BinaryIO, entry: str | None, ignored: tuple[str, ...]) -> Inspection:
    notes = InspectionNotes()
    archive = open_for_inspection(stream, notes)
    if archive is not None:
        page = find_entry(archive.packed, entry)
        notes.state(entry=page)
        if page is None:
            missing = entry or "index.html"
            notes.add("archive-reference-missing", missing, explain_missing_entry(archive, entry), missing)
        elif _is_blank(archive, page):
            notes.add("file-empty", page, f"{page!r:.120} has nothing in it: learners see an empty page.", page)
        else:
            Site(archive, notes, ignored).visit([page], links=not ignored)
    return notes.inspection()


def _is_blank(archive: Archive, page: str) -> bool:
    if archive.heads.get(page, b"").strip(_MARKS) or archive.packed.getinfo(page).file_size > _SHORT:
        return False
    text = archive.find_text(page)
    return text is not None and not text.strip("\ufeff\0 \t\r\n")


def explain_missing_entry(archive: Archive, entry: str | None) -> str:
    """What to say of a zip that lacks the page which Kolibri opens."""
    if entry:
        where = f"options.entry names {entry!r:.120}, which is not in the zip{missing_hint(archive, entry)}"
    else:
        where = f"There is no index.html at the top of the zip{_other_page(archive)}"
    return f"{where}: learners see an error."


def _other_page(archive: Archive) -> str:
    if archive.similar_name("index.html"):
        return missing_hint(archive, "index.html")
    deeper = [name for name in archive.names if name.lower().endswith("/index.html")]
    if deeper:
        nearest = min(deeper, key=len)
        return f", only {nearest!r:.120} (pack what is in the folder, not the folder; or set options.entry)"
    pages = [name for name in archive.names if name.lower().endswith((".html", ".htm"))]
    return f", but {min(pages, key=len)!r:.120} (name it index.html, or set options.entry)" if pages else ""
