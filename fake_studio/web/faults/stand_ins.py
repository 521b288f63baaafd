"""What a fault that was given a status and no body says: what the dialect says at that status, where it says anything.

Each row is a refusal that the dialects answer with that status, at an endpoint, in a blueprint, or anywhere.
"""

from __future__ import annotations

from typing import Callable

from fake_studio.core import refusals as no
from fake_studio.faults import proxy_pages

Make = Callable[[], no.Refusal]

_ROWS: dict[tuple[int, str], Make] = {
    (400, ""): lambda: no.NodeInvalid(""),
    (400, "create_channel"): lambda: no.KeyMissing(""),
    (400, "file_upload"): lambda: no.UploadWithoutFile(""),
    (400, "put_file"): lambda: no.ChecksumMismatch(""),
    (400, "upload_url"): lambda: no.FieldsInvalid({"file_format": ["file_format is not valid for this preset"]}),
    (401, ""): lambda: no.TokenUnknown(""),
    (403, ""): lambda: no.QuotaExceeded(0, 0),
    (403, "upload_url"): lambda: no.TokenUnknown(""),
    (403, "storage"): lambda: no.UploadNotSigned(""),
    (404, ""): lambda: no.ChannelNotFound(""),
    (404, "add_nodes"): lambda: no.ParentNotFound(""),
    (404, "storage"): lambda: no.FileNotStored(""),
    (406, ""): lambda: no.NotAcceptable(""),
    (412, ""): lambda: no.QuotaExceeded(0, 0),
    (413, ""): lambda: no.BodyTooLarge(""),
    (415, ""): lambda: no.MediaTypeUnsupported(""),
}


def refusal_like(status: int, places: tuple[str | None, ...], message: str) -> no.Refusal:
    """The refusal that this status stands for; ``places`` are an endpoint and its blueprint."""
    if status in proxy_pages.STATUSES:
        return no.ProxyFaulted(message, status)
    makes = [_ROWS[status, place or ""] for place in (*places, "") if (status, place or "") in _ROWS]
    refusal = makes[0]() if makes else no.Faulted(message)
    refusal.message, refusal.field, refusal.allowed = message, None, None
    return refusal
