"""Whether a snapshot has the bytes that it tells of."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from fake_studio.snapshot.contents import Contents, md5_of
from fake_studio.snapshot.damage import SnapshotDamaged

_MD5 = re.compile("[0-9a-f]{32}")  # and so the plain name of a file


def verified_size(contents: Contents, md5: str, content: Any, name: str) -> int:
    """The size of bytes that are embedded as ``content``, or lie in the folder if that is null.

    ``name`` is the field of the md5. Raises SnapshotDamaged and OSError.
    """
    if not _MD5.fullmatch(md5):
        raise SnapshotDamaged("must be 32 hex digits.", field=name)
    if content is not None:
        contents.embedded[md5] = _decoded(content)
    elif contents.folder is None or not (contents.folder / md5).is_file():
        there = f"in {contents.folder}" if contents.folder else "beside the snapshot"
        raise SnapshotDamaged(f"the bytes are not embedded, and no file of this name lies {there}.", field=name)
    with contents.open(md5) as stream:
        found, size = md5_of(stream), stream.tell()
    if found != md5:
        raise SnapshotDamaged(f"is not that of the bytes, {found}.", field=name)
    return size


def _decoded(content: Any) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise SnapshotDamaged("is no base64.", field="content") from None
