"""A node that is recognised at once is filled as one that is read field by field; what is wrong is refused alike."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from fake_studio import Studio
from fake_studio.core.model import Node
from fake_studio.core.refusals import Refusal
from fake_studio.core.state import State
from fake_studio.operations import add_nodes
from fake_studio.rules import Strictness
from fake_studio.rules.files import ValidationContext
from fake_studio.web.dialects import DIALECTS

CHANNEL = "c" * 32
PDF = f"{'d' * 32}.pdf"
MP4 = f"{'e' * 32}.mp4"
ODD: tuple[Any, ...] = (
    *(None, "", "x", "en", "CC BY", "cc by", "topic", "exercise", "slideshow", "{}", "[]", "null", '{"options": []}'),
    *('{"options": {"modality": "x"}}', '{"a": NaN}', '{"a": "\\u0000"}', "a\x00b", "\ud800", "Ünïcode", "x" * 33),
    *("x" * 201, "x" * 401, 0, 1, -1, 2**31, 2**31 - 1, -(2**31), 1.5, float("nan"), True, False, [], {}, [None]),
    *(["x"], ["x", "x"], ["x" * 31], ["\x00"], [[]], {"a": 1}, [{}], ["PREVIEW"], "learner", "coach", "d&WXdXWF"),
    *(["d&WXdXWF"], ["d&WXdXWF", "d&WXdXWF"], "document", "epub", "audio_thumbnail", "document_thumbnail", MP4, PDF),
    *("high_res_video", "0" * 32 + ".pdf", PDF.upper(), "d.pdf", "dd.pdf", "dd", f"a.{PDF}", f"a/{PDF}", f"{PDF}\n"),
)


def file_sent(**changes: Any) -> dict[str, Any]:
    told = {"filename": PDF, "preset": "document", "size": 3, "language": "en", "original_filename": "a.pdf"}
    return {**told, "source_url": "https://example.org/a.pdf", "duration": None, **changes}


def node_sent(**changes: Any) -> dict[str, Any]:
    told = {
        name: "x" for name in ("author", "aggregator", "provider", "source_id", "source_domain", "copyright_holder")
    }
    labels: dict[str, Any] = {
        "grade_levels": [],
        "resource_types": [],
        "learning_activities": [],
        "accessibility_labels": [],
    }
    ids = {"node_id": "a" * 32, "content_id": "b" * 32, "title": "A title", "description": "", "language": "en"}
    rest = {
        "kind": "document",
        "license": "CC BY",
        "license_description": None,
        "extra_fields": "{}",
        "role": "learner",
    }
    lists = {"tags": ["one"], "files": [file_sent()], "questions": [], "categories": [], "learner_needs": []}
    return {**told, **labels, **ids, **rest, **lists, "suggested_duration": None, **changes}


def odd_nodes() -> Iterator[dict[str, Any]]:
    plain = node_sent()
    yield plain
    yield node_sent(files=[file_sent(), file_sent()])
    yield node_sent(kind="video", files=[file_sent(filename=MP4, preset="high_res_video", duration=7)])
    yield node_sent(files=[None, file_sent(preset="document_thumbnail")])
    for key in plain:
        yield {name: value for name, value in plain.items() if name != key}
        yield from ({**plain, key: value} for value in ODD)
    for key in file_sent():
        yield node_sent(files=[{name: value for name, value in file_sent().items() if name != key}])
        yield from (node_sent(files=[file_sent(**{key: value})]) for value in ODD)


@pytest.fixture(scope="module")
def stored() -> Iterator[Studio]:
    studio = Studio()
    for name in (PDF, MP4):
        studio.storage.put(b"abc", name, "application/pdf")
    yield studio
    studio.close()


def outcome(studio: Studio, *nodes: dict[str, Any], strictness: Strictness, as_json: bool = False) -> Any:
    """What becomes of nodes: their values and those of their files, or the refusal's class, field and message."""
    state = State(studio.users, seed=1)
    parent = Node("root", 1, CHANNEL, CHANNEL, "", "topic", CHANNEL)
    intake = ValidationContext(studio.storage, state.ids.hex, 1, strictness, state.has_announced)
    body = json.dumps({"content_data": nodes}).encode() if as_json else None
    sent = json.loads(body)["content_data"] if body else pickle.loads(pickle.dumps(list(nodes)))  # a copy
    try:
        chunk = add_nodes.build_nodes(state, intake, parent, sent, body)
        sent_nodes = chunk.request.read()
        assert all(node.request is chunk.request for node in chunk.added)
        return repr([(values(node), sent_nodes[node.place]) for node in chunk.added])
    except Refusal as refusal:
        return type(refusal), re.sub(r"/\S+", "<path>", repr(refusal.cause()))


def values(node: Node) -> dict[str, Any]:
    others = ("parent", "created", "request")
    return {field.name: getattr(node, field.name) for field in fields(Node) if field.name not in others}


@pytest.mark.parametrize("dialect", ["documented", "deployed"])
def test_both_ways_agree(stored: Studio, dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    strictness = DIALECTS[dialect].strictness
    nodes = list(odd_nodes())
    recognised = [outcome(stored, node, strictness=strictness) for node in nodes]
    monkeypatch.setattr(add_nodes, "make_plain_nodes", lambda *_, **__: None)
    for node, result in zip(nodes, recognised):
        assert result == outcome(stored, node, strictness=strictness), node


@pytest.mark.parametrize("as_json", [False, True])
def test_both_ways_agree_on_whole_calls(stored: Studio, as_json: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each odd node between two plain ones, and all that is right together."""
    strictness, plain = DIALECTS["deployed"].strictness, node_sent(title="Ünïcode")
    calls = [(node_sent(node_id="1"), node, plain) for node in odd_nodes()]
    right = [node for node in odd_nodes() if isinstance(outcome(stored, node, strictness=strictness), str)]
    assert len(right) > 100
    calls += [tuple(right), tuple(reversed(right)), ()]
    recognised = [outcome(stored, *call, strictness=strictness, as_json=as_json) for call in calls]
    monkeypatch.setattr(add_nodes, "make_plain_nodes", lambda *_, **__: None)
    for call, result in zip(calls, recognised):
        assert result == outcome(stored, *call, strictness=strictness, as_json=as_json), call


def test_what_ricecooker_sends_is_recognised(stored: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add_nodes, "parse_node", None)
    for dialect in DIALECTS.values():
        assert "A title" in outcome(stored, node_sent(), strictness=dialect.strictness)
        assert "Ünïcode" in outcome(stored, node_sent(title="Ünïcode", tags=[]), strictness=dialect.strictness)
