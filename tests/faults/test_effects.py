"""Each effect, as a client of requests sees it over a socket."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
import requests

from fake_studio import FakeStudio, Studio, create_app
from fake_studio.web.faults import injection as faulting
from support.caller import Caller
from support.chefs_driver import CHANNEL, md5, node_data

deployed = pytest.mark.parametrize("fake", ["deployed"], indirect=True)
documented = pytest.mark.parametrize("fake", ["documented"], indirect=True)
CONTENT = b"%PDF-1.4 " + b"water " * 1000
NAME = f"{md5(CONTENT)}.pdf"


def seconds(call: Any) -> float:
    began = time.monotonic()
    assert call().ok
    return time.monotonic() - began


# Statuses


@documented
@pytest.mark.parametrize("status", [400, 401, 403, 404, 412, 418, 500, 502, 503, 504])
def test_a_status_with_the_documented_body(caller: Caller, fake: FakeStudio, status: int) -> None:
    fake.studio.faults.add(name="mine", status=status)
    for answer in (caller.login(), caller.add(1, "a"), caller.announce(CONTENT)):
        assert answer.status_code == status
        assert answer.json() == {"error": f"The fault 'mine' answered {status}; nothing was done."}


DEPLOYED = {
    (500, "add_nodes"): ("text/plain; charset=utf-8", "Internal server error"),
    (400, "add_nodes"): ("text/plain; charset=utf-8", "Validation error"),
    (400, "create_channel"): ("text/plain; charset=utf-8", "Required attribute missing from data"),
    (404, "add_nodes"): ("text/plain; charset=utf-8", "Content not found"),
    (404, "finish_channel"): ("text/plain; charset=utf-8", "Channel not found"),
    (403, "finish_channel"): ("text/plain; charset=utf-8", "Permission denied"),
    (401, "check_version"): ("application/json", '{"detail": "Invalid token."}\n'),
}


@deployed
@pytest.mark.parametrize(("place", "expected"), DEPLOYED.items(), ids=str)
def test_a_status_with_the_deployed_body(
    caller: Caller, fake: FakeStudio, place: tuple[int, str], expected: tuple[str, str]
) -> None:
    status, endpoint = place
    fake.studio.faults.add(status=status)
    answer = caller.post(endpoint, {})
    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (status, *expected)
    assert answer.headers["X-Frame-Options"] == "DENY"


@deployed
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxy_answers_with_a_page_and_without_studios_headers(caller: Caller, fake: FakeStudio, status: int) -> None:
    fake.studio.faults.add(status=status)
    for answer in (caller.login(), caller.ask("PUT", f"/content/storage/0/0/{NAME}", data=b"x")):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert f"<title>{status} " in answer.text
        assert "X-Frame-Options" not in answer.headers


@deployed
def test_storage_and_upload_url_have_bodies_of_their_own(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(endpoint="put_file", status=500)
    fake.studio.faults.add(endpoint="upload_url", after=1, first=2, status=412)
    fake.studio.faults.add(endpoint="upload_url", after=2, status=400)
    assert "<Code>InternalError</Code>" in caller.put(CONTENT).text
    full, invalid = caller.announce(CONTENT), caller.announce(CONTENT)
    assert (full.status_code, full.reason) == (412, "Not enough space. Check your storage under Settings page.")
    assert list(invalid.json()) == ["file_format"]


def test_head_has_no_body(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(endpoint="storage_file", method="HEAD", status=500)
    answer = caller.head(NAME)
    assert (answer.status_code, answer.content) == (500, b"")
    assert caller.login().ok


def test_an_own_answer(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(nth=1, status=429, answer={"detail": "Slow down."}, headers={"Retry-After": "7"})
    fake.studio.faults.add(nth=2, status=500, answer="Oh.", headers={"Content-Type": "text/html"})
    fake.studio.faults.add(nth=3, status=201)
    data, text, empty = caller.login(), caller.login(), caller.login()
    assert (data.status_code, data.json(), data.headers["Retry-After"]) == (429, {"detail": "Slow down."}, "7")
    assert (text.status_code, text.text, text.headers["Content-Type"]) == (500, "Oh.", "text/html")
    assert (empty.status_code, empty.text) == (201, "")


def test_own_headers_with_the_dialects_answer(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(name="mine", status=503, headers={"Retry-After": "7"})
    answer = caller.login()
    assert (answer.headers["Retry-After"], list(answer.json())) == ("7", ["error"])


def test_without_faults_nothing_is_asked(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faulting, "FaultCall", None)
    assert caller.login().ok


def test_a_fault_comes_before_the_token(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(status=503)
    assert requests.post(f"{fake.url}/api/internal/check_version", timeout=10).status_code == 503
    assert requests.get(f"{fake.url}/nowhere", timeout=10).status_code == 503
    assert requests.get(f"{fake.url}/_fake/health", timeout=10).ok


# Time


def test_a_delay(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(nth=1, fixedDelayMilliseconds=300)
    assert 0.3 <= seconds(caller.login) < 3
    assert seconds(caller.login) < 0.3


def test_a_delay_does_not_hold_others_up(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(endpoint="check_version", fixedDelayMilliseconds=600)
    with pytest.raises(requests.ReadTimeout):
        caller.session.post(f"{fake.url}/api/internal/check_version", json={"version": "0.8.0"}, timeout=0.1)
    assert seconds(caller.login) < 0.45
    assert fake.requests.count({"endpoint": "check_version"}) == 0
    while not fake.requests.count({"endpoint": "check_version"}):  # or the next test would find it
        time.sleep(0.05)


def test_a_slow_answer(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(nth=1, chunkedDribbleDelay={"numberOfChunks": 4, "totalDuration": 400})
    began = time.monotonic()
    answer = caller.ask("POST", "/api/internal/authenticate_user_internal", stream=True)
    pieces = [(time.monotonic() - began, piece) for piece in answer.iter_content(8)]
    assert len(pieces) >= 3
    assert pieces[0][0] < 0.3 < 0.39 <= pieces[-1][0] < 3
    assert b"".join(piece for _, piece in pieces) == caller.login().content
    assert fake.requests.entries()[0].answer["body"]["success"] is True


def test_a_stored_file_can_be_slow_too(caller: Caller, fake: FakeStudio) -> None:
    assert caller.put(CONTENT).ok
    fake.studio.faults.add(endpoint="storage_file", chunkedDribbleDelay={"numberOfChunks": 2, "totalDuration": 200})
    answer = caller.ask("GET", f"/content/storage/{NAME[0]}/{NAME[1]}/{NAME}")
    assert (answer.content, answer.headers["Content-Length"]) == (CONTENT, str(len(CONTENT)))
    assert caller.head(NAME).headers["Content-Length"] == str(len(CONTENT))


# The wire

BREAKS = {
    "EMPTY_RESPONSE": (requests.ConnectionError, "without response"),
    "CONNECTION_RESET_BY_PEER": (requests.ConnectionError, "reset by peer"),
    "MALFORMED_RESPONSE_CHUNK": (requests.exceptions.ChunkedEncodingError, "InvalidChunkLength"),
    "RANDOM_DATA_THEN_CLOSE": (requests.ConnectionError, "BadStatusLine"),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_broken_connection(caller: Caller, fake: FakeStudio, kind: str) -> None:
    error, said = BREAKS[kind]
    root = caller.create()
    fault = fake.studio.faults.add(name="mine", endpoint="add_nodes", nth=1, fault=kind)
    with pytest.raises(error, match=said):
        caller.add(root, "a")
    assert fault.fired == 1
    assert caller.received() == []
    (exchange,) = fake.requests.find({"fault": "mine"})
    assert (exchange.status, exchange.user, len(exchange.nodes)) == (0, "chef@example.org", 1)
    assert exchange.refusal is not None
    assert exchange.refusal["message"] == "The fault 'mine' broke the connection; nothing was done."
    assert caller.add(root, "a").ok


@pytest.mark.parametrize("kind", BREAKS)
def test_applied_and_the_connection_broken(caller: Caller, fake: FakeStudio, kind: str) -> None:
    root = caller.create()
    fault = fake.studio.faults.add(endpoint="add_nodes", times=1, applied=True, fault=kind)
    with pytest.raises(BREAKS[kind][0]):
        caller.add(root, "a")
    assert caller.received() == ["Node a"]
    (lost,) = fake.requests.find({"fault": fault.name})
    assert lost.status == 0
    assert list(lost.answer["body"]["root_ids"]) == lost.nodes
    assert caller.add(root, "a").json()["root_ids"] == {}


def test_applied_and_answered_otherwise(caller: Caller, fake: FakeStudio) -> None:
    root = caller.create()
    fake.studio.faults.add(name="mine", endpoint="add_nodes", status=504, applied=True)
    assert caller.add(root, "a").status_code == 504
    assert caller.received() == ["Node a"]
    (exchange,) = fake.requests.find({"fault": "mine"})
    assert exchange.refusal is not None
    assert exchange.refusal["message"] == "The fault 'mine' answered 504; the request was carried out."


def test_the_wire_needs_our_server() -> None:
    studio = Studio()
    studio.faults.add(fault="EMPTY_RESPONSE")
    with pytest.raises(RuntimeError, match="EMPTY_RESPONSE needs the server of fake_studio"):
        create_app(studio).test_client().post("/api/internal/check_version")
    studio.close()


# Files


def test_an_upload_that_is_interrupted(caller: Caller, fake: FakeStudio) -> None:
    large = CONTENT * 2000
    fake.studio.faults.add(nth=1, fault="UPLOAD_INTERRUPTED")
    with pytest.raises(requests.ConnectionError):
        caller.put(large)
    assert fake.studio.storage.names() == []
    assert [path.name for path in fake.studio.storage.folder.iterdir()] == []
    assert caller.put(large).ok


@pytest.mark.parametrize("kind", ["TRUNCATED_UPLOAD", "FILE_CORRUPTED", "FILE_FORGOTTEN"])
def test_storage_that_lies(caller: Caller, fake: FakeStudio, kind: str) -> None:
    fake.studio.faults.add(file="*.pdf", nth=1, fault=kind)
    assert caller.put(CONTENT).status_code == 200
    stored = fake.studio.storage.get(NAME)
    if stored is None:
        assert kind == "FILE_FORGOTTEN"
        assert caller.head(NAME).status_code == 404
    else:
        assert stored.size == len(CONTENT) // (2 if kind == "TRUNCATED_UPLOAD" else 1)
        assert stored.md5 != NAME[:32]
        with fake.studio.storage.open(NAME) as file:
            assert md5(file.read()) == stored.md5
    assert caller.put(CONTENT).ok
    assert fake.studio.get_stored_file(NAME).md5 == NAME[:32]


def test_the_old_upload_can_lie_too(caller: Caller, fake: FakeStudio) -> None:
    fault = fake.studio.faults.add(file=NAME, fault="FILE_FORGOTTEN")
    form = {"file": (NAME.replace(".pdf", ".PDF"), io.BytesIO(CONTENT))}
    assert caller.ask("POST", "/api/internal/file_upload", files=form).ok
    assert (fault.fired, fake.studio.storage.names()) == (1, [])


def test_a_refused_upload_is_not_spoiled(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(fault="TRUNCATED_UPLOAD")
    answer = caller.ask("PUT", f"/content/storage/0/0/{NAME}", data=CONTENT)
    assert answer.status_code == 403
    assert fake.studio.storage.names() == []


# Studio's own refusals


@pytest.mark.parametrize(("fake", "status"), [("documented", 403), ("deployed", 401)], indirect=["fake"])
def test_a_token_that_is_revoked(caller: Caller, fake: FakeStudio, status: int) -> None:
    fake.studio.faults.add(name="mine", after=1, times=1, fault="TOKEN_REVOKED")
    assert [caller.login().status_code for _ in range(3)] == [200, status, 200]
    (exchange,) = fake.requests.find({"fault": "mine"})
    assert exchange.refusal is not None
    assert exchange.refusal["kind"] == "TokenUnknown"


@deployed
def test_a_revoked_token_is_answered_as_an_unknown_one(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(nth=1, fault="TOKEN_REVOKED")
    revoked = caller.login()
    unknown = caller.ask("POST", "/api/internal/authenticate_user_internal", headers={"Authorization": "Token x"})
    told = [(each.status_code, each.content, {**each.headers, "Date": ""}) for each in (revoked, unknown)]
    assert told[0] == told[1]


@pytest.mark.parametrize("fake", ["documented", "deployed"], indirect=True)
def test_a_quota_that_is_used_up(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(after=1, fault="QUOTA_EXHAUSTED")
    assert [caller.announce(CONTENT).status_code for _ in range(3)] == [200, 412, 412]
    caller.create()
    assert caller.finish().status_code == 403
    cause = fake.requests.refusals()[0].refusal
    assert cause is not None
    assert str(len(CONTENT)) in cause["message"]


def test_a_publish_that_fails(caller: Caller, fake: FakeStudio) -> None:
    root = caller.create()
    assert caller.add(root, "a").ok
    assert caller.finish().ok
    fake.studio.deploy_channel(CHANNEL)
    fake.studio.faults.add(name="mine", nth=1, fault="PUBLISH_FAILED")
    assert caller.post("publish_channel", {"channel_id": CHANNEL}).json()["success"] is True
    failed = fake.studio.wait_until_published(CHANNEL)
    assert (failed.state, failed.cause) == ("failed", "The fault 'mine' let it fail.")
    assert caller.post("publish_channel", {"channel_id": CHANNEL}).ok
    again = fake.studio.wait_until_published(CHANNEL)
    assert again.cause != failed.cause


def test_a_publish_that_is_refused_dooms_no_other(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(nth=1, fault="PUBLISH_FAILED")
    caller.create()
    headers = {"Authorization": "Token wrong"}
    refused = caller.ask("POST", "/api/internal/publish_channel", json={"channel_id": CHANNEL}, headers=headers)
    assert refused.status_code == 403
    assert fake.studio.publisher.fail_next == {}


def test_a_reset_forgets_what_was_to_fail(fake: FakeStudio) -> None:
    fake.studio.publisher.fail_next[CHANNEL] = "a fault"
    fake.reset()
    assert fake.studio.publisher.fail_next == {}


# Conditions, on the wire


@pytest.mark.parametrize("path", ["/content/storage/a/b/ab.pdf", "/api/public/info", "/api/public/v1/channels"])
def test_a_fault_of_a_user_asks_nobody_for_a_token(caller: Caller, fake: FakeStudio, path: str) -> None:
    headers = {"Authorization": "Token wrong"}
    before = caller.ask("GET", path, headers=headers).status_code
    fake.studio.faults.add(user="chef@example.org", status=503)
    assert caller.ask("GET", path, headers=headers).status_code == before


CONDITIONS: dict[str, dict[str, Any]] = {
    "a node's title": {"node": {"title": "Node b"}},
    "a file of a node": {"file": "rivers.pdf"},
    "the channel of a root_id, by name": {"endpoint": "add_nodes", "channel": "A channel", "nth": 2},
    "the channel of a root_id, by id": {"endpoint": "add_nodes", "channel": CHANNEL, "nth": 2},
    "the user": {"endpoint": "add_nodes", "user": "chef@example.org", "nth": 2},
    "the body": {"body": {"content_data": [{"source_id": "src-b"}]}},
    "the size": {"endpoint": "add_nodes", "min_bytes": 1200},
}


@pytest.mark.parametrize("conditions", CONDITIONS.values(), ids=CONDITIONS)
def test_conditions(caller: Caller, fake: FakeStudio, conditions: dict[str, Any]) -> None:
    fault = fake.studio.faults.add(status=500, **conditions)
    root = caller.create()
    small = {"root_id": root, "content_data": [node_data("a")]}
    file = {"filename": NAME, "original_filename": "rivers.pdf", "preset": "document", "size": 1}
    large = {"root_id": root, "content_data": [node_data("b", files=[file], description="long " * 100)]}
    assert [caller.post("add_nodes", body).status_code for body in (small, large)] == [200, 500]
    assert fault.fired == 1


def test_an_upload_is_known_by_the_chefs_own_name(caller: Caller, fake: FakeStudio) -> None:
    fault = fake.studio.faults.add(file="rivers.*", endpoint=["put_file", "upload_url", "storage_file"], status=500)
    fault_of_others = fake.studio.faults.add(file="lakes.pdf", status=500)
    assert caller.announce(CONTENT, "rivers.pdf").status_code == 500
    fake.studio.faults.remove(fault.id)
    on_put = fake.studio.faults.add(file="rivers.*", endpoint="put_file", status=500)
    assert caller.put(CONTENT, "rivers.pdf").status_code == 500
    assert (on_put.fired, fault_of_others.seen) == (1, 0)


def test_a_form_has_a_body_too(caller: Caller, fake: FakeStudio) -> None:
    fault = fake.studio.faults.add(endpoint="upload_url", body={"name": "a.pdf"}, fixedDelayMilliseconds=1)
    form = {"size": "5", "checksum": "0" * 32, "name": "a.pdf", "file_format": "pdf", "preset": "document"}
    assert caller.ask("POST", "/api/file/upload_url", data=form).status_code == 200
    assert fault.fired == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'"text"'])
def test_bodies_that_cannot_be_read_meet_no_condition(caller: Caller, fake: FakeStudio, body: bytes) -> None:
    fault = fake.studio.faults.add(body={"a": 1}, status=500)
    assert caller.ask("POST", "/api/internal/add_nodes", data=body).status_code == 400
    assert fault.seen == 0


def test_the_body_is_there_for_the_route_after_it_was_looked_at(caller: Caller, fake: FakeStudio) -> None:
    fake.studio.faults.add(node={"title": "another"}, status=500)
    root = caller.create()
    assert caller.add(root, "a", "b").ok
    assert caller.received() == ["Node a", "Node b"]
