"""Why Studio says no: one class per kind of refusal, each carrying its cause.

A refusal knows what was wrong, where, and what would be right, and no status code: ``web.dialects`` has those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fake_studio.core.labels import name_values
from fake_studio.core.node_location import NodeLocation, digits_of, plain


class Refusal(Exception):
    """Something that a client asked for and does not get.

    ``field`` is the path of the offending value inside its node or body, ``allowed`` the values that would be right,
    ``place`` the node that it concerns.
    """

    def __init__(self, message: str, *, field: str | None = None, allowed: Sequence[str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.allowed = list(allowed) if allowed is not None else None
        self.place: NodeLocation | None = None

    def __str__(self) -> str:
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        where = [str(self.place)] if self.place else []
        where += [self.field] if self.field else []
        yield f"{', '.join(where)}: {self.message}" if where else self.message
        if self.allowed is not None:
            yield f"Allowed: {name_values(self.allowed) or 'nothing'}."

    def cause(self) -> dict[str, Any]:
        """The whole cause as JSON-ready data: kind, message, field, allowed, index, node_id, title."""
        place = self.place
        return {
            "kind": type(self).__name__,
            "message": self.message,
            "field": self.field,
            "allowed": self.allowed,
            "index": place.index if place else None,
            "node_id": plain(place.node_id) if place else None,
            "title": plain(place.title) if place else None,
        }


class NotAuthenticated(Refusal):
    """No user could be made out from the Authorization header."""


class TokenMissing(NotAuthenticated):
    """There is no ``Authorization: Token ...`` header."""


class TokenMalformed(NotAuthenticated):
    """The header's scheme is Token, but what follows is not a token. ``reason`` says how it is malformed."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The Authorization header must read 'Token' and one token: {reason}", field="Authorization")
        self.reason = reason


class TokenUnknown(NotAuthenticated):
    """The token does not exist."""


class UserInactive(NotAuthenticated):
    """The token's user is not active."""


class MethodNotAllowed(Refusal):
    """The endpoint exists, but not with this method."""

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        super().__init__(f"This endpoint does not answer {method}.", allowed=allowed)
        self.method = method


class PathUnknown(Refusal):
    """There is no endpoint at this path."""


class NotAcceptable(Refusal):
    """The Accept header allows no format that the endpoint has."""


class MediaTypeUnsupported(Refusal):
    """The body's Content-Type is not supported."""

    def __init__(self, media_type: str) -> None:
        super().__init__(f"A body of type {media_type!r} cannot be read here.", allowed=READABLE_TYPES)
        self.media_type = media_type


READABLE_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


class BodyUnreadable(Refusal):
    """The body is not JSON (or not the form that it claims to be). ``detail`` is the parser's own message."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"The body is not valid JSON: {detail}.")
        self.detail = detail


class BodyTooDeep(BodyUnreadable):
    """The body nests deeper than Python's parser goes."""


class FormUnreadable(BodyUnreadable):
    """The body is not the form that its Content-Type promises."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.message = f"The body is not a valid form: {detail}."


class AnswerNotJson(Refusal):
    """The request was carried out, and its answer cannot be written as JSON."""


class FormatUnknown(Refusal):
    """The query asks for a format that does not exist."""


class BodyTooLarge(Refusal):
    """The body is larger than this endpoint reads."""


class BodyMisshapen(Refusal):
    """The body is JSON with the wrong structure."""


class KeyMissing(Refusal):
    """A required key is missing from the body."""

    def __init__(self, key: str) -> None:
        super().__init__("is required, and the body has no such key.", field=key)
        self.key = key


class ValueUnusable(Refusal):
    """A value has a type or content that cannot be looked up or stored."""


class FieldsInvalid(Refusal):
    """One or more fields failed their check. ``errors`` maps a field to its messages."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in errors.items()))
        self.errors = {name: list(texts) for name, texts in errors.items()}


class VersionNotComparable(Refusal):
    """The ricecooker version cannot be compared with those that Studio knows."""


class ChannelNotFound(Refusal):
    """The channel does not exist."""


# Clients get the same answer as for a channel that there is not, as at Studio; only the journal tells the two apart.
class NotEditor(Refusal):
    """The channel exists, and the user may not edit it."""


class ParentNotFound(Refusal):
    """The node of root_id does not exist."""


class ChannelNotStorable(Refusal):
    """The channel's data exceeds a limit of Studio's database."""


# The next two are a 400 and a 500 of the deployed Studio: what it checks itself, and what its database stops at.
class NodeInvalid(Refusal):
    """A node breaks a rule that Studio checks."""


class NodeNotStorable(Refusal):
    """A node makes Studio fail without a message of its own."""


class NodeNotFound(Refusal):
    """The tree does not have the node."""


class RequestNotFound(Refusal):
    """The journal has no request of this number."""


class TreeUnknown(Refusal):
    """The channel has no tree of this name."""


class NothingToFinish(Refusal):
    """finish_channel without a chef tree: none was created since the last finish."""


class NothingPublished(Refusal):
    """The channel was never published."""


class ChannelNotMatched(Refusal):
    """No published channel has this id or token."""

    def __init__(self, identifier: str, what: str = "published channel has the id or token") -> None:
        super().__init__(f"No {what} {identifier!r:.80}.")
        self.identifier = identifier


class ChannelNameUnknown(ChannelNotMatched):
    """No channel has this id, published or not."""


class ApiVersionUnknown(Refusal):
    """The public API does not have this version."""


class NothingStaged(Refusal):
    """There is no staging tree to deploy."""


class QuotaExceeded(Refusal):
    """The user's disk space is exceeded."""

    def __init__(self, needed: float, available: float) -> None:
        sizes = f"{digits_of(needed)} bytes are needed and {digits_of(available)} are left"
        super().__init__(f"Not enough storage: {sizes} of the user's disk space.")


class UploadWithoutFile(Refusal):
    """The form carries no part named ``file``."""


class FileNameInvalid(Refusal):
    """The uploaded file is not named ``<checksum>.<extension>``."""


class ChecksumMismatch(Refusal):
    """The bytes do not match the declared checksum."""


class FileNotKept(Refusal):
    """The declared file exceeds a limit of Studio's database."""


class UploadNotSigned(Refusal):
    """The upload URL was not made by this Studio, or was changed."""


class UploadExpired(Refusal):
    """The upload URL has expired: it lasts ten minutes."""


class FileNotStored(Refusal):
    """The file is not in storage."""


class StorageUnwritable(Refusal):
    """The disk does not take the bytes: it is full, read-only, or its folder is gone."""


class RangeNotSatisfiable(Refusal):
    """The part of a stored file that is asked for lies behind its end."""


class StorageMethodNotAllowed(Refusal):
    """Storage answers GET, HEAD and OPTIONS only."""


class CallerNotLocal(Refusal):
    """Control routes serve this machine only, and no page of another origin."""


class FaultInvalid(Refusal):
    """A fault is not valid."""


class FaultNotFound(Refusal):
    """There is no fault of this number."""


class Faulted(Refusal):
    """A fault answered in place of Studio: nothing was wrong with the request."""


class ProxyFaulted(Faulted):
    """A fault answered in place of the proxy before Studio. ``status`` is the one that it was given."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
