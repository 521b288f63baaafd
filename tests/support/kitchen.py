"""Channels cooked over HTTP, as a chef cooks them, and published."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from typing import Any

import requests
from PIL import Image

from fake_studio import FakeStudio
from fake_studio.core.publish_job import PublishJob


def an_id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"kolibri-tests/{name}").hex


CHANNEL = an_id("channel")


class Cook:
    """Cooks a channel over HTTP, and publishes it."""

    def __init__(self, server: FakeStudio, channel: str = CHANNEL) -> None:
        self.server = server
        self.channel = channel

    def post(self, endpoint: str, data: Any) -> Any:
        headers = {"Authorization": f"Token {self.server.token}"}
        answer = requests.post(f"{self.server.url}/api/internal/{endpoint}", json=data, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def file(self, content: bytes, extension: str, preset: str, **more: Any) -> dict[str, Any]:
        """Upload a file; returns the reference to it that a node carries."""
        name = f"{hashlib.md5(content).hexdigest()}.{extension}"
        headers = {"Authorization": f"Token {self.server.token}"}
        url, parts = f"{self.server.url}/api/internal/file_upload", {"file": (name, content)}
        assert requests.post(url, files=parts, headers=headers, timeout=30).status_code == 200
        told = {"filename": name, "size": len(content), "preset": preset, "original_filename": f"x.{extension}"}
        return {**told, "language": None, "source_url": None, "duration": None, **more}

    def create(self, **more: Any) -> Any:
        described = {"name": "A channel", "description": "All kinds", "thumbnail": None, "language": "en"}
        told = {"id": self.channel, **described, "ricecooker_version": "0.8.0", "files": [], **more}
        return self.post("create_channel", {"channel_data": told})["root"]

    def add(self, parent: Any, *nodes: dict[str, Any]) -> dict[str, Any]:
        return dict(self.post("add_nodes", {"root_id": parent, "content_data": list(nodes)})["root_ids"])

    def publish(self) -> PublishJob:
        """Deploy what was cooked, publish it, and wait until that is done."""
        self.post("finish_channel", {"channel_id": self.channel, "stage": False})
        self.post("publish_channel", {"channel_id": self.channel, "version_notes": "Cooked"})
        published = self.server.studio.wait_until_published(self.channel, timeout=60)
        assert published.state == "done", published.cause
        return published


def a_node(name: str, kind: str, **more: Any) -> dict[str, Any]:
    told = {"node_id": an_id(name), "content_id": an_id(f"content-{name}"), "title": name, "kind": kind}
    legal = {"license": None if kind == "topic" else "CC BY", "license_description": "", "copyright_holder": "Holder"}
    empty = {"description": "", "author": "", "language": None, "files": [], "questions": [], "extra_fields": "{}"}
    return {**told, **legal, **empty, **more}


def a_question(name: str, kind: str = "single_selection", question: str = "2 + 2?", **more: Any) -> dict[str, Any]:
    answers = [{"answer": "4", "correct": True, "order": 0}]
    if kind == "single_selection":
        answers.append({"answer": "5", "correct": False, "order": 1})
    told = {"assessment_id": an_id(name), "type": kind, "question": question, "answers": json.dumps(answers)}
    return {**told, "hints": "[]", "raw_data": "", "files": [], "randomize": False, **more}


def mastery(**threshold: Any) -> str:
    criteria = {"model": "mastery", "threshold": threshold}
    return json.dumps({"options": {"completion_criteria": criteria}})


def a_picture(shade: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (640, 360), (shade, 90, 120)).save(target, "PNG")
    return target.getvalue()


def _media(cook: Cook) -> list[dict[str, Any]]:
    video = [
        cook.file(b"a video", "mp4", "high_res_video", duration=90),
        cook.file(b"WEBVTT", "vtt", "video_subtitle", language="fr"),
        cook.file(a_picture(1), "png", "video_thumbnail"),
    ]
    slides = [cook.file(a_picture(shade), "png", "slideshow_image") for shade in (2, 3)]
    told = [{"checksum": file["filename"][:32], "extension": "png", "sort_order": n} for n, file in enumerate(slides)]
    return [
        a_node("video", "video", files=video, tags=["moving"], role="coach", language="sw"),
        a_node("audio", "audio", files=[cook.file(b"a sound", "mp3", "audio", duration=33)]),
        a_node("pdf", "document", files=[cook.file(b"a pdf", "pdf", "document")]),
        a_node("epub", "document", files=[cook.file(b"a book", "epub", "epub")], language="ar"),
        a_node("app", "html5", files=[cook.file(b"an app", "zip", "html5_zip")]),
        a_node("h5p", "h5p", files=[cook.file(b"an h5p", "h5p", "h5p")]),
        a_node("slides", "slideshow", files=slides, extra_fields=json.dumps({"slideshow_data": told})),
    ]


def _exercises(cook: Cook) -> list[dict[str, Any]]:
    image = cook.file(a_picture(4), "png", "exercise_image")
    shown = f"Look ![](${{☣ CONTENTSTORAGE}}/{image['filename']})"
    raw = json.dumps({"question": {"content": "hi", "images": {}, "widgets": {}}, "answerArea": {}, "hints": []})
    perseus = a_question("q3", "perseus_question", raw_data=raw, question="", answers="[]")
    return [
        a_node("plain", "exercise", extra_fields=mastery(mastery_model="do_all"), questions=[
            a_question("q1", question=shown, files=[image]), a_question("q2", "input_question"),
        ]),
        a_node("perseus", "exercise", extra_fields=mastery(mastery_model="m_of_n", m=1, n=1), questions=[perseus]),
        a_node("mixed", "exercise", extra_fields=mastery(mastery_model="num_correct_in_a_row_3"), questions=[
            a_question("q4"), {**perseus, "assessment_id": an_id("q5")},
        ]),
    ]  # fmt: skip


def _chain(cook: Cook, parent: Any, depth: int) -> None:
    for level in range(depth):
        name = f"level-{level}"
        parent = cook.add(parent, a_node(name, "topic"))[an_id(name)]
    cook.add(parent, a_node("deep", "document", files=[cook.file(b"deep", "pdf", "document")]))


def cook_every_kind(cook: Cook) -> None:
    """Topics wide and deep, a node of each kind, and an exercise of each sort."""
    root = cook.create(files=[cook.file(a_picture(9), "png", "channel_thumbnail")])
    labels = {"grade_levels": ["H64ZOHfi"], "categories": ["d&WXdXWF.qs0Xlaxq.0t5msbL5"]}
    topics = [a_node("media", "topic", language="es", **labels), a_node("practice", "topic"), a_node("wide", "topic")]
    added = cook.add(root, *topics, a_node("empty", "topic"))
    cook.add(added[an_id("media")], *_media(cook))
    cook.add(added[an_id("practice")], *_exercises(cook))
    page = cook.file(b"page", "pdf", "document")
    cook.add(added[an_id("wide")], *(a_node(f"page-{n}", "document", files=[page]) for n in range(40)))
    _chain(cook, root, 12)
