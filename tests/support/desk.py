"""Trees built by hand, published, and read back from the database."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import sqlite3
import uuid
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from fake_studio.core.ids import IdGenerator
from fake_studio.core.model import Channel, File, Node, Question
from fake_studio.core.storage import Storage
from fake_studio.publishing import PublishedDatabase
from fake_studio.publishing.export import export


def an_id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"publishing-tests/{name}").hex


def rows_of(database: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"select * from content_{table}")]


def a_picture(shade: int = 1, kind: str = "PNG", size: tuple[int, int] = (640, 360)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (shade, 90, 120)).save(target, kind)
    return target.getvalue()


def mastery(mastery_model: str = "m_of_n", **more: Any) -> dict[str, Any]:
    threshold = {"mastery_model": mastery_model, **more}
    return {"options": {"completion_criteria": {"model": "mastery", "threshold": threshold}}}


def a_question(name: str = "question", kind: str = "single_selection", text: str = "2 + 2?", **more: Any) -> Question:
    answers = [{"answer": "4", "correct": True, "order": 0}, {"answer": "5", "correct": False, "order": 1}]
    return Question(an_id(name), kind, text, **{"answers": answers, **more})


def a_channel() -> Channel:
    return Channel(an_id("channel"), "A channel", "All of it", language="en", ricecooker_version="0.8.0")


@dataclass
class Desk:
    """One channel under construction."""

    folder: Path
    storage: Storage = field(default_factory=Storage)
    channel: Channel = field(
        default_factory=lambda: Channel(
            an_id("channel"), "A channel", "All of it", language="en", ricecooker_version="1"
        )
    )
    strict: bool = True
    published: PublishedDatabase | None = None

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self.root = self._node("root", "topic", node_id=self.channel.id, content_id=self.channel.id)

    @property
    def database(self) -> Path:
        return self.folder / "channel.sqlite3"

    def add(self, name: str, kind: str = "document", parent: Node | None = None, **more: Any) -> Node:
        """A node below ``parent`` (the root), under an id made of its name."""
        parent = parent or self.root
        node = self._node(name, kind, **more)
        node.parent, node.sort_order = parent, float(len(parent.children) + 1)
        parent.children.append(node)
        return node

    def _node(self, name: str, kind: str, **more: Any) -> Node:
        told = {"node_id": an_id(name), "content_id": an_id(f"content-{name}"), "channel_id": self.channel.id, **more}
        number = next(self._numbers)
        return Node(f"{number:032x}", number, told.pop("node_id"), told.pop("content_id"), name, kind, **told)

    def file(self, content: bytes = b"content", extension: str = "pdf", preset: Any = "document", **more: Any) -> File:
        """A stored file."""
        md5 = hashlib.md5(content).hexdigest()
        name = f"{md5}.{extension}"
        self.storage.put(content, name, "application/octet-stream")
        return File(f"{next(self._numbers):032x}", md5, extension, name, len(content), preset, **more)

    def publish(self, version: int = 1) -> PublishedDatabase:
        new_id = IdGenerator(1).hex
        self.published = export(
            self.channel, self.root, self.storage, self.database, version, new_id, strict=self.strict
        )
        return self.published

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of ``content_<table>``, after publishing what is there."""
        self.publish()
        return rows_of(self.database, table)

    def row(self, name: str) -> dict[str, Any]:
        """The row of one node, after publishing what is there."""
        [row] = [row for row in self.rows("contentnode") if row["id"] == an_id(name)]
        return row

    def titles(self) -> list[str]:
        """The titles of the exported nodes below the root, in the order of the tree, after publishing."""
        nodes = sorted(self.rows("contentnode"), key=lambda row: int(row["lft"]))
        return [node["title"] for node in nodes[1:]]

    def archive(self, name: str = "exercise", preset: str = "exercise") -> zipfile.ZipFile:
        """The Perseus archive of an exercise, or that of another preset, after publishing what is there."""
        [row] = [r for r in self.rows("file") if r["contentnode_id"] == an_id(name) and r["preset"] == preset]
        with self.storage.open(f"{row['checksum']}.{row['extension']}") as stored:
            return zipfile.ZipFile(io.BytesIO(stored.read()))

    def package(self, name: str = "exercise") -> zipfile.ZipFile:
        """The QTI package of an exercise, after publishing what is there."""
        return self.archive(name, "qti")

    def item(self, question: Question) -> Any:
        """The item of one question, alone in an exercise, as published."""
        self.add("exercise", "exercise", questions=[question], extra_fields=mastery())
        archive = self.archive()
        [item] = json.loads(archive.read("exercise.json"))["all_assessment_items"]
        return json.loads(archive.read(f"{item}.json"))
