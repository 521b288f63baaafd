"""EPUB: whether a reader finds the book, each of its chapters, and what the chapters ask for; and whether it is locked.

Source: EPUB 3.3 open container format. Kolibri reads with epub.js, which fails at a chapter that is not there, waits
for ever for a table of contents that is not there, and reads chapters named .xhtml as XML.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.entities import name2codepoint
from typing import BinaryIO

from fake_studio.content.archive import Archive, open_for_inspection
from fake_studio.content.entities import EntitiesTooLarge, NestedTooDeeply, find_root
from fake_studio.content.epub import CONTAINER, elements, items_of, parse_xml
from fake_studio.content.errors import ContentTooLarge, ContentUnreadable
from fake_studio.content.flaw import Inspection
from fake_studio.content.notes import InspectionNotes
from fake_studio.content.references import LOCAL, NOWHERE, WEB, locate
from fake_studio.content.site import Site, missing_hint

_ENCRYPTION = "META-INF/encryption.xml"
# Fonts that are only obfuscated: readers undo it without a key.
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
NCX_TYPE = "application/x-dtbncx+xml"
_ENTITY = re.compile("&(?:" + "|".join(sorted(set(name2codepoint) - {"lt", "amp", "gt", "quot"})) + ");")
_DOCTYPE_WITHIN = 1024  # characters
_CHAPTER_TYPES = ("application/xhtml+xml", "text/html")
_DOES_NOT_OPEN = "the book does not open"
_NOT_SHOWN = "it is not shown, and some readers open nothing"
_WAITS = "Kolibri's reader waits for it and shows nothing"


def inspect_epub(stream: BinaryIO) -> Inspection:
    """A book."""
    notes = InspectionNotes()
    archive = open_for_inspection(stream, notes)
    if archive is not None and not _is_locked(archive, notes):
        package = _package(archive, notes)
        if package is not None:
            _check_package(archive, *package, notes)
    return notes.inspection()


def _is_locked(archive: Archive, notes: InspectionNotes) -> bool:
    encryption = _parsed(archive, _ENCRYPTION, notes) if _ENCRYPTION in archive.names else None
    methods = [part.get("Algorithm") or "" for part in _find_encrypted_data(encryption) if part is not None]
    for method in methods:
        if method not in _FONT_ALGORITHMS:
            message = f"{_ENCRYPTION} says that parts of the book are encrypted (DRM, by {method!r:.80}): no reader"
            notes.add("document-locked", "", f"{message} in Kolibri opens it.", _ENCRYPTION)
            return True
    return False


def _find_encrypted_data(encryption: ET.Element | None) -> Iterator[ET.Element]:
    for data in elements(encryption, "EncryptedData") if encryption is not None else ():
        yield from list(elements(data, "EncryptionMethod"))[:1] or [data]


def _package(archive: Archive, notes: InspectionNotes) -> tuple[str, ET.Element] | None:
    """The package file's path, and what is in it; None, with a note, where a reader does not find it."""
    container = _required(archive, CONTAINER, "A reader opens", notes)
    if container is None:
        return None
    rootfile = next(elements(container, "rootfile"), None)
    path = (rootfile.get("full-path") or "") if rootfile is not None else ""
    target = locate(path, "index").path
    package = _required(archive, path if path in archive.names else target or path, f"{CONTAINER} names", notes)
    return None if package is None else (target, package)


def _required(archive: Archive, path: str, who: str, notes: InspectionNotes) -> ET.Element | None:
    if path in archive.names:
        return _parsed(archive, path, notes)
    message = f"{who} {path!r:.120}, which is not in the zip{missing_hint(archive, path)}: {_DOES_NOT_OPEN}."
    notes.add("archive-reference-missing", path, message, path)
    return None


def _parsed(archive: Archive, path: str, notes: InspectionNotes) -> ET.Element | None:
    try:
        return parse_xml(archive.read(path), path)
    except ContentTooLarge as problem:
        notes.skip(problem.message)
    except (ContentUnreadable, ET.ParseError, LookupError, ValueError) as problem:
        notes.add("archive-damaged", path, f"{path!r:.120} cannot be read as XML ({problem}): {_DOES_NOT_OPEN}.", path)
    return None


def _check_package(archive: Archive, path: str, package: ET.Element, notes: InspectionNotes) -> None:
    items = items_of(package)
    chapters = [_chapter(archive, path, items, part, notes) for part in elements(package, "itemref")]
    if not chapters:
        notes.add("archive-damaged", "spine", f"{path!r:.120} names no chapter in its spine: the book is empty.", path)
    _check_contents(archive, path, package, notes)
    others = [item for item in items.values() if item.get("media-type") in _CHAPTER_TYPES]
    for item in others:
        _find(archive, path, item.get("href") or "", "names the page", notes)
    for chapter in dict.fromkeys(filter(None, chapters)):
        if chapter.lower().endswith(".xhtml") and not notes.is_late:
            _check_markup(archive, chapter, notes)
    Site(archive, notes).visit([chapter for chapter in chapters if chapter], links=False)


def _check_contents(archive: Archive, path: str, package: ET.Element, notes: InspectionNotes) -> None:
    """Look for the NCX of EPUB 2, which a reader takes where no item of the manifest is the nav of EPUB 3."""
    items = items_of(package)
    has_nav = any("nav" in (item.get("properties") or "").split() for item in items.values())
    contents = [item for item in items.values() if item.get("media-type") == NCX_TYPE]
    spine = next(elements(package, "spine"), None)
    named = items.get(spine.get("toc") or "") if spine is not None and not contents else None
    for item in [] if has_nav else [*contents[:1], *([named] if named is not None else [])]:
        _find(archive, path, item.get("href") or "", "names the table of contents", notes, _WAITS)


def _check_markup(archive: Archive, chapter: str, notes: InspectionNotes) -> None:
    """Note a chapter that is not well-formed: a reader shows it up to there, and an error."""
    text = archive.find_text(chapter)
    try:
        find_root(_without_entities(text)) if text is not None else None
    except (EntitiesTooLarge, NestedTooDeeply) as problem:
        notes.skip(f"{chapter!r:.120} was not checked: {problem}.")
    except (ET.ParseError, ValueError) as problem:
        message = (
            f"The chapter {chapter!r:.120} is not well-formed XML ({problem}): learners see an error in its place."
        )
        notes.add("archive-damaged", chapter, message, chapter)


def _without_entities(text: str) -> str:
    """A text without the entities that only those have whose doctype is one of XHTML's own."""
    return _ENTITY.sub(" ", text) if "-//W3C//DTD XHTML" in text[:_DOCTYPE_WITHIN] else text


def _chapter(
    archive: Archive, path: str, items: dict[str, ET.Element], part: ET.Element, notes: InspectionNotes
) -> str | None:
    item = items.get(part.get("idref") or "")
    if item is not None:
        return _find(archive, path, item.get("href") or "", "names the chapter", notes)
    message = f"The spine of {path!r:.120} names {part.get('idref')!r:.80}, which is not in its manifest"
    notes.add("archive-reference-missing", part.get("idref") or "", f"{message}: {_DOES_NOT_OPEN}.", path)
    return None


def _find(
    archive: Archive, path: str, href: str, does: str, notes: InspectionNotes, effect: str = _NOT_SHOWN
) -> str | None:
    """The member that an item of the manifest is; None, with a note, if it is not there."""
    target = locate(href, path)
    if target.kind == LOCAL and target.path in archive.names:
        return target.path
    if target.kind == WEB:
        message = f"{path!r:.120} {does} {href!r:.160}, which is on the web; learners are offline: it stays empty."
        notes.add("archive-needs-web", href, message, path)
    elif target.kind != NOWHERE:
        reason = f"which is not in the zip{missing_hint(archive, target.path)}"
        message = f"{path!r:.120} {does} {href!r:.160}, {reason}: {effect}."
        notes.add("archive-reference-missing", target.path or href, message, path)
    return None
