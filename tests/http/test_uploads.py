"""upload_url, the PUT of the bytes, and storage as ricecooker from 0.7 on uses them."""

from __future__ import annotations

from typing import Any

import pytest

from support.chefs_driver import Chef, md5, md5_base64, state_of

PDF = b"%PDF the document"
STORED = f"/content/storage/{md5(PDF)[0]}/{md5(PDF)[1]}/{md5(PDF)}.pdf"


def url_of(chef: Chef, content: bytes = PDF, **changes: Any) -> str:
    return str(chef.announce(content, **changes).get_json()["uploadURL"])


def test_upload_url(chef: Chef) -> None:
    told = chef.announce(PDF).get_json()
    assert (told["mimetype"], told["resumable"], told["might_skip"]) == ("application/pdf", False, False)
    assert told["uploadURL"].startswith(f"http://localhost{STORED}?")
    assert told["file"] == {
        "id": told["file"]["id"],
        "checksum": md5(PDF),
        "file_size": len(PDF),
        "language": None,
        "file_format": "pdf",
        "file_on_disk": STORED[len("/content/") :],
        "original_filename": "a.pdf",
        "uploaded_by": 2,
        "duration": None,
        "url": STORED,
        "preset": "document",
        "contentnode": None,
        "assessment_item": None,
    }
    assert chef.announce(PDF).get_json()["might_skip"] is True


def test_upload_url_of_a_form_as_ricecooker_070_sends_it(chef: Chef) -> None:
    form = f"size={len(PDF)}&checksum={md5(PDF)}&name=a.pdf&file_format=pdf&preset=document"
    answer = chef.ask("POST", "/api/file/upload_url", form, content_type="application/x-www-form-urlencoded")
    assert answer.get_json()["file"]["file_size"] == len(PDF)
    video = form.replace("pdf", "mp4").replace("document", "high_res_video") + "&duration=5"
    answer = chef.ask("POST", "/api/file/upload_url", video, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "A valid number is required." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"size": None}, "size", "This field may not be null."),
        ({"size": "many"}, "size", "A valid integer is required."),
        ({"size": 12.5}, "size", "A valid integer is required."),
        ({"checksum": md5(PDF)[:31]}, "checksum", "This value does not match the required pattern."),
        ({"checksum": []}, "checksum", "This value does not match the required pattern."),
        ({"checksum": ""}, "checksum", "This field may not be blank."),
        ({"name": []}, "name", "Not a valid string."),
        ({"name": "a\0b"}, "name", "Null characters are not allowed."),
        ({"file_format": "doc"}, "file_format", '"doc" is not a valid choice.'),
        ({"preset": 5}, "preset", '"5" is not a valid choice.'),
        ({"duration": "5"}, "duration", "A valid number is required."),
        ({"duration": 0.5}, "duration", "File duration is equal to or less than 0"),
        ({"resumable": "perhaps"}, "resumable", "Must be a valid boolean."),
        (
            {"file_format": "png"},
            "non_field_errors",
            "File format png is not an allowed format for this preset document",
        ),
        ({"size": 2**29}, "non_field_errors", "Files larger than 500 MB must use a resumable upload."),
    ],
)
def test_upload_url_says_which_field(chef: Chef, changes: dict[str, Any], field: str, text: str) -> None:
    before = state_of(chef.studio)
    answer = chef.announce(PDF, **changes)
    assert answer.status_code == 400
    expected = {"error": f"{field}: {text}"} if chef.dialect == "documented" else {field: [text]}
    assert answer.get_json() == expected
    assert state_of(chef.studio) == before


def test_upload_url_checksum_with_two_faults(deployed: Chef) -> None:
    assert deployed.announce(PDF, checksum="a\0b").get_json() == {
        "checksum": ["Null characters are not allowed.", "This value does not match the required pattern."]
    }


def test_upload_url_over_quota(chef: Chef) -> None:
    answer = chef.role("tiny").announce(b"x" * 101)
    assert answer.status_code == 412
    if chef.dialect == "documented":
        assert "101 bytes are needed" in answer.get_json()["error"]
    else:
        assert answer.status == "412 Not enough space. Check your storage under Settings page."
        assert (answer.mimetype, answer.data) == ("text/html", b"")


def test_put(chef: Chef) -> None:
    answer = chef.put(url_of(chef), PDF)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/html", b"")
    stored = chef.role("nobody").ask("GET", STORED)
    assert (stored.status_code, stored.data, stored.mimetype) == (200, PDF, "application/pdf")
    assert stored.headers["Cache-Control"] == "public, max-age=31536000, immutable, no-transform"


@pytest.mark.parametrize("authorization", ["", "Token nonsense", "Bearer x"])
def test_put_ignores_the_token_that_is_sent_along(chef: Chef, authorization: str) -> None:
    assert chef.role("nobody").put(url_of(chef), PDF, Authorization=authorization).status_code == 200


def test_put_needs_no_content_md5(chef: Chef) -> None:
    assert chef.put(url_of(chef), PDF, Content_MD5="").status_code == 200


@pytest.mark.parametrize("told", [md5_base64(b"other"), "nonsense", "====", "YWJj"])
def test_put_with_a_wrong_content_md5(chef: Chef, told: str) -> None:
    url = url_of(chef)
    before = state_of(chef.studio)
    answer = chef.put(url, PDF, Content_MD5=told)
    assert answer.status_code == 400
    if chef.dialect == "documented":
        assert "md5" in answer.get_json()["error"].lower()
    else:
        assert answer.mimetype == "application/xml"
        assert "<Code>BadDigest</Code>" in answer.get_data(as_text=True)
    assert state_of(chef.studio) == before


def test_put_of_other_bytes_than_announced(chef: Chef) -> None:
    answer = chef.put(url_of(chef), b"other")
    assert answer.status_code == (400 if chef.dialect == "documented" else 200)


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("user=2", "user=1"),
        lambda url: url.replace("signature=", "signature=0"),
        lambda url: url.replace("expires=", "expires=9"),
        lambda url: url.partition("?")[0],
        lambda url: url.replace("user=2", "user=two"),
        lambda url: url.replace(md5(PDF), "0" * 32),
    ],
)
def test_put_to_an_address_that_was_changed(chef: Chef, change: Any) -> None:
    url = change(url_of(chef))
    before = state_of(chef.studio)
    answer = chef.put(url, PDF)
    assert answer.status_code == 403
    assert state_of(chef.studio) == before


def test_put_to_an_address_that_has_expired(chef: Chef, monkeypatch: pytest.MonkeyPatch) -> None:
    url = url_of(chef)
    now = chef.studio.state.ids.now()
    monkeypatch.setattr(chef.studio.state.ids, "now", lambda: now + 602)
    assert chef.put(url, PDF).status_code == 403
    monkeypatch.setattr(chef.studio.state.ids, "now", lambda: now + 598)
    assert chef.put(url, PDF).status_code == 200


def test_storage_head(chef: Chef) -> None:
    chef.upload(PDF)
    answer = chef.role("nobody").ask("HEAD", STORED)
    assert (answer.status_code, answer.content_length, answer.data) == (200, len(PDF), b"")


@pytest.mark.parametrize(
    "path",
    [
        f"/content/storage/{md5(PDF)[0]}/{md5(PDF)[1]}/{md5(PDF)}.mp4",
        f"/content/storage/0/0/{md5(PDF)}.pdf",
        f"/content/storage/{md5(PDF)}.pdf",
        "/content/storage/a/b/..%2f..%2fetc%2fpasswd",
        "/content/storage/%2e%2e/%2e%2e/etc/passwd",
        "/content/storage/",
    ],
)
def test_storage_has_nothing_else(chef: Chef, path: str) -> None:
    chef.upload(PDF)
    for method in ("GET", "HEAD"):
        assert chef.role("nobody").ask(method, path).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_storage_is_written_to_by_upload_urls_only(chef: Chef, method: str) -> None:
    chef.upload(PDF)
    before = state_of(chef.studio)
    assert chef.ask(method, STORED, b"x").status_code == 403
    assert state_of(chef.studio) == before
