"""Images: whether they decode whole, whatever their colours."""

from __future__ import annotations

import io
import os
import struct
import time
import zlib
from typing import Any

import pytest
from PIL import Image

from fake_studio.content.images import inspect_image

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'><title>&#233;</title></svg>"


def picture(mode: str, kind: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def noise(kind: str) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3)).save(out, kind)
    return out.getvalue()


def film() -> bytes:
    frames = [Image.new("RGB", (64, 64), (shade, 0, 0)) for shade in range(9)]
    return picture("RGB", "GIF", (64, 64), save_all=True, append_images=frames)


def codes(content: bytes, extension: str = "png") -> list[str]:
    inspection = inspect_image(io.BytesIO(content), extension)
    assert inspection.unchecked == ()
    return [flaw.code for flaw in inspection.flaws]


WHOLE = [
    *((picture(mode, "PNG"), "png") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    *((picture(mode, "JPEG"), "jpg") for mode in ("L", "RGB", "CMYK")),
    (picture("RGB", "JPEG", progressive=True), "jpeg"),
    *((picture("RGB", kind, (2, 1)), kind.lower()) for kind in ("JPEG", "PNG", "GIF")),
    (picture("RGB", "WEBP"), "png"),  # browsers do not mind
    (film(), "gif"),
    (SVG, "svg"),
    (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!DOCTYPE svg [<!ENTITY ns 'x'>]>\n" + SVG, "svg"),
]


@pytest.mark.parametrize(("content", "extension"), WHOLE)
def test_what_decodes_has_no_flaw(content: bytes, extension: str) -> None:
    assert codes(content, extension) == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_half_a_download(kind: str) -> None:
    content = noise(kind)
    assert codes(content[: len(content) // 2]) == ["image-unreadable"]


def test_an_animation_is_decoded_to_its_end() -> None:
    assert codes(film()[:-300], "gif") == ["image-unreadable"]


def test_large_photographs_are_read_to_their_end_and_no_animation_without_end() -> None:
    photograph = picture("RGB", "JPEG", (9000, 7000))
    assert codes(photograph, "jpg") == []
    assert codes(photograph[:-2000], "jpg") == ["image-unreadable"]
    frames = [Image.new("1", (2000, 2000), shade % 2) for shade in range(30)]
    long = picture("1", "GIF", (2000, 2000), save_all=True, append_images=frames)
    assert inspect_image(io.BytesIO(long), "gif").unchecked == ("Only 25 frames of an animation were checked.",)


def test_formats_that_browsers_do_not_show_are_not_opened() -> None:
    drawing = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n"
    for content in (drawing, picture("RGB", "TIFF"), picture("RGB", "PCX")):
        assert codes(content) == ["image-unreadable"]


def test_what_is_no_image() -> None:
    assert codes(b"") == ["file-empty"]
    for content, extension in ((b"<html>", "png"), (b"<svg", "svg"), (b"<html/>", "svg"), (noise("PNG"), "svg")):
        assert codes(content, extension) == ["image-unreadable"]


def test_bombs_are_not_decoded() -> None:
    header = struct.pack(">I4sIIBBBBB", 13, b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", zlib.crc32(header[4:])) + struct.pack(">I4s", 9, b"IDAT")
    laughs = b"<!DOCTYPE svg [" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(30)
    )
    begin = time.process_time()
    assert inspect_image(io.BytesIO(bomb), "png").unchecked
    assert inspect_image(io.BytesIO(laughs + b"]><svg>&a29;</svg>"), "svg").unchecked
    assert time.process_time() - begin < 2
