"""One TCP connection: bytes in, bytes out, how long to wait and how to part."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

READ_SIZE = 64 * 1024
ONE_WRITE = 64 * 1024
LARGE_WRITE = 256 * 1024  # bytes that a client must take within its time, so that a large answer may take longer
GRACE = 0.05  # seconds that a client may lag behind before it makes way for others

_Argument = TypeVar("_Argument")
_Received = TypeVar("_Received")


@dataclass(frozen=True)
class Timeouts:
    """How long a connection may take, in seconds.

    ``idle``: until the next request begins. ``head``: for all of a request's line and headers.
    ``body``: between two pieces of a body, in either direction, and for a whole one that arrives, which has a second
    more for every ``body_rate`` bytes that came. ``drain``: for input that nobody reads.
    """

    idle: float = 75.0
    head: float = 20.0
    body: float = 60.0
    drain: float = 2.0
    body_rate: int = 1024


class RequestError(OSError):
    """A request that breaks HTTP; ``status`` is what to answer, such as "400 Bad Request"."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = f"{status.value} {status.phrase}"


class Disconnected(OSError):
    """The client went away."""


def _pieces(parts: tuple[bytes, ...]) -> Iterator[memoryview]:
    for part in parts:
        view = memoryview(part)
        yield from (view[start : start + LARGE_WRITE] for start in range(0, len(view), LARGE_WRITE))


class ClientConnection:
    """A client's connection, read through a buffer.

    ``failure`` is the error that made it unusable; ``hijacked`` says that a route took it over. ``idle_since`` is when
    (``time.monotonic``) the client was given the word; None while it is our turn. For one in the middle of a body it
    is a moment to come, unless it is slower than it may be when others wait for its place, and likewise in a head.
    After an answer it is the client's turn from the moment that the last byte is sent, not only when our thread is
    back at waiting.
    """

    def __init__(self, sock: socket.socket, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        self.failure: OSError | None = None
        self.hijacked = False
        self.idle_since: float | None = time.monotonic()
        self.is_closed = False
        self._sending_until = 0.0
        self._reset = False
        self._sock = sock
        self._buffer = bytearray()

    def prepare(self) -> None:
        """Let small answers leave at once. Raises OSError when the client has gone already."""
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fail(self, error: OSError) -> OSError:
        """Remember ``error`` as the failure and give it back, to be raised."""
        self.failure = error
        return error

    def raise_failure(self) -> None:
        """Raise the failure, if there is one."""
        if self.failure is not None:
            raise self.failure

    def wait_for_request(self) -> bool:
        """Wait for the first byte of a request; False when none comes. Raises Disconnected."""
        now = time.monotonic()
        # Since the last byte of the answer, where there was one: on a busy machine this thread may come much later.
        self.idle_since = now if self.idle_since is None else self.idle_since
        deadline = now + self.timeouts.idle
        try:
            # RFC 9112, 2.2: some clients send a line break too many after a body.
            while not self._drop_line_breaks():
                if not self._receive(self._peek, 1, deadline - time.monotonic()):
                    return False
                # Before it is read: what nobody has read, and what somebody does read, is no silence.
                self.idle_since = time.monotonic() + GRACE
                self._fill(deadline - time.monotonic())
        except RequestError:
            return False
        self.idle_since = time.monotonic() + GRACE
        return True

    def _peek(self, size: int) -> bytes:
        return self._sock.recv(size, socket.MSG_PEEK)

    def _drop_line_breaks(self) -> bool:
        while self._buffer.startswith((b"\r\n", b"\n")):
            del self._buffer[: self._buffer.index(b"\n") + 1]
        return bool(self._buffer) and self._buffer != b"\r"

    def holds_input(self) -> bool:
        """Whether bytes have arrived that nobody has read."""
        return bool(self._buffer)

    def starts_with(self, prefix: bytes) -> bool:
        """Whether the bytes that have arrived start with ``prefix``."""
        return self._buffer.startswith(prefix)

    def read_line(self, limit: int, patience: float) -> bytes | None:
        """The next line without its LF, or None when it is longer than ``limit`` bytes.

        ``patience`` is how many seconds the whole line may take. Raises RequestError or Disconnected.
        """
        deadline = time.monotonic() + patience
        while (end := self._buffer.find(b"\n")) < 0 and len(self._buffer) <= limit:
            self._check_not_over(self._fill(deadline - time.monotonic()))
        return self._take(end + 1)[:-1] if 0 <= end <= limit else None

    def read_into(self, target: memoryview, patience: float) -> int:
        """Fill ``target`` with what is there, waiting up to ``patience`` seconds; returns how many bytes.

        Raises RequestError when nothing comes, Disconnected when the client went away.
        """
        if not self._buffer:
            return self._check_not_over(self._receive(self._sock.recv_into, target, patience))
        taken = self._take(len(target))
        target[: len(taken)] = taken
        return len(taken)

    def _check_not_over(self, size: int) -> int:
        if not size:
            message = "The connection was closed in the middle of the request"
            raise self.fail(RequestError(HTTPStatus.BAD_REQUEST, message))
        return size

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _fill(self, patience: float) -> int:
        piece = self._receive(self._sock.recv, READ_SIZE, patience)
        self._buffer += piece
        return len(piece)

    def _receive(self, receive: Callable[[_Argument], _Received], argument: _Argument, patience: float) -> _Received:
        try:
            if patience <= 0:
                raise socket.timeout
            self._sock.settimeout(patience)
            return receive(argument)
        except socket.timeout as error:
            message = "The request did not arrive in time"
            raise self.fail(RequestError(HTTPStatus.REQUEST_TIMEOUT, message)) from error
        except OSError as error:
            raise self.fail(Disconnected(str(error))) from error

    def send(self, *parts: bytes, is_last: bool = False) -> None:
        """Send ``parts``, small ones in a single write; after the last ones it is the client's turn.

        Raises Disconnected.
        """
        together = sum(map(len, parts)) <= ONE_WRITE
        try:
            self._sock.settimeout(self.timeouts.body)
            for piece in (b"".join(parts),) if together else _pieces(parts):
                # A client that does not read keeps silent too.
                now = time.monotonic()
                self._sending_until = now + GRACE
                self.idle_since = now + (0 if together and is_last else GRACE)
                self._sock.sendall(piece)
        except OSError as error:
            raise self.fail(Disconnected(str(error))) from error
        finally:
            self._sending_until = 0.0
            if not is_last:
                self.idle_since = None

    @property
    def is_sending(self) -> bool:
        """Whether a part of an answer is on its way to the client, and not only because the client does not read."""
        return time.monotonic() < self._sending_until

    def has_unread_input(self) -> bool:
        """Whether the client has said something that its thread has not come to read yet."""
        try:
            with selectors.SelectSelector() if sys.platform == "win32" else selectors.PollSelector() as selector:
                selector.register(self._sock, selectors.EVENT_READ)
                return bool(selector.select(0))
        except (OSError, ValueError):  # closed meanwhile
            return False

    def end_output(self) -> None:
        """Tell the client that nothing more will come."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def shutdown(self) -> None:
        """End all reading and writing, also that of another thread."""
        self.idle_since = None
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def reset_on_close(self) -> None:
        """Make ``close`` send a TCP reset."""
        self._reset = True
        layout = "hh" if os.name == "nt" else "ii"
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))

    def linger_close(self) -> None:
        """End the conversation so that the client can still read the last answer.

        Closing with unread input would reset the connection and take the answer with it.
        """
        if self._reset:
            return
        self.end_output()
        deadline = time.monotonic() + self.timeouts.drain
        with contextlib.suppress(OSError):
            while self._fill(deadline - time.monotonic()):
                self._buffer.clear()

    def close(self) -> None:
        """Give the socket back."""
        self.idle_since, self.is_closed = None, True
        self._sock.close()
