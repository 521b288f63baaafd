"""How long until a server answers: as a process of its own, and in a running process, as a fixture starts it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.documents import channel_data, chunk
from benchmarks.measuring import Row, alternated, timed
from benchmarks.servers import FIRST_PATHS, await_answer, bare_app, free_port, started
from benchmarks.sizes import Sizes
from fake_studio import FakeStudio
from fake_studio.http_server import Host
from fake_studio.rules import Strictness

_NAMES = {"bare": "bare Flask", "moto_server": "moto_server", "httpserver": "pytest-httpserver"}


def rows(sizes: Sizes) -> Iterator[Row]:
    """Cold start; then start and stop, and reset, in this process."""
    found = alternated({kind: partial(_cold_start, kind) for kind in ("ours", *_NAMES)}, sizes.rounds)
    yield from _beside("cold start to the first 200", found, aim=1.3)
    lives = {"ours": _our_life, "bare": _bare_life, "moto_server": _moto_life, "httpserver": _httpserver_life}
    for life in lives.values():
        life()  # imports are no part of it
    found = alternated({kind: partial(timed, life) for kind, life in lives.items()}, sizes.rounds)
    yield from _beside("fixture: start, first 200, stop", found)
    yield Row("start", "fixture: start, first 200, stop", found["ours"] * 1e3, "ms", aim=20)
    resets = {"ours": _our_reset, "moto_server": _moto_reset, "httpserver": _httpserver_reset}
    found = alternated(resets, sizes.rounds)
    yield from _beside("fixture: reset", found)
    yield Row("start", "fixture: reset", found["ours"] * 1e3, "ms", aim=1)


def _beside(measure: str, found: dict[str, float], aim: float | None = None) -> Iterator[Row]:
    for kind, name in _NAMES.items():
        if kind in found:
            limit = aim if kind == "bare" else None
            yield Row("start", measure, found["ours"] * 1e3, "ms", name, found[kind] * 1e3, limit)


def _cold_start(kind: str) -> float:
    port, began = free_port(), time.perf_counter()
    process = started(kind, port)
    try:
        await_answer(f"http://127.0.0.1:{port}{FIRST_PATHS.get(kind, '/')}")
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> None:
    with urlopen(url) as answer:
        assert answer.status == 200


def _our_life() -> None:
    with FakeStudio() as fake:
        _answers(fake.url + FIRST_PATHS["ours"])


def _bare_life() -> None:
    with Host(bare_app()) as host:
        _answers(host.url + "/")


def _moto_life() -> None:
    with _moto() as url:
        _answers(url + FIRST_PATHS["moto_server"])


def _httpserver_life() -> None:
    with _httpserver() as server:
        _answers(server.url_for("/"))


@contextmanager
def _moto() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def _httpserver() -> Any:
    from pytest_httpserver import HTTPServer

    server = HTTPServer(port=0)
    server.expect_request("/").respond_with_json({})
    return server


def _our_reset() -> float:
    """From a channel with ten nodes back to none."""
    with FakeStudio() as fake:
        me, lenient = fake.studio.users[0], Strictness(every_key=False, stored_files=False, coerce=False)
        channel = fake.studio.create_channel(me, channel_data(), strictness=lenient, keep_shell=False)
        parent = channel.trees["chef"]
        assert parent is not None
        fake.studio.add_nodes(me, parent.id, chunk(0), strictness=lenient, by_number=False)
        return timed(fake.reset)


def _moto_reset() -> float:
    with _moto() as url:
        return timed(lambda: urlopen(Request(f"{url}/moto-api/reset", method="POST")).close())


def _httpserver_reset() -> float:
    with _httpserver() as server:
        _answers(server.url_for("/"))
        return timed(server.clear)
