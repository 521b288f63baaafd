"""Requests per second: ours beside a bare Flask view that parses and answers the same bytes on the same host."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from benchmarks.client import Client, request_bytes
from benchmarks.documents import add_nodes_body, channel_data, chunk, pdf
from benchmarks.measuring import Row, alternated, cpu_time
from benchmarks.servers import TOKEN, Server, running
from benchmarks.sizes import Sizes

THREADS = 5  # as many as ricecooker has
_JSON = {"Content-Type": "application/json", "Authorization": f"Token {TOKEN}"}
_AIMS = {"authenticate": 1.5, "add_nodes of 10 documents": 1.8, "upload_url": 1.5, "HEAD of storage": 1.5}


@dataclass
class Kind:
    """Requests of one kind: as many different ones as are asked for, endlessly."""

    name: str
    requests: Iterator[bytes]
    method: str = "POST"


def rows(sizes: Sizes) -> Iterator[Row]:
    """Each kind of request, sequentially and from five threads, and what one costs the server's process."""
    with running("ours") as ours, running("bare") as bare:
        for kind in _kinds(ours):
            _teach(bare, kind, ours)
            yield from _beside(kind, {"ours": ours, "bare": bare}, sizes)


def _beside(kind: Kind, servers: dict[str, Server], sizes: Sizes) -> Iterator[Row]:
    aim = _AIMS.get(kind.name)
    for threads in (1, THREADS):
        before = {name: cpu_time(server.process) for name, server in servers.items()}
        found = _rates(kind, servers, threads, sizes)
        cpu = {name: cpu_time(server.process) - before[name] for name, server in servers.items()}
        name = f"{kind.name}, {threads} thread{'s' * (threads > 1)}"
        limit = aim if threads == 1 else None
        yield Row("requests", name, found["ours"], "requests/s", "bare view", found["bare"], limit)
        each = {server: seconds / (sizes.requests * sizes.rounds) * 1e6 for server, seconds in cpu.items()}
        if threads == 1 and all(each.values()):
            yield Row("requests", f"{kind.name}: CPU time", each["ours"], "µs", "bare view", each["bare"], aim)


def _rates(kind: Kind, servers: dict[str, Server], threads: int, sizes: Sizes) -> dict[str, float]:
    def rate(server: Server) -> float:
        asked = list(itertools.islice(kind.requests, sizes.requests))
        return len(asked) / _seconds(server, asked, threads, kind.method == "HEAD")

    return alternated({name: partial(rate, server) for name, server in servers.items()}, sizes.rounds)


def _seconds(server: Server, asked: list[bytes], threads: int, bodiless: bool) -> float:
    """How long the requests take, each thread with a connection of its own, open before the clock starts."""
    clients = [Client(server.url) for _ in range(threads)]

    def work(number: int) -> None:
        for request in asked[number::threads]:
            status, answer = clients[number].send(request, bodiless=bodiless)
            assert status == 200, answer

    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(work, range(threads)))
        taken = time.perf_counter() - began
    for client in clients:
        client.close()
    return taken


def _kinds(ours: Server) -> list[Kind]:
    client = Client(ours.url, TOKEN)
    path = _store(client, pdf(0))
    root = client.post("/api/internal/create_channel", {"channel_data": channel_data()})["root"]
    client.close()
    return [
        Kind(
            "authenticate", itertools.repeat(request_bytes("POST", _internal("authenticate_user_internal"), b"", _JSON))
        ),
        Kind("add_nodes of 10 documents", _add_nodes(root)),
        Kind("upload_url", (_upload_url(f"{number}".encode()) for number in itertools.count())),
        Kind("HEAD of storage", itertools.repeat(request_bytes("HEAD", path)), "HEAD"),
    ]


def _internal(endpoint: str) -> str:
    return f"/api/internal/{endpoint}"


def _store(client: Client, content: bytes) -> str:
    """Upload a file; returns the path of what is stored."""
    status, answer = client.send(_upload_url(content))
    assert status == 200, answer
    told = json.loads(answer)
    target = told["uploadURL"].partition("//")[2].partition("/")[2]
    status, answer = client.send(request_bytes("PUT", f"/{target}", content))
    assert status == 200, answer
    return f"/{target.partition('?')[0]}"


def _upload_url(content: bytes) -> bytes:
    told = {"size": len(content), "checksum": hashlib.md5(content).hexdigest(), "name": "chapter.pdf"}
    body = json.dumps({**told, "file_format": "pdf", "preset": "document", "duration": None}).encode()
    return request_bytes("POST", "/api/file/upload_url", body, _JSON)


def _add_nodes(root: int) -> Iterator[bytes]:
    """Each with ten new documents, which all go below one topic."""
    for first in itertools.count(step=10):
        yield request_bytes("POST", _internal("add_nodes"), add_nodes_body(root, chunk(first)), _JSON)


def _teach(bare: Server, kind: Kind, ours: Server) -> None:
    """Let the bare view answer what ours answers."""
    request = next(kind.requests)
    path = request.split(b" ", 2)[1].decode()
    teacher, pupil = Client(ours.url), Client(bare.url)
    status, answer = teacher.send(request, bodiless=kind.method == "HEAD")
    assert status == 200, answer
    pupil.send(request_bytes("PUT", path, answer))
    teacher.close()
    pupil.close()
