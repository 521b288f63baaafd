"""Archives that mean harm: each costs seconds and little memory at most, and is said to be unchecked or wrong."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from functools import cache
from typing import Any

import pytest

from fake_studio.content import archive, notes
from fake_studio.content.flaw import Inspection
from fake_studio.content.inspect import inspect_file
from support.archives import app, book, library, pack, package

SECONDS, BYTES = 15, 100 * 1024 * 1024  # more than what is promised: other tests run beside these


def many_members(number: int) -> bytes:
    """A zip that says it has many members; written by hand, because zipfile takes a minute."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0)
    directory = b"".join(entry + b"%09d" % place for place in range(number))
    counted = min(number, 0xFFFF)
    return directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, counted, counted, len(directory), 0, 0)


@cache
def bomb() -> bytes:
    """Three hundred megabytes of nothing, and a page that has one of them."""
    packed = io.BytesIO()
    made = zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with made, made.open("index.html", "w", force_zip64=True) as page:
        for _ in range(300):
            page.write(b" " * 1024 * 1024)
    return packed.getvalue()


def deflated(members: dict[str, Any]) -> bytes:
    return pack(members, compression=zipfile.ZIP_DEFLATED).getvalue()


def overlapping() -> bytes:
    """A directory that names one member of 21 MB three thousand times: 63 GB in 160 KB."""
    size = 21_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(b"a" * size) + packer.flush()
    sizes = (zlib.crc32(b"a" * size), len(body), size)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, *sizes, 1, 0) + b"a" + body
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *sizes, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3000, 3000, len(entry) * 3000, len(local), 0)
    return local + entry * 3000 + end


HOSTILE = {
    "one member, many times": (overlapping, "zip"),
    "scripts": (lambda: deflated(app("<script>location='a.html'</script>" * 20_000)), "zip"),
    "modules in a row": (
        lambda: deflated(
            app('<script type="module" src="0.js">') | {f"{n}.js": f"import './{n + 1}.js'" for n in range(9000)}
        ),
        "zip",
    ),
    "a chapter of a million tags": (lambda: deflated(book({"a.xhtml": f"<html>{'<a/>' * 500_000}</html>"})), "epub"),
    "deep chapter": (lambda: deflated(book({"a.xhtml": "<a>" * 600_000})), "epub"),
    "subtitles": (lambda: b"WEBVTT\n\n" + b"-->\n\n" * 200_000, "vtt"),
    "large drawing": (lambda: b"<svg>" + b"<a/>" * 700_000 + b"</svg>", "svg"),
    "deep drawing": (lambda: b"<svg>" + b"<a>" * 3_000_000, "svg"),
    "bomb": (bomb, "zip"),
    "members": (lambda: b"PK\x03\x04" + many_members(200_000), "zip"),
    "unclosed": (lambda: deflated(app("<!" * 700_000)), "zip"),
    "attributes": (lambda: deflated(app("<a >" + "<a " * 600_000)), "zip"),
    "declarations": (lambda: deflated(app(head="<style>" + "a{b:url(c)}" * 60_000 + "</style>")), "zip"),
    "nested rules": (lambda: deflated(app(head="<style>" + "a{" * 90_000 + "b:url(c)</style>")), "zip"),
    "srcset": (lambda: deflated(app(f'<img srcset="{", a (" * 100_000}">')), "zip"),
    "many pages": (
        lambda: deflated(
            {f"{n}.html": f'<a href="{n + 1}.html">x' * 50 for n in range(9000)} | {"index.html": "0.html"}
        ),
        "zip",
    ),
    "pages in a ring": (
        lambda: deflated(
            {f"{n}.html": "".join(f'<a href="{m}.html">' for m in range(200)) for n in range(200)}
            | {"index.html": '<a href="0.html">'}
        ),
        "zip",
    ),
    "sheets in a ring": (lambda: deflated(app(head="<style>@import 'a.css'", **{"a.css": "@import 'a.css'"})), "zip"),
    "deep JSON": (lambda: deflated(package("[" * 100_000, library("H5P.Main"))), "h5p"),
    "large JSON": (lambda: deflated(package('{"a":' + "1" * 30_000_000 + "}", library("H5P.Main"))), "h5p"),
    "deep XML": (lambda: deflated(book({"a.xhtml": ""}, manifest="<a>" * 690_000)), "epub"),
    "overlapping": (lambda: b"PK\x03\x04" + b"\0" * 4000 + b"PK\x05\x06" + b"\xff" * 18, "zip"),
    "random": (lambda: b"PK\x03\x04" + bytes(range(256)) * 400, "bloompub"),
}


# Nothing is wrong with these but their size.
COSTLY_ONLY = (
    *("many pages", "pages in a ring", "sheets in a ring", "srcset", "a chapter of a million tags", "large drawing"),
    *("modules in a row", "scripts"),
)


@pytest.mark.parametrize("name", HOSTILE)
def test_harm_costs_little(name: str) -> None:
    make, extension = HOSTILE[name]
    stream = io.BytesIO(make())
    begin = time.thread_time()
    found = inspect_file(stream, extension)
    assert time.thread_time() - begin < SECONDS
    assert isinstance(found, Inspection)
    if name not in COSTLY_ONLY:
        assert found.flaws or found.unchecked


@pytest.mark.parametrize(
    "name", ["bomb", "members", "large JSON", "deep XML", "many pages", "subtitles", "deep drawing"]
)
def test_harm_takes_little_memory(name: str) -> None:
    make, extension = HOSTILE[name]
    stream = io.BytesIO(make())
    tracemalloc.start()
    inspect_file(stream, extension)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < BYTES


def test_pages_beyond_the_limits_are_said_to_be_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "TEXT_LIMIT", 1000)
    found = inspect_file(pack(app("x" * 2000)), "zip")
    assert found.unchecked == ("'index.html' was not read: 2,076 bytes are too many.",)
    assert found.flaws == ()


def test_an_archive_that_takes_too_long_is_said_to_be_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "SECONDS", -1)
    found = inspect_file(pack(app("x")), "zip")
    assert "were not checked" in found.unchecked[0]


def test_what_nobody_foresaw_is_said_to_be_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: Any) -> None:
        raise ZeroDivisionError("x" * 1000)

    monkeypatch.setattr("fake_studio.content.html5.open_for_inspection", explode)
    (sentence,) = inspect_file(pack(app()), "zip").unchecked
    assert sentence.startswith("It could not be checked (ZeroDivisionError: xxx")
    assert len(sentence) < 300


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "tinycss2", None)
    found = inspect_file(pack(app(head="<style>p{background:url(x)}</style>")), "zip")
    assert found.unchecked == ("zip files were not checked: tinycss2 is missing.",)
