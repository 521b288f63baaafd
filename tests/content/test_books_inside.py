"""EPUB, Bloom and H5P: what their readers need of them, and odd but right ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.archives import CHAPTER, CONTAINER, book, encryption, inspect, library, lines, package

MEDIA = Path(__file__).parents[2] / "fixtures" / "media"
XHTML = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
NCX = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
MISSING = "archive-reference-missing"
PAGE = CHAPTER % ("", "<p>x</p>")
NAV = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'


def without(members: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: content for name, content in members.items() if name not in names}


@pytest.mark.parametrize(
    ("members", "says"),
    [
        (
            without(book({"a.xhtml": PAGE}), "META-INF/container.xml"),
            "'META-INF/container.xml', which is not in the zip",
        ),
        (
            without(book({"a.xhtml": PAGE}), "OEBPS/content.opf"),
            "container.xml names 'OEBPS/content.opf', which is not",
        ),
        (
            without(book({"a.xhtml": PAGE, "b.xhtml": PAGE}), "OEBPS/b.xhtml"),
            "names the chapter 'b.xhtml', which is not",
        ),
        (book({"a.xhtml": PAGE}, spine='<itemref idref="none"/>'), "names 'none', which is not in its manifest"),
        (book({"a.xhtml": PAGE}, manifest=NAV), "names the page 'nav.xhtml', which is not"),
        (book({"a.xhtml": PAGE}, manifest=NCX), "names the table of contents 'toc.ncx', which is not"),
        (book({"a.xhtml": CHAPTER % ("", "<p>a<br>b</p>")}), "'OEBPS/a.xhtml' is not well-formed XML (mismatched tag"),
        (book({"a.xhtml": CHAPTER % ("", "<p>a&nbsp;b</p>")}), "is not well-formed XML (undefined entity"),
        (book({"a.xhtml": XHTML + CHAPTER % ("", "<p>R & D</p>")}), "is not well-formed XML (not well-formed"),
        (book({"A.xhtml": PAGE}, **{"OEBPS/content.opf": ""}), "archive-damaged: 'OEBPS/content.opf' cannot be read"),
        (book({}), "names no chapter in its spine"),
        (book({"a.xhtml": CHAPTER % ("", '<img src="i.png"/>')}), "'OEBPS/a.xhtml' asks for 'i.png'"),
        (book({"a.xhtml": CHAPTER % ('<link rel="stylesheet" href="../a.css"/>', "")}), "asks for '../a.css'"),
        (book({"a.xhtml": CHAPTER % ("", '<img src="http://example.org/i.png"/>')}), "archive-needs-web"),
    ],
)
def test_what_a_book_lacks(members: dict[str, Any], says: str) -> None:
    told = lines(inspect(members, "epub"))
    assert len(told) == 1, told
    assert says in told[0]


def test_a_chapter_whose_name_differs_in_case_is_proposed() -> None:
    members = book({"b.xhtml": PAGE})
    members["OEBPS/B.xhtml"] = members.pop("OEBPS/b.xhtml")
    (line,) = lines(inspect(members, "epub"))
    assert "the zip has 'OEBPS/B.xhtml'" in line


@pytest.mark.parametrize(
    "algorithm", ["http://www.w3.org/2001/04/xmlenc#aes128-cbc", "http://www.w3.org/2001/04/xmlenc#kw-aes128", ""]
)
def test_a_locked_book(algorithm: str) -> None:
    members = {**book({"a.xhtml": b"\x00\x01\x02"}), **encryption(algorithm)}
    assert [flaw.code for flaw in inspect(members, "epub").flaws] == ["document-locked"]


ODD_BOOKS = {
    "obfuscated fonts": {**book({"a.xhtml": PAGE}), **encryption("http://www.idpf.org/2008/embedding")},
    "fonts obfuscated by Adobe": {**book({"a.xhtml": PAGE}), **encryption("http://ns.adobe.com/pdf/enc#RC")},
    "nothing encrypted": {**book({"a.xhtml": PAGE}), "META-INF/encryption.xml": "<encryption/>"},
    "rights without a lock": {**book({"a.xhtml": PAGE}), "META-INF/rights.xml": "<rights/>"},
    "escaped names": book({"a%20b.xhtml": ""}, **{"OEBPS/a b.xhtml": PAGE}),
    "names above": book({"../text/a.xhtml": ""}, **{"text/a.xhtml": PAGE}),
    "an unused style sheet": book({"a.xhtml": PAGE}, manifest='<item id="c" href="c.css" media-type="text/css"/>'),
    "links and entities": book(
        {"a.xhtml": XHTML + CHAPTER % ("", '<a href="http://example.org">x</a>&nbsp;&eacute;&amp;<a href="#n">1</a>')}
    ),
    "HTML that is no XML, under its own name": book({"a.html": "<p>One<br>two &nbsp; R & D"}),
    "entities of its own": book({"a.xhtml": '<!DOCTYPE html [<!ENTITY me "I">]>' + CHAPTER % ("", "<p>&me;</p>")}),
    "another encoding": book(
        {"a.xhtml": ('<?xml version="1.0" encoding="windows-1252"?>' + CHAPTER % ("", "<p>é</p>")).encode("cp1252")}
    ),
    "a table of contents of EPUB 2": book({"a.xhtml": PAGE}, manifest=NCX, **{"OEBPS/toc.ncx": "<ncx/>"}),
    "nav, and an NCX that nobody needs": book({"a.xhtml": PAGE}, manifest=NAV + NCX, **{"OEBPS/nav.xhtml": PAGE}),
    "a byte order mark": {**book({"a.xhtml": PAGE}), "META-INF/container.xml": "\ufeff" + CONTAINER},
    "a doctype": book(
        {"a.xhtml": '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd">' + PAGE}
    ),
    "an SVG as chapter": book(
        {"a.xhtml": PAGE},
        manifest='<item id="s" href="s.svg" media-type="image/svg+xml"/>',
        spine='<itemref idref="s" linear="no"/>',
        **{"OEBPS/s.svg": "<svg/>"},
    ),
}


@pytest.mark.parametrize("name", ODD_BOOKS)
def test_nothing_is_said_of_books_that_are_odd_and_right(name: str) -> None:
    members = {key: content for key, content in ODD_BOOKS[name].items() if "%20" not in key and ".." not in key}
    found = inspect(members, "epub")
    assert (lines(found), found.unchecked) == ([], ())


def test_a_package_file_whose_entities_grow_is_not_read() -> None:
    bomb = f'<!DOCTYPE p [<!ENTITY a "{"a" * 100}">]><package>{"&a;" * 1000}</package>'
    found = inspect({**book({"a.xhtml": PAGE}), "OEBPS/content.opf": bomb}, "epub")
    assert found.flaws == ()
    assert "5 times as long" in found.unchecked[0]


# Bloom

BLOOM = {"index.htm": '<link rel="stylesheet" href="basePage.css"><img src="a.png">', "meta.json": {}, "a.png": b"1"}


@pytest.mark.parametrize("extension", ["bloompub", "bloomd"])
def test_a_bloom_book_opens_with_its_index(extension: str) -> None:
    assert lines(inspect(BLOOM, extension)) == []
    (line,) = lines(inspect({"Index.htm": "", **without(BLOOM, "index.htm")}, extension))
    assert "There is no index.htm at the top of the archive" in line
    assert "the zip has 'Index.htm'" in line
    (line,) = lines(inspect({"book.htm": "", **without(BLOOM, "index.htm")}, extension))
    assert "(it has 'book.htm': name it index.htm)" in line


def test_what_a_bloom_book_lacks() -> None:
    assert "asks for 'a.png'" in lines(inspect(without(BLOOM, "a.png"), "bloompub"))[0]
    assert "There is no meta.json" in lines(inspect(without(BLOOM, "meta.json"), "bloompub"))[0]
    assert "meta.json is not valid JSON" in lines(inspect({**BLOOM, "meta.json": "{"}, "bloompub"))[0]


# H5P

MAIN = library("H5P.Main")


@pytest.mark.parametrize(
    ("members", "says"),
    [
        (package({}), "needs H5P.Main 1.0, and H5P.Main-1.0/library.json is not in it"),
        (package({}, library("H5P.Main", "H5P.Text")), "needs H5P.Text 1.0, and"),
        (without(package({}, MAIN), "H5P.Main-1.0/main.js"), "loads 'H5P.Main-1.0/main.js', which is not in it"),
        (package({}, library("H5P.Main", preloadedCss=[{"path": "a/b.css"}])), "loads 'H5P.Main-1.0/a/b.css'"),
        (package({}, MAIN, depends=()), "names 'H5P.Main' as mainLibrary, which is not among its dependencies"),
        (
            package({"a": [{"path": "images/i.png", "mime": "image/png"}]}, MAIN),
            "names 'images/i.png', which is not in",
        ),
        (
            package({"p": "images/i.png", "path": "images/i.png"}, MAIN),
            "names 'images/i.png', which is not in content/",
        ),
        (package({"path": "https://example.org/a.mp4"}, MAIN), "archive-needs-web: The content shows 'https://example"),
        (package({"x": {"library": "H5P.Other 1.0", "params": {}}}, MAIN), "The content uses H5P.Other 1.0, but"),
        (without(package({}, MAIN), "content/content.json"), "There is no content/content.json in the package"),
        (
            {f"x/{name}": text for name, text in package({}, MAIN).items()},
            "no h5p.json in the package, only 'x/h5p.json'",
        ),
        (package("{", MAIN), "archive-damaged: Its JSON cannot be read"),
        ({**package({}, MAIN), "h5p.json": "[]"}, "archive-damaged: Its JSON cannot be read"),
    ],
)
def test_what_a_package_lacks(members: dict[str, Any], says: str) -> None:
    told = lines(inspect(members, "h5p"))
    assert len(told) == 1, told
    assert says in told[0]


ODD_PACKAGES = {
    "a ring of libraries": package({}, library("H5P.Main", "A"), library("A", "H5P.Main")),
    "a file while it was edited": package({"path": "i.png#tmp"}, MAIN, {"content/i.png": b"1"}),
    "a path that is no file": package({"path": "some text", "text": "a/b.png"}, MAIN),
    "a name with signs": package({"path": "a b%20ü.png"}, MAIN, {"content/a b%20ü.png": b"1"}),
    "an embedded picture": package({"path": "data:image/png;base64,AA==", "mime": "image/png"}, MAIN),
    "libraries that nobody needs": package({}, MAIN, library("Editor", "H5P.Gone")),
    "a part of another library": package(
        {"x": {"library": "A 1.0", "params": {}}}, library("H5P.Main", "A"), library("A")
    ),
    "no content": package(None, MAIN),
}


@pytest.mark.parametrize("name", ODD_PACKAGES)
def test_nothing_is_said_of_packages_that_are_odd_and_right(name: str) -> None:
    found = inspect(ODD_PACKAGES[name], "h5p")
    assert (lines(found), found.unchecked) == ([], ())


def test_a_film_of_a_package_must_play() -> None:
    film = (MEDIA / "hevc.mp4").read_bytes()
    members = {**package({"path": "videos/a.mp4", "mime": "video/mp4"}, MAIN), "content/videos/a.mp4": film}
    (line,) = lines(inspect(members, "h5p"))
    assert line.startswith("media-not-playable: The content plays 'videos/a.mp4': Its picture is HEVC")
    assert lines(inspect({**members, "content/videos/a.mp4": (MEDIA / "film.mp4").read_bytes()}, "h5p")) == []
