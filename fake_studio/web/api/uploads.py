"""Uploads to storage, and storage itself: what ricecooker >= 0.7 uses instead of file_diff and file_upload."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from fake_studio.core.model import File
from fake_studio.core.refusals import ChecksumMismatch, FileNotStored, StorageMethodNotAllowed, UploadNotSigned
from fake_studio.core.uploads import SignedUpload, media_type_of
from fake_studio.web.access import public_url
from fake_studio.web.file_answer import file_answer
from fake_studio.web.request import api_route, authenticate, dialect, form_or_json, studio, user

uploads = Blueprint("uploads", __name__, url_prefix="/api/file")
uploads.before_request(authenticate)
storage = Blueprint("storage", __name__, url_prefix="/content")


@api_route(uploads, "/upload_url", "POST")
def upload_url() -> dict[str, Any]:
    ticket, file, is_known = studio().upload_url(user(), form_or_json())
    return {
        "mimetype": media_type_of(ticket.name),
        "uploadURL": _signed_url(ticket),
        "resumable": False,
        "might_skip": is_known,
        "file": _upload_record(file),
    }


def _signed_url(ticket: SignedUpload) -> str:
    query = f"user={ticket.user_id}&expires={ticket.expires}&signature={ticket.signature}"  # digits and hex digits
    return f"{public_url()}{storage_path(ticket.name)}?{query}"


def storage_path(name: str) -> str:
    """Where a stored file is served."""
    parts = [name[0], name[1], name]
    quoted = parts if _NO_QUOTES.fullmatch(name) else [quote(part, safe="") for part in parts]
    return "/".join(["/content/storage", *quoted])


_NO_QUOTES = re.compile(r"[0-9A-Za-z.]{2,}")


def _upload_record(file: File) -> dict[str, Any]:
    return {
        "id": file.id,
        "checksum": file.checksum,
        "file_size": file.size,
        "language": file.language,
        "file_format": file.extension,
        # Neither of the two paths has a host, as at Studio.
        "file_on_disk": f"storage/{file.name[0]}/{file.name[1]}/{file.name}",
        "original_filename": file.original_filename,
        "uploaded_by": file.uploaded_by,
        "duration": file.duration,
        "url": storage_path(f"{file.checksum}.{file.extension}"),
        "preset": file.preset,
        "contentnode": None,
        "assessment_item": None,
    }


@storage.put("/storage/<a>/<b>/<name>")
def put_file(a: str, b: str, name: str) -> Response:
    """Take the bytes that an upload URL was made for. A token that is sent along is ignored, as buckets do."""
    stored = studio().put_file(
        _ticket(name),
        request.stream,
        media_type=request.content_type or "application/octet-stream",
        md5=_content_md5(),
        verify=dialect().verifies_uploads,
    )
    answer = Response("", content_type="text/html")
    answer.set_etag(stored.md5)
    return answer


def _ticket(name: str) -> SignedUpload:
    try:
        user_id, expires = int(request.args["user"]), int(request.args["expires"])
        return SignedUpload(name, user_id, expires, request.args["signature"])
    except (KeyError, ValueError):
        raise UploadNotSigned("Ask POST /api/file/upload_url for an upload URL, and use it unchanged.") from None


def _content_md5() -> str | None:
    header = request.headers.get("Content-MD5")
    if not header:
        return None
    try:
        return base64.b64decode(header, validate=True).hex()
    except (binascii.Error, ValueError):
        raise ChecksumMismatch(f"The Content-MD5 {header!r:.60} is not base64.") from None


_STORED_HEADERS = (
    ("Cache-Control", "public, max-age=31536000, immutable, no-transform"),
    # What a chef uploaded gets no say on this origin, and sends for nothing elsewhere.
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ("X-Content-Type-Options", "nosniff"),
)


@storage.get("/storage/<a>/<b>/<name>")
def storage_file(a: str, b: str, name: str) -> Response:
    """Stored bytes, to anybody. HEAD is what ricecooker asks before it uploads."""
    if [a, b] != list(name[:2]):
        raise FileNotStored(f"{name!r:.80} does not lie at this path.")
    stored, file = studio().open_stored(name)
    return file_answer(file, stored.size, stored.media_type, stored.md5, _STORED_HEADERS)


@storage.get("/storage/", defaults={"rest": ""})
@storage.get("/storage/<path:rest>")
def storage_elsewhere(rest: str) -> Response:
    """A bucket has keys and no folders: every other path is the key of nothing."""
    raise FileNotStored(f"{rest!r:.80} is not in storage.")


@storage.route("/storage/<path:rest>", methods=["PUT", "POST", "PATCH", "DELETE"])
def storage_write(rest: str) -> Response:
    """Storage is written to by upload URLs only."""
    raise StorageMethodNotAllowed("Storage answers GET, HEAD and OPTIONS.")
