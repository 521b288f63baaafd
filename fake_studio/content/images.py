"""Images: whether they decode whole."""

from __future__ import annotations

import warnings
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, BinaryIO

from fake_studio.content.bounded import BoundedStream, LimitMet, size_of
from fake_studio.content.entities import EntitiesTooLarge, NestedTooDeeply, find_root
from fake_studio.content.flaw import Flaw, Inspection

if TYPE_CHECKING:
    from PIL.Image import Image

_PIXELS = 30_000_000  # of a frame, decoded: 90 MB, 120 with transparency
_PIXELS_IN_PASSING = 100_000_000  # of a JPEG that is decoded line by line at an eighth of its size; of all frames
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "ICO")  # those of browsers; for some others Pillow runs programs
_SVG_LIMIT = 10 * 1024 * 1024  # bytes
_SVG = "{http://www.w3.org/2000/svg}svg"
_TOO_LARGE = "The image is too large to decode: whether it is whole was not checked."


def inspect_image(stream: BinaryIO, extension: str = "png") -> Inspection:
    """What keeps an image from being shown whole. Its bytes may be of another format: browsers look at them."""
    size = size_of(stream)
    if not size:
        return Inspection((Flaw("file-empty", "It has 0 bytes: learners see a broken picture."),))
    if extension == "svg":
        return _inspect_svg(stream, size)
    try:
        return _decode(stream)
    except LimitMet:
        return Inspection(unchecked=(_TOO_LARGE,))
    except Exception as error:  # Pillow raises what the format's own reader raises
        return Inspection((_damage(f"{error!s:.120}"),))


def _damage(reason: str) -> Flaw:
    return Flaw("image-unreadable", f"The image cannot be decoded ({reason}): learners see a broken picture.")


def _decode(stream: BinaryIO) -> Inspection:
    from PIL import Image, UnidentifiedImageError  # cost 30 ms, and many a channel has no image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata, and of sizes that are judged here
        try:
            with Image.open(BoundedStream(stream), formats=_FORMATS) as image:  # type: ignore[arg-type]
                return _load(image)
        except UnidentifiedImageError:
            return Inspection((_damage("it is not in a known image format"),))
        except Image.DecompressionBombError:
            return Inspection(unchecked=(_TOO_LARGE,))


def _load(image: Image) -> Inspection:
    pixels = max(image.width * image.height, 1)
    if pixels > (_PIXELS_IN_PASSING if _is_baseline(image) else _PIXELS):
        return Inspection(unchecked=(_TOO_LARGE,))
    total = getattr(image, "n_frames", 1)
    frames = min(total, _PIXELS_IN_PASSING // pixels)
    image.draft(image.mode, (max(image.width // 8, 1), max(image.height // 8, 1)))  # reads all of the file all the same
    for frame in range(frames):
        image.seek(frame)
        image.load()
    return Inspection(unchecked=(f"Only {frames:,} frames of an animation were checked.",) if frames < total else ())


def _is_baseline(image: Image) -> bool:
    return image.format == "JPEG" and not image.info.get("progressive")


def _inspect_svg(stream: BinaryIO, size: int) -> Inspection:
    if size > _SVG_LIMIT:
        return Inspection(unchecked=(_TOO_LARGE,))
    content = stream.read()
    try:
        root = find_root(content)
    except (EntitiesTooLarge, NestedTooDeeply) as error:
        return Inspection(unchecked=(f"Whether the SVG is whole was not checked: {error}.",))
    except (ET.ParseError, ValueError, LookupError) as error:  # the latter two of encodings
        return Inspection((_damage(f"its XML is broken: {error}"),))
    return Inspection() if root in (_SVG, "svg") else Inspection((_damage(f"its root is <{root:.40}>, not <svg>"),))
