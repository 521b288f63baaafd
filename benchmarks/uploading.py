"""PUT of a large file, beside md5 alone and beside the host's bare sink; and what uploads leave in memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from benchmarks.client import Client
from benchmarks.measuring import MIB, Row, alternated, memory, timed
from benchmarks.servers import TOKEN, Server, running
from benchmarks.sizes import Sizes


def rows(sizes: Sizes) -> Iterator[Row]:
    """The time of one PUT, and the memory after many."""
    content = os.urandom(sizes.upload)
    with running("ours") as ours, running("sink") as sink:
        actions = {
            "ours": lambda: _put(ours, _target(ours, content), content),
            "sink": lambda: _put(sink, "/", content),
            "md5": lambda: timed(lambda: hashlib.md5(content).hexdigest()),
        }
        found = {name: seconds * 1e3 for name, seconds in alternated(actions, sizes.rounds).items()}
        measure = f"PUT of {len(content) / MIB:g} MiB"
        yield Row("uploads", measure, found["ours"], "ms", "the host's sink with md5", found["sink"], 1.15)
        yield Row("uploads", measure, found["ours"], "ms", "md5 alone", found["md5"])
        yield _memory(ours, sizes)


def _memory(ours: Server, sizes: Sizes) -> Row:
    before = memory(ours.process)
    for _ in range(sizes.uploads):
        content = os.urandom(sizes.upload)
        _put(ours, _target(ours, content), content)
    more = (memory(ours.process) - before) / MIB
    measure = f"memory that {sizes.uploads * sizes.upload / MIB / 1024:.2g} GiB of uploads take"
    return Row("uploads", measure, more, "MiB", aim=2)


def _target(ours: Server, content: bytes) -> str:
    """Where this content may be put."""
    client = Client(ours.url, TOKEN)
    told = {"size": len(content), "checksum": hashlib.md5(content).hexdigest(), "name": "book.pdf"}
    answer = client.post("/api/file/upload_url", {**told, "file_format": "pdf", "preset": "document", "duration": None})
    client.close()
    url = urlsplit(answer["uploadURL"])
    return f"{url.path}?{url.query}"


def _put(server: Server, target: str, content: bytes) -> float:
    client = Client(server.url)
    taken = timed(lambda: client.put(target, content))
    client.close()
    return taken
