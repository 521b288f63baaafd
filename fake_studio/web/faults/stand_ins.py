"""What a fault that was given a status and no body says: what the dialect says at that status, where it says anything.

Each row is a refusal that the dialects answer with that status, at an endpoint, in a blueprint, or anywhere.
"""

from __future__ import annotations

from typing import Callable

from fake_studio.core import refusals
from fake_studio.faults import proxy_pages

Make = Callable[[], refusals.Refusal]

_ROWS: dict[tuple[int, str], Make] = {
    (400, ""): lambda: refusals.NodeInvalid(""),
    (400, "create_channel"): lambda: refusals.KeyMissing(""),
    (400, "file_upload"): lambda: refusals.UploadWithoutFile(""),
    (400, "put_file"): lambda: refusals.ChecksumMismatch(""),
    (400, "upload_url"): lambda: refusals.FieldsInvalid({"file_format": ["file_format is not valid for this preset"]}),
    (401, ""): lambda: refusals.TokenUnknown(""),
    (403, ""): lambda: refusals.QuotaExceeded(0, 0),
    (403, "upload_url"): lambda: refusals.TokenUnknown(""),
    (403, "storage"): lambda: refusals.UploadNotSigned(""),
    (404, ""): lambda: refusals.ChannelNotFound(""),
    (404, "add_nodes"): lambda: refusals.ParentNotFound(""),
    (404, "storage"): lambda: refusals.FileNotStored(""),
    (406, ""): lambda: refusals.NotAcceptable(""),
    (412, ""): lambda: refusals.QuotaExceeded(0, 0),
    (413, ""): lambda: refusals.BodyTooLarge(""),
    (415, ""): lambda: refusals.MediaTypeUnsupported(""),
}


def refusal_like(status: int, places: tuple[str | None, ...], message: str) -> refusals.Refusal:
    """The refusal that this status stands for; ``places`` are an endpoint and its blueprint."""
    if status in proxy_pages.STATUSES:
        return refusals.ProxyFaulted(message, status)
    makes = [_ROWS[status, place or ""] for place in (*places, "") if (status, place or "") in _ROWS]
    refusal = makes[0]() if makes else refusals.Faulted(message)
    refusal.message, refusal.field, refusal.allowed = message, None, None
    return refusal
