"""EPUB: a book's title and its table of contents."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from fake_studio.content import entities
from fake_studio.content.errors import ContentTooLarge, ContentUnreadable
from fake_studio.content.zips import read_member

CONTAINER = "META-INF/container.xml"
_MANY = 500  # chapters that are listed


@dataclass(frozen=True)
class Chapter:
    """An entry of the table of contents: ``path`` is that of a member, ``mark`` the place in it (or empty)."""

    title: str
    path: str
    mark: str = ""


@dataclass(frozen=True)
class Book:
    """A book as its package tells it."""

    title: str
    language: str
    chapters: list[Chapter]


def read_book(archive: zipfile.ZipFile) -> Book:
    """The book in an EPUB. Raises ContentUnreadable."""
    try:
        return _read(archive)
    except (ET.ParseError, LookupError, ValueError) as error:  # the latter two of encodings
        raise ContentUnreadable(f"Its XML cannot be read: {error}.") from None


def _read(archive: zipfile.ZipFile) -> Book:
    container = next(elements(_xml(archive, CONTAINER), "rootfile"), None)
    path = unquote(container.get("full-path") or "") if container is not None else ""
    package = _xml(archive, path)
    chapters = list(_contents(archive, package, path)) or list(_spine(package, path))
    return Book(_text(package, "title"), _text(package, "language"), chapters[:_MANY])


def _xml(archive: zipfile.ZipFile, path: str) -> ET.Element:
    return parse_xml(read_member(archive, path), path)


def parse_xml(content: bytes, path: str) -> ET.Element:
    """The root of a book's XML. Raises ET.ParseError, and ContentTooLarge for long entities and deep elements."""
    try:
        entities.find_root(content)  # elements in one another would take a hundred times their length in memory
        return entities.parse_xml(content)
    except (entities.EntitiesTooLarge, entities.NestedTooDeeply) as error:
        raise ContentTooLarge(f"{path!r:.120} was not checked: {error}.") from None


def elements(root: ET.Element, name: str) -> Iterator[ET.Element]:
    """The elements of this name below a root, whatever their namespace."""
    return (
        element for element in root.iter() if isinstance(element.tag, str) and element.tag.rpartition("}")[2] == name
    )


def _text(root: ET.Element, name: str) -> str:
    element = next(elements(root, name), None)
    return "".join(element.itertext()).strip() if element is not None else ""


def items_of(package: ET.Element) -> dict[str, ET.Element]:
    """What a package's manifest holds, by id."""
    return {item.get("id") or "": item for item in elements(package, "item")}


def _contents(archive: zipfile.ZipFile, package: ET.Element, base: str) -> Iterator[Chapter]:
    """The table of contents: the nav of EPUB 3, or the NCX of EPUB 2."""
    for item in items_of(package).values():
        path = _join_reference(base, item.get("href") or "")
        if "nav" in (item.get("properties") or "").split():
            yield from _nav(_xml(archive, path), path)
            return
    for item in items_of(package).values():
        if item.get("media-type") == "application/x-dtbncx+xml":
            path = _join_reference(base, item.get("href") or "")
            yield from _ncx(_xml(archive, path), path)
            return


def _nav(page: ET.Element, base: str) -> Iterator[Chapter]:
    nav: ET.Element | None = next(elements(page, "nav"), None)
    for link in elements(nav, "a") if nav is not None else ():
        yield _chapter("".join(link.itertext()), link.get("href"), base)


def _ncx(ncx: ET.Element, base: str) -> Iterator[Chapter]:
    for point in elements(ncx, "navPoint"):
        source = next(elements(point, "content"), None)
        yield _chapter(_text(point, "text"), source.get("src") if source is not None else "", base)


def _spine(package: ET.Element, base: str) -> Iterator[Chapter]:
    items = items_of(package)
    for number, reference in enumerate(elements(package, "itemref"), start=1):
        item = items.get(reference.get("idref") or "")
        if item is not None:
            yield _chapter(f"Part {number}", item.get("href"), base)


def _chapter(title: str, href: str | None, base: str) -> Chapter:
    path, _, mark = (href or "").partition("#")
    return Chapter(" ".join(title.split()) or "Untitled", _join_reference(base, path), mark)


def _join_reference(base: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href)))
