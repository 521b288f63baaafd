"""Zips that chefs uploaded, opened in storage."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from fake_studio.content.errors import ContentUnreadable
from fake_studio.content.zips import open_archive
from fake_studio.core.model import File, Node
from fake_studio.core.refusals import FileNotStored
from fake_studio.core.storage import Storage
from fake_studio.web.pages.media import ZIPS


def zip_of(node: Node, storage: Storage) -> File:
    """The node's zip. Raises FileNotStored."""
    for file in node.files:
        if file.extension in ZIPS and storage.has(file.name):
            return file
    raise FileNotStored(f"{node.title!r:.80} has no zip, or it was never uploaded.")


@contextmanager
def open_zip(storage: Storage, name: str) -> Iterator[zipfile.ZipFile]:
    """A stored zip, to read from. Raises FileNotStored for what is none, and where its content cannot be read."""
    with _open_stored(storage, name) as stored:
        try:
            archive = open_archive(stored)
        except ContentUnreadable as problem:
            raise FileNotStored(f"{name}: {problem.message}") from None
        try:
            yield archive
        except ContentUnreadable as problem:
            raise FileNotStored(problem.message) from None


def _open_stored(storage: Storage, name: str) -> BinaryIO:
    try:
        return storage.open(name)
    except KeyError:
        raise FileNotStored(f"{name!r:.80} is not in storage any more.") from None
