"""Answers that carry a file: whole, a part of it, or the word that the client has it (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import BinaryIO, NamedTuple

from flask import Response, after_this_request, request
from werkzeug.http import quote_etag

from fake_studio.core.refusals import RangeNotSatisfiable

_BLOCK = 256 * 1024  # bytes
# One range; a list of several matches not, and then the whole file is sent, as object stores do.
_RANGE = re.compile(r"bytes=([0-9]{0,100})-([0-9]{0,100})", re.IGNORECASE)


class Part(NamedTuple):
    """From byte ``start`` up to and without byte ``stop``."""

    start: int
    stop: int


def file_answer(
    file: BinaryIO,
    size: int,
    media_type: str,
    etag: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> Response:
    """What a GET or HEAD of a file of ``size`` bytes gets; ``etag`` changes whenever the bytes do. Closes the file.

    Raises RangeNotSatisfiable.
    """
    lines = [("ETag", quote_etag(etag)), *headers] if etag is not None else [*headers]
    try:
        if etag is not None and "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(etag):
            file.close()
            return Response(status=HTTPStatus.NOT_MODIFIED, headers=lines)
        part = _part_asked_for(size, etag)
    except BaseException:
        file.close()
        raise
    status = HTTPStatus.OK
    if part is not None:
        status = HTTPStatus.PARTIAL_CONTENT
        lines.append(("Content-Range", f"bytes {part.start}-{part.stop - 1}/{size}"))
    part = part or Part(0, size)
    lines += [("Accept-Ranges", "bytes"), ("Content-Length", str(part.stop - part.start))]
    return Response(_FilePart(file, part), status, lines, mimetype=media_type, direct_passthrough=True)


def _part_asked_for(size: int, etag: str | None) -> Part | None:
    """The part, or None for the whole: also where the range makes no sense, or is one of another version."""
    asked = request.headers.get("Range")
    match = _RANGE.fullmatch(asked.strip()) if asked else None
    version = request.headers.get("If-Range") if asked else None
    if not match or request.method != "GET" or (version is not None and version != f'"{etag}"'):
        return None
    first, last = match.groups()
    if not first:
        return _last_bytes(int(last), size) if last else None
    if last and int(last) < int(first):
        return None
    return _check_start(Part(int(first), min(int(last) + 1, size) if last else size), size)


def _last_bytes(count: int, size: int) -> Part:
    return _check_start(Part(max(size - count, 0) if count else size, size), size)


def _check_start(part: Part, size: int) -> Part:
    if part.start < size:
        return part

    def tell_size(answer: Response) -> Response:
        answer.headers["Content-Range"] = f"bytes */{size}"
        return answer

    after_this_request(tell_size)
    raise RangeNotSatisfiable(f"The file has {size} bytes, and the range begins behind them.", field="Range")


class _FilePart:
    """Some of a file's bytes, block by block."""

    def __init__(self, file: BinaryIO, part: Part) -> None:
        self._file = file
        self._left = part.stop - part.start
        if part.start:
            file.seek(part.start)

    def __iter__(self) -> _FilePart:
        return self

    def __next__(self) -> bytes:
        block = self._file.read(min(self._left, _BLOCK)) if self._left else b""
        if not block:
            raise StopIteration
        self._left -= len(block)
        return block

    def close(self) -> None:
        """Close the file."""
        self._file.close()
