"""What attackers send: lines that end in other ways, names that differ, bodies that never end, too many connections."""

from __future__ import annotations

import select
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest
from test_host import answer, connected, echo, everything, exchange, fine, last_request, request

from fake_studio.http_server import Host, Timeouts
from fake_studio.http_server.connection import ClientConnection

CHUNKED = "Transfer-Encoding: chunked"


def status_of(raw: bytes, app=echo) -> bytes:
    received = exchange(app, raw)
    return received.split(b" ", 2)[1] if received else b""


def chunked(body: bytes) -> bytes:
    return last_request("POST / HTTP/1.1", CHUNKED, body=body)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\r\nHost: studio\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: studio\r\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: studio\r\nConnection: close\r\n\r\r\n\r\n",
        b"\rGET / HTTP/1.1\r\nHost: studio\r\nConnection: close\r\n\r\n",
    ],
)
def test_a_bare_cr_is_refused(raw: bytes) -> None:
    assert status_of(raw) == b"400"


@pytest.mark.parametrize(
    "body",
    [
        b"2\nok\r\n0\r\n\r\n",
        b"2\r\nok\n0\r\n\r\n",
        b"2\r\nok\r\n0\n\r\n",
        b"2\r\nok\r\n0\r\n\n",
        b"2\r\nok\r\n0\r\nA: b\n\r\n",
        b"2\r\r\nok\r\n0\r\n\r\n",
        b"2;a\rb\r\nok\r\n0\r\n\r\n",
        b"2\x0b\r\nok\r\n0\r\n\r\n",
        b"2\x0c;a\r\nok\r\n0\r\n\r\n",
        b"\x0b2\r\nok\r\n0\r\n\r\n",
        b" 2\r\nok\r\n0\r\n\r\n",
        b"2\r\nok\r\n0\r\nno trailer\r\n\r\n",
    ],
)
def test_chunks_end_their_lines_as_they_must(body: bytes) -> None:
    assert status_of(chunked(body)) == b"400"


@pytest.mark.parametrize(
    "body", [b"2\r\nok\r\n0\r\n\r\n", b"2 \t;a=b\r\nok\r\n0\r\nA: b\r\n\r\n", b"02\r\nok\r\n00\r\n\r\n"]
)
def test_chunks_as_clients_send_them(body: bytes) -> None:
    assert exchange(echo, chunked(body)).endswith(b"\r\n\r\nok")


@pytest.mark.parametrize("length", ["2\x0b", "\x0b2", "2\x85", "2,\x0c2"])
def test_a_length_is_digits_alone(length: str) -> None:
    assert status_of(last_request("POST / HTTP/1.1", f"Content-Length: {length}", body=b"ok")) == b"400"


@pytest.mark.parametrize("method", ["get", "Get", "gET", "post"])
def test_methods_are_capitals(method: str) -> None:
    assert status_of(last_request(f"{method} / HTTP/1.1")) == b"501"


def host_seen(environ, start_response):
    return answer(start_response, f"{environ['HTTP_HOST']} {environ['PATH_INFO']}".encode())


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        ("http://other:81/a", b"other:81 /a"),
        ("HTTP://other", b"other /"),
        ("http://other?x", b"other /"),
        ("http://[::1]:80/", b"[::1]:80 /"),
        ("/a", b"studio /a"),
    ],
)
def test_the_host_of_an_absolute_target_counts(target: str, seen: bytes) -> None:
    assert exchange(host_seen, last_request(f"GET {target} HTTP/1.1")).endswith(b"\r\n\r\n" + seen)


@pytest.mark.parametrize("target", ["http://", "http:///a", "http://me@other/", "https://#/"])
def test_an_absolute_target_without_a_plain_host(target: str) -> None:
    assert status_of(last_request(f"GET {target} HTTP/1.1")) == b"400"


# Bodies that never end

HURRIED = Timeouts(idle=5, head=5, body=0.5, drain=0.2, body_rate=100)


def begin_body(host: Host, stack: ExitStack, length: int = 100_000) -> socket.socket:
    sock = stack.enter_context(connected(host))
    sock.sendall(request("POST / HTTP/1.1", f"Content-Length: {length}"))
    return sock


def test_a_whole_body_has_a_deadline() -> None:
    with Host(echo, timeouts=HURRIED) as host, ExitStack() as stack:
        sock = begin_body(host, stack)
        began = time.monotonic()
        while time.monotonic() - began < 10 and not select.select([sock], [], [], 0.1)[0]:
            sock.send(b"x")
        assert 0.4 < time.monotonic() - began < 5


def test_the_deadline_grows_with_what_arrives() -> None:
    with Host(echo, timeouts=HURRIED) as host, ExitStack() as stack:
        sock = begin_body(host, stack, 1000)
        for _ in range(20):
            sock.sendall(b"x" * 50)
            time.sleep(0.08)
        sock.settimeout(5)
        assert sock.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_slow_bodies_keep_nobody_out() -> None:
    patient = Timeouts(idle=60, head=60, body=60)
    with Host(echo, timeouts=patient, max_connections=8) as host, ExitStack() as stack:
        for _ in range(12):
            begin_body(host, stack).sendall(b"x")
        began = time.monotonic()
        with connected(host) as sock:
            sock.settimeout(20)
            sock.sendall(last_request())
            assert b"200 OK" in everything(sock)
        assert time.monotonic() - began < 10


def test_who_reads_no_answer_makes_way() -> None:
    def large(environ, start_response):
        return answer(start_response, b"x" * 50_000_000)

    with Host(large, timeouts=Timeouts(), max_connections=2) as host, ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(connected(host)).sendall(request())
        with connected(host) as sock:
            sock.settimeout(20)
            sock.sendall(last_request())
            assert sock.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_who_has_spoken_is_not_silent_though_nobody_has_listened_yet() -> None:
    ours, theirs = socket.socketpair()
    client = ClientConnection(ours, Timeouts())
    with ours, theirs:
        assert not client.has_unread_input()
        theirs.sendall(b"G")
        assert client.has_unread_input()
    assert not client.has_unread_input()


FEW_DESCRIPTORS = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}))
from fake_studio.http_server import Host

def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [])
    return [body]

host = Host(echo)
host.start()
print(host.port, flush=True)
input()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize(("limit", "count"), [(256, 400), (64, 150)])
@pytest.mark.parametrize("begun", [b"", request("POST / HTTP/1.1", "Content-Length: 1000", body=b"x")])
def test_connections_beyond_the_limit_of_descriptors_keep_nobody_out(limit: int, count: int, begun: bytes) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", FEW_DESCRIPTORS.format(limit=limit)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server, ExitStack() as stack:
        assert server.stdout
        port = int(server.stdout.readline())
        for _ in range(count):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5)).sendall(begun)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
            sock.sendall(last_request())
            assert b"200 OK" in everything(sock)
        server.communicate("\n")


def test_a_good_request_is_still_one() -> None:
    assert exchange(fine, last_request()).startswith(b"HTTP/1.1 200 OK")
