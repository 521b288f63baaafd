"""What a fault does. The names of the first four are WireMock's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fake_studio.core.model import Json
from fake_studio.faults.conditions import ENDPOINTS

EMPTY_RESPONSE = "EMPTY_RESPONSE"
CONNECTION_RESET_BY_PEER = "CONNECTION_RESET_BY_PEER"
MALFORMED_RESPONSE_CHUNK = "MALFORMED_RESPONSE_CHUNK"
RANDOM_DATA_THEN_CLOSE = "RANDOM_DATA_THEN_CLOSE"
UPLOAD_INTERRUPTED = "UPLOAD_INTERRUPTED"
TRUNCATED_UPLOAD = "TRUNCATED_UPLOAD"
FILE_CORRUPTED = "FILE_CORRUPTED"
FILE_FORGOTTEN = "FILE_FORGOTTEN"
TOKEN_REVOKED = "TOKEN_REVOKED"
QUOTA_EXHAUSTED = "QUOTA_EXHAUSTED"
PUBLISH_FAILED = "PUBLISH_FAILED"

_ANYWHERE = ()
_UPLOADS = ("put_file", "file_upload")
# Each kind, and the endpoints at which it can happen.
KINDS = {
    EMPTY_RESPONSE: _ANYWHERE,
    CONNECTION_RESET_BY_PEER: _ANYWHERE,
    MALFORMED_RESPONSE_CHUNK: _ANYWHERE,
    RANDOM_DATA_THEN_CLOSE: _ANYWHERE,
    UPLOAD_INTERRUPTED: _UPLOADS,
    TRUNCATED_UPLOAD: _UPLOADS,
    FILE_CORRUPTED: _UPLOADS,
    FILE_FORGOTTEN: _UPLOADS,
    TOKEN_REVOKED: (*ENDPOINTS["internal"], *ENDPOINTS["uploads"]),
    QUOTA_EXHAUSTED: ("upload_url", "file_upload", "finish_channel"),
    PUBLISH_FAILED: ("publish_channel",),
}
ANSWER_LOST = (EMPTY_RESPONSE, CONNECTION_RESET_BY_PEER, MALFORMED_RESPONSE_CHUNK, RANDOM_DATA_THEN_CLOSE)
BYTES_SPOILED = (TRUNCATED_UPLOAD, FILE_CORRUPTED, FILE_FORGOTTEN)


@dataclass(frozen=True)
class ChunkedDelay:
    """An answer that comes in this many pieces, spread over this many seconds."""

    pieces: int
    seconds: float


@dataclass(frozen=True)
class Effect:
    """What happens instead of the right answer, or to it. Times are in seconds.

    ``delay`` comes before the request is looked at. ``status`` comes with ``answer`` (JSON data or text) and
    ``headers``, or with what the dialect says at that status. ``kind`` is one of KINDS. With ``applied`` the request
    is carried out first, and only its answer is lost.
    """

    delay: float = 0
    dribble: ChunkedDelay | None = None
    status: int | None = None
    answer: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    applied: bool = False

    @property
    def executes_request(self) -> bool:
        """Whether the request is carried out."""
        is_harmless = self.status is None and self.kind is None
        return self.applied or is_harmless or self.kind in (*BYTES_SPOILED, PUBLISH_FAILED)

    @property
    def replaces_answer(self) -> bool:
        """Whether the client gets another answer than the request's own, or none."""
        return self.status is not None or self.kind in (*ANSWER_LOST, UPLOAD_INTERRUPTED)
