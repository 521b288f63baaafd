"""Parts of stored files, as object stores give them: video players seek so, and Kolibri resumes so."""

from __future__ import annotations

from typing import Any

import pytest

from support.chefs_driver import Chef, md5

CONTENT = b"0123456789"
PATH = "/content/storage/a/b/ab.mp4"


@pytest.fixture
def film(documented: Chef) -> Chef:
    documented.studio.storage.put(CONTENT, "ab.mp4", "video/mp4")
    return documented


def ask(chef: Chef, method: str = "GET", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return chef.client.open(PATH, method=method, headers=named, buffered=True)


@pytest.mark.parametrize(
    ("sent", "content", "told"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-30", CONTENT, "bytes 0-9/10"),
        ("bytes=8-1000000000000000000000", b"89", "bytes 8-9/10"),
        ("Bytes=0-0", b"0", "bytes 0-0/10"),
    ],
)
def test_a_range(film: Chef, sent: str, content: bytes, told: str) -> None:
    answer = ask(film, Range=sent)
    assert (answer.status_code, answer.data, answer.headers["Content-Range"]) == (206, content, told)
    assert (answer.content_length, answer.headers["Accept-Ranges"]) == (len(content), "bytes")


@pytest.mark.parametrize("sent", ["", "bytes=", "bytes=-", "bytes=4-2", "lines=1-2", "bytes=0-1,3-4", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole(film: Chef, sent: str) -> None:
    answer = ask(film, Range=sent)
    assert (answer.status_code, answer.data, answer.content_length) == (200, CONTENT, 10)
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("sent", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_behind_the_end(film: Chef, sent: str) -> None:
    answer = ask(film, Range=sent)
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */10")
    assert "Accept-Ranges" not in answer.headers


def test_a_range_of_nothing(documented: Chef) -> None:
    documented.studio.storage.put(b"", "ab.mp4", "video/mp4")
    assert ask(documented, Range="bytes=0-").headers["Content-Range"] == "bytes */0"
    assert ask(documented).data == b""


def test_if_range(film: Chef) -> None:
    assert ask(film, Range="bytes=2-4", If_Range=f'"{md5(CONTENT)}"').status_code == 206
    for other in ('"other"', f'W/"{md5(CONTENT)}"', "Thu, 01 Jan 2099 00:00:00 GMT"):
        assert ask(film, Range="bytes=2-4", If_Range=other).data == CONTENT


def test_only_a_get_has_ranges(film: Chef) -> None:
    answer = ask(film, "HEAD", Range="bytes=2-4")
    assert (answer.status_code, answer.content_length, answer.headers["Accept-Ranges"]) == (200, 10, "bytes")


@pytest.mark.parametrize("tag", [f'"{md5(CONTENT)}"', f'W/"{md5(CONTENT)}"', f'"x", "{md5(CONTENT)}"', "*"])
def test_what_the_client_has_is_not_sent(film: Chef, tag: str) -> None:
    answer = ask(film, If_None_Match=tag, Range="bytes=2-4")
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", f'"{md5(CONTENT)}"')
    assert "Content-Length" not in answer.headers


def test_what_is_opened_from_storage_loads_nothing(film: Chef) -> None:
    policy = ask(film).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")


def test_the_database_has_ranges_too(documented: Chef) -> None:
    documented.added(documented.create())
    assert documented.client.get("/content/databases/none.sqlite3").status_code == 404
