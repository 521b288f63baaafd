"""The two dialects: what a client sees of each refusal, and the few things in which the API itself differs.

``documented`` does what the page of the Internal API in Studio's docs says, ``deployed`` answers like the running
server, as recorded in contract/scenarios/deployed. int:N is a line of Studio's views/internal.py at 52835d383.
A row is found by the refusal's class and endpoint, then by the class alone, then by its parent classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Callable, Union

from fake_studio.core import refusals
from fake_studio.core.model import Node
from fake_studio.faults import proxy_pages
from fake_studio.rules import Strictness, versions
from fake_studio.rules.versions import Thresholds

Json = Any
Key = Union[type[refusals.Refusal], tuple[type[refusals.Refusal], str]]


@dataclass(frozen=True)
class RefusalResponse:
    """What a refusal looks like on the wire. ``status`` may carry a reason phrase; ``body`` is JSON data or text."""

    status: str
    media_type: str
    body: Callable[[Any], Json]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialect:
    """One way to speak. See the two instances below for what each of its fields means."""

    name: str
    answers: Mapping[Key, RefusalResponse]
    strictness: Strictness
    thresholds: Thresholds
    integer_ids: bool
    honours_stage: bool
    keeps_refused_channels: bool
    verifies_uploads: bool
    publishes_strictly: bool
    reads_any_type: bool
    headers: Mapping[str, str]

    def answer(self, refusal: refusals.Refusal, endpoint: str | None) -> RefusalResponse:
        """The row of a refusal at an endpoint."""
        return self.row(type(refusal), endpoint)

    def row(self, kind: type[refusals.Refusal], endpoint: str | None) -> RefusalResponse:
        """The row of a kind of refusal at an endpoint."""
        for ancestor in kind.__mro__:
            row = self.answers.get((ancestor, endpoint or "")) or self.answers.get(ancestor)
            if row is not None:
                return row
        raise LookupError(f"the dialect {self.name} has no answer to {kind.__name__}")

    def name_of(self, node: Node) -> int | str:
        """How this dialect names a node in its answers: root, root_ids, studio_id."""
        return node.number if self.integer_ids else node.id


def _error(status: str) -> RefusalResponse:
    return RefusalResponse(status, "application/json", lambda refusal: {"error": str(refusal)})


DOCUMENTED = Dialect(
    name="documented",
    # Page, section "Error Handling": 400 invalid request data, 403 authentication failed or insufficient permissions,
    # 404 not found. 405, 412, 413, 416 and 507 are not on the page; they are what clients of HTTP know.
    answers={
        refusals.Refusal: _error("400 BAD REQUEST"),
        refusals.NotAuthenticated: _error("403 FORBIDDEN"),
        refusals.NotEditor: _error("403 FORBIDDEN"),
        refusals.QuotaExceeded: _error("403 FORBIDDEN"),
        (refusals.QuotaExceeded, "upload_url"): _error("412 PRECONDITION FAILED"),
        refusals.UploadNotSigned: _error("403 FORBIDDEN"),
        refusals.UploadExpired: _error("403 FORBIDDEN"),
        refusals.StorageMethodNotAllowed: _error("403 FORBIDDEN"),
        refusals.CallerNotLocal: _error("403 FORBIDDEN"),
        refusals.PathUnknown: _error("404 NOT FOUND"),
        refusals.ChannelNotFound: _error("404 NOT FOUND"),
        refusals.ParentNotFound: _error("404 NOT FOUND"),
        refusals.NodeNotFound: _error("404 NOT FOUND"),
        refusals.TreeUnknown: _error("404 NOT FOUND"),
        refusals.FileNotStored: _error("404 NOT FOUND"),
        refusals.RequestNotFound: _error("404 NOT FOUND"),
        refusals.FaultNotFound: _error("404 NOT FOUND"),
        refusals.ChannelNotMatched: _error("404 NOT FOUND"),
        refusals.ApiVersionUnknown: _error("404 NOT FOUND"),
        refusals.FormatUnknown: _error("404 NOT FOUND"),
        refusals.MethodNotAllowed: _error("405 METHOD NOT ALLOWED"),
        refusals.BodyTooLarge: _error("413 REQUEST ENTITY TOO LARGE"),
        refusals.RangeNotSatisfiable: _error("416 RANGE NOT SATISFIABLE"),
        refusals.StorageUnwritable: _error("507 INSUFFICIENT STORAGE"),
    },
    strictness=Strictness(every_key=False, stored_files=False, coerce=False, links_once=False),
    # The page calls 0.7.0 up to date and names no other border; the two below are Studio's when it was written.
    thresholds=Thresholds(up_to_date="0.7.0", outdated="0.6.30", deprecated="0.6.21"),
    integer_ids=True,  # page: "root": 12345
    honours_stage=True,  # page, finish_channel: "if false, moves directly to main tree"
    keeps_refused_channels=False,
    verifies_uploads=True,
    publishes_strictly=False,
    reads_any_type=True,
    headers={},
)

_PAGE = (
    '<!doctype html>\n<html lang="en">\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n'
)


def _text(status: str, message: str) -> RefusalResponse:
    return RefusalResponse(status, "text/plain", lambda _: message)


def _page(status: str) -> RefusalResponse:
    title = status.partition(" ")[2].title()
    return RefusalResponse(status, "text/html", lambda _: _PAGE.format(title=title))


def _detail(status: str, detail: Callable[[Any], str], headers: Mapping[str, str] | None = None) -> RefusalResponse:
    return RefusalResponse(status, "application/json", lambda refusal: {"detail": detail(refusal)}, headers or {})


def _storage_error(status: str, code: str) -> RefusalResponse:
    def body(refusal: refusals.Refusal) -> str:
        message = escape(refusal.message, quote=False)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'

    return RefusalResponse(status, "application/xml", body)


_CRASH = _text("500 INTERNAL SERVER ERROR", "Internal server error")
_CRASH_PAGE = _page("500 INTERNAL SERVER ERROR")
_NO_CHANNEL = _text("404 NOT FOUND", "Channel not found")
_NO_CONTENT = _text("404 NOT FOUND", "Content not found")
_NO_TREE = _text("404 NOT FOUND", "Invalid tree name")
_INVALID_NODE = _text("400 BAD REQUEST", "Validation error")
_PARSE_ERROR = _detail("400 BAD REQUEST", lambda refusal: f"JSON parse error - {refusal.detail}")
_FORM_ERROR = _detail("400 BAD REQUEST", lambda refusal: f"Multipart form parse error - {refusal.detail}")
_NO_SPACE = RefusalResponse("412 Not enough space. Check your storage under Settings page.", "text/html", lambda _: "")

# What the token check says (Django REST framework, authentication.TokenAuthentication), and to whom it says 401.
_TOKEN_FAULTS: dict[type[refusals.Refusal], Callable[[Any], str]] = {
    refusals.TokenMissing: lambda _: "Authentication credentials were not provided.",
    refusals.TokenMalformed: lambda refusal: f"Invalid token header. {refusal.reason}",
    refusals.TokenUnknown: lambda _: "Invalid token.",
    refusals.UserInactive: lambda _: "User inactive or deleted.",
}


def _token_answers() -> dict[Key, RefusalResponse]:
    rows: dict[Key, RefusalResponse] = {}
    for kind, detail in _TOKEN_FAULTS.items():
        rows[kind] = _detail("401 UNAUTHORIZED", detail, {"WWW-Authenticate": "Token"})
        rows[kind, "upload_url"] = _detail("403 FORBIDDEN", detail)  # its first authenticator is the session's
    return rows


_DEPLOYED_ANSWERS: dict[Key, RefusalResponse] = {
    **_token_answers(),
    refusals.Refusal: _CRASH,
    refusals.MethodNotAllowed: _detail(
        "405 METHOD NOT ALLOWED", lambda refusal: f'Method "{refusal.method}" not allowed.'
    ),
    refusals.FormatUnknown: _detail("404 NOT FOUND", lambda _: "Not found."),
    refusals.AnswerNotJson: _CRASH_PAGE,
    refusals.NotAcceptable: _detail("406 NOT ACCEPTABLE", lambda _: "Could not satisfy the request Accept header."),
    refusals.MediaTypeUnsupported: _detail(
        "415 UNSUPPORTED MEDIA TYPE",
        lambda refusal: f'Unsupported media type "{refusal.media_type}" in request.',
    ),
    (refusals.MediaTypeUnsupported, "file_upload"): _CRASH,
    refusals.BodyTooLarge: _page("413 REQUEST ENTITY TOO LARGE"),
    refusals.PathUnknown: _page("404 NOT FOUND"),
    # json.loads outside of the try of most views, inside of that of three, and by the serializer's parser.
    refusals.BodyUnreadable: _CRASH_PAGE,
    (refusals.BodyUnreadable, "check_version"): _CRASH,
    (refusals.BodyUnreadable, "file_diff"): _CRASH,
    (refusals.BodyUnreadable, "file_upload"): _CRASH,
    (refusals.BodyUnreadable, "get_tree_data"): _PARSE_ERROR,
    (refusals.BodyUnreadable, "get_node_tree_data"): _PARSE_ERROR,
    (refusals.BodyUnreadable, "upload_url"): _PARSE_ERROR,
    (refusals.FormUnreadable, "get_tree_data"): _FORM_ERROR,
    (refusals.FormUnreadable, "get_node_tree_data"): _FORM_ERROR,
    (refusals.FormUnreadable, "upload_url"): _FORM_ERROR,
    (refusals.BodyTooDeep, "get_tree_data"): _CRASH_PAGE,
    (refusals.BodyTooDeep, "get_node_tree_data"): _CRASH_PAGE,
    (refusals.BodyTooDeep, "upload_url"): _CRASH_PAGE,
    (refusals.BodyMisshapen, "check_user_is_editor"): _CRASH_PAGE,
    (refusals.ValueUnusable, "check_user_is_editor"): _CRASH_PAGE,
    refusals.KeyMissing: _text("400 BAD REQUEST", "Required attribute missing from data"),
    (refusals.KeyMissing, "check_version"): _CRASH,
    (refusals.KeyMissing, "check_user_is_editor"): _text("400 BAD REQUEST", "Missing attribute from data"),
    (refusals.KeyMissing, "publish_channel"): _NO_CHANNEL,
    (refusals.KeyMissing, "get_channel_status_bulk"): _CRASH_PAGE,
    refusals.FieldsInvalid: RefusalResponse("400 BAD REQUEST", "application/json", lambda refusal: refusal.errors),
    refusals.ChannelNotFound: _NO_CHANNEL,
    refusals.NotEditor: _NO_CHANNEL,
    (refusals.NotEditor, "create_channel"): _CRASH,
    (refusals.NotEditor, "add_nodes"): _NO_CONTENT,
    refusals.ParentNotFound: _NO_CONTENT,
    refusals.NodeInvalid: _INVALID_NODE,
    (refusals.NodeInvalid, "create_channel"): _CRASH,
    (refusals.TreeUnknown, "get_tree_data"): _NO_TREE,
    refusals.QuotaExceeded: _text("403 FORBIDDEN", "Permission denied"),
    (refusals.QuotaExceeded, "upload_url"): _NO_SPACE,
    (refusals.FileNotKept, "upload_url"): _CRASH_PAGE,
    refusals.UploadWithoutFile: RefusalResponse(
        "400 BAD REQUEST", "text/html", lambda _: "Invalid file upload request"
    ),
    refusals.ChecksumMismatch: _text("400 BAD REQUEST", "Invalid file"),
    (refusals.ChecksumMismatch, "put_file"): _storage_error("400 BAD REQUEST", "BadDigest"),
    refusals.UploadNotSigned: _storage_error("403 FORBIDDEN", "SignatureDoesNotMatch"),
    refusals.UploadExpired: _storage_error("403 FORBIDDEN", "AccessDenied"),
    refusals.FileNotStored: _storage_error("404 NOT FOUND", "NoSuchKey"),
    refusals.StorageMethodNotAllowed: _storage_error("403 FORBIDDEN", "AccessDenied"),
    refusals.RangeNotSatisfiable: _storage_error("416 RANGE NOT SATISFIABLE", "InvalidRange"),
    # As an object store that cannot write; a chef may try again.
    refusals.StorageUnwritable: _CRASH,
    (refusals.StorageUnwritable, "put_file"): _storage_error("503 SERVICE UNAVAILABLE", "ServiceUnavailable"),
    refusals.ChannelNotMatched: RefusalResponse(
        "404 NOT FOUND", "text/html", lambda refusal: f"No channel matching {escape(refusal.identifier)} found"
    ),
    refusals.ChannelNameUnknown: RefusalResponse(
        "404 NOT FOUND", "text/html", lambda refusal: f"Channel with id {escape(refusal.identifier)} not found"
    ),
    refusals.ApiVersionUnknown: RefusalResponse("404 NOT FOUND", "text/html", lambda _: "API version is unavailable"),
    refusals.CallerNotLocal: _page("403 FORBIDDEN"),
    # A fault's status takes the place of these.
    refusals.Faulted: _CRASH,
    (refusals.Faulted, "put_file"): _storage_error("500 INTERNAL SERVER ERROR", "InternalError"),
    (refusals.Faulted, "storage_file"): _storage_error("500 INTERNAL SERVER ERROR", "InternalError"),
    refusals.ProxyFaulted: RefusalResponse(
        "502 BAD GATEWAY", "text/html", lambda refusal: proxy_pages.page(refusal.status)
    ),
}


DEPLOYED = Dialect(
    name="deployed",
    answers=_DEPLOYED_ANSWERS,
    strictness=Strictness(every_key=True, stored_files=True, coerce=True, links_once=True),
    thresholds=versions.DEPLOYED,
    integer_ids=False,
    honours_stage=False,  # finish_channel never reads it
    keeps_refused_channels=True,  # recording create/name-201: the channel is there, without a chef tree
    verifies_uploads=False,  # an object store checks only the Content-MD5 that it is sent
    publishes_strictly=True,
    reads_any_type=False,
    headers={
        "Vary": "Accept-Language, Cookie",
        "Content-Language": "en",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    },
)

DIALECTS = {dialect.name: dialect for dialect in (DOCUMENTED, DEPLOYED)}
