"""What there is to save: channels with a node of every kind, in as few calls as tests need."""

from __future__ import annotations

import base64
import io
import json

from fake_studio import Studio
from fake_studio.core.values import KINDS
from fake_studio.rules.question_texts import CHOICES, TEXTS
from support.chefs_driver import (
    CHANNEL,
    LENIENT,
    Data,
    an_id,
    channel_data,
    exercise_data,
    file_data,
    node_data,
    question_data,
)

DOCUMENT = b"a document\n" * 1000
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def upload(studio: Studio, content: bytes, extension: str) -> None:
    name = file_data(content, extension, "document")["filename"]
    studio.file_upload(studio.users[0], name, io.BytesIO(content))


def cook(studio: Studio, channel_id: str, nodes: list[Data]) -> None:
    """Create the channel and add these nodes, in a call for each, below a topic."""
    user, data = studio.users[0], channel_data(id=channel_id, name=f"With {len(nodes)} nodes")
    root = studio.create_channel(user, data, strictness=LENIENT, keep_shell=False).root("chef")
    assert root is not None
    [topic] = studio.add_nodes(user, root.number, [node_data("top")], strictness=LENIENT, by_number=True)
    for node in nodes:
        studio.add_nodes(user, topic.number, [node], strictness=LENIENT, by_number=True)


def finish(studio: Studio, channel_id: str, *, stage: bool) -> None:
    studio.finish_channel(studio.users[0], channel_id, stage=stage, honour_stage=True)


def publish(studio: Studio, channel_id: str, notes: str = "") -> None:
    studio.publish_channel(studio.users[0], channel_id, notes)
    assert studio.wait_until_published(channel_id, 30).state == "done"


def a_document(word: str = "document", **changes: object) -> Data:
    files = [file_data(DOCUMENT, "pdf", "document"), file_data(PICTURE, "png", "document_thumbnail")]
    return node_data(word, "document", files=files, tags=["one", "two"], learning_activities=["VwRCom7G"], **changes)


def a_copy() -> Data:
    """A remote node: a document of the published channel."""
    source = {"source_channel_id": CHANNEL, "source_node_id": an_id("document"), "source_content_id": None}
    return node_data("copy", "document", extra_fields={}, **source)


def every_kind() -> list[Data]:
    """A node of each kind that can be added."""
    plain = [node_data(kind, kind) for kind in KINDS if kind not in ("document", "exercise", "slideshow")]
    return [a_document(), an_exercise(), a_slideshow(), *plain]


def an_exercise() -> Data:
    picture = f"![a picture](${{CONTENTSTORAGE}}/{file_data(PICTURE, 'png', 'exercise_image')['filename']})"
    questions = [question_data(kind, kind) for kind in (*CHOICES, *TEXTS)]
    perseus = question_data("p", "perseus_question", raw_data=json.dumps({"question": {"content": "2 + 2?"}}))
    images = [file_data(PICTURE, "png", "exercise_image")]
    return exercise_data(
        question_data("i", question=picture, hints='[{"hint": "Add.", "order": 1}]', files=images), *questions, perseus
    )


def a_slideshow() -> Data:
    image = file_data(PICTURE, "png", "slideshow_image")
    checksum, _, extension = image["filename"].partition(".")
    slide = {"sort_order": 1, "caption": "One", "descriptive_text": "", "checksum": checksum, "extension": extension}
    return node_data("s", "slideshow", files=[image], extra_fields=json.dumps({"slideshow_data": [slide]}))


def an_upload() -> Data:
    file = file_data(b"announced, and never sent", "pdf", "document")
    told = {"size": file["size"], "checksum": file["filename"][:32], "name": "a.pdf", "file_format": "pdf"}
    return {**told, "preset": "document", "duration": None}
