"""The HTTP host, over real sockets: what clients, WSGI apps and people who test chefs count on."""

from __future__ import annotations

import gc
import io
import logging
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from pathlib import Path
from wsgiref.validate import validator

import pytest
import requests

from fake_studio.http_server import Host, Timeouts, connection, server
from fake_studio.http_server.connection import ClientConnection

pytestmark = pytest.mark.filterwarnings("error")

IMPATIENT = Timeouts(idle=0.2, head=0.2, body=0.2, drain=0.2)
MEBIBYTE = 1024 * 1024


def answer(start_response, body=b"fine", status="200 OK", headers=()):
    start_response(status, [("Content-Type", "text/plain"), *headers])
    return [body]


def fine(environ, start_response):
    return answer(start_response)


def echo(environ, start_response):
    return answer(start_response, environ["wsgi.input"].read())


def echo_path(environ, start_response):
    return answer(start_response, environ["PATH_INFO"].encode("latin-1"))


def not_found(environ, start_response):
    return answer(start_response, b"not here", "404 Not Found")


def request(line="GET / HTTP/1.1", *headers, body=b""):
    return "\r\n".join([line, "Host: studio", *headers, "", ""]).encode("latin-1") + body


def last_request(line="GET / HTTP/1.1", *headers, body=b""):
    """A request after whose answer the server closes, so that a test can read to the end."""
    return request(line, "Connection: close", *headers, body=body)


@contextmanager
def connected(host):
    with socket.create_connection(("127.0.0.1", host.port), timeout=5) as sock:
        yield sock


def everything(sock):
    """All bytes until the server closes."""
    received = b""
    while piece := sock.recv(65536):
        received += piece
    return received


def exchange(app, raw, **options):
    """All that comes back for the bytes ``raw``."""
    with Host(app, **options) as host, connected(host) as sock:
        sock.sendall(raw)
        return everything(sock)


def next_answer(sock):
    response = HTTPResponse(sock)
    response.begin()
    with response:
        return response.status, response.read()


def environ_of(raw):
    """The environ that an app sees for the request ``raw``."""
    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        return answer(start_response)

    exchange(app, raw)
    return seen


def descriptors():
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


# Keep-alive and framing


def test_requests_reuse_one_connection():
    ports = set()

    def app(environ, start_response):
        ports.add(environ["REMOTE_PORT"])
        return answer(start_response)

    with Host(app) as host, requests.Session() as session:
        responses = [session.get(host.url) for _ in range(20)]
    assert len(ports) == 1
    assert all("Connection" not in response.headers for response in responses)


def test_the_socket_is_open_after_an_answer_as_kolibri_demands():
    with Host(not_found) as host, requests.Session() as session, session.get(host.url, stream=True) as response:
        assert response.raw._connection.sock is not None


def test_small_answers_do_not_wait_for_acknowledgements():
    with Host(fine) as host, requests.Session() as session:
        session.get(host.url)
        durations = [session.get(host.url).elapsed.total_seconds() for _ in range(20)]
    assert min(durations) < 0.04, "what an acknowledgement is delayed by; a busy machine does not delay each of them"


def test_pipelined_requests_are_answered_in_order():
    raw = request("GET /one HTTP/1.1") + request("POST /two HTTP/1.1", "Content-Length: 3", body=b"xyz")
    received = exchange(echo_path, raw + last_request("GET /three HTTP/1.1"))
    assert [part.rpartition(b"\r\n\r\n")[2] for part in received.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"/one",
        b"/two",
        b"/three",
    ]


def test_http_1_0_closes_unless_asked_to_stay():
    assert b"Connection: close" in exchange(fine, request("GET / HTTP/1.0"))
    with Host(fine) as host, connected(host) as sock:
        for _ in range(2):
            sock.sendall(request("GET / HTTP/1.0", "Connection: keep-alive"))
            assert next_answer(sock) == (200, b"fine")


def streamed(environ, start_response):
    start_response("200 OK", [])
    return (piece for piece in (b"", b"some", b"where"))


def test_a_body_of_unknown_length_is_chunked():
    received = exchange(streamed, last_request())
    assert b"Transfer-Encoding: chunked" in received
    assert received.endswith(b"\r\n\r\n4\r\nsome\r\n5\r\nwhere\r\n0\r\n\r\n")


def test_a_body_of_unknown_length_ends_with_the_connection_in_http_1_0():
    received = exchange(streamed, request("GET / HTTP/1.0", "Connection: keep-alive"))
    assert received.endswith(b"\r\n\r\nsomewhere")
    assert b"Connection: close" in received


@pytest.mark.parametrize("pieces", [[], [b"whole"], [b"in", b"", b"parts"]])
def test_a_list_gets_its_length(pieces):
    def app(environ, start_response):
        start_response("200 OK", [])
        return pieces

    body = b"".join(pieces)
    received = exchange(app, last_request())
    assert received.endswith(b"\r\n\r\n" + body)
    assert b"Content-Length: %d\r\n" % len(body) in received


def test_head_has_the_length_and_no_body():
    raw = request("HEAD / HTTP/1.1") + last_request("HEAD / HTTP/1.1")
    received = exchange(fine, raw)
    assert received.count(b"Content-Length: 4\r\n") == 2
    assert b"fine" not in received


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answers_without_a_body_leave_the_connection_usable(status):
    def app(environ, start_response):
        return answer(start_response, b"never seen", status)

    received = exchange(app, request() + last_request())
    assert received.count(b"HTTP/1.1 " + status.encode()) == 2
    assert b"never seen" not in received
    assert b"Content-Length" not in received


def test_an_answer_shorter_than_promised_ends_with_the_connection():
    def app(environ, start_response):
        return answer(start_response, b"short", headers=[("Content-Length", "10")])

    # Not by requests, which notices it from urllib3 2 on only.
    assert exchange(app, request()).endswith(b"\r\n\r\nshort")


def test_an_answer_is_cut_at_the_promised_length():
    def app(environ, start_response):
        return answer(start_response, b"too long", headers=[("Content-Length", "3")])

    assert exchange(app, last_request()).endswith(b"\r\n\r\ntoo")


def test_the_reason_phrase_reaches_the_client():
    reason = "Not enough space. Check your storage under Settings page."

    def app(environ, start_response):
        return answer(start_response, status="412 " + reason)

    with Host(app) as host:
        response = requests.get(host.url)
    assert (response.status_code, response.reason) == (412, reason)


def test_an_app_may_end_the_connection():
    def app(environ, start_response):
        return answer(start_response, headers=[("Connection", "close")])

    assert exchange(app, request()).count(b"Connection: close") == 1


# What the app sees


def test_the_environ_describes_the_request():
    headers = ["Content-Type: a/b", "X-Two: 1", "x-two: 2"]
    environ = environ_of(last_request("GET /caf%C3%A9%2Fx?q=%20 HTTP/1.1", *headers))
    assert environ["PATH_INFO"] == "/caf\xc3\xa9/x"
    assert environ["REQUEST_URI"] == environ["RAW_URI"] == "/caf%C3%A9%2Fx?q=%20"
    assert environ["QUERY_STRING"] == "q=%20"
    assert environ["CONTENT_TYPE"] == "a/b"
    assert environ["HTTP_X_TWO"] == "1,2"
    assert environ["HTTP_HOST"] == "studio"
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert "CONTENT_LENGTH" not in environ


def test_the_host_keeps_the_rules_of_wsgi(caplog):
    @validator
    def app(environ, start_response):
        return answer(start_response, environ["wsgi.input"].read(3))

    raw = last_request("PUT /a%20b?c HTTP/1.1", "Content-Length: 3", "Content-Type: a/b", body=b"abc")
    assert b"abc" in exchange(app, raw)
    assert not caplog.records


def test_header_bytes_are_latin_1():
    assert environ_of(last_request("GET / HTTP/1.1", "X-Name: \xc3\xa9"))["HTTP_X_NAME"] == "\xc3\xa9"


def test_a_header_cannot_pose_as_another_by_an_underscore():
    assert "HTTP_X_USER" not in environ_of(last_request("GET / HTTP/1.1", "X_User: admin"))


def test_cookies_are_joined_as_cookies():
    environ = environ_of(last_request("GET / HTTP/1.1", "Cookie: a=1", "Cookie: b=2"))
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_a_proxy_may_send_the_whole_url():
    environ = environ_of(last_request("GET http://studio/api?x=1 HTTP/1.1"))
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/api", "x=1")


def test_a_body_with_a_length_ends_there():
    raw = last_request("PUT / HTTP/1.1", "Content-Length: 3", body=b"abcdef")
    assert exchange(echo, raw).endswith(b"\r\n\r\nabc")


def test_an_empty_file_may_come_in_chunks():
    with Host(echo) as host, requests.Session() as session:
        response = session.put(host.url, data=io.BytesIO())
        assert "Content-Length" not in response.request.headers
        assert response.content == b""
        assert session.put(host.url, data=iter([b"some", b"where"])).content == b"somewhere"


def test_a_chunked_body_has_no_length_and_an_end():
    chunks = b"4;name=value\r\nsome\r\n5\r\nwhere\r\n0\r\nTrailer: x\r\n\r\n"
    raw = last_request("PUT / HTTP/1.1", "Transfer-Encoding: chunked", body=chunks)
    environ = environ_of(raw)
    assert environ["wsgi.input_terminated"] is True
    assert "CONTENT_LENGTH" not in environ
    assert exchange(echo, raw).endswith(b"\r\n\r\nsomewhere")


def test_the_input_can_be_read_by_lines():
    def app(environ, start_response):
        return answer(start_response, b"|".join(environ["wsgi.input"]))

    raw = last_request("PUT / HTTP/1.1", "Content-Length: 7", body=b"one\ntwo")
    assert exchange(app, raw).endswith(b"\r\n\r\none\n|two")


def test_a_large_upload_is_streamed():
    def app(environ, start_response):
        sizes = [len(block) for block in iter(lambda: environ["wsgi.input"].read(256 * 1024), b"")]
        return answer(start_response, f"{sum(sizes)} {max(sizes)}".encode())

    with Host(app) as host:
        response = requests.put(host.url, data=bytes(20 * MEBIBYTE))
    assert response.text == f"{20 * MEBIBYTE} {256 * 1024}"


def test_a_file_is_sent_in_blocks_and_closed(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(os.urandom(3 * MEBIBYTE + 1))
    opened = []

    def app(environ, start_response):
        opened.append(path.open("rb"))
        start_response("200 OK", [("Content-Length", str(path.stat().st_size))])
        return environ["wsgi.file_wrapper"](opened[0], 8192)

    with Host(app) as host:
        assert requests.get(host.url).content == path.read_bytes()
    assert opened[0].closed


def test_100_continue_is_sent_when_the_app_first_reads():
    with Host(echo) as host, connected(host) as sock:
        sock.sendall(request("PUT / HTTP/1.1", "Content-Length: 4", "Expect: 100-continue"))
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"body")
        assert next_answer(sock) == (200, b"body")


def test_100_continue_is_not_sent_when_the_app_does_not_read():
    raw = request("PUT / HTTP/1.1", "Content-Length: 4", "Expect: 100-continue")
    received = exchange(not_found, raw)
    assert received.startswith(b"HTTP/1.1 404 Not Found")
    assert b"Connection: close" in received


# Bodies that nobody reads


@pytest.mark.parametrize("size", [3, 500_000])
def test_an_unread_body_does_not_disturb_the_next_request(size):
    with Host(not_found) as host, connected(host) as sock:
        for _ in range(3):
            sock.sendall(request("POST / HTTP/1.1", f"Content-Length: {size}", body=bytes(size)))
            assert next_answer(sock) == (404, b"not here")


def test_unread_chunks_do_not_disturb_the_next_request():
    raw = request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n")
    assert exchange(not_found, raw + last_request()).count(b"404 Not Found") == 2


def test_the_refusal_of_a_large_upload_reaches_the_client():
    with Host(not_found) as host:
        response = requests.put(host.url, data=bytes(30 * MEBIBYTE))
    assert (response.status_code, response.headers["Connection"]) == (404, "close")


def test_an_unread_body_that_does_not_come_ends_the_connection():
    raw = request("POST / HTTP/1.1", "Content-Length: 10", body=b"abc")
    assert exchange(not_found, raw, timeouts=IMPATIENT).endswith(b"not here")


# Broken requests and slow clients


BAD_REQUESTS = {
    "no request line": (b"nonsense\r\n\r\n", 400),
    "no version": (b"GET /\r\n\r\n", 400),
    "space in target": (request("GET /a b HTTP/1.1"), 400),
    "not a path": (request("GET path HTTP/1.1"), 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/0.9": (request("GET / HTTP/0.9"), 505),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (request("GET / HTTP/1.1", "Host: other"), 400),
    "no colon": (request("GET / HTTP/1.1", "Header"), 400),
    "no name": (request("GET / HTTP/1.1", ": value"), 400),
    "space before colon": (request("GET / HTTP/1.1", "Name : value"), 400),
    "folded header": (request("GET / HTTP/1.1", "Name: value", " more"), 400),
    "null in value": (request("GET / HTTP/1.1", "Name: a\0b"), 400),
    "carriage return in value": (request("GET / HTTP/1.1", "Name: a\rb"), 400),
    "many headers": (request("GET / HTTP/1.1", *["Name: value"] * 101), 431),
    "long header": (request("GET / HTTP/1.1", "Name: " + "x" * 70_000), 431),
    "long path": (request("GET /" + "x" * 70_000 + " HTTP/1.1"), 431),
    "length and chunks": (request("PUT / HTTP/1.1", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
    "chunks in HTTP/1.0": (request("PUT / HTTP/1.0", "Transfer-Encoding: chunked"), 400),
    "unknown coding": (request("PUT / HTTP/1.1", "Transfer-Encoding: gzip, chunked"), 501),
    "negative length": (request("PUT / HTTP/1.1", "Content-Length: -1"), 400),
    "length in words": (request("PUT / HTTP/1.1", "Content-Length: three"), 400),
    "length with sign": (request("PUT / HTTP/1.1", "Content-Length: +3"), 400),
    "length in other digits": (request("PUT / HTTP/1.1", "Content-Length: \xb2"), 400),
    "empty length": (request("PUT / HTTP/1.1", "Content-Length:"), 400),
    "two lengths": (request("PUT / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"), 400),
    "bad chunk size": (request("PUT / HTTP/1.1", "Transfer-Encoding: chunked", body=b"x\r\n"), 400),
    "chunk too long": (request("PUT / HTTP/1.1", "Transfer-Encoding: chunked", body=b"1\r\nab\r\n"), 400),
    "endless chunk size": (request("PUT / HTTP/1.1", "Transfer-Encoding: chunked", body=b"0" * 5000), 400),
}


@pytest.mark.parametrize(("raw", "status"), BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_a_broken_request_is_answered_and_ends_the_connection(raw, status):
    head, _, body = exchange(echo, raw).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nConnection: close" in head
    assert b"\r\nContent-Type: text/plain" in head
    assert body.count(b"\n") == 0
    assert body


def test_the_same_length_twice_is_one_length():
    raw = last_request("PUT / HTTP/1.1", "Content-Length: 3", "Content-Length: 3", body=b"abc")
    assert exchange(echo, raw).endswith(b"abc")


def test_line_breaks_before_a_request_are_skipped():
    assert exchange(fine, b"\r\n\n" + last_request()).endswith(b"fine")


def dribble(sock, sent):
    """Send a piece each 20 ms for 5 s, and note each that is sent."""
    for number in range(250):
        sock.sendall(b"x")
        sent.append(number)
        time.sleep(0.02)


def test_a_client_that_dribbles_its_head_is_cut_off():
    with Host(fine, timeouts=IMPATIENT) as host, connected(host) as sock:
        sent = []
        with pytest.raises(OSError):
            dribble(sock, sent)
    assert len(sent) < 100, "fewer on a busy machine: it is cut off after a time, and sleeps take longer there"


def test_half_a_head_gets_a_timeout():
    assert exchange(fine, b"GET / HT", timeouts=IMPATIENT).startswith(b"HTTP/1.1 408 ")


def test_an_idle_connection_is_closed_without_a_word():
    received = exchange(fine, request(), timeouts=IMPATIENT)
    assert received.count(b"HTTP/1.1") == 1


def test_an_upload_that_stalls_gets_a_timeout():
    raw = request("PUT / HTTP/1.1", "Content-Length: 10", body=b"half")
    assert exchange(echo, raw, timeouts=IMPATIENT).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("framing", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_the_app_learns_that_an_upload_broke_off(framing, caplog):
    outcome = []

    def app(environ, start_response):
        try:
            outcome.append(environ["wsgi.input"].read())
        except OSError as error:
            outcome.append(error)
            raise

    with Host(app) as host, connected(host) as sock:
        sock.sendall(request("PUT / HTTP/1.1", framing, body=b"4\r\nhalf"))
        sock.shutdown(socket.SHUT_WR)
        assert everything(sock).startswith(b"HTTP/1.1 400 ")
    assert isinstance(outcome[0], OSError)
    assert not caplog.records


def test_an_app_that_hides_a_broken_upload_cannot_answer_for_it():
    def app(environ, start_response):
        try:
            environ["wsgi.input"].read()
        except OSError:
            return answer(start_response, b"stored")

    raw = request("PUT / HTTP/1.1", "Transfer-Encoding: chunked", body=b"wrong\r\n")
    assert b"stored" not in exchange(app, raw)


def test_a_client_that_leaves_during_the_answer_makes_no_noise(caplog):
    closed = threading.Event()

    def app(environ, start_response):
        start_response("200 OK", [])
        return Endless(closed)

    with Host(app) as host:
        with connected(host) as sock:
            sock.sendall(request())
            sock.recv(100)
        assert closed.wait(5)
    assert not caplog.records


class Endless:
    """A body without an end, which tells when it was closed."""

    def __init__(self, closed):
        self.close = closed.set

    def __iter__(self):
        return self

    def __next__(self):
        return bytes(65536)


# Apps that fail


def test_an_app_that_fails_gives_a_500_without_details(caplog):
    def app(environ, start_response):
        raise ValueError("secret")

    with Host(app) as host, requests.Session() as session:
        response = session.get(host.url)
        assert session.get(host.url).status_code == 500
    assert (response.status_code, response.text) == (500, "Internal server error")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "secret" in caplog.text


GARBLING = [("X-A", "a\r\nX-B: b"), ("X-A", "\u0142"), ("Transfer-Encoding", "chunked")]


@pytest.mark.parametrize("header", GARBLING, ids=["line break", "not latin-1", "framing"])
def test_an_app_cannot_garble_the_answer(header, caplog):
    def app(environ, start_response):
        return answer(start_response, headers=[header])

    assert exchange(app, last_request()).startswith(b"HTTP/1.1 500 ")
    assert "The app failed" in caplog.text


def test_an_app_that_fails_after_the_headers_ends_the_connection(caplog):
    def app(environ, start_response):
        start_response("200 OK", [])
        yield b"begun"
        raise ValueError("secret")

    received = exchange(app, request())
    assert received.endswith(b"5\r\nbegun\r\n")
    assert "secret" in caplog.text


def test_an_app_may_change_its_mind_before_the_headers_are_sent():
    def app(environ, start_response):
        start_response("200 OK", [])
        try:
            raise ValueError
        except ValueError as error:
            start_response("503 Busy", [], (ValueError, error, None))
        return [b"later"]

    assert exchange(app, last_request()).startswith(b"HTTP/1.1 503 Busy\r\n")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_body_is_always_closed(method):
    closed = threading.Event()

    def app(environ, start_response):
        start_response("204 No Content", [])
        return Endless(closed)

    exchange(app, last_request(f"{method} / HTTP/1.1"))
    assert closed.is_set()


# Faults at the level of the connection


def misbehaving(act):
    def app(environ, start_response):
        act(environ["fake_studio.connection"])
        return answer(start_response, b"never seen")

    return app


def test_a_route_may_reset_the_connection():
    with pytest.raises(ConnectionResetError):
        exchange(misbehaving(lambda connection: connection.reset()), request())


def test_a_route_may_close_without_an_answer():
    assert exchange(misbehaving(lambda connection: connection.close()), request()) == b""


def test_a_route_may_send_raw_bytes():
    def act(connection):
        connection.send(b"HTTP/1.1 200")
        connection.send(b" half an ans")

    assert exchange(misbehaving(act), request()) == b"HTTP/1.1 200 half an ans"


def test_a_route_may_break_off_its_answer():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "10")])
        yield b"begun"
        environ["fake_studio.connection"].close()
        yield b"never seen"

    assert exchange(app, request()).endswith(b"\r\n\r\nbegun")


# Start, stop and the process around


def test_start_and_stop_cost_milliseconds():
    host = Host(fine)
    begin = time.process_time()
    for _ in range(20):
        host.start()
        host.stop()
    assert (time.process_time() - begin) / 20 < 0.02


def test_stop_closes_idle_connections_at_once():
    with Host(fine) as host, requests.Session() as session, connected(host) as silent:
        session.get(host.url)
        begin = time.monotonic()
        host.stop()
        assert time.monotonic() - begin < 10, "the connections time out after 20 and 75 s"
        assert silent.recv(1) == b""
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get(host.url)
        host.stop()


def test_200_hosts_leave_no_threads_and_no_descriptors():
    gc.collect()
    before = threading.active_count(), descriptors()
    for _ in range(200):
        with Host(fine) as host, connected(host) as sock:
            sock.sendall(request())
            sock.recv(1000)
    assert (threading.active_count(), descriptors()) == before


def test_closed_connections_leave_no_threads_while_it_runs():
    with Host(fine) as host:
        before = threading.active_count()
        for _ in range(50):
            requests.get(host.url, headers={"Connection": "close"})
        deadline = time.monotonic() + 5
        while threading.active_count() > before and time.monotonic() < deadline:
            time.sleep(0.01)
        assert threading.active_count() == before


def test_stop_does_not_wait_for_a_route_that_hangs():
    entered, release, left = threading.Event(), threading.Event(), threading.Event()

    def app(environ, start_response):
        entered.set()
        release.wait(10)
        left.set()
        return answer(start_response)

    with Host(app) as host, connected(host) as sock:
        sock.sendall(request())
        entered.wait(5)
        host.stop()
        assert not left.is_set()
        release.set()


def test_a_route_may_stop_its_own_host():
    host = Host(lambda environ, start_response: host.stop() or answer(start_response))
    with host, connected(host) as sock:
        sock.sendall(request())
        everything(sock)


def test_a_stopped_host_can_start_again_on_its_port():
    with Host(fine) as first:
        requests.get(first.url)
        port = first.port
    second = Host(fine, port=port)
    for _ in range(2):
        with second:
            assert second.url == f"http://127.0.0.1:{port}"
            assert requests.get(second.url).text == "fine"


def test_a_taken_port_is_an_error():
    with Host(fine) as host, pytest.raises(OSError):
        Host(fine, port=host.port).start()


def test_a_host_does_not_start_twice():
    with Host(fine) as host, pytest.raises(RuntimeError):
        host.start()


def test_it_has_its_own_timeouts():
    """ricecooker.config sets a default for all sockets of the process."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(0.05)
    try:
        with Host(echo) as host, connected(host) as sock:
            time.sleep(0.15)
            sock.sendall(request("PUT / HTTP/1.1", "Content-Length: 4", body=b"bo"))
            time.sleep(0.15)
            sock.sendall(b"dy")
            assert next_answer(sock) == (200, b"body")
            time.sleep(0.15)
            sock.sendall(request())
            assert next_answer(sock) == (200, b"")
    finally:
        socket.setdefaulttimeout(before)


def test_a_client_waits_for_a_place_while_all_others_are_being_answered():
    asked, held = threading.Event(), threading.Event()

    def hold(environ, start_response):
        asked.set()
        held.wait(10)
        return fine(environ, start_response)

    with Host(hold, max_connections=1) as host, connected(host) as first:
        first.sendall(request())
        assert asked.wait(5)
        with connected(host) as second:
            second.sendall(request())
            second.settimeout(0.3)
            with pytest.raises(socket.timeout):
                second.recv(1)
            held.set()
            second.settimeout(5)
            assert next_answer(first) == next_answer(second) == (200, b"fine")


def test_who_kept_silent_for_longest_makes_way():
    with Host(fine, max_connections=2) as host, connected(host) as first, connected(host) as second:
        for sock in (first, second, first):
            sock.sendall(request())
            assert next_answer(sock) == (200, b"fine")
        with connected(host) as third:
            third.sendall(request())
            assert next_answer(third) == (200, b"fine")
            first.sendall(request())
            assert next_answer(first) == (200, b"fine")
            assert second.recv(1) == b""


class Overtaken:
    """A client's socket at which a further client asks for its place in the middle of each call of one method."""

    def __init__(self, sock, method, ask):
        self._sock, self._method, self._ask = sock, method, ask

    def __getattr__(self, name):
        return getattr(self._sock, name)

    def recv(self, *arguments):
        received = self._sock.recv(*arguments)
        if self._method == "recv" and received:
            self._ask()
        return received

    def sendall(self, content):
        if self._method == "sendall":
            self._ask()
        self._sock.sendall(content)


@pytest.mark.parametrize("method", ["recv", "sendall"])
def test_nobody_makes_way_whose_request_is_read_or_whose_answer_is_sent(monkeypatch, method):
    def overtaken(sock, timeouts):
        return ClientConnection(Overtaken(sock, method, host._listener._interrupt_the_most_silent), timeouts)

    monkeypatch.setattr(server, "ClientConnection", overtaken)
    monkeypatch.setattr(connection, "GRACE", 5.0)  # on a busy machine a thread waits for its turn
    with Host(fine) as host, connected(host) as client:
        for _ in range(3):
            client.sendall(request())
            assert next_answer(client) == (200, b"fine")


def test_half_a_head_makes_way_too():
    with Host(fine, max_connections=1) as host, connected(host) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        with connected(host) as other:
            other.sendall(request())
            assert next_answer(other) == (200, b"fine")


def test_many_idle_connections_keep_nobody_out():
    with Host(fine, max_connections=20) as host, ExitStack() as clients:
        for _ in range(200):
            sock = clients.enter_context(connected(host))
            sock.sendall(request())
            assert next_answer(sock) == (200, b"fine")


def test_many_threads_are_served_at_once():
    def fifty_echoes(number):
        with requests.Session() as session:
            return [session.put(host.url, data=b"%d" % number).text for _ in range(50)]

    with Host(echo) as host, ThreadPoolExecutor(16) as pool:
        results = list(pool.map(fifty_echoes, range(1, 17)))
    assert results == [[str(number)] * 50 for number in range(1, 17)]


def test_ordinary_requests_log_nothing(caplog):
    caplog.set_level(logging.INFO, logger="fake_studio")
    with Host(fine) as host:
        requests.get(host.url)
    assert not caplog.records
