"""An example of every body that can be sent, all about one channel. tests/http/test_openapi.py plays them.

Two things only a server knows: the id of the node that ``create_channel`` made (root_id), and the signature of an
upload URL.
"""

from __future__ import annotations

import hashlib

from fake_studio.core.model import Json
from fake_studio.web.dialects import Dialect

CHANNEL_ID = "6199dde695db4ee4ab392222d5af1e5c"  # the page's
NODE_ID = "3f1e0d9c8b7a4f6e8d5c4b3a29181706"
CONTENT = b"About rivers.\n"
_MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
FILE = f"{_MD5}.pdf"
_QUESTION: dict[str, Json] = {
    "assessment_id": "0c1d2e3f405162738495a6b7c8d9eafb",
    "type": "single_selection",
    "question": "Where does a river end?",
    "answers": '[{"answer": "In the sea", "correct": true}, {"answer": "In the sky", "correct": false}]',
    "hints": "[]",
    "raw_data": "",
    "source_url": None,
    "randomize": False,
    "files": [],
}
_MASTERY = '{"options": {"completion_criteria": {"model": "mastery", "threshold": {"mastery_model": "do_all"}}}}'


def bodies(dialect: Dialect) -> dict[str, Json]:
    """By endpoint, the body of an example request to a Studio that speaks this dialect."""
    return {**_of_chefs(dialect), **_of_tests()}


def _of_chefs(dialect: Dialect) -> dict[str, Json]:
    channel = {"channel_id": CHANNEL_ID}
    return {
        "check_version": {"version": "0.8.0"},
        "file_diff": [FILE],
        "file_upload": {"file": CONTENT.decode()},
        "create_channel": {"channel_data": _channel()},
        "add_nodes": {
            "root_id": 12345 if dialect.integer_ids else "0" * 32,
            "content_data": [_document(), _exercise()],
        },
        "finish_channel": {**channel, "stage": True},
        "publish_channel": {**channel, "version_notes": "A lesson on rivers"},
        "check_user_is_editor": channel,
        "get_channel_status_bulk": {"channel_ids": [CHANNEL_ID]},
        "get_tree_data": {**channel, "tree": "main"},
        "get_node_tree_data": {**channel, "tree": "main"},
        "upload_url": {
            **{"size": len(CONTENT), "checksum": _MD5, "name": "rivers.pdf"},
            **{"file_format": "pdf", "preset": "document", "duration": None},
        },
        "put_file": CONTENT.decode(),
    }


def _channel() -> Json:
    return {
        "id": CHANNEL_ID,
        "name": "Rivers",
        "description": "How water finds its way",
        "thumbnail": None,
        "language": "en",
        "source_id": "rivers",
        "source_domain": "example.org",
        "ricecooker_version": "0.8.0",
        "tagline": "Follow the water",
        "extra_fields": "{}",
        "files": [],
    }


def _document() -> Json:
    file = {"filename": FILE, "size": len(CONTENT), "preset": "document", "original_filename": "rivers.pdf"}
    return {**_node(NODE_ID, "About rivers", "document"), "files": [{**file, "language": "en"}]}


def _exercise() -> Json:
    node = _node(NODE_ID[::-1], "Do you know rivers?", "exercise")
    return {**node, "questions": [_QUESTION], "extra_fields": _MASTERY}


def _node(node_id: str, title: str, kind: str) -> Json:
    return {
        "node_id": node_id,
        "content_id": node_id[16:] + node_id[:16],
        "title": title,
        "description": "",
        "kind": kind,
        "license": "CC BY",
        "copyright_holder": "Example.org",
        "author": "Jane Teacher",
        "language": "en",
        "grade_levels": [],
        "extra_fields": "{}",
        "tags": ["water"],
        "files": [],
        "questions": [],
    }


def _of_tests() -> dict[str, Json]:
    return {
        "load_snapshot": _snapshot(),
        "change_settings": {"max_journal": 500},
        "change_channel": {"public": True},
        "add_user": {"username": "ada@example.org", "token": "ada0" * 10, "disk_space": 1000000},
        "count_requests": {"endpoint": "add_nodes", "status": 200},
        "find_requests": {"endpoint": "create_channel", "body": {"channel_data": {"language": "en"}}},
        "add_faults": {"endpoint": "add_nodes", "nth": 2, "status": 504, "applied": True},
    }


def _snapshot() -> Json:
    user = {"id": 1, "username": "chef@example.org", "token": "c0ffee0000000000000000000000000000c0ffee"}
    return {"format": 1, "ids": {"numbers": 0, "moments": 0}, "users": [user], "channels": [], "files": []}
