"""Broken and hostile bytes on the socket: every connection ends, and the server goes on as if nothing had been."""

from __future__ import annotations

import json
import logging
import random
import re
import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from fake_studio import FakeStudio

TOKEN = "c0ffee0000000000000000000000000000c0ffee"
BODY = json.dumps({"channel_data": {"id": "a" * 32, "name": "x", "description": "", "thumbnail": None}})
SEEDS = [
    f"POST /api/internal/create_channel HTTP/1.1\r\nHost: x\r\nAuthorization: Token {TOKEN}\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n{BODY}",
    f"POST /api/internal/add_nodes HTTP/1.1\r\nHost: x\r\nAuthorization: Token {TOKEN}\r\n"
    "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
    "GET /content/storage/a/b/ab.pdf HTTP/1.1\r\nHost: x\r\nRange: bytes=0-5\r\n\r\n",
    "PUT /content/storage/a/b/ab.pdf?user=1&expires=9&signature=x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
    "GET /api/public/v1/channels/lookup/x HTTP/1.0\r\n\r\n",
    "GET /_fake/channels HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /_fake/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "POST /api/internal/file_upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    f"Authorization: Token {TOKEN}\r\nContent-Length: 40\r\n\r\n--b\r\nContent-Disposition: form-data; name=",
]  # fmt: skip
# Of HTTP itself: a transfer coding or a version that the host does not know.
HOSTS_OWN = {"501", "505"}
COUNT = 600


def mutated(chance: random.Random) -> bytes:
    """One of the seeds, with some of its bytes changed, doubled, lost or made up."""
    data = bytearray(chance.choice(SEEDS).encode())
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(data) + 1)
        what = chance.randrange(5)
        if what == 0:
            data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
        elif what == 1:
            del data[place : place + chance.randrange(1, 30)]
        elif what == 2:
            data[place:place] = data[place // 2 : place]
        elif what == 3:
            data[place:place] = chance.choice([b"\r\n", b"\x00", b"\xff\xfe", b"%00", b"../", b"9" * 40, b"{" * 99])
        else:
            data = data[:place] or bytearray(b"\r\n")
    return bytes(data)


@pytest.fixture(scope="module", params=["documented", "deployed"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeStudio]:
    with FakeStudio(dialect=request.param) as fake:
        yield fake


def said_to(fake: FakeStudio, content: bytes) -> bytes:
    """What comes back until the server closes; it must, as nothing more will come from us."""
    address = fake.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), timeout=10) as client:
        said = b""
        try:
            client.sendall(content)
            client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65536):
                said += piece
        except ConnectionError:
            pass
        return said


def test_nothing_hangs_or_falls_over(fake: FakeStudio, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(11)
    with caplog.at_level(logging.ERROR):
        answers = [said_to(fake, mutated(chance)) for _ in range(COUNT)]
    statuses = {status for said in answers for status in re.findall(r"^HTTP/1\.1 (\d+)", said.decode("latin-1"), re.M)}
    assert {"400", "200"} <= statuses
    if fake.dialect == "documented":
        assert {status for status in statuses if status >= "500"} <= HOSTS_OWN
    assert not any(b"Traceback" in said or b"fake_studio itself failed" in said for said in answers)
    assert [record.getMessage() for record in caplog.records] == []
    assert requests.get(f"{fake.url}/_fake/health", timeout=5).json()["status"] == "ok"


def test_many_at_once(fake: FakeStudio) -> None:
    workers = [threading.Thread(target=said_to, args=(fake, mutated(random.Random(n)))) for n in range(300)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert not any(worker.is_alive() for worker in workers)
    assert requests.get(f"{fake.url}/_fake/health", timeout=5).ok
