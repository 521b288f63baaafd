"""A client that costs next to nothing: ready bytes out, the answer's bytes in, one connection."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_HEAD_END = b"\r\n\r\n"


def request_bytes(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole request, as it goes over the wire."""
    told = {"Host": "127.0.0.1", "Accept": "*/*", "Content-Length": str(len(body)), **(headers or {})}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "\r\n"]
    return "\r\n".join(lines).encode() + body


class Client:
    """One kept-alive connection to a server at a URL."""

    def __init__(self, url: str, token: str = "") -> None:
        place = urlsplit(url)
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        self._socket = socket.create_connection((place.hostname, place.port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes, *, bodiless: bool = False) -> tuple[int, bytes]:
        """Status and body of the answer; ``bodiless`` for HEAD."""
        self._socket.sendall(request)
        return self.answer(bodiless=bodiless)

    def put(self, target: str, content: bytes) -> None:
        """Upload, without a copy of the content."""
        self._socket.sendall(request_bytes("PUT", target, headers={"Content-Length": str(len(content))}))
        self._socket.sendall(content)
        status, answer = self.answer()
        assert status == 200, (target, status, answer)

    def answer(self, *, bodiless: bool = False) -> tuple[int, bytes]:
        """The next answer."""
        answer = b""
        while _HEAD_END not in answer:
            answer += self._piece()
        head, _, body = answer.partition(_HEAD_END)
        length = 0 if bodiless else _length(head)
        while len(body) < length:
            body += self._piece()
        return int(head[9:12]), body

    def _piece(self) -> bytes:
        piece = self._socket.recv(256 * 1024)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece

    def post(self, path: str, data: Any) -> Any:
        """The JSON that a POST of JSON is answered with."""
        body = json.dumps(data).encode()
        headers = {**self.headers, "Content-Type": "application/json"}
        status, answer = self.send(request_bytes("POST", path, body, headers))
        assert status == 200, (path, status, answer)
        return json.loads(answer)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
