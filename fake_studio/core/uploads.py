"""Uploads that were announced: the object's name in storage, and the signed ticket that lets its bytes in.

Source: Studio viewsets/file.py upload_url, models.py generate_object_storage_name, utils/storage_common.py.
"""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
import os
import secrets
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from fake_studio.core.model import File, Json
from fake_studio.core.refusals import BodyMisshapen, ChecksumMismatch, UploadExpired, UploadNotSigned, ValueUnusable
from fake_studio.core.values import json_name

LIFETIME = 600  # seconds, as Studio asks of its object store
_MORE_TYPES = (
    (".vtt", "text/vtt"),
    (".epub", "application/epub+zip"),
    (".webm", "video/webm"),
    (".mp3", "audio/mpeg"),
    (".sqlite3", "application/vnd.sqlite3"),
    (".json", "application/json"),
    (".svg", "image/svg+xml"),
    (".webp", "image/webp"),
    (".zip", "application/zip"),
    (".m4a", "audio/mpeg"),
    (".3gp", "video/3gpp"),
    (".flv", "video/x-flv"),
    (".mkv", "video/x-matroska"),
    (".ogv", "video/ogg"),
    (".wmv", "video/x-ms-wmv"),
)


@lru_cache(maxsize=1)
def _types() -> mimetypes.MimeTypes:
    """Made at the first question: Python then reads this machine's tables too, though they do not count here."""
    types = mimetypes.MimeTypes()
    for extension, media_type in _MORE_TYPES:
        types.add_type(media_type, extension)
    return types


def media_type_of(name: str) -> str:
    """The media type that a file name promises; ``application/octet-stream`` if it promises none."""
    stem, dot, extension = name.partition(".")
    return _guess_type(f"file{dot}{extension}" if stem.isalnum() else name)


@lru_cache(maxsize=256)
def _guess_type(name: str) -> str:
    return _types().guess_type(name)[0] or "application/octet-stream"


def object_name(checksum: str, filename: str, default: str = "") -> str:
    """What a file is called in storage: its checksum and the lower-case extension of its own name.

    A name without an extension gets ``default``, and as in Studio without a dot (recording upload_url/name-int).
    """
    return checksum + (os.path.splitext(filename)[1] or default).lower()


def stored_name(name: str) -> str:
    """What a file that a client calls ``<checksum>.<extension>`` is called in storage."""
    return object_name(os.path.splitext(name)[0], name)


def announced_file(file_id: str, user_id: int, fields: dict[str, Any]) -> File:
    """The record of an upload that was asked for."""
    checksum, name = fields["checksum"], fields["name"]
    return File(
        id=file_id,
        checksum=checksum,
        extension=fields["file_format"],
        name=object_name(checksum, name, fields["file_format"]),
        size=fields["size"],
        preset=fields["preset"],
        original_filename=name,
        duration=fields["duration"],
        uploaded_by=user_id,
    )


def check_names(names: Json) -> None:
    """Whether a body of file_diff is a list of names that storage could have. Raises BodyMisshapen, ValueUnusable."""
    if not isinstance(names, (list, dict, str)):
        raise BodyMisshapen(f"The body must be a list of file names, not {json_name(names)}.")
    for index, name in enumerate(names):
        if not isinstance(name, str) or len(os.path.splitext(name)[0]) < 2:
            raise ValueUnusable(f"{name!r:.60} is not <checksum>.<extension>.", field=f"[{index}]")


def check_md5(arrived: str, name: str, announced: Iterable[str | None]) -> None:
    """Whether bytes have every md5 that was announced for them. Raises ChecksumMismatch."""
    for md5 in announced:
        if md5 is not None and md5 != arrived:
            raise ChecksumMismatch(f"{name} was announced with the md5 {md5}, and its bytes have {arrived}.")


class SignedUpload(NamedTuple):
    """The right to put one object into storage until ``expires`` (seconds since 1970)."""

    name: str
    user_id: int
    expires: int
    signature: str = ""


class UploadSigner:
    """Signs tickets and knows its own; remembers none of them."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def issue(self, name: str, user_id: int, now: float) -> SignedUpload:
        """A ticket for ten minutes from ``now``."""
        expires = int(now) + LIFETIME
        return SignedUpload(name, user_id, expires, self._sign(name, user_id, expires))

    def check(self, ticket: SignedUpload, now: float) -> None:
        """Raises UploadNotSigned and UploadExpired."""
        right = self._sign(ticket.name, ticket.user_id, ticket.expires)
        if not hmac.compare_digest(right.encode(), ticket.signature.encode("utf-8", "replace")):
            raise UploadNotSigned("This upload URL was not made by this Studio, or was changed.")
        if now > ticket.expires:
            raise UploadExpired(f"This upload URL lasted {LIFETIME} seconds; ask for a new one.")

    def _sign(self, name: str, user_id: int, expires: int) -> str:
        payload = f"{name}|{user_id}|{expires}".encode("utf-8", "surrogatepass")
        # Made for a key: an HMAC hashes twice, and asks OpenSSL for its algorithm each time.
        return hashlib.blake2b(payload, key=self._secret, digest_size=32).hexdigest()
