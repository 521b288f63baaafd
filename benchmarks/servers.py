"""The servers that are measured, each in a process of its own: ours, and those beside which it is measured.

python -m benchmarks.servers bare|sink|yes|httpserver PORT
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

TOKEN = "c0ffee0000000000000000000000000000c0ffee"
PATIENCE = 30.0  # seconds
_ROOT = Path(__file__).parents[1]
_READ = 256 * 1024

_COMMANDS = {
    "ours": ["-m", "fake_studio", "serve", "--quiet", "--port", "{port}"],
    "moto_server": ["-m", "moto.server", "-p", "{port}"],
}
FIRST_PATHS = {"ours": "/api/public/info", "moto_server": "/moto-api/"}


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: int


def started(kind: str, port: int) -> subprocess.Popen[bytes]:
    """A process that will serve at this port."""
    own = ["-m", "benchmarks.servers", kind, "{port}"]
    command = [sys.executable, *(part.format(port=port) for part in _COMMANDS.get(kind, own))]
    # A checkout is compiled at its first start, as an installed package is at its installation.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=silent, stderr=silent)


@contextmanager
def running(kind: str) -> Iterator[Server]:
    """A server of this kind, from its first answer until the end of the block."""
    port = free_port()
    process = started(kind, port)
    try:
        url = f"http://127.0.0.1:{port}"
        await_answer(url + FIRST_PATHS.get(kind, "/"))
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def await_answer(url: str) -> None:
    """Wait for the first 200. Raises TimeoutError."""
    place = urlsplit(url)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection((place.hostname, place.port), timeout=PATIENCE).close()
        except ConnectionRefusedError:
            time.sleep(0.002)
            continue
        with urlopen(url, timeout=PATIENCE) as answer:
            assert answer.status == 200
            return
    raise TimeoutError(url)


def bare_app() -> Any:
    """A Flask app that parses JSON and answers what it was told to: PUT /<path> sets the answer to that path."""
    from flask import Flask, Response, request

    app, answers = Flask("bare"), {"": b"{}\n"}

    @app.get("/")
    def home() -> dict[str, Any]:
        return {}

    @app.put("/<path:path>")
    def learn(path: str) -> str:
        answers[path] = request.get_data()
        return ""

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        content = request.get_data(cache=False)
        if content:
            json.loads(content)
        return Response(answers[path], content_type="application/json")

    return app


def sink(environ: Any, start_response: Any) -> list[bytes]:
    """A WSGI app that takes a body, hashes it, and keeps nothing."""
    md5, stream = hashlib.md5(), environ["wsgi.input"]
    while piece := stream.read(_READ):
        md5.update(piece)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [md5.hexdigest().encode()]


def yes_app() -> Any:
    """A Studio that says yes to everything and keeps nothing."""
    from flask import Flask, request

    app = Flask("yes")

    @app.get("/")
    @app.put("/put/<name>")
    def well(name: str = "") -> str:
        return "yes"

    @app.post("/api/internal/<endpoint>")
    def internal(endpoint: str) -> Any:
        data = json.loads(request.get_data(cache=False) or b"{}")
        if endpoint == "file_diff":
            return []
        root_ids = {node["node_id"]: node["node_id"] for node in data.get("content_data", ()) if node}
        told = {"username": "chef", "status": 0, "message": "", "root": "root", "channel_id": "", "new_channel": ""}
        return {"success": True, **told, "root_ids": root_ids}

    @app.post("/api/file/upload_url")
    def upload_url() -> Any:
        name = f"{request.get_json()['checksum']}"
        return {"mimetype": "application/pdf", "uploadURL": f"{request.host_url}put/{name}", "might_skip": False}

    return app


def main(kind: str, port: str) -> None:
    """Serve until the process is ended."""
    if kind == "httpserver":
        from pytest_httpserver import HTTPServer

        server = HTTPServer(port=int(port))
        server.expect_request("/").respond_with_json({})
        server.start()
    else:
        from fake_studio.http_server import Host

        app: Any | None = sink if kind == "sink" else yes_app() if kind == "yes" else bare_app()
        Host(app, port=int(port)).start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(*sys.argv[1:3])
