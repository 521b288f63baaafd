"""What chefs send: channels, nodes, questions, files. Limits and needed keys are those of ``rules/``."""

from __future__ import annotations

from typing import Any

from fake_studio.rules import channels, nodes
from fake_studio.web.dialects import Dialect
from fake_studio.web.openapi import shapes
from fake_studio.web.openapi.shapes import Schema, describe, nullable, ref
from fake_studio.web.openapi.vocabulary import labels

_MD5 = "[0-9a-f]{32}"
_FILES = shapes.list_of(ref("SentFile"))
_DATA_OR_JSON: Schema = {"type": ["string", "object"]}


def components(dialect: Dialect) -> dict[str, Schema]:
    """What can be sent to this dialect."""
    shortest = 0 if dialect.strictness.coerce else 1  # recording create/id-empty
    return {
        "SentChannel": _channel(),
        "SentNode": _node(dialect),
        "SentRemoteNode": _remote_node(),
        "SentQuestion": _question(),
        "SentFile": _file(dialect),
        "AnnouncedFile": _describe_announced_file(),
        "AskedTree": shapes.object_schema(["channel_id"], channel_id=shapes.text(minLength=1), tree=_tree()),
        "AskedNode": shapes.object_schema(
            ["channel_id"], channel_id=shapes.text(minLength=1), tree=_tree(), node_id=ref("NodeId")
        ),
        "NodeId": describe(
            shapes.text(32, minLength=1), "A node's id in its channel, made by the chef: ricecooker's are md5s."
        ),
        "ChannelId": describe(shapes.text(32, minLength=shortest), "32 hex digits, made by the chef."),
        "Md5": shapes.text(pattern=f"^{_MD5}$"),
    }


def _tree() -> Schema:
    return {"type": "string", "enum": ["main", "staging", "chef", "previous", "trash"], "default": "main"}


def _limit_text(limit: Any, may_be_null: bool) -> Schema:
    return nullable(shapes.text(limit)) if may_be_null else shapes.text(limit)


def _channel() -> Schema:
    texts = {name: _limit_text(*limit) for name, limit in channels.LIMITS.items()}
    texts["thumbnail"] = describe(texts["thumbnail"], "The name of a stored file.")
    return shapes.object_schema(
        ["id", *channels.NEEDED],
        id=ref("ChannelId"),
        **texts,
        language=nullable(ref("Language")),
        extra_fields=_DATA_OR_JSON,
        files=_FILES,
    )


def _node(dialect: Dialect) -> Schema:
    texts = {name: _limit_text(limit, may_be_null) for name, limit, may_be_null in nodes.TEXTS}
    return shapes.object_schema(
        nodes.NEEDED if dialect.strictness.every_key else nodes.NEEDED_ALWAYS,
        node_id=ref("NodeId"),
        content_id=describe(shapes.text(32), "The same in every channel that has this content."),
        **texts,
        aggregator=nullable(shapes.text(200)),
        provider=nullable(shapes.text(200)),
        kind=ref("Kind"),
        license=describe(nullable(ref("License")), "Topics have none. Read without regard to case."),
        language=nullable(ref("Language")),
        role=nullable(ref("Role")),
        suggested_duration=describe(nullable(shapes.WHOLE), "In seconds."),
        tags=nullable(shapes.list_of(shapes.text(nodes.TAG_LIMIT))),
        extra_fields=describe(nullable(_DATA_OR_JSON), "ricecooker sends it as a string of JSON."),
        files=_FILES,
        questions=shapes.list_of(ref("SentQuestion")),
        **labels(),
    )


def _remote_node() -> Schema:
    schema = shapes.object_schema(
        ["node_id", "source_channel_id"],
        node_id=ref("NodeId"),
        source_channel_id=ref("ChannelId"),
        source_node_id=nullable(shapes.TEXT),
        source_content_id=nullable(shapes.TEXT),
    )
    return describe(
        schema, "A copy of a resource of a channel's main tree; some fields of a node take the place of its own."
    )


def _question() -> Schema:
    as_json = "A string of JSON: a list of objects with "
    return shapes.object_schema(
        ["assessment_id", "type"],
        assessment_id=ref("Md5"),
        type=ref("QuestionType"),
        question=describe(shapes.TEXT, "Markdown. Images appear in it by their name in storage."),
        answers=describe(shapes.TEXT, f"{as_json}answer, correct, order."),
        hints=describe(shapes.TEXT, f"{as_json}hint, order."),
        raw_data=describe(shapes.TEXT, "A Perseus question as JSON, or a QTI item as XML."),
        source_url=nullable(shapes.text(400)),
        randomize=nullable(shapes.TRUTH),
        files=_FILES,
    )


def _file(dialect: Dialect) -> Schema:
    return shapes.object_schema(
        ["filename", "preset", "size"] if dialect.strictness.every_key else ["filename"],
        filename=describe(
            shapes.text(pattern=r"^[^/\\]{2,400}\.[a-z0-9]+$"), "Its name in storage: <checksum>.<extension>."
        ),
        preset=nullable(ref("Preset")),
        size=describe(nullable(shapes.WHOLE), "In bytes."),
        original_filename=nullable(shapes.text(255)),
        language=nullable(ref("Language")),
        source_url=nullable(shapes.text(400)),
        duration=describe(nullable({**shapes.WHOLE, "minimum": 1}), "In seconds, of audio and video."),
    )


def _describe_announced_file() -> Schema:
    return shapes.object_schema(
        ["size", "checksum", "name", "file_format", "preset"],
        size=describe({**shapes.WHOLE, "minimum": 0, "maximum": 2**31 - 1}, "In bytes."),
        checksum=describe(ref("Md5"), "The md5 of its bytes."),
        name=describe(
            shapes.text(255, minLength=1), "The file's own name; its extension goes into the name in storage."
        ),
        file_format=ref("FileFormat"),
        preset=ref("Preset"),
        duration=describe(nullable({**shapes.NUMBER, "minimum": 1}), "In seconds; needed for audio and video."),
        resumable={**shapes.TRUTH, "default": False},
    )
