"""HTTP/1.x requests as they arrive on a client: the head, parsed strictly, and the body, as a stream."""

from __future__ import annotations

import contextlib
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fake_studio.http_server.connection import GRACE, READ_SIZE, ClientConnection, RequestError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_HEAD_BYTES = 64 * 1024
MAX_HEADERS = 100
MAX_CHUNK_LINE_BYTES = 4096
DRAIN_LIMIT = 1024 * 1024

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_REQUEST_LINE = re.compile(rf"({_NAME.pattern}) ([!-~\x80-\xff]+) HTTP/([0-9])\.([0-9])")
_LOWER_CASE = re.compile(r"[a-z]")
_SCHEME_AND_HOST = re.compile(r"https?://([^/?#@]+)(?=[/?]|$)", re.IGNORECASE)
_FORBIDDEN_IN_VALUE = re.compile(r"[\r\n\0]")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")
_TLS_HANDSHAKE = b"\x16\x03"


@dataclass(frozen=True)
class RequestHead:
    """A request's line and headers: names in lower case, repeated ones joined, text decoded as latin-1."""

    method: str
    target: str
    version: str
    headers: dict[str, str]

    @property
    def keep_alive(self) -> bool:
        """Whether the client wants the connection to stay open."""
        wishes = tokens(self.headers.get("connection", ""))
        return "close" not in wishes and (self.version == "HTTP/1.1" or "keep-alive" in wishes)


def tokens(value: str) -> list[str]:
    """The parts of a comma-separated header value, in lower case."""
    return [part.strip(" \t").lower() for part in value.split(",")]


def _bad(message: str) -> RequestError:
    return RequestError(HTTPStatus.BAD_REQUEST, message)


def _head_too_large() -> RequestError:
    message = f"A request may have {MAX_HEADERS} headers, {MAX_HEAD_BYTES} bytes in all"
    return RequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, message)


def read_head(client: ClientConnection) -> RequestHead | None:
    """The next request on ``client``, or None when none comes. Raises RequestError or Disconnected."""
    if not client.wait_for_request():
        return None
    if client.starts_with(_TLS_HANDSHAKE):
        raise _bad("This server speaks http, not https")
    lines = _head_lines(client)
    method, target, version = _parse_request_line(next(lines))
    head = RequestHead(method, _local_target(target), version, _parse_headers(lines))
    _check_host(head)
    absolute = _SCHEME_AND_HOST.match(target)
    if absolute:
        # RFC 9112, 3.2.2: what the target names counts, whatever the header says.
        head.headers["host"] = absolute[1]
    client.idle_since = None
    return head


def _head_lines(client: ClientConnection) -> Iterator[str]:
    deadline = time.monotonic() + client.timeouts.head
    room = MAX_HEAD_BYTES
    while line := _without_cr(client.read_line(room, deadline - time.monotonic())):
        room -= len(line)
        yield line.decode("latin-1")
    if line is None:
        raise _head_too_large()


def _without_cr(line: bytes | None) -> bytes | None:
    return line[:-1] if line and line.endswith(b"\r") else line


def _check_host(head: RequestHead) -> None:
    # RFC 9112, 3.2; two Host headers arrive here joined by a comma.
    host = head.headers.get("host")
    if (host is None and head.version == "HTTP/1.1") or "," in (host or ""):
        raise _bad("A request needs exactly one Host header")


def _parse_request_line(line: str) -> tuple[str, str, str]:
    match = _REQUEST_LINE.fullmatch(line)
    if not match:
        raise _bad("The request line is not 'METHOD /path HTTP/1.1'")
    method, target, major, minor = match.groups()
    if major != "1":
        raise RequestError(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "Only HTTP/1.0 and HTTP/1.1 are known here")
    if _LOWER_CASE.search(method):
        raise RequestError(HTTPStatus.NOT_IMPLEMENTED, "Methods are written in capitals, such as GET")
    return method, target, "HTTP/1.0" if minor == "0" else "HTTP/1.1"


def _local_target(target: str) -> str:
    absolute = _SCHEME_AND_HOST.match(target)
    local = target[absolute.end() :] if absolute else target
    if absolute and not local.startswith("/"):
        local = "/" + local
    if not local.startswith("/") and local != "*":
        raise _bad("The request target is not a path")
    return local


def _parse_headers(lines: Iterator[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for number, line in enumerate(lines):
        if number == MAX_HEADERS:
            raise _head_too_large()
        name, value = _parse_header(line)
        # In the environ X_Y would look like X-Y, which a proxy may have vouched for.
        if "_" not in name:
            headers[name] = _join_values(name, headers.get(name), value)
    return headers


def _join_values(name: str, earlier: str | None, value: str) -> str:
    separator = "; " if name == "cookie" else ","
    return value if earlier is None else earlier + separator + value


def _parse_header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not _NAME.fullmatch(name) or _FORBIDDEN_IN_VALUE.search(value):
        raise _bad("A header line is not 'Name: value'")
    return name.lower(), value.strip(" \t")


def _body_length(head: RequestHead) -> int | None:
    coding = head.headers.get("transfer-encoding")
    if coding is not None:
        _check_coding(head, coding)
        return None
    lengths = set(tokens(head.headers.get("content-length", "0")))
    length = lengths.pop()
    if lengths or not _LENGTH.fullmatch(length):
        raise _bad("Content-Length is not one whole number")
    return int(length)


def _check_coding(head: RequestHead, coding: str) -> None:
    if "content-length" in head.headers or head.version == "HTTP/1.0":
        raise _bad("Transfer-Encoding goes with neither Content-Length nor HTTP/1.0")
    if coding.lower() != "chunked":
        raise RequestError(HTTPStatus.NOT_IMPLEMENTED, "The only Transfer-Encoding known here is chunked")


class Body(io.RawIOBase):
    """The body of one request, read from ``client`` and never beyond its end.

    ``length`` is its size in bytes, 0 when there is none, None when it comes in chunks.
    Creating it raises RequestError when the head contradicts itself. Reading raises RequestError when
    the body breaks off, is malformed or does not arrive in time, Disconnected when the client went away.
    """

    def __init__(self, client: ClientConnection, head: RequestHead) -> None:
        super().__init__()
        self.length = _body_length(head)
        self._client = client
        self._patience = client.timeouts.body
        self._received = 0
        self._waited = 0.0
        self._left = self.length or 0
        self._more_chunks = self.length is None
        expected = head.headers.get("expect", "").lower()
        self._continue_due = head.version == "HTTP/1.1" and expected == "100-continue"

    def readable(self) -> bool:
        """Always True."""
        return True

    def readinto(self, target: WriteableBuffer) -> int:
        """Put the next bytes into ``target``; returns how many, 0 at the end."""
        self._client.raise_failure()
        if self.ended:
            return 0
        self._say_continue()
        if not self._left:
            self._start_chunk()
        return self._read_piece(memoryview(target).cast("B")) if self._left else 0

    @property
    def ended(self) -> bool:
        """Whether all of it has been read."""
        return not self._left and not self._more_chunks

    @property
    def should_drain(self) -> bool:
        """Whether reading the rest is cheaper than a new connection: it is short and on its way."""
        return self._left <= DRAIN_LIMIT and not self._continue_due

    def _say_continue(self) -> None:
        if self._continue_due and not self._client.holds_input():
            self._client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._continue_due = False

    def _read_piece(self, target: memoryview) -> int:
        with self._waiting() as patience:
            count = self._client.read_into(target[: self._left], patience)
        self._received += count
        self._left -= count
        if self._more_chunks and not self._left:
            self._end_chunk()
        return count

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[float]:
        """How long (seconds) to wait for the next piece: a client that sends a byte now and then ends as a silent one.

        Only the time that is spent waiting for the client counts.
        """
        spare = self._received / self._client.timeouts.body_rate - self._waited
        began = time.monotonic()
        self._client.idle_since = began + spare + GRACE
        try:
            yield min(self._patience, self._patience + spare)
        finally:
            self._client.idle_since = None
            self._waited += time.monotonic() - began

    def _start_chunk(self) -> None:
        size = self._line().partition(b";")[0].rstrip(b" \t")
        if not _CHUNK_SIZE.fullmatch(size):
            raise self._client.fail(_bad("A chunk of the body does not start with its size"))
        self._left = int(size, 16)
        if not self._left:
            self._skip_trailers()

    def _end_chunk(self) -> None:
        if self._line():
            raise self._client.fail(_bad("A chunk of the body is longer than its size"))

    def _skip_trailers(self) -> None:
        for _ in range(MAX_HEADERS):
            line = self._line()
            if not line:
                self._more_chunks = False
                return
            self._check_trailer(line)
        raise self._client.fail(_bad("The body has too many trailers"))

    def _check_trailer(self, line: bytes) -> None:
        try:
            _parse_header(line.decode("latin-1"))
        except RequestError as error:
            raise self._client.fail(error) from None

    def _line(self) -> bytes:
        with self._waiting() as patience:
            line = self._client.read_line(MAX_CHUNK_LINE_BYTES, patience)
        # RFC 9112, 7.1: only CRLF ends these lines; who takes less here may be made to see two requests in one.
        if not line or line.find(b"\r") != len(line) - 1:
            raise self._client.fail(_bad("A chunk of the body does not start and end with a short line"))
        return line[:-1]

    def drain(self) -> bool:
        """Read what the app left over, within limits; returns whether the next request can follow."""
        if self.ended or not self.should_drain:
            return self.ended
        self._patience = self._client.timeouts.drain
        deadline = time.monotonic() + self._patience
        allowed, scratch = DRAIN_LIMIT, bytearray(READ_SIZE)
        with contextlib.suppress(OSError):
            while not self.ended and allowed > 0 and time.monotonic() < deadline:
                allowed -= self.readinto(scratch)
        return self.ended
