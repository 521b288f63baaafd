"""One HTTP/1.x answer on its way out: framing, keep-alive, and the WSGI side of writing it."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from fake_studio.http_server.connection import ClientConnection, RequestError
from fake_studio.http_server.request import Body, RequestHead, tokens

if TYPE_CHECKING:
    from _typeshed import OptExcInfo

BLOCK_SIZE = 256 * 1024

_STATUS = re.compile(r"[1-9][0-9][0-9]( [^\r\n\0]*)?")
_LINE_BREAKER = re.compile(r"[\r\n\0]")
_UNREADABLE = RequestHead("GET", "/", "HTTP/1.0", {})


class FileWrapper:
    """``wsgi.file_wrapper``: the rest of a binary file, block by block.

    ``block_size`` is a wish in bytes; the usual 8 KiB would be several times slower than 256 KiB.
    """

    def __init__(self, file: IO[bytes], block_size: int = BLOCK_SIZE) -> None:
        self._file = file
        self._block_size = max(block_size, BLOCK_SIZE)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self._file.read(self._block_size)
        if not block:
            raise StopIteration
        return block

    # Werkzeug answers range requests by seeking in the wrapper.
    def seekable(self) -> bool:
        """Whether the file can be read from anywhere."""
        return hasattr(self._file, "seekable") and self._file.seekable()

    def seek(self, *position: int) -> int:
        """Move to a position in bytes, as ``seek`` of a file does."""
        return self._file.seek(*position)

    def tell(self) -> int:
        """The position in bytes."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        if hasattr(self._file, "close"):
            self._file.close()


class Response:
    """The answer to ``head``; ``keep`` says, once it has begun, whether another request may follow."""

    def __init__(self, client: ClientConnection, head: RequestHead, body: Body) -> None:
        self.keep = head.keep_alive
        self.begun = False
        self._client = client
        self._head = head
        self._body = body
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._left: int | None = None
        self._chunked = False

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
    ) -> Callable[[bytes], None]:
        """WSGI's start_response. Raises ValueError for what would garble the answer."""
        if exc_info and exc_info[1] and self.begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if self._status and not exc_info:
            raise RuntimeError("The app called start_response twice")
        _check(status, headers)
        self._status, self._headers = status, list(headers)
        return self.write

    def write(self, data: bytes) -> None:
        """Send a piece of the body, with the head in front of the first. Raises Disconnected."""
        if data and not self.over:
            self._send(data)

    def write_whole(self, data: bytes) -> None:
        """Send a body that is complete, so that its length can be told. Raises Disconnected."""
        if self.begun:
            self.write(data)
            return
        if data or not self._bodiless:
            self._default("Content-Length", str(len(data)))
        if not self.over:
            self._send(data)

    def _send(self, data: bytes) -> None:
        parts = self._head_once(), *self._frame(data)
        self._client.send(*parts, is_last=self._bodiless or self._left == 0)

    def finish(self) -> None:
        """Mark the end of the body. Raises Disconnected."""
        if not self.begun:
            self.write_whole(b"")
        if self._chunked and not self.over:
            self._client.send(b"0\r\n\r\n", is_last=True)
        if self._left:
            # The app promised more than it gave; only the end of the connection can tell the client.
            self.keep = False

    def replace(self, status: str, text: str) -> None:
        """Answer with a short text instead; an answer that has begun is broken off."""
        if self.begun:
            self.keep = False
            return
        self._status, self._headers = status, [("Content-Type", "text/plain; charset=utf-8")]
        self.write_whole(text.encode())

    @property
    def over(self) -> bool:
        """Whether nothing more may be sent."""
        return self._client.hijacked or (self.begun and self._bodiless)

    @property
    def _bodiless(self) -> bool:
        return self._head.method == "HEAD" or self._status[0] == "1" or self._status[:3] in ("204", "304")

    def _frame(self, data: bytes) -> tuple[bytes, ...]:
        if self.over:
            return ()
        if self._chunked:
            return b"%x\r\n" % len(data), data, b"\r\n"
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        return (data,)

    def _head_once(self) -> bytes:
        if self.begun:
            return b""
        if not self._status:
            raise RuntimeError("The app did not call start_response")
        self._choose_framing()
        self._announce_end()
        self._default("Date", email.utils.formatdate(usegmt=True))
        self._default("Server", "fake_studio")
        self.begun = True
        lines = [f"HTTP/1.1 {self._status}", *map(": ".join, self._headers), "\r\n"]
        return "\r\n".join(lines).encode("latin-1")

    def _choose_framing(self) -> None:
        length = self._header("content-length")
        if self._status[:3] in ("204", "304"):
            self._headers = [pair for pair in self._headers if pair[0].lower() != "content-length"]
        if self._bodiless:
            return
        if length is not None:
            self._left = int(length)
        elif self._head.version == "HTTP/1.1":
            self._chunked = True
            self._headers.append(("Transfer-Encoding", "chunked"))
        else:
            self.keep = False

    def _announce_end(self) -> None:
        unread = not (self._body.ended or self._body.should_drain)
        if unread or self._client.failure or "close" in tokens(self._header("connection") or ""):
            self.keep = False
        if not self.keep:
            self._default("Connection", "close")
        elif self._head.version == "HTTP/1.0":
            self._default("Connection", "keep-alive")

    def _header(self, sought: str) -> str | None:
        return next((value for name, value in self._headers if name.lower() == sought), None)

    def _default(self, name: str, value: str) -> None:
        if self._header(name.lower()) is None:
            self._headers.append((name, value))


def _check(status: str, headers: list[tuple[str, str]]) -> None:
    if not _STATUS.fullmatch(status):
        raise ValueError(f"Not a status line: {status!r}")
    for name, value in headers:
        if _LINE_BREAKER.search(name + value) or name.lower() == "transfer-encoding":
            raise ValueError(f"A header that an app may not send: {name!r}: {value!r}")
    # Better here, where the app's own code shows in the traceback, than when the head is sent.
    "".join([status, *map("".join, headers)]).encode("latin-1")


def refuse(client: ClientConnection, error: RequestError) -> None:
    """Answer a request whose head could not be read. Raises Disconnected."""
    response = Response(client, _UNREADABLE, Body(client, _UNREADABLE))
    response.replace(error.status, str(error))
