"""What a chef sends, in as few words as tests need, and a client that sends it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fake_studio import Studio
from fake_studio.core.model import Node, User
from fake_studio.rules import Strictness

Data = dict[str, Any]

STRICT = Strictness()
LENIENT = Strictness(every_key=False, stored_files=False, coerce=False)
CHANNEL = "c" * 32
INTERNAL = (
    "authenticate_user_internal",
    "check_version",
    "file_diff",
    "file_upload",
    "create_channel",
    "add_nodes",
    "finish_channel",
    "publish_channel",
    "check_user_is_editor",
    "get_channel_status_bulk",
    "get_tree_data",
    "get_node_tree_data",
)


def an_id(word: str) -> str:
    """32 hex digits that a word stands for."""
    return hashlib.md5(word.encode()).hexdigest()


def channel_data(**changes: Any) -> Data:
    """channel_data as ricecooker sends it."""
    return {
        "id": CHANNEL,
        "name": "A channel",
        "description": "About it",
        "thumbnail": None,
        "language": "en",
        "source_id": "src-1",
        "source_domain": "example.org",
        "ricecooker_version": "0.7.3",
        "tagline": "",
        "license": None,
        "extra_fields": "{}",
        "files": [],
        **changes,
    }


def node_data(word: str = "t", kind: str = "topic", /, **changes: Any) -> Data:
    """A node as ricecooker sends it; a resource comes with a license."""
    is_topic = kind == "topic"
    return {
        "title": f"Node {word}",
        "language": "en",
        "description": f"About {word}",
        "node_id": an_id(word),
        "content_id": an_id(f"content {word}"),
        "source_domain": "example.org",
        "source_id": f"src-{word}",
        "author": "",
        "aggregator": "",
        "provider": "",
        "files": [],
        "tags": [],
        "kind": kind,
        "license": None if is_topic else "CC BY",
        "license_description": None,
        "copyright_holder": "" if is_topic else "Holder",
        "questions": [],
        "extra_fields": "{}",
        "grade_levels": [],
        "resource_types": [],
        "learning_activities": [],
        "accessibility_labels": [],
        "categories": [],
        "learner_needs": [],
        "role": "learner",
        "suggested_duration": None,
        **changes,
    }


def file_data(content: bytes, extension: str, preset: str, **changes: Any) -> Data:
    """A file of a node as ricecooker sends it."""
    return {
        "filename": f"{md5(content)}.{extension}",
        "size": len(content),
        "preset": preset,
        "original_filename": f"a.{extension}",
        "language": None,
        "source_url": None,
        "duration": None,
        **changes,
    }


def question_data(word: str = "q", kind: str = "single_selection", /, **changes: Any) -> Data:
    """A question as ricecooker sends it: answers and hints are strings of JSON."""
    answers = [{"answer": "4", "correct": True, "order": 1}, {"answer": "5", "correct": False, "order": 2}]
    return {
        "assessment_id": an_id(word),
        "type": kind,
        "files": [],
        "question": "2+2?",
        "hints": "[]",
        "answers": json.dumps(answers),
        "raw_data": "",
        "source_url": None,
        "randomize": False,
        **changes,
    }


def exercise_data(*questions: Data, **changes: Any) -> Data:
    """An exercise with these questions, or with one."""
    threshold = {"mastery_model": "m_of_n", "m": 1, "n": 2}
    options = {"completion_criteria": {"model": "mastery", "threshold": threshold}}
    told = {"questions": list(questions) or [question_data()], "extra_fields": json.dumps({"options": options})}
    return node_data("e", "exercise", **{**told, **changes})


def without(data: Data, *keys: str) -> Data:
    """The same, less these keys."""
    return {key: value for key, value in data.items() if key not in keys}


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def md5_base64(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content).digest()).decode()


@dataclass
class Chef:
    """A user's client. A body that is no text and no bytes is sent as ricecooker sends it: JSON, without a type."""

    client: FlaskClient
    studio: Studio
    users: dict[str, User]
    token: str
    dialect: str

    def role(self, role: str) -> Chef:
        """The same Studio, spoken to by another user; ``nobody`` sends no token."""
        return replace(self, token="" if role == "nobody" else self.users[role].token)

    @property
    def user(self) -> User:
        """The account behind the token, as the Studio has it now."""
        return self.studio.authenticate(self.token)

    def ask(self, method: str, path: str, body: Any = None, headers: Any = (), **options: Any) -> TestResponse:
        """One request. ``headers`` replace those that are sent anyway."""
        is_form = options.get("content_type") == "multipart/form-data"
        data = body if body is None or is_form or isinstance(body, (str, bytes)) else json.dumps(body)
        told = {"Authorization": f"Token {self.token}"} if self.token else {}
        answer: TestResponse = self.client.open(
            path, method=method, data=data, headers={**told, **dict(headers)}, buffered=True, **options
        )
        return answer

    def post(self, endpoint: str, body: Any = None, **options: Any) -> TestResponse:
        """POST to an endpoint of the Internal API."""
        return self.ask("POST", f"/api/internal/{endpoint}", body, **options)

    def serialized(self, endpoint: str, body: Any) -> TestResponse:
        """POST to an endpoint with a serializer: it wants to be told that it gets JSON."""
        return self.post(endpoint, body, content_type="application/json")

    def create(self, **changes: Any) -> Any:
        """Create the channel; returns the root's id."""
        return self._json(self.post("create_channel", {"channel_data": channel_data(**changes)}))["root"]

    def add(self, root: Any, *nodes: Data) -> TestResponse:
        """Add nodes below a parent."""
        return self.post("add_nodes", {"root_id": root, "content_data": list(nodes)})

    def added(self, root: Any, *nodes: Data) -> dict[str, Any]:
        """Add nodes, and expect that it works; returns root_ids."""
        root_ids: dict[str, Any] = self._json(self.add(root, *nodes))["root_ids"]
        return root_ids

    def finish(self, **changes: Any) -> TestResponse:
        """finish_channel."""
        return self.post("finish_channel", {"channel_id": CHANNEL, "stage": True, **changes})

    def tree(self, name: str = "chef") -> Any:
        """What get_tree_data tells of a tree."""
        return self._json(self.serialized("get_tree_data", {"channel_id": CHANNEL, "tree": name}))["tree"]

    def announce(self, content: bytes, called: str = "a.pdf", kind: str = "document", **changes: Any) -> TestResponse:
        """POST upload_url, as ricecooker from 0.7.1 on does."""
        told = {
            "size": len(content),
            "checksum": md5(content),
            "name": called,
            "file_format": called.rpartition(".")[2],
            "preset": kind,
            "duration": None,
            **changes,
        }
        return self.ask("POST", "/api/file/upload_url", told, content_type="application/json")

    def put(self, url: str, content: bytes, **headers: str) -> TestResponse:
        """PUT bytes to the path of an upload URL."""
        told = {"Content-MD5": md5_base64(content), "Content-Type": "application/pdf"}
        told.update({name.replace("_", "-"): value for name, value in headers.items()})
        sent = {name: value for name, value in told.items() if value}
        return self.ask("PUT", url.removeprefix("http://localhost"), content, headers=sent)

    def upload(self, content: bytes, called: str = "a.pdf", kind: str = "document", **changes: Any) -> None:
        """Announce a file and send its bytes."""
        answer = self._json(self.announce(content, called, kind, **changes))
        assert self.put(answer["uploadURL"], content, Content_Type=answer["mimetype"]).status_code == 200

    def file_upload(self, content: bytes, filename: str, part: str = "file") -> TestResponse:
        """The multipart upload of ricecooker before 0.7."""
        from io import BytesIO

        form = {part: (BytesIO(content), filename)}
        return self.ask("POST", "/api/internal/file_upload", form, content_type="multipart/form-data")

    def _json(self, answer: TestResponse) -> Any:
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()


def state_of(studio: Studio) -> Data:
    """All that a Studio holds, as plain data to compare: any change of it shows."""
    state = studio.state
    return {
        "users": _plain(state.users),
        "channels": _plain(state.channels),
        "nodes": sorted(state.nodes),
        "numbers": sorted(state.numbered),
        "announced": _plain(state.announced),
        "checksums": sorted(state.checksums),
        "files": [_plain(stored) for stored in studio.storage.all()],
        "on disk": sorted(path.name for path in studio.storage.folder.iterdir()),
    }


# A node that is told of where it stands, the tree of the run before, and where what a chef sent for a node is kept.
_ELSEWHERE = ("parent", "earlier", "request", "place")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        data = {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name not in _ELSEWHERE}
        return {**data, "sent": value.sent} if isinstance(value, Node) else data
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    return value
