"""What the measured requests send: nodes as ricecooker makes them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

CHANNEL = "c" * 32
CHUNK = 10  # nodes of one add_nodes, as ricecooker sends them
_FILES = 100  # different ones


def an_id(word: str) -> str:
    """32 hex digits that a word stands for."""
    return hashlib.md5(word.encode()).hexdigest()


def channel_data() -> dict[str, Any]:
    """A channel as create_channel takes it."""
    told = {"id": CHANNEL, "name": "Grown", "description": "A large channel", "thumbnail": None, "language": "en"}
    return {**told, "source_domain": "grown.example.org", "source_id": "grown", "files": [], "extra_fields": "{}"}


def pdf(number: int) -> bytes:
    """An empty page, another one for each number. With a damaged file each node would have a finding."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 %d] >>" % (100 + number % _FILES),
    )
    content, starts = b"%PDF-1.4\n", []
    for place, description in enumerate(objects, 1):
        starts.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (place, description)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return content + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, content.index(b"xref"))


def file_data(number: int) -> dict[str, Any]:
    """A node's reference to such a file."""
    content = pdf(number)
    return {
        "size": len(content),
        "preset": "document",
        "filename": f"{hashlib.md5(content).hexdigest()}.pdf",
        "original_filename": f"chapter-{number}.pdf",
        "language": "en",
        "source_url": f"https://books.example.org/chapters/{number}.pdf",
        "duration": None,
    }


def node_data(number: int, kind: str = "document") -> dict[str, Any]:
    """A document, or a topic, with the keys that ricecooker 0.8.0 sends."""
    is_topic = kind == "topic"
    return {
        "title": f"Chapter {number}",
        "language": "en",
        "description": f"What chapter {number} tells, in a sentence or two of the length that they have in a channel.",
        "node_id": an_id(f"node {number}"),
        "content_id": an_id(f"content {number}"),
        "source_domain": "5f1b" * 8,
        "source_id": f"chapter-{number}",
        "author": "The authors of the book",
        "aggregator": "",
        "provider": "",
        "files": [] if is_topic else [file_data(number)],
        "tags": [],
        "kind": kind,
        "license": None if is_topic else "CC BY",
        "license_description": None,
        "copyright_holder": "" if is_topic else "The holder of the rights",
        "questions": [],
        "extra_fields": "{}",
        "grade_levels": [],
        "resource_types": [],
        "learning_activities": [],
        "accessibility_labels": [],
        "categories": [],
        "learner_needs": [],
        "role": "learner",
        **({} if is_topic else {"suggested_duration": None}),
    }


def chunk(first: int, *, topic_last: bool = False) -> list[dict[str, Any]]:
    """Ten nodes: documents, the last of them a topic if others shall go below it."""
    documents = [node_data(number) for number in range(first, first + CHUNK)]
    return [*documents[:-1], node_data(first + CHUNK - 1, "topic")] if topic_last else documents


def add_nodes_body(parent: Any, content_data: list[dict[str, Any]]) -> bytes:
    """The body of an add_nodes."""
    return json.dumps({"root_id": parent, "content_data": content_data}).encode()
