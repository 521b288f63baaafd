"""Thumbnails: whether stored bytes are an image, and the small copy that a channel database carries."""

from __future__ import annotations

import base64
import io

from fake_studio.core.storage import Storage

WIDTH, HEIGHT = 400, 226  # Studio utils/files.py get_thumbnail_encoding: 16:9 at 400 pixels


def image_fault(storage: Storage, name: str) -> str | None:
    """Why the stored file is no image, in words; None if it is one."""
    from PIL import Image  # costs 30 ms, and most servers never see a thumbnail

    try:
        with storage.open(name) as stored, Image.open(stored) as image:
            image.load()
    except Exception as error:  # Pillow raises what the format's own reader raises
        return f"{type(error).__name__}: {error}"
    return None


def small_copy(storage: Storage, name: str) -> bytes:
    """The image shrunk to fit 400 x 226, in its own format. Raises what Pillow raises for bytes that are no image."""
    from PIL import Image

    with storage.open(name) as stored, Image.open(stored) as image:
        kind = image.format
        image.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        copy = io.BytesIO()
        image.save(copy, kind)
    return copy.getvalue()


def data_uri(content: bytes, extension: str) -> str:
    """Image bytes as a ``data:`` URI."""
    return f"data:image/{extension};base64,{base64.b64encode(content).decode('ascii')}"
