"""What is answered to chefs and to Kolibri, in each dialect."""

from __future__ import annotations

from fake_studio.views.public_api import INFO_KEYS
from fake_studio.web.dialects import Dialect
from fake_studio.web.openapi import shapes
from fake_studio.web.openapi.shapes import Schema, describe, nullable, ref, strict_object

CHANNEL_STATUS = shapes.one_of(["active", "staged", "unpublished", "deleted"])
SUCCESS: Schema = {"const": True}


def components(dialect: Dialect) -> dict[str, Schema]:
    """What this dialect answers with."""
    return {
        "NodeName": _node_name(dialect),
        "TreeNode": _tree_node(whole=False),
        "TreeNodeWithChildren": _tree_node(whole=True),
        "UploadedFile": _describe_uploaded_file(),
        "PublicChannel": _public_channel(),
        "Info": _info(),
    }


def _node_name(dialect: Dialect) -> Schema:
    name = {**shapes.WHOLE, "minimum": 1} if dialect.integer_ids else shapes.text(pattern="^[0-9a-f]{32}$")
    return describe(name, "How Studio names a node: what root_id takes.")


def _tree_node(*, whole: bool) -> Schema:
    schema = strict_object(
        title=shapes.TEXT, kind=nullable(ref("Kind")), node_id=shapes.TEXT, studio_id=ref("NodeName")
    )
    schema["properties"].update(
        count=describe({**shapes.WHOLE, "minimum": 0}, "Of an exercise: its questions."),
        file_size=describe(nullable(shapes.WHOLE), "Of other resources: bytes."),
    )
    if whole:
        schema["properties"]["children"] = describe(shapes.list_of(ref("TreeNodeWithChildren")), "Of a topic.")
    return schema


def _describe_uploaded_file() -> Schema:
    return strict_object(
        id=shapes.TEXT,
        checksum=ref("Md5"),
        file_size=shapes.WHOLE,
        language={"type": "null"},
        file_format=ref("FileFormat"),
        file_on_disk=describe(shapes.TEXT, "Where the file will be served."),
        original_filename=shapes.TEXT,
        uploaded_by=shapes.WHOLE,
        duration=nullable(shapes.WHOLE),
        url=shapes.TEXT,
        preset=ref("Preset"),
        contentnode={"type": "null"},
        assessment_item={"type": "null"},
    )


def _public_channel() -> Schema:
    return strict_object(
        id=shapes.TEXT,
        name=shapes.TEXT,
        language=nullable(ref("Language")),
        included_languages=shapes.list_of(ref("Language")),
        description=shapes.TEXT,
        total_resource_count=shapes.WHOLE,
        version=shapes.WHOLE,
        kind_count=shapes.list_of(strict_object(kind_id=shapes.TEXT, count=shapes.WHOLE)),
        published_size=describe(shapes.NUMBER, "In bytes."),
        last_published=nullable(shapes.TEXT),
        icon_encoding=describe(nullable(shapes.TEXT), "The thumbnail as a data: URI."),
        matching_tokens=shapes.list_of(shapes.TEXT),
        public=shapes.TRUTH,
        version_notes=shapes.by_name(shapes.ANYTHING),
        library={"enum": ["KOLIBRI", None]},
    )


def _info() -> Schema:
    schema = shapes.object_schema(
        INFO_KEYS,
        application={"const": "studio"},
        kolibri_version=shapes.TEXT,
        instance_id=shapes.text(pattern="^[0-9a-f]{32}$"),
        device_name=shapes.TEXT,
        operating_system={"type": "null"},
        subset_of_users_device=shapes.TRUTH,
        min_content_schema_version=shapes.TEXT,
    )
    return shapes.no_extra_keys(schema)
