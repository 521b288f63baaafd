"""Bad input of every kind, at every endpoint: the refusal of the dialect, the state as it was, no traceback."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.chefs_driver import (
    CHANNEL,
    INTERNAL,
    Chef,
    channel_data,
    exercise_data,
    node_data,
    question_data,
    state_of,
)

PATHS = (*(f"/api/internal/{endpoint}" for endpoint in INTERNAL), "/api/file/upload_url")
TYPED = ("/api/internal/get_tree_data", "/api/internal/get_node_tree_data", "/api/file/upload_url")
READ_NO_BODY = ("authenticate_user_internal",)
BODIES: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{nope",
    "cut off": b'{"channel_id": ',
    "two values": b"{} {}",
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "bare NUL": b"\0",
    "null": b"null",
    "true": b"true",
    "number": b"5",
    "text": b'"text"',
    "list": b'["ab", 5]',
    "empty list of nothing": b"[null]",
    "NUL inside": b'{"channel_id": "a\\u0000", "channel_ids": ["a\\u0000"], "version": "\\u0000", '
    b'"root_id": "\\u0000", "content_data": ["\\u0000"], "channel_data": {"id": "\\u0000"}}',
    "half a surrogate pair": b'{"channel_id": "\\ud800", "channel_ids": ["\\ud800"], "version": "\\ud800", '
    b'"root_id": "\\ud800", "content_data": ["\\ud800"], "channel_data": {"id": "\\ud800"}}',
    "wrong types": b'{"channel_id": {}, "channel_ids": 5, "version": [], "root_id": [1], "content_data": 5, '
    b'"channel_data": [], "tree": {}, "node_id": 5, "size": {}, "checksum": [], "name": {}}',
    "numbers for ids": b'{"channel_id": 5, "channel_ids": [5, true], "version": 1e400, "root_id": 1e99, '
    b'"content_data": [5], "channel_data": 5}',
    "NaN": b'{"channel_id": NaN, "root_id": Infinity, "content_data": [NaN], "size": NaN, "version": -Infinity}',
    "huge number": b'{"channel_id": ' + b"9" * 4000 + b"}",
    "unknown ids": json.dumps({"channel_id": "0" * 32, "root_id": "0" * 32, "content_data": []}).encode(),
}


def deep(opening: bytes, closing: bytes) -> bytes:
    """10 MB of nesting."""
    count = 10_000_000 // (len(opening) + len(closing))
    return opening * count + closing * count


def endpoint_of(path: str) -> str:
    return path.rpartition("/")[2]


def check_refused(chef: Chef, answer: Any, kind: str = "") -> None:
    """A refusal in the words of the dialect, and no traceback of ours in it."""
    text = answer.get_data(as_text=True)
    assert "Traceback" not in text
    assert "fake_studio itself failed" not in text
    assert answer.status_code >= 400, f"{kind}: {text}"
    if chef.dialect == "documented":
        assert answer.status_code < 500, f"{kind}: {text}"
        assert list(answer.get_json()) == ["error"]


@pytest.mark.parametrize(
    ("path", "media_type"), [(path, None) for path in PATHS] + [(path, "application/json") for path in TYPED]
)
def test_a_bad_body_is_refused(chef: Chef, path: str, media_type: str | None) -> None:
    before = state_of(chef.studio)
    for kind, body in BODIES.items():
        answer = chef.ask("POST", path, body, content_type=media_type)
        if endpoint_of(path) in READ_NO_BODY or (endpoint_of(path), kind) in ACCEPTED:
            assert answer.status_code == 200, kind
        else:
            check_refused(chef, answer, kind)
        assert state_of(chef.studio) == before, kind


# The keys of an object are names of files as good as any.
NAMED = ("NUL inside", "half a surrogate pair", "wrong types", "numbers for ids", "NaN", "huge number", "unknown ids")
ACCEPTED = {("file_diff", kind) for kind in NAMED}


@pytest.mark.parametrize("path", [path for path in PATHS if endpoint_of(path) not in READ_NO_BODY])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"1}")])
def test_ten_megabytes_of_nesting_are_refused(chef: Chef, path: str, opening: bytes, closing: bytes) -> None:
    before = state_of(chef.studio)
    check_refused(chef, chef.ask("POST", path, deep(opening, closing), content_type="application/json"))
    assert state_of(chef.studio) == before


@pytest.mark.parametrize("field", ["extra_fields", "answers", "hints"])
def test_nesting_inside_of_a_string_of_json_is_refused(chef: Chef, field: str) -> None:
    root = chef.create()
    before = state_of(chef.studio)
    text = "[" * 100_000
    node = node_data(extra_fields=text) if field == "extra_fields" else exercise_data(question_data(**{field: text}))
    check_refused(chef, chef.add(root, node))
    assert state_of(chef.studio) == before


def test_markdown_that_nests_is_no_end_of_us(chef: Chef) -> None:
    root = chef.create()
    for text in ("> " * 5000 + "x", "[" * 5000, "*" * 5000, "- " * 3000 + "x", "$$" + "{" * 3000 + "$$", "`" * 9999):
        answer = chef.add(root, exercise_data(question_data(question=text)))
        assert "fake_studio itself failed" not in answer.get_data(as_text=True), text[:10]
        assert chef.dialect == "deployed" or answer.status_code < 500


VALUES = (None, True, 5, -1, 1.5, "", "text", "a\0b", "\ud800", "x" * 70_000, [], [None], ["a"], {}, {"a": None}, 2**70)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:12])
def test_any_value_in_any_field_of_a_node_is_answered(chef: Chef, value: Any) -> None:
    root = chef.create()
    for key in node_data():
        check_answered(chef, chef.add(root, node_data(**{key: value})))
        check_answered(chef, chef.add(root, node_data("v", "video", **{key: value})))
        check_answered(chef, chef.add(root, exercise_data(**{key: value})))
        check_answered(chef, chef.add(root, node_data("s", "slideshow", **{key: value})))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:12])
def test_any_value_in_any_field_of_a_file_question_or_slide_is_answered(chef: Chef, value: Any) -> None:
    root = chef.create()
    chef.upload(b"abc")
    file = {"filename": "900150983cd24fb0d6963f7d28e17f72.pdf", "size": 3, "preset": "document", "language": None}
    file.update(original_filename="a", source_url=None, duration=None)
    for key in file:
        check_answered(chef, chef.add(root, node_data("d", "document", files=[{**file, key: value}])))
    for kind in ("single_selection", "input_question", "perseus_question", "QTI"):
        for key in question_data():
            check_answered(chef, chef.add(root, exercise_data(question_data(**{"type": kind, key: value}))))
    for key in ("caption", "descriptive_text", "checksum", "extension", "sort_order"):
        slides = json.dumps({"slideshow_data": [{"sort_order": 1, key: value}]})
        check_answered(chef, chef.add(root, node_data("s", "slideshow", extra_fields=slides)))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:12])
def test_any_value_in_any_field_of_a_channel_or_a_remote_node_is_answered(chef: Chef, value: Any) -> None:
    root = chef.create()
    for key in channel_data():
        check_answered(chef, chef.post("create_channel", {"channel_data": channel_data(**{key: value})}))
    remote = {"node_id": "0" * 32, "source_channel_id": CHANNEL, "source_node_id": "1" * 32, "source_content_id": None}
    for key in (*remote, "title", "files", "tags", "categories", "extra_fields"):
        check_answered(chef, chef.add(root, {**remote, key: value}))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:12])
def test_any_value_in_any_field_of_a_request_is_answered(chef: Chef, value: Any) -> None:
    chef.create()
    for endpoint, body in {
        "check_version": {"version": value},
        "file_diff": value,
        "create_channel": {"channel_data": value},
        "add_nodes": {"root_id": value, "content_data": value},
        "finish_channel": {"channel_id": CHANNEL, "stage": value},
        "publish_channel": {"channel_id": CHANNEL, "version_notes": value},
        "check_user_is_editor": {"channel_id": value},
        "get_channel_status_bulk": {"channel_ids": value},
        "get_tree_data": {"channel_id": CHANNEL, "tree": value},
        "get_node_tree_data": {"channel_id": CHANNEL, "node_id": value},
    }.items():
        check_answered(chef, chef.post(endpoint, json.dumps(body), content_type="application/json"))
    for key in ("size", "checksum", "name", "file_format", "preset", "duration", "resumable"):
        check_answered(chef, chef.announce(b"abc", **{key: value}))


def check_answered(chef: Chef, answer: Any) -> None:
    """An answer of the dialect, whatever it is."""
    text = answer.get_data(as_text=True)
    assert "fake_studio itself failed" not in text
    if chef.dialect == "documented":
        assert answer.status_code < 500, text
        assert answer.status_code == 200 or list(answer.get_json()) == ["error"]
    else:
        assert answer.status_code != 500 or answer.mimetype in ("text/plain", "text/html")


# The token, and the method


@pytest.mark.parametrize("path", PATHS)
def test_authentication_comes_before_the_method_and_the_body(chef: Chef, path: str) -> None:
    nobody = chef.role("nobody")
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
        answer = nobody.ask(method, path, b"{nope")
        if chef.dialect == "documented":
            assert answer.status_code == 403
        else:
            is_upload = path.endswith("upload_url")
            assert answer.status_code == (403 if is_upload else 401)
            assert answer.headers.get("WWW-Authenticate") == (None if is_upload else "Token")
            assert method == "HEAD" or answer.get_json() == {"detail": "Authentication credentials were not provided."}
            assert answer.headers["Vary"] == "Accept-Language, Cookie"


WRONG = [(method, path) for path in PATHS for method in ("GET", "PUT", "PATCH", "DELETE")]
WRONG.remove(("GET", "/api/internal/authenticate_user_internal"))


@pytest.mark.parametrize(("method", "path"), WRONG)
def test_a_wrong_method(chef: Chef, method: str, path: str) -> None:
    answer = chef.ask(method, path)
    assert answer.status_code == 405
    if chef.dialect == "deployed":
        assert answer.get_json() == {"detail": f'Method "{method}" not allowed.'}


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        ("", "Authentication credentials were not provided."),
        ("Bearer {token}", "Authentication credentials were not provided."),
        ("{token}", "Authentication credentials were not provided."),
        ("Token", "Invalid token header. No credentials provided."),
        ("Token a b", "Invalid token header. Token string should not contain spaces."),
        ("Token " + "0" * 40, "Invalid token."),
        ("Token {inactive}", "User inactive or deleted."),
    ],
)
def test_a_wrong_token(chef: Chef, header: str, detail: str) -> None:
    told = header.format(token=chef.token, inactive=chef.users["inactive"].token)
    answer = chef.role("nobody").post("authenticate_user_internal", headers={"Authorization": told} if told else {})
    if chef.dialect == "documented":
        assert answer.status_code == 403
        assert chef.token not in answer.get_data(as_text=True)
    else:
        assert (answer.status_code, answer.get_json()) == (401, {"detail": detail})


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "Token  "])
def test_the_scheme_may_be_written_in_any_case(chef: Chef, scheme: str) -> None:
    answer = chef.role("nobody").post("authenticate_user_internal", headers={"Authorization": f"{scheme} {chef.token}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/api/internal/nope", "/api/internal/check_version/", "/api/nope", "/api/internal/"])
def test_a_path_that_is_none(chef: Chef, path: str) -> None:
    for who in (chef, chef.role("nobody")):
        answer = who.ask("POST", path, {})
        assert (answer.status_code, answer.mimetype) == (
            404,
            "application/json" if chef.dialect == "documented" else "text/html",
        )


@pytest.mark.parametrize("accept", ["image/png", "application/xml", "text/plain"])
def test_a_client_that_takes_no_json(chef: Chef, accept: str) -> None:
    answer = chef.post("authenticate_user_internal", headers={"Accept": accept})
    assert answer.status_code == (200 if chef.dialect == "documented" else 406)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*", "application/json; indent=2"])
def test_a_client_that_takes_json(chef: Chef, accept: str) -> None:
    assert chef.post("authenticate_user_internal", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("path", ["/api/internal/get_tree_data", "/api/internal/get_node_tree_data"])
def test_a_serializer_must_be_told_the_type(chef: Chef, path: str) -> None:
    chef.create()
    answer = chef.ask("POST", path, {"channel_id": CHANNEL}, content_type="text/plain")
    if chef.dialect == "documented":
        assert answer.status_code == 200
    else:
        told = {"detail": 'Unsupported media type "text/plain" in request.'}
        assert (answer.status_code, answer.get_json()) == (415, told)


def test_json_without_a_content_type_is_read_as_chefs_send_it(chef: Chef) -> None:
    assert chef.create()
    assert chef.post("check_version", {"version": "0.7.3"}).status_code == 200
    assert chef.finish().status_code == 200


def test_a_body_that_is_too_large(chef: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    chef.client.application.config["MAX_CONTENT_LENGTH"] = 1000
    for path in PATHS[1:3] + PATHS[4:]:
        assert chef.ask("POST", path, b" " * 1001, content_type="application/json").status_code == 413


def test_headers_of_the_running_server(deployed: Chef) -> None:
    answer = deployed.post("authenticate_user_internal")
    assert {name: answer.headers.get(name) for name in ("Vary", "Content-Language", "X-Frame-Options")} == {
        "Vary": "Accept-Language",
        "Content-Language": "en",
        "X-Frame-Options": "DENY",
    }


def test_a_form_of_too_many_parts_is_told_so(chef: Chef) -> None:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\nb\r\n' for n in range(1001)]
    body = "".join([*parts, "--x--"]).encode()
    before = state_of(chef.studio)
    answer = chef.ask("POST", "/api/internal/file_upload", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    refusal = chef.studio.journal.entries()[-1].refusal or {}
    assert "more than 1000 parts" in refusal["message"]
    assert state_of(chef.studio) == before
