"""Every endpoint through HTTP, in both dialects: what works, and what is refused how."""

from __future__ import annotations

from typing import Any

import pytest

from support.chefs_driver import (
    CHANNEL,
    Chef,
    an_id,
    channel_data,
    exercise_data,
    file_data,
    md5,
    node_data,
    state_of,
    without,
)

CRASH = (500, "text/plain", "Internal server error")
PDF = b"%PDF the document"


def seen(answer: Any) -> tuple[int, str, Any]:
    """Status, media type and body of an answer."""
    body = answer.get_json() if answer.mimetype == "application/json" else answer.get_data(as_text=True)
    return answer.status_code, answer.mimetype, body


def error_of(answer: Any, status: int) -> str:
    """The message of a refusal in the documented dialect."""
    assert (answer.status_code, answer.mimetype) == (status, "application/json"), answer.get_data(as_text=True)
    body = answer.get_json()
    assert list(body) == ["error"]
    return str(body["error"])


def refused(chef: Chef, answer: Any, documented: int, deployed: tuple[int, str, Any]) -> None:
    """The refusal is that of the chef's dialect."""
    if chef.dialect == "documented":
        assert error_of(answer, documented)
    else:
        assert seen(answer) == deployed


# authenticate_user_internal


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_authenticate_user_internal(chef: Chef, method: str) -> None:
    answer = chef.ask(method, "/api/internal/authenticate_user_internal")
    assert answer.get_json() == {
        "success": True,
        "user_id": 2,
        "username": "chef@example.org",
        "first_name": "Charlie",
        "last_name": "Chef",
        "is_admin": False,
    }


# check_version


@pytest.mark.parametrize(
    ("version", "documented_status", "deployed_status"),
    [("0.8.0", 0, 0), ("0.7.3", 0, 0), ("0.7.0", 0, 1), ("0.6.45", 1, 2), ("0.6.29", 2, 2), ("0.6.20", 3, 3)],
)
def test_check_version(chef: Chef, version: str, documented_status: int, deployed_status: int) -> None:
    body = chef.post("check_version", {"version": version}).get_json()
    assert body["status"] == (documented_status if chef.dialect == "documented" else deployed_status)
    assert f"v{version}" in body["message"]


@pytest.mark.parametrize("version", [None, 5, [], {}, "", "v0.7.3", "abc", "0.x", "0.7.²", "9" * 5000])
def test_check_version_of_what_is_no_version(chef: Chef, version: Any) -> None:
    refused(chef, chef.post("check_version", {"version": version}), 400, CRASH)


# file_diff and file_upload


def test_file_diff(chef: Chef) -> None:
    chef.file_upload(b"abc", f"{md5(b'abc')}.txt")
    assert chef.post("file_diff", [f"{md5(b'abc')}.txt", "ab.pdf", "cd.pdf"]).get_json() == ["ab.pdf", "cd.pdf"]
    assert chef.post("file_diff", [f"{md5(b'abc')}.TXT"]).get_json() == []
    assert chef.post("file_diff", []).get_json() == []


def test_the_older_protocol_asks_in_chunks_and_uploads_one_by_one(chef: Chef) -> None:
    contents = {f"{md5(str(n).encode())}.txt": str(n).encode() for n in range(2300)}
    for name in list(contents)[::500]:
        assert chef.file_upload(contents[name], name).get_json() == {"success": True}
    names, missing = list(contents), []
    for start in range(0, len(names), 1000):
        missing += chef.post("file_diff", names[start : start + 1000]).get_json()
    assert sorted(missing) == sorted(set(names) - set(names[::500]))


@pytest.mark.parametrize("body", [5, True, None, [5], [None], ["a.b"], [[]], [{}]])
def test_file_diff_of_what_are_no_names(chef: Chef, body: Any) -> None:
    refused(chef, chef.post("file_diff", "null" if body is None else body), 400, CRASH)


def test_file_upload(chef: Chef) -> None:
    name = f"{md5(b'abc')}.TXT"
    assert chef.file_upload(b"abc", name).get_json() == {"success": True}
    stored = chef.ask("GET", f"/content/storage/{name[0]}/{name[1]}/{name[:32]}.txt")
    assert (stored.data, stored.mimetype) == (b"abc", "text/plain")


def test_file_upload_of_other_bytes(chef: Chef) -> None:
    before = state_of(chef.studio)
    refused(chef, chef.file_upload(b"abc", "0" * 32 + ".txt"), 400, (400, "text/plain", "Invalid file"))
    assert state_of(chef.studio) == before


@pytest.mark.parametrize("name", ["abc", "a.b.c", "abc.tar.gz"])
def test_file_upload_needs_a_name_with_one_dot(chef: Chef, name: str) -> None:
    refused(chef, chef.file_upload(b"abc", name), 400, CRASH)


@pytest.mark.parametrize("folder", ["../../", "/etc/", "a/b/", "..\\..\\", "C:\\"])
def test_file_upload_reads_no_folder_from_a_name(chef: Chef, folder: str) -> None:
    assert chef.file_upload(b"abc", f"{folder}{md5(b'abc')}.txt").status_code == 200
    assert chef.studio.storage.names() == [f"{md5(b'abc')}.txt"]


def test_file_upload_without_the_part(chef: Chef) -> None:
    expected = (400, "text/html", "Invalid file upload request")
    refused(chef, chef.file_upload(b"abc", "ab.txt", part="other"), 400, expected)
    refused(chef, chef.post("file_upload"), 400, expected)


def test_file_upload_over_quota(chef: Chef) -> None:
    content = b"x" * 101
    answer = chef.role("tiny").file_upload(content, f"{md5(content)}.txt")
    refused(chef, answer, 403, (403, "text/plain", "Permission denied"))


# create_channel


def test_create_channel(chef: Chef) -> None:
    body = chef.post("create_channel", {"channel_data": channel_data()}).get_json()
    assert body["channel_id"] == CHANNEL
    assert isinstance(body["root"], int if chef.dialect == "documented" else str)


@pytest.mark.parametrize("key", ["id", "name", "description", "thumbnail"])
def test_create_channel_needs(chef: Chef, key: str) -> None:
    answer = chef.post("create_channel", {"channel_data": without(channel_data(), key)})
    refused(chef, answer, 400, (400, "text/plain", "Required attribute missing from data"))
    if chef.dialect == "documented":
        assert f"channel_data.{key}" in answer.get_json()["error"]


@pytest.mark.parametrize("data", [None, 5, "text", [], True])
def test_create_channel_of_no_object(chef: Chef, data: Any) -> None:
    refused(chef, chef.post("create_channel", {"channel_data": data}), 400, CRASH)


def test_create_channel_of_somebody_else(chef: Chef) -> None:
    chef.create()
    answer = chef.role("other").post("create_channel", {"channel_data": channel_data()})
    refused(chef, answer, 403, CRASH)
    assert chef.role("admin").create(name="Taken over")


# add_nodes


def test_add_nodes(chef: Chef) -> None:
    root_ids = chef.added(chef.create(), node_data("a"), exercise_data())
    assert list(root_ids) == [an_id("a"), an_id("e")]
    below = chef.added(root_ids[an_id("a")], node_data("b"))
    assert [node["title"] for node in chef.tree()[0]["children"]] == ["Node b"]
    assert chef.tree()[0]["children"][0]["studio_id"] == below[an_id("b")]


def test_add_nodes_may_bring_nothing(chef: Chef) -> None:
    assert chef.added(chef.create()) == {}


def test_add_nodes_leaves_known_ones_out_of_root_ids(chef: Chef) -> None:
    root = chef.create()
    chef.added(root, node_data("a"))
    assert list(chef.added(root, node_data("a"), node_data("b"))) == [an_id("b")]


@pytest.mark.parametrize("key", ["root_id", "content_data"])
def test_add_nodes_needs(chef: Chef, key: str) -> None:
    body = without({"root_id": chef.create(), "content_data": []}, key)
    refused(chef, chef.post("add_nodes", body), 400, (400, "text/plain", "Required attribute missing from data"))


def test_add_nodes_below_what_is_not_there(chef: Chef) -> None:
    refused(chef, chef.add("0" * 32, node_data()), 404, (404, "text/plain", "Content not found"))
    refused(chef, chef.add(None, node_data()), 404, (404, "text/plain", "Content not found"))
    answer = chef.role("other").add(chef.create(), node_data())
    refused(chef, answer, 403, (404, "text/plain", "Content not found"))


def test_add_nodes_says_which_node_and_what_would_be_right(documented: Chef) -> None:
    answer = documented.add(documented.create(), node_data("a"), node_data("b", kind="book"))
    message = error_of(answer, 400)
    assert "content_data[1]" in message
    assert an_id("b") in message
    assert "'Node b'" in message
    assert "kind: 'book' is not a content kind. Allowed: " in message


def test_add_nodes_all_or_nothing(chef: Chef) -> None:
    root = chef.create()
    before = state_of(chef.studio)
    for bad in ({"title": "x" * 201}, {"tags": ["x" * 31]}, {"license": "mine"}, {"categories": ["nope"]}):
        assert chef.add(root, node_data("good"), node_data("bad", **bad)).status_code in (400, 500)
    assert state_of(chef.studio) == before


def test_the_pages_example_needs_no_more_than_it_shows(chef: Chef) -> None:
    example = {
        "node_id": "abc-123",
        "content_id": "content-abc-123",
        "title": "Introduction to Algebra",
        "description": "Learn the basics of algebra",
        "kind": "video",
        "license": "CC BY",
        "copyright_holder": "Example.org",
        "author": "Jane Teacher",
        "language": "en",
        "files": [{"filename": "video123.mp4", "preset": "high_res_video", "language": "en"}],
        "questions": [],
    }
    answer = chef.add(chef.create(), example)
    if chef.dialect == "documented":
        assert list(answer.get_json()["root_ids"]) == ["abc-123"]
    else:
        assert seen(answer) == CRASH


# finish_channel, publish_channel


def test_publish_channel_after_finish_channel(chef: Chef) -> None:
    chef.added(chef.create(), node_data("a"))
    body = chef.finish().get_json()
    assert (body["success"], body["new_channel"], len(body["diff_task_id"])) == (True, CHANNEL, 36)
    assert [node["title"] for node in chef.tree("staging")] == ["Node a"]
    told = chef.post("publish_channel", {"channel_id": CHANNEL, "version_notes": "First"}).get_json()
    assert told == {"success": True, "channel": CHANNEL}


def test_finish_channel_with_stage_false(chef: Chef) -> None:
    chef.added(chef.create(), node_data("a"))
    assert chef.finish(stage=False).status_code == 200
    deployed = chef.dialect == "documented"
    assert bool(chef.tree("main")) is deployed
    assert (chef.studio.get_channel_record(CHANNEL).root("staging") is None) is deployed


@pytest.mark.parametrize("stage", ["true", None, 1, []])
def test_finish_channel_with_a_stage_that_is_no_boolean(chef: Chef, stage: Any) -> None:
    chef.create()
    answer = chef.finish(stage=stage)
    if chef.dialect == "documented":
        assert "stage" in error_of(answer, 400)
    else:
        assert answer.status_code == 200


def test_finish_channel_twice(chef: Chef) -> None:
    chef.create()
    chef.finish()
    refused(chef, chef.finish(), 400, CRASH)


@pytest.mark.parametrize(
    ("endpoint", "missing"),
    [
        ("finish_channel", (400, "text/plain", "Required attribute missing from data")),
        ("publish_channel", (404, "text/plain", "Channel not found")),
        ("check_user_is_editor", (400, "text/plain", "Missing attribute from data")),
    ],
)
def test_a_channel_that_is_not_named_not_there_or_not_yours(
    chef: Chef, endpoint: str, missing: tuple[int, str, str]
) -> None:
    unknown = (404, "text/plain", "Channel not found")
    chef.create()
    refused(chef, chef.post(endpoint, {}), 400, missing)
    refused(chef, chef.post(endpoint, {"channel_id": "0" * 32}), 404, unknown)
    refused(chef, chef.post(endpoint, {"channel_id": None}), 404, unknown)
    refused(chef, chef.role("other").post(endpoint, {"channel_id": CHANNEL}), 403, unknown)
    assert chef.role("admin").post(endpoint, {"channel_id": CHANNEL}).status_code == 200


# check_user_is_editor, get_channel_status_bulk


def test_check_user_is_editor(chef: Chef) -> None:
    chef.create()
    assert chef.post("check_user_is_editor", {"channel_id": CHANNEL}).get_json() == {"success": True}


def test_get_channel_status_bulk(chef: Chef) -> None:
    chef.create()
    chef.role("other").create(id="d" * 32)
    told = chef.post("get_channel_status_bulk", {"channel_ids": [CHANNEL, CHANNEL]}).get_json()
    assert told == {"success": True, "statuses": {CHANNEL: "active"}}
    expected = (404, "text/plain", "Channel not found")
    refused(chef, chef.post("get_channel_status_bulk", {"channel_ids": [CHANNEL, "0" * 32]}), 404, expected)
    refused(chef, chef.post("get_channel_status_bulk", {"channel_ids": [CHANNEL, "d" * 32]}), 403, expected)
    refused(chef, chef.post("get_channel_status_bulk", {"channel_ids": 5}), 400, CRASH)
    answer = chef.post("get_channel_status_bulk", {})
    assert (answer.status_code, answer.mimetype) == (
        (400, "application/json") if chef.dialect == "documented" else (500, "text/html")
    )


# get_tree_data, get_node_tree_data


def test_get_tree_data(chef: Chef) -> None:
    chef.upload(PDF)
    chef.added(chef.create(), node_data("d", "document", files=[file_data(PDF, "pdf", "document")]))
    (node,) = chef.tree()
    assert without(node, "studio_id") == {
        "title": "Node d",
        "kind": "document",
        "file_size": len(PDF),
        "node_id": an_id("d"),
    }


def test_get_node_tree_data(chef: Chef) -> None:
    root_ids = chef.added(chef.create(), node_data("t"))
    chef.added(root_ids[an_id("t")], exercise_data())

    def ask(**changes: Any) -> Any:
        return chef.serialized("get_node_tree_data", {"channel_id": CHANNEL, "tree": "chef", **changes})

    top = ask().get_json()
    assert (top["success"], top["staged"], top["tree"][0]["title"]) == (True, False, "Node t")
    assert "children" not in top["tree"][0]
    assert ask(node_id=an_id("t")).get_json()["tree"][0]["count"] == 1
    refused(chef, ask(node_id="0" * 32), 404, CRASH)
    refused(chef, ask(tree="nope"), 404, CRASH)


def test_a_form_is_read_where_a_serializer_reads(chef: Chef) -> None:
    chef.create()
    answer = chef.post(
        "get_tree_data", f"channel_id={CHANNEL}&tree=chef", content_type="application/x-www-form-urlencoded"
    )
    assert answer.get_json() == {"success": True, "tree": []}


def test_get_tree_data_says_which_field(chef: Chef) -> None:
    chef.create()
    for endpoint in ("get_tree_data", "get_node_tree_data"):
        answer = chef.serialized(endpoint, {"channel_id": "", "tree": []})
        wrong = {"channel_id": ["This field may not be blank."], "tree": ["Not a valid string."]}
        refused(chef, answer, 400, (400, "application/json", wrong))
    answer = chef.serialized("get_tree_data", {"channel_id": CHANNEL, "tree": "no"})
    refused(chef, answer, 404, (404, "text/plain", "Invalid tree name"))
